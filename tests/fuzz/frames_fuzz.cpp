// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// Frames without extensions, read by a client (first byte even) or a server. Then the sizes of the
// pieces that they come in, and the bytes of the wire. The codec must see the same in one piece, in
// these pieces, and as a plain reader of RFC 6455 does.
#include "codec_observer.hpp"

namespace frames_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

namespace {

constexpr std::size_t limit = 1'000;

codec opened(role side) {
  codec_options options;
  options.limits.max_message_bytes = limit;
  return test::opened(side, options);
}

void compare(observed_codec& seen, const reading& expected) {
  const auto& codec = seen.get();
  require(seen.messages == expected.messages, "messages are those of the RFC", summary(seen));
  require(seen.controls == expected.controls, "controls are those of the RFC", summary(seen));
  const auto state = !expected.ended      ? codec::phase::open
                     : expected.violation ? codec::phase::failed
                                          : codec::phase::closed;
  require(codec.state() == state, "the ending is that of the RFC", summary(seen));
  if (!expected.ended)
    return;
  require(codec.closed_by().code == expected.code, "the code is that of the RFC", summary(seen));
  require(codec.closed_by().reason == expected.close_reason, "the reason is the peer's");
}

} // namespace

WSPOOL_FUZZ_TARGET(frames) {
  source in{input};
  const auto side = (in.byte() & 1) == 0 ? role::client : role::server;
  const auto sizes = in.splits();
  const auto wire = in.rest();

  observed_codec whole{opened(side)};
  whole.feed(wire);
  observed_codec split{opened(side)};
  split.feed(wire, sizes);
  require(summary(whole) == summary(split), "pieces make no difference",
          summary(whole) + "\n--- in pieces\n" + summary(split));
  require(frames_text(whole.output) == frames_text(split.output), "answers do not depend on pieces",
          frames_text(whole.output) + "\n--- in pieces\n" + frames_text(split.output));
  compare(whole, reference_reader{test::opposite(side), limit}.read(wire));
  check_open_codec(whole, side, limit);

  // The account of what was written reads frames, too.
  const auto taken = sizes.empty() ? 0 : sizes.front();
  const auto count = count_written(wire, taken, taken / 2);
  const auto all = count_written(wire, wire.size(), 0);
  require(count.whole <= all.whole && all.touched <= 1, "no more is written than is there");
}

} // namespace frames_fuzz
