// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/codec.hpp"

#include <string>
#include <string_view>
#include <vector>

// The plainest reader of RFC 6455, without extensions: written for the fuzz targets, from the RFC
// alone, to be compared with the codec. It sees all bytes at once and copies what it likes.
namespace wspool::fuzz {

/// UTF-8 byte by byte (RFC 3629 §4).
class utf8_reader {
public:
  /// False once a byte came that no text can have there.
  bool feed(unsigned char c) noexcept {
    if (tails_ == 0)
      return begin(c);
    const bool fits = c >= low_ && c <= high_;
    low_ = 0x80;
    high_ = 0xbf;
    --tails_;
    return fits;
  }
  /// Whether no character is unfinished.
  [[nodiscard]] bool at_end() const noexcept { return tails_ == 0; }

private:
  bool begin(unsigned char c) noexcept {
    low_ = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    high_ = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    tails_ = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    return c < 0x80 || (c >= 0xc2 && c <= 0xf4);
  }

  int tails_ = 0;
  unsigned char low_ = 0x80;
  unsigned char high_ = 0xbf;
};

/// What came in, and how the connection ended.
struct reading {
  std::vector<std::string> messages; ///< "text:..." or "binary:..."
  std::vector<std::string> controls; ///< "ping:..." or "pong:..."
  bool ended = false;
  bool violation = false;   ///< it ended by one
  unsigned code = 0;        ///< of the peer's close frame, or what tells it of its violation
  std::string close_reason; ///< of the peer's close frame
};

/// Whether the RFC and the registry of close codes let a peer send this code (§7.4).
inline bool is_sendable(unsigned code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
         || (code >= 3000 && code <= 4999);
}

inline bool is_utf8(std::string_view text) {
  utf8_reader reader;
  for (const char c : text)
    if (!reader.feed(static_cast<unsigned char>(c)))
      return false;
  return reader.at_end();
}

/// Reads frames that `sender` sent.
class reference_reader {
public:
  reference_reader(role sender, std::size_t max_message_bytes)
    : sender_(sender), limit_(max_message_bytes) {}

  reading read(std::string_view bytes) {
    while (!result_.ended && take_frame(bytes)) {
    }
    return result_;
  }

private:
  struct frame {
    bool fin = false;
    unsigned reserved = 0;
    unsigned opcode = 0;
    bool masked = false;
    bool shortest = true; // the length's form
    std::uint64_t length = 0;
    std::string payload; // as far as it is there
  };

  void violate(unsigned code) {
    result_.ended = result_.violation = true;
    result_.code = code;
  }

  // False if nothing more can be said before further bytes come.
  bool take_frame(std::string_view& bytes) {
    frame f;
    auto in = bytes;
    if (!take_header(in, f))
      return false;
    const auto present = std::min<std::uint64_t>(f.length, in.size());
    f.payload = unmask(in.substr(0, present), f);
    in.remove_prefix(static_cast<std::size_t>(present));
    const bool complete = present == f.length;
    const bool acted = f.opcode >= 8 ? on_control(f, complete) : on_data(f, complete);
    bytes = in;
    return acted && complete;
  }

  bool take_header(std::string_view& in, frame& f) {
    if (in.size() < 2)
      return false;
    const auto first = static_cast<unsigned char>(in[0]);
    const auto second = static_cast<unsigned char>(in[1]);
    f.fin = (first & 0x80) != 0;
    f.reserved = first & 0x70;
    f.opcode = first & 0x0f;
    f.masked = (second & 0x80) != 0;
    const std::size_t extended = (second & 0x7f) == 126 ? 2 : (second & 0x7f) == 127 ? 8 : 0;
    const std::size_t size = 2 + extended + (f.masked ? 4 : 0);
    if (in.size() < size)
      return false;
    f.length = second & 0x7f;
    if (extended > 0) {
      f.length = 0;
      for (std::size_t i = 0; i < extended; ++i)
        f.length = f.length << 8 | static_cast<unsigned char>(in[2 + i]);
      f.shortest = extended == 2 ? f.length > 125 : f.length > 0xffff;
    }
    extended_ = extended > 0;
    if (f.masked)
      key_.assign(in.substr(size - 4, 4));
    in.remove_prefix(size);
    return true;
  }

  std::string unmask(std::string_view payload, const frame& f) const {
    std::string text{payload};
    for (std::size_t i = 0; f.masked && i < text.size(); ++i)
      text[i] = static_cast<char>(text[i] ^ key_[i % 4]);
    return text;
  }

  bool on_control(const frame& f, bool complete) {
    if (extended_) { // §5.5: at most 125 bytes, so never an extended length
      violate(1002);
      return true;
    }
    if (!complete)
      return false;
    if (!f.fin || f.reserved != 0 || f.opcode > 10 || f.masked != (sender_ == role::client))
      violate(1002);
    else if (f.opcode == 8)
      on_close(f.payload);
    else
      result_.controls.push_back((f.opcode == 9 ? "ping:" : "pong:") + f.payload);
    return true;
  }

  void on_close(const std::string& payload) { // §5.5.1, §7.4
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(payload[i]); };
    const auto code = payload.size() < 2 ? 1005u : byte(0) * 256u + byte(1);
    const auto reason = payload.size() < 2 ? std::string{} : payload.substr(2);
    if (payload.size() == 1 || (payload.size() >= 2 && !is_sendable(code)) || !is_utf8(reason))
      return violate(1002);
    result_.ended = true;
    result_.code = code;
    result_.close_reason = reason;
  }

  bool on_data(const frame& f, bool complete) {
    const bool continues = f.opcode == 0;
    if (f.reserved != 0 || f.opcode > 2 || f.masked != (sender_ == role::client)
        || continues != in_message_) {
      violate(1002);
      return true;
    }
    // A length in a longer form than it needs may be found with the first byte of the payload.
    if (!f.shortest && (f.length == 0 || !f.payload.empty() || too_long(f))) {
      violate(1002);
      return true;
    }
    if (too_long(f)) {
      violate(1009);
      return true;
    }
    if (!continues) {
      text_ = f.opcode == 1;
      message_.clear();
      utf8_ = {};
    }
    in_message_ = true;
    for (const char c : f.payload)
      if (text_ && !utf8_.feed(static_cast<unsigned char>(c))) {
        violate(1007);
        return true;
      }
    message_ += f.payload;
    if (complete && f.fin)
      finish();
    return true;
  }

  bool too_long(const frame& f) const {
    const auto before = in_message_ ? message_.size() : 0;
    return f.length > limit_ - before;
  }

  void finish() {
    in_message_ = false;
    if (text_ && !utf8_.at_end())
      return violate(1007);
    result_.messages.push_back((text_ ? "text:" : "binary:") + message_);
  }

  role sender_;
  std::size_t limit_;
  reading result_;
  bool extended_ = false; // of the current header
  std::string key_;
  bool in_message_ = false;
  bool text_ = false;
  std::string message_;
  utf8_reader utf8_;
};

} // namespace wspool::fuzz
