// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// Headers of a user's own, and what else a request is made of. The lines of the input: host,
// target, a subprotocol, credentials, a bearer token, an origin, then headers, each with its name
// before the first colon. A "\r" in a value stays, and "\v" stands for a line break.
#include "fuzz_target.hpp"

#include "protocol/codec_opening.hpp"
#include "protocol/endpoint_text.hpp"

#include <wspool/connect_options.hpp>

namespace headers_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

namespace {

std::string with_breaks(std::string_view line) {
  std::string s{line};
  std::replace(s.begin(), s.end(), '\v', '\n');
  return s;
}

std::string trimmed(const std::string& value) {
  const auto begin = value.find_first_not_of(" \t");
  if (begin == std::string::npos)
    return {};
  return value.substr(begin, value.find_last_not_of(" \t") - begin + 1);
}

/// A valid request holds these headers in their order, the handshake's own, and no others.
void check_request(const handshake_request& asked, const std::vector<header>& own) {
  codec client{role::client, {}};
  client.start_handshake(asked);
  if (client.state() == codec::phase::failed) {
    require(client.output().empty(), "what cannot be sent is not begun");
    require(is_printable(client.error().detail), "an error is fit for logs", client.error().detail);
    return;
  }
  codec_options wide;
  wide.limits.max_header_bytes = 0xffff;
  codec server{role::server, wide};
  decoded out;
  server.feed(client.output(), out);
  if (client.output().size() > 60'000)
    return; // more than a server reads
  require(server.state() == codec::phase::opening && server.request().is_upgrade,
          "a request can be read", client.output());
  require(server.request().target == asked.target, "its target is the one given", asked.target);
  require(server.request().header_value("Host") == asked.host, "and so is its host", asked.host);
  std::vector<header> seen;
  constexpr std::string_view fixed[] = {"Host", "Upgrade", "Connection", "Sec-WebSocket-Key",
                                        "Sec-WebSocket-Version"};
  for (const auto& h : server.request().headers)
    if (std::none_of(std::begin(fixed), std::end(fixed),
                     [&](std::string_view name) { return detail::iequals(name, h.name); }))
      seen.push_back(h);
  require(seen.size() == own.size(), "no header comes in and none gets lost", client.output());
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto same = [&](const header& h) {
      return detail::iequals(h.name, own[i].name) && h.value == trimmed(own[i].value);
    };
    require(std::any_of(seen.begin(), seen.end(), same), "headers arrive as they are",
            own[i].name + ": " + own[i].value);
  }
}

} // namespace

WSPOOL_FUZZ_TARGET(headers) {
  source in{input};
  handshake_request asked;
  asked.host = with_breaks(in.line());
  asked.target = with_breaks(in.line());
  connect_options options;
  if (auto subprotocol = with_breaks(in.line()); !subprotocol.empty())
    options.upgrade.subprotocols.push_back(std::move(subprotocol));
  options.upgrade.basic = with_breaks(in.line());
  options.upgrade.bearer = with_breaks(in.line());
  options.upgrade.origin = with_breaks(in.line());
  std::vector<header> valid;
  while (!in.rest().empty() && valid.size() < 20) {
    const auto line = with_breaks(in.line());
    const auto colon = std::min(line.find(':'), line.size());
    const header h{line.substr(0, colon), line.substr(std::min(colon + 1, line.size()))};
    options.upgrade.headers.push_back(h);
    const auto wrong = validate(h);
    require(is_printable(wrong.detail), "an error is fit for logs", wrong.detail);
    if (!wrong) {
      require(wspool::detail::is_safe(h) || line.size() > 32'000, "a valid header can be sent",
              line);
      valid.push_back(h);
    }
  }
  const auto wrong = validate(options);
  require(is_printable(wrong.detail), "an error is fit for logs", wrong.detail);
  // No text of ours has this word in it.
  constexpr std::string_view secret = "secret";
  const auto place = input.find(secret);
  const bool told = wrong.detail.find(secret) != std::string::npos;
  if (place != std::string_view::npos && input.find(secret, place + 1) == std::string_view::npos)
    require(!told
              || (options.upgrade.basic.find(secret) == std::string::npos
                  && options.upgrade.bearer.find(secret) == std::string::npos),
            "credentials are not told", wrong.detail);
  asked.headers = valid;
  check_request(asked, valid);
}

} // namespace headers_fuzz
