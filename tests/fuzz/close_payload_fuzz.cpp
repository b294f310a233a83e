// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// Close frames: the bytes are the payload of one that comes in, and code and reason of one that
// goes out.
#include "codec_observer.hpp"

#include <wspool/close_code.hpp>

namespace close_payload_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

namespace {

constexpr role roles[] = {role::client, role::server};

/// RFC 6455 §5.5.1, §7.4.
void check_incoming(role side, std::string_view payload) {
  observed_codec c{test::opened(side)};
  c.feed(test::frame(test::opposite(side), test::fin | 8, payload), {3});
  check_open_codec(c, side, SIZE_MAX);
  source in{payload};
  const auto code = payload.size() >= 2 ? in.word() : close_code::no_status;
  const bool valid = payload.size() != 1 && payload.size() <= 125
                     && (payload.size() < 2 || (is_sendable(code) && is_utf8(in.rest())));
  require(payload.size() < 2 || is_sendable(code) == may_be_sent(code), "codes are the registry's");
  const auto& codec = c.get();
  require(codec.state() == (valid ? codec::phase::closed : codec::phase::failed),
          "a close frame is judged as the RFC does", summary(c));
  require(codec.closed_by().code == (valid ? code : close_code::protocol_error),
          "and so is its code", summary(c));
  const auto frames = test::frames_of(c.output);
  require(frames->size() == 1 && (*frames)[0].is_close(), "it is answered by one");
  if (!valid)
    return;
  // RFC 6455 §5.5.1: the answer echoes the code. Where there is none, Beast says 1000.
  const auto echo = code == close_code::no_status ? close_code::normal : code;
  require((*frames)[0].code() == echo, "an answer echoes the code", summary(c));
  require(payload.size() < 2 || codec.closed_by().reason == payload.substr(2), "and its reason");
}

void check_outgoing(role side, std::uint16_t code, std::string_view reason) {
  test::duo both;
  require(both.open(), "both open");
  auto& closer = both.end(side);
  closer.close(code, reason);
  both.to_server();
  both.to_client();
  both.to_server();
  require(both.client.state() == codec::phase::closed
            && both.server.state() == codec::phase::closed,
          "a close of any code and reason is understood", both.other(side).error().detail);
  const auto& seen = both.other(side).closed_by();
  const bool sent = code == close_code::no_status || is_sendable(code);
  require(seen.code == (sent ? code : close_code::normal), "a code that may be sent is");
  require(reason.starts_with(seen.reason) && is_utf8(seen.reason) && seen.reason.size() <= 123,
          "a reason is cut to what may be sent", seen.reason);
  require(code == close_code::no_status || !is_utf8(reason) || reason.size() > 123
            || seen.reason == reason,
          "and no more than that", seen.reason);
}

} // namespace

WSPOOL_FUZZ_TARGET(close_payload) {
  if (input.size() > 1'000)
    return;
  source in{input};
  const auto code = in.word();
  for (const auto side : roles) {
    check_incoming(side, input);
    check_outgoing(side, code, in.rest());
  }
}

} // namespace close_payload_fuzz
