// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "bench_case.hpp"

#include <wspool/units.hpp>

#include <algorithm>
#include <array>
#include <regex>
#include <stdexcept>
#include <utility>

namespace wspool::bench {

namespace {

constexpr std::array<std::pair<competitor, std::string_view>, 4> competitor_names{{
  {competitor::beast, "beast"},
  {competitor::node_ws, "node-ws"},
  {competitor::node_pool, "node-pool"},
  {competitor::wspool, "wspool"},
}};

constexpr std::size_t sizes[] = {64, 1024, 16 * 1024};

using kind = std::pair<const char*, activity>;
constexpr kind streams[] = {
  {"send", activity::send},
  {"send-batch", activity::send_batch},
  {"receive", activity::receive},
};

bench_case make(const char* family, activity what, std::size_t size, std::size_t connections) {
  bench_case result;
  result.family = family;
  result.what = what;
  result.size_bytes = size;
  result.connections = connections;
  return result;
}

void add_streams(std::vector<bench_case>& cases) {
  for (auto& [family, what] : streams)
    for (auto size : sizes)
      for (std::size_t connections : {1, 4})
        cases.push_back(make(family, what, size, connections));
  for (auto size : sizes)
    cases.push_back(make("echo", activity::echo, size, 1));
}

void add_secure_and_compressed(std::vector<bench_case>& cases) {
  for (auto& [family, what] : streams)
    for (auto size : sizes) {
      auto x = make(family, what, size, 4);
      x.tls = true;
      cases.push_back(x);
    }
  cases.push_back(make("echo", activity::echo, 64, 1));
  cases.back().tls = true;
  for (auto& [family, what] : streams)
    for (auto size : {sizes[1], sizes[2]}) {
      auto x = make(family, what, size, 4);
      x.deflate = true;
      cases.push_back(x);
    }
}

void add_many_connections(std::vector<bench_case>& cases) {
  cases.push_back(make("connect", activity::connect, 0, 1'000));
  cases.push_back(make("idle", activity::idle, 0, 1'000));
  for (std::size_t threads : {1, 2})
    for (std::size_t connections : {1, 2, 4, 16, 64}) {
      auto x = make("scaling", activity::send_batch, 64, connections);
      x.io_threads = threads;
      cases.push_back(x);
    }
  for (std::size_t window : {10, 100, 1'000, 10'000}) {
    auto x = make("depth", activity::send, 64, 1);
    x.window = window;
    cases.push_back(x);
  }
}

std::vector<bench_case> make_cases() {
  std::vector<bench_case> result;
  add_streams(result);
  add_secure_and_compressed(result);
  add_many_connections(result);
  return result;
}

bool is_among(std::size_t value, const std::vector<std::size_t>& wanted) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

} // namespace

std::string bench_case::name() const {
  auto result = family;
  if (has_size())
    result += "/" + format_bytes(size_bytes);
  result += "/" + std::to_string(connections) + "c";
  if (tls)
    result += "/tls";
  if (deflate)
    result += "/deflate";
  if (family == "scaling")
    result += "/" + std::to_string(io_threads) + "t";
  if (window != 0)
    result += "/" + std::to_string(window) + "q";
  return result;
}

std::string bench_case::path() const {
  switch (what) {
    case activity::receive:
      return "/flood/" + std::to_string(size_bytes);
    case activity::echo:
      return "/echo";
    default:
      return "/discard";
  }
}

std::string_view to_string(competitor value) noexcept {
  for (auto& [x, name] : competitor_names)
    if (x == value)
      return name;
  return "?";
}

bool from_string(std::string_view name, competitor& value) noexcept {
  for (auto& [x, text] : competitor_names)
    if (text == name) {
      value = x;
      return true;
    }
  return false;
}

bool is_node(competitor value) noexcept {
  return value == competitor::node_ws || value == competitor::node_pool;
}

const std::vector<bench_case>& all_cases() {
  static const auto cases = make_cases();
  return cases;
}

std::vector<competitor> competitors_of(const bench_case& x) {
  if (x.family == "depth")
    return {competitor::wspool};
  if (x.tls || x.deflate || !x.has_size() || x.family == "scaling")
    return {competitor::beast, competitor::wspool};
  // A pool is of use to who sends; what it receives is `ws`'s work.
  if (x.what == activity::send || x.what == activity::send_batch)
    return {competitor::beast, competitor::node_ws, competitor::node_pool, competitor::wspool};
  return {competitor::beast, competitor::node_ws, competitor::wspool};
}

std::vector<bench_case> select(const std::vector<bench_case>& cases,
                               const case_selection& selection) {
  std::vector<std::regex> patterns;
  for (auto& x : selection.patterns)
    patterns.emplace_back(x, std::regex::ECMAScript);
  std::vector<bench_case> result;
  for (auto& x : cases) {
    auto name = x.name();
    auto matches = [&name](const std::regex& pattern) { return std::regex_search(name, pattern); };
    auto chosen = patterns.empty() || std::any_of(patterns.begin(), patterns.end(), matches);
    if (chosen && is_among(x.connections, selection.connections)
        && (selection.sizes.empty() || (x.has_size() && is_among(x.size_bytes, selection.sizes))))
      result.push_back(x);
  }
  return result;
}

const bench_case& find_case(std::string_view name) {
  for (auto& x : all_cases())
    if (x.name() == name)
      return x;
  throw std::invalid_argument("there is no case \"" + std::string{name} + "\"");
}

} // namespace wspool::bench
