// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "bench/servers/server_case.hpp"

#include <wspool/units.hpp>

#include <array>
#include <utility>

namespace wspool::bench {

namespace {

constexpr std::array<std::pair<server_kind, std::string_view>, 4> server_kind_names{{
  {server_kind::beast, "beast"},
  {server_kind::node_ws, "node-ws"},
  {server_kind::wspool, "wspool"},
  {server_kind::protocol, "wspool-v1"},
}};

/// Handshakes that are timed; enough for tenths of a second.
constexpr std::size_t accepted_clients = 4'000;

} // namespace

std::string_view to_string(server_kind value) noexcept {
  for (const auto& [kind, name] : server_kind_names)
    if (kind == value)
      return name;
  return "?";
}

bool from_string(std::string_view name, server_kind& value) noexcept {
  for (const auto& [kind, text] : server_kind_names)
    if (text == name) {
      value = kind;
      return true;
    }
  return false;
}

std::string server_case::name() const {
  const auto crowd = std::to_string(clients) + "c";
  switch (what) {
    case activity::fan_out:
      return "fan-out/" + format_bytes(size_bytes) + "/" + crowd
             + (burst > 1 ? "/burst" + std::to_string(burst) : "") + (deflate ? "/deflate" : "");
    case activity::idle:
      return "idle/" + crowd;
    case activity::accept:
      return "accept/" + crowd;
  }
  return {};
}

std::vector<server_case> all_server_cases(std::size_t subscribers, std::size_t idle_clients) {
  using enum server_case::activity;
  std::vector<server_case> result;
  for (std::size_t size : {64, 1024})
    for (std::size_t burst : {1, 64})
      result.push_back({fan_out, subscribers, size, burst, false});
  result.push_back({fan_out, subscribers, 1024, 1, true});
  result.push_back({accept, accepted_clients, 0, 1, false});
  result.push_back({idle, idle_clients, 0, 1, false});
  return result;
}

std::vector<server_kind> servers_of(const server_case& x) {
  if (x.what == server_case::activity::fan_out)
    return {server_kind::beast, server_kind::node_ws, server_kind::wspool, server_kind::protocol};
  return {server_kind::beast, server_kind::node_ws, server_kind::wspool};
}

} // namespace wspool::bench
