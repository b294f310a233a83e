// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What a server answers to an upgrade request. The first byte's bits: 1: compression was offered;
// 2: a subprotocol was; 4: the stream ends behind the answer. Then the sizes of the pieces, and the
// answer, in which "{accept}" stands for the Sec-WebSocket-Accept that is due.
#include "codec_observer.hpp"

namespace handshake_response_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

namespace {

constexpr std::size_t limit = 1'000;
constexpr std::size_t head_limit = 1'000;

codec_options options_of(unsigned bits) {
  codec_options options;
  options.limits.max_message_bytes = limit;
  options.limits.max_header_bytes = head_limit;
  options.deflate.enabled = (bits & 1) != 0;
  return options;
}

/// A server codec knows the answer to the key of a request.
std::string accept_of(const std::string& request) {
  codec server{role::server, {}};
  decoded none;
  server.feed(request, none);
  server.accept();
  const auto& answer = server.output();
  constexpr std::string_view name = "Sec-WebSocket-Accept: ";
  const auto at = answer.find(name);
  require(at != std::string::npos, "our own request is accepted", request);
  return answer.substr(at + name.size(), 28);
}

observed_codec answered(unsigned bits, std::string_view wire,
                        const std::vector<std::size_t>& sizes) {
  // The same key, whether the answer comes whole or in pieces.
  same_random_bytes_again();
  observed_codec client{role::client, options_of(bits)};
  handshake_request request{"example.com", "/chat", {}};
  if ((bits & 2) != 0)
    request.headers.push_back({"Sec-WebSocket-Protocol", "chat, superchat"});
  client.get().start_handshake(request);
  const auto head = std::exchange(client.get().output(), {});
  std::string answer{wire};
  constexpr std::string_view placeholder = "{accept}";
  if (const auto at = answer.find(placeholder); at != std::string::npos)
    answer.replace(at, placeholder.size(), accept_of(head));
  client.feed(answer, sizes);
  if ((bits & 4) != 0)
    client.get().end_of_input();
  return client;
}

std::string answer_text(observed_codec& x) {
  const auto& c = x.get();
  const auto& r = c.response();
  std::string s = std::to_string(r.status) + ' ' + r.reason + '\n';
  for (const auto& h : r.headers)
    s += h.name + ": " + h.value + '\n';
  s += r.body + "\nsubprotocol " + c.subprotocol() + (c.deflate() ? "\ndeflate" : "");
  return outcome_text(x) + '\n' + s;
}

void check(observed_codec& client, unsigned bits) {
  auto& c = client.get();
  const auto state = c.state();
  require(state != codec::phase::idle && state != codec::phase::closing, "no other state");
  require(is_printable(c.error().detail), "an error is fit for logs", c.error().detail);
  require(c.response().body.size() <= 4096, "of a body the first 4 KiB are kept");
  const bool opened = state == codec::phase::open || state == codec::phase::closed;
  require(opened != bool(c.error()) || state == codec::phase::opening
            || (state == codec::phase::failed && c.response().status == 101),
          "what did not open has an error");
  require(!opened || c.response().status == 101, "only 101 opens");
  require(!c.deflate() || (bits & 1) != 0, "no compression unless it was offered");
  require(c.subprotocol().empty()
            || ((bits & 2) != 0 && (c.subprotocol() == "chat" || c.subprotocol() == "superchat")),
          "no subprotocol unless it was offered", c.subprotocol());
  require((bits & 4) == 0 || state != codec::phase::opening, "a stream's end is an end");
  if (opened)
    check_open_codec(client, role::client, limit);
}

} // namespace

WSPOOL_FUZZ_TARGET(handshake_response) {
  source in{input};
  const auto bits = in.byte();
  const auto sizes = in.splits();
  auto whole = answered(bits, in.rest(), {});
  auto split = answered(bits, in.rest(), sizes);
  check(whole, bits);
  check(split, bits);
  const auto a = answer_text(whole);
  const auto b = answer_text(split);
  require(a == b, "pieces make no difference", a + "\n--- in pieces\n" + b);
}

} // namespace handshake_response_fuzz
