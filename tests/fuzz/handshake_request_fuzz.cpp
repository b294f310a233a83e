// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What a client asks a server. The first byte's bits: 1: compression is on; 2: the request is
// refused, with a body. Then the sizes of the pieces, and the request with what follows it.
#include "codec_observer.hpp"

#include "protocol/endpoint_text.hpp"

namespace handshake_request_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

namespace {

constexpr std::size_t limit = 1'000;
constexpr std::size_t head_limit = 1'000;

struct outcome {
  observed_codec server;
  std::string head; ///< what was answered
};

outcome asked(unsigned bits, std::string_view wire, const std::vector<std::size_t>& sizes) {
  codec_options options;
  options.limits.max_message_bytes = limit;
  options.limits.max_header_bytes = head_limit;
  options.deflate.enabled = (bits & 1) != 0;
  outcome result{observed_codec{role::server, options}, {}};
  auto& server = result.server;
  server.feed(wire, sizes);
  auto& codec = server.get();
  if (codec.state() == codec::phase::failed || codec.state() == codec::phase::idle) {
    result.head = std::exchange(server.output, {});
    return result;
  }
  require(codec.state() == codec::phase::opening, "a server waits to be told", summary(server));
  require(server.output.empty(), "and says nothing before");
  if ((bits & 2) != 0)
    codec.refuse(503, {{"Retry-After", "5"}}, "later");
  else
    codec.accept({{{"X-Name", "value"}}, ""});
  result.head = std::exchange(codec.output(), {});
  server.feed_one({});
  return result;
}

std::string request_text(const upgrade_request& r) {
  std::string s = r.method + ' ' + r.target + (r.is_upgrade ? " upgrade\n" : "\n");
  for (const auto& h : r.headers)
    s += h.name + ": " + h.value + '\n';
  return s;
}

std::size_t count_of(const upgrade_request& r, std::string_view name) {
  return static_cast<std::size_t>(
    std::count_if(r.headers.begin(), r.headers.end(),
                  [&](const header& h) { return detail::iequals(h.name, name); }));
}

/// The head of an HTTP answer is one: no line of it is the client's.
void check_head(const outcome& result) {
  if (result.head.empty())
    return;
  require(result.head.starts_with("HTTP/1.1 "), "the answer is HTTP", result.head);
  require(result.head.find("\r\n\r\n") != std::string::npos, "and complete", result.head);
}

void check(outcome& result, unsigned bits) {
  auto& server = result.server;
  auto& c = server.get();
  check_head(result);
  require(is_printable(c.error().detail), "an error is fit for logs", c.error().detail);
  const auto& r = c.request();
  if (r.is_upgrade) { // RFC 6455 §4.2.1
    require(r.method == "GET" && count_of(r, "Host") == 1, "an upgrade is a GET to a host");
    require(r.header_value("Sec-WebSocket-Key").size() == 24, "with a key");
    require(r.header_value("Sec-WebSocket-Version") == "13", "of version 13");
  }
  const bool opened = result.head.starts_with("HTTP/1.1 101");
  require(!opened || (r.is_upgrade && (bits & 2) == 0), "only an upgrade opens", result.head);
  require(!c.deflate() || (bits & 1) != 0, "no compression unless it is on");
  if (opened)
    check_open_codec(server, role::server, limit);
  else
    require(server.messages.empty() && server.output.empty(), "no frames but on open ones");
}

} // namespace

WSPOOL_FUZZ_TARGET(handshake_request) {
  source in{input};
  const auto bits = in.byte();
  const auto sizes = in.splits();
  auto whole = asked(bits, in.rest(), {});
  auto split = asked(bits, in.rest(), sizes);
  check(whole, bits);
  check(split, bits);
  const auto a = outcome_text(whole.server) + '\n' + request_text(whole.server.get().request());
  const auto b = outcome_text(split.server) + '\n' + request_text(split.server.get().request());
  require(a == b, "pieces make no difference", a + "\n--- in pieces\n" + b);
  require(whole.head == split.head, "nor for the answer", whole.head + "---\n" + split.head);
}

} // namespace handshake_request_fuzz
