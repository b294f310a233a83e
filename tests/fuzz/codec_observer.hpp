// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "fuzz_target.hpp"
#include "reference_reader.hpp"

#include "transport/protocol/codec_peer.hpp"

#include <string>
#include <string_view>
#include <vector>

// A codec under test and all that can be seen of it from outside.
namespace wspool::fuzz {

/// Feeds a codec and gathers what it does.
class observed_codec {
public:
  explicit observed_codec(codec c) : codec_(std::move(c)) {}
  observed_codec(role r, const codec_options& options) : codec_(r, options) {}

  codec& get() noexcept { return codec_; }

  void feed(std::string_view bytes, const std::vector<std::size_t>& sizes = {}) {
    in_pieces(bytes, sizes, [&](std::string_view piece) { feed_one(piece); });
  }

  /// May be called without bytes, too: what came early is decoded then.
  void feed_one(std::string_view piece) {
    codec_.feed(piece, out_);
    check_batch();
    for (auto& text : test::texts(out_.messages))
      messages.push_back(std::move(text));
    for (const auto& c : out_.controls)
      controls.push_back((c.is_ping ? "ping:" : "pong:") + c.payload);
    out_.clear();
    output.append(codec_.output());
    codec_.output().clear();
  }

  std::vector<std::string> messages;
  std::vector<std::string> controls;
  std::string output;

private:
  void check_batch() const {
    const auto& batch = out_.messages;
    require(batch.valid(), "messages lie within their batch");
    std::size_t total = 0;
    for (const auto& entry : batch.entries())
      total += entry.size;
    require(total == batch.bytes().size(), "a batch holds whole messages and nothing else");
  }

  codec codec_;
  decoded out_;
};

/// Everything seen but what was written, as a text to compare and to print. What came instead of
/// HTTP is quoted as far as it was there: such an error's words depend on the pieces.
inline std::string outcome_text(observed_codec& c, bool with_words = false) {
  const auto& codec = c.get();
  std::string s = to_string(codec.state());
  for (const auto& text : c.messages)
    s += "\n message " + text;
  for (const auto& text : c.controls)
    s += "\n " + text;
  s += "\n error " + std::string{name_of(codec.error().code)};
  if (with_words)
    s += ": " + codec.error().detail;
  const auto& close = codec.closed_by();
  s += "\n close " + std::to_string(close.code) + ' ' + close.reason
       + (close.began == initiator::local ? " local" : " remote") + (close.clean ? " clean" : "");
  return s;
}

inline std::string summary(observed_codec& c) { return outcome_text(c, true); }

/// The frames written, without masks.
inline std::string frames_text(std::string_view output) {
  const auto frames = test::frames_of(output);
  require(frames.has_value(), "whole frames are written");
  std::string s;
  for (const auto& f : *frames)
    s += "\n frame " + std::to_string(f.first) + (f.masked ? " masked " : " ") + f.payload;
  return s;
}

/// What holds for an open connection whatever came in.
inline void check_open_codec(observed_codec& c, role side, std::size_t max_message_bytes) {
  auto& codec = c.get();
  const auto frames = test::frames_of(c.output);
  require(frames.has_value(), "whole frames are written");
  std::size_t pings = 0;
  for (const auto& text : c.controls)
    pings += text.starts_with("ping:");
  for (std::size_t i = 0; i < frames->size(); ++i) {
    const auto& f = (*frames)[i];
    require(f.masked == (side == role::client), "a client masks, a server does not");
    require(f.is_close() || f.first == 0x8a, "only pongs and a close are written by reading");
    require(!f.is_close() || i + 1 == frames->size(), "nothing follows a close frame");
    if (f.is_close())
      require(f.payload.empty() || is_sendable(f.code()), "a close frame has a valid code");
  }
  const bool ended = codec.state() != codec::phase::open;
  require(frames->size() == pings + (ended ? 1 : 0), "each ping is answered, and each ending");
  for (const auto& text : c.messages) {
    const auto payload = std::string_view{text}.substr(text.find(':') + 1);
    require(payload.size() <= max_message_bytes, "no message is above the limit");
    require(!text.starts_with("text:") || is_utf8(payload), "text messages are UTF-8");
  }
  require((codec.state() == codec::phase::failed) == bool(codec.error()), "a failure has an error");
  require(is_printable(codec.error().detail), "an error is fit for logs", codec.error().detail);
  require((codec.write("x", message_kind::text) == errc::closed) == ended,
          "an open connection takes messages, another one does not");
  if (codec.state() == codec::phase::closed)
    require(codec.closed_by().clean && codec.closed_by().began == initiator::remote,
            "a close by the peer is clean");
}

} // namespace wspool::fuzz
