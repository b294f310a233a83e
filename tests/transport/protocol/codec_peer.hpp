// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/codec.hpp"
#include "protocol/frame_header.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A peer that writes frames byte by byte, right or wrong, and reads those of a codec under test.
namespace wspool::test {

inline constexpr unsigned char fin = 0x80;
inline constexpr unsigned char rsv1 = 0x40;

/// How a frame's payload length is written (RFC 6455 §5.2).
enum class length_form { shortest, two_bytes, eight_bytes };

inline std::string masked_copy(std::string_view payload, std::string_view key) {
  std::string s{payload};
  for (std::size_t i = 0; i < s.size(); ++i)
    s[i] = static_cast<char>(s[i] ^ key[i % 4]);
  return s;
}

/// A frame as `sender` writes it: masked if that is a client.
inline std::string frame(role sender, unsigned char first, std::string_view payload,
                         length_form form = length_form::shortest) {
  const char mask_bit = sender == role::client ? '\x80' : '\0';
  const auto n = payload.size();
  std::size_t extended = 0;
  if (form == length_form::two_bytes || (form == length_form::shortest && n > 125 && n <= 0xffff))
    extended = 2;
  if (form == length_form::eight_bytes || n > 0xffff)
    extended = 8;
  std::string s(1, static_cast<char>(first));
  const auto length = extended == 0 ? static_cast<char>(n) : extended == 2 ? '\x7e' : '\x7f';
  s.push_back(static_cast<char>(mask_bit | length));
  for (std::size_t i = extended; i > 0; --i)
    s.push_back(static_cast<char>(n >> (8 * (i - 1)) & 0xff));
  if (sender == role::server)
    return s.append(payload);
  constexpr std::string_view key = "\x37\xfa\x21\x3d";
  return s.append(key).append(masked_copy(payload, key));
}

inline std::string close_payload(std::uint16_t code, std::string_view reason = {}) {
  std::string s{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return s.append(reason);
}

/// A frame of a codec's output, taken apart.
struct seen_frame {
  unsigned first = 0;
  bool masked = false;
  std::string payload;

  bool is_close() const { return first == 0x88; }
  /// The code of a close frame; 1005 if it has none.
  unsigned code() const {
    if (payload.size() < 2)
      return close_code::no_status;
    return static_cast<unsigned char>(payload[0]) * 256u + static_cast<unsigned char>(payload[1]);
  }
};

/// All frames of an output; nothing if it does not end with a whole frame.
inline std::optional<std::vector<seen_frame>> frames_of(std::string_view output) {
  std::vector<seen_frame> frames;
  while (!output.empty()) {
    if (output.size() < 2 || output.size() < detail::header_size(output.data()))
      return std::nullopt;
    const auto h = detail::read_header(output.data());
    if (h.total() > output.size())
      return std::nullopt;
    frames.push_back({h.first, h.masked, detail::unmasked_payload(h, output)});
    output.remove_prefix(static_cast<std::size_t>(h.total()));
  }
  return frames;
}

/// A client and a server codec, their wires crossed by hand.
struct duo {
  explicit duo(const codec_options& of_client = {}, const codec_options& of_server = {})
    : client(role::client, of_client), server(role::server, of_server) {}

  /// Shakes hands; false if the connection did not open on both sides.
  bool open(const std::vector<header>& headers = {}, const accept_options& accept = {}) {
    client.start_handshake({"example.com", "/chat", headers});
    to_server();
    server.accept(accept);
    to_client();
    return client.state() == codec::phase::open && server.state() == codec::phase::open;
  }

  codec& end(role r) { return r == role::client ? client : server; }
  codec& other(role r) { return r == role::client ? server : client; }

  void to_server() { server.feed(std::exchange(client.output(), {}), at_server); }
  void to_client() { client.feed(std::exchange(server.output(), {}), at_client); }

  codec client;
  codec server;
  decoded at_client;
  decoded at_server;
};

/// A codec of a role whose connection is open.
inline codec opened(role r, const codec_options& options = {}) {
  duo d{options, options};
  d.open();
  return std::move(d.end(r));
}

inline role opposite(role r) { return r == role::client ? role::server : role::client; }

/// Feeds bytes in pieces of the given sizes, over and over; all at once if there are none.
inline void feed_in_pieces(codec& c, std::string_view bytes, const std::vector<std::size_t>& sizes,
                           decoded& out) {
  if (sizes.empty())
    return c.feed(bytes, out);
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    const auto n = std::min(bytes.size(), std::max<std::size_t>(sizes[i % sizes.size()], 1));
    // A copy of its own: what is read beyond the piece is found by a sanitizer.
    c.feed(std::string{bytes.substr(0, n)}, out);
    bytes.remove_prefix(n);
  }
}

/// The messages as text, for comparison: "text:..." or "binary:...".
inline std::vector<std::string> texts(const message_batch& batch) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < batch.size(); ++i)
    result.push_back((batch[i].binary() ? "binary:" : "text:") + std::string{batch.data(i)});
  return result;
}

} // namespace wspool::test

namespace wspool {

/// For the test framework.
inline std::string to_string(codec::phase p) {
  constexpr std::string_view names[] = {"idle",   "opening", "open",  "closing",
                                        "closed", "refused", "failed"};
  return std::string{names[static_cast<int>(p)]};
}

} // namespace wspool
