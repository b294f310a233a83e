// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "message_deflater.hpp"

#include <algorithm>
#include <cassert>

namespace wspool::detail {

namespace {

namespace zlib = boost::beast::zlib;

// zlib's measure of its tables, 1 to 9: what Beast's WebSocket streams have.
constexpr int memory_level = 4;

// Text mostly becomes less than half of itself.
constexpr std::size_t min_guess_bytes = 64;
constexpr std::size_t max_guess_bytes = 64 * 1024;

constexpr std::string_view end_of_flush{"\x00\x00\xff\xff", 4};

} // namespace

message_deflater::message_deflater(const deflate_terms& terms) {
  stream_.reset(std::clamp(terms.level, 0, 9), std::clamp(terms.window_bits, 9, 15), memory_level,
                zlib::Strategy::normal);
}

std::string message_deflater::compress(std::string_view data) {
  std::string to(std::min(data.size() / 2 + min_guess_bytes, max_guess_bytes), '\0');
  std::size_t size = 0;
  zlib::z_params io;
  io.next_in = data.data();
  io.avail_in = data.size();
  for (;;) {
    io.next_out = to.data() + size;
    io.avail_out = to.size() - size;
    boost::beast::error_code ec;
    stream_.write(io, zlib::Flush::sync, ec);
    assert(!ec || ec == zlib::error::need_buffers);
    size = to.size() - io.avail_out;
    if (io.avail_out > 0)
      break;
    to.resize(2 * to.size());
  }
  to.resize(size);
  // What a flush ends with does not travel (RFC 7692 §7.2.1).
  assert(io.avail_in == 0 && to.ends_with(end_of_flush));
  to.resize(size - end_of_flush.size());
  return to;
}

} // namespace wspool::detail
