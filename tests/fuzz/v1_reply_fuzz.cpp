// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What servers say in `wspool.v1.json`, as a client reads it: it can write it again, and
// read that. The first byte says whether the message is binary, the rest is the message.
#include "dialect_observer.hpp"

#include "messaging/v1_client.hpp"

namespace v1_reply_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

WSPOOL_FUZZ_TARGET(v1_reply) {
  source in{input};
  const auto kind = in.byte() & 1 ? message_kind::binary : message_kind::text;
  const auto heard = decode_v1_reply(in.rest(), kind, request_limits{});
  if (!heard.reply) {
    require(is_printable(heard.fault), "a fault is fit for logs", heard.fault);
    return;
  }
  const auto& v1 = dialect_of(dialect_kind::v1);
  const auto written = v1.encode(*heard.reply);
  require(written.has_value(), "what was read can be written");
  request_limits wider; // numbers may be written longer than they were
  wider.message_bytes *= 16;
  const auto again = decode_v1_reply(written->data, written->kind, wider);
  require(again.reply.has_value(), "what was written can be read", again.fault);
  require(again.reply->index() == heard.reply->index(), "it is the same thing", written->data);
}

} // namespace v1_reply_fuzz
