// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "flood.hpp"

#include "frame_responder.hpp"
#include "payload.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>

#include <map>
#include <stdexcept>
#include <utility>

namespace wspool::bench {

namespace {

namespace zlib = boost::beast::zlib;

constexpr std::size_t flood_bytes = 256 * 1024;
constexpr std::size_t most_frames = 4096;
constexpr unsigned char final_text = 0x81;            // RFC 6455 §5.2
constexpr unsigned char final_compressed_text = 0xc1; // RFC 7692 §7.2.3.1
constexpr std::size_t flush_tail_bytes = 4;           // 00 00 ff ff, left out (RFC 7692 §7.2.1)

/// A message compressed by itself, so that it may be repeated.
std::string compressed(const std::string& text) {
  zlib::deflate_stream stream;
  std::string result(text.size() + 1024, '\0');
  zlib::z_params z;
  z.next_in = text.data();
  z.avail_in = text.size();
  z.next_out = result.data();
  z.avail_out = result.size();
  boost::beast::error_code ec;
  stream.write(z, zlib::Flush::sync, ec);
  if (ec || z.avail_in != 0 || z.total_out < flush_tail_bytes)
    throw std::runtime_error("could not compress the messages of the flood");
  result.resize(z.total_out - flush_tail_bytes);
  return result;
}

std::string make_frames(std::size_t size_bytes, bool deflate) {
  auto text = payload(size_bytes);
  if (deflate)
    text = compressed(text);
  std::string result;
  for (std::size_t i = 0; i < most_frames && result.size() < flood_bytes; ++i) {
    append_head(result, deflate ? final_compressed_text : final_text, text.size());
    result += text;
  }
  return result;
}

} // namespace

std::shared_ptr<const std::string> flood_frames(std::size_t size_bytes, bool deflate) {
  static std::map<std::pair<std::size_t, bool>, std::shared_ptr<const std::string>> made;
  auto& result = made[{size_bytes, deflate}];
  if (!result)
    result = std::make_shared<const std::string>(make_frames(size_bytes, deflate));
  return result;
}

} // namespace wspool::bench
