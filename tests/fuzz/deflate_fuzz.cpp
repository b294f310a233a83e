// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// Frames with permessage-deflate. The first byte's bits: 1: read by a server; 2, 4: the client, the
// server forgets its window; 8: windows of 512 bytes; 16: the wire is not the rest itself, but
// what a codec writes when each line of it is a message; 32: a server writes some of them as it
// does for many. Then the sizes of the pieces.
#include "codec_observer.hpp"

namespace deflate_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

namespace {

constexpr std::size_t limit = 20'000;

codec_options options_of(unsigned bits) {
  codec_options options;
  options.limits.max_message_bytes = limit;
  options.deflate.enabled = true;
  options.deflate.client_context_takeover = (bits & 2) == 0;
  options.deflate.server_context_takeover = (bits & 4) == 0;
  if ((bits & 8) != 0)
    options.deflate.client_window_bits = options.deflate.server_window_bits = 9;
  return options;
}

/// Any bytes: pieces make no difference, and all promises hold.
void read_anything(role side, const codec_options& options, std::string_view wire,
                   const std::vector<std::size_t>& sizes) {
  observed_codec whole{test::opened(side, options)};
  whole.feed(wire);
  observed_codec split{test::opened(side, options)};
  split.feed(wire, sizes);
  require(summary(whole) == summary(split), "pieces make no difference",
          summary(whole) + "\n--- in pieces\n" + summary(split));
  require(frames_text(whole.output) == frames_text(split.output), "answers do not depend on pieces",
          frames_text(whole.output) + "\n--- in pieces\n" + frames_text(split.output));
  check_open_codec(whole, side, limit);
}

errc write_shared(codec& writer, std::string_view text, message_kind kind) {
  std::string frame;
  append_deflated_frame(frame, text, kind, writer.terms());
  return writer.write_deflated(frame);
}

/// What one codec writes the other one reads, whatever it was and however it comes.
void read_what_was_written(role side, const codec_options& options, bool sharing, source in,
                           const std::vector<std::size_t>& sizes) {
  test::duo both{options, options};
  require(both.open() && both.client.deflate() && both.server.deflate(), "compression is agreed");
  auto& writer = both.other(side);
  std::vector<std::string> expected;
  while (!in.rest().empty()) {
    const auto line = in.line();
    const bool text = is_utf8(line);
    const auto how = line.size() % 5 == 4 ? compression::never : compression::always;
    const auto kind = text ? message_kind::text : message_kind::binary;
    const bool shared = sharing && side == role::client && line.size() % 3 == 1;
    require((shared ? write_shared(writer, line, kind) : writer.write(line, kind, how))
              == errc::none,
            "messages are written");
    expected.push_back((text ? "text:" : "binary:") + std::string{line});
  }
  const auto wire = std::exchange(writer.output(), {});
  observed_codec reader{std::move(both.end(side))};
  reader.feed(wire, sizes);
  require(reader.messages == expected, "messages arrive as they went", summary(reader));
  require(reader.get().state() == codec::phase::open, "and nothing ends", summary(reader));
}

} // namespace

WSPOOL_FUZZ_TARGET(deflate) {
  source in{input};
  const auto bits = in.byte();
  const auto side = (bits & 1) == 0 ? role::client : role::server;
  const auto sizes = in.splits();
  if (in.rest().size() > limit)
    return;
  if ((bits & 16) != 0)
    read_what_was_written(side, options_of(bits), (bits & 32) != 0, in, sizes);
  else
    read_anything(side, options_of(bits), in.rest(), sizes);
}

} // namespace deflate_fuzz
