// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "transport/protocol/codec_peer.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

// Cases of conformance as rows of tables: what a peer sends, and what has to come of it. Groups and
// numbers are those that the Autobahn test suite's documentation uses; the rows were written from
// RFC 6455 and RFC 7692.
namespace wspool::test {

/// First bytes of frames.
inline constexpr unsigned char continuation = 0;
inline constexpr unsigned char text = 1;
inline constexpr unsigned char binary = 2;
inline constexpr unsigned char close_frame = 8;
inline constexpr unsigned char ping = 9;
inline constexpr unsigned char pong = 10;
inline constexpr unsigned char rsv2 = 0x20;
inline constexpr unsigned char rsv3 = 0x10;

/// A frame of a case; each role masks it or not, as it must.
struct sent_frame {
  unsigned char first = 0;
  std::string payload;
};

struct case_ending {
  codec::phase state = codec::phase::open;
  unsigned code = 0; ///< of the close frame in the answer
};
inline constexpr case_ending still_open{};
/// The peer's close frame was answered with this code.
constexpr case_ending closes(unsigned code) { return {codec::phase::closed, code}; }
/// The connection was failed with this code.
constexpr case_ending fails(unsigned code) { return {codec::phase::failed, code}; }

struct conformance_case {
  const char* id;
  const char* what;
  std::vector<sent_frame> frames;
  std::vector<std::string> messages; ///< "text:..." or "binary:...", before the ending
  std::vector<std::string> pongs;    ///< payloads of the answers to pings
  case_ending end = still_open;
  /// Behind which frame (counted from 1) the ending is due; 0: the last one.
  std::size_t due = 0;
};

/// What is wrong with a codec's conduct; nothing if all is well.
std::optional<std::string> run_case(const conformance_case& row, role under_test,
                                    const std::vector<std::size_t>& pieces,
                                    const codec_options& options = {});

/// In both roles; whole, byte by byte, in odd pieces, and frame by frame. The first complaint.
std::optional<std::string> run_case(const conformance_case& row, const codec_options& options = {});

} // namespace wspool::test
