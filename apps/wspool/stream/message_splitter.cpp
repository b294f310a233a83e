// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "stream/message_splitter.hpp"

#include <algorithm>
#include <cstring>

namespace wspool::cli {

namespace {

constexpr std::size_t prefix_bytes = 4;

std::size_t read_prefix(const char* p) noexcept {
  auto byte = [p](int i) { return static_cast<std::size_t>(static_cast<unsigned char>(p[i])); };
  return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}

} // namespace

message_splitter::message_splitter(framing format, std::size_t max_message_bytes, key_function key)
  : format_(format), max_message_bytes_(max_message_bytes), key_(std::move(key)),
    is_open_(format == framing::whole) {}

char* message_splitter::prepare(std::size_t minimum) {
  // Moving what is left to the front costs little when little is left.
  if (begin_ == end_ || (buffer_.size() - end_ < minimum && begin_ >= available())) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, available());
    end_ = available();
    begin_ = 0;
  }
  if (buffer_.size() - end_ < minimum)
    buffer_.resize(std::max(end_ + minimum, buffer_.size() * 3 / 2));
  return buffer_.data() + end_;
}

void message_splitter::commit(std::size_t bytes) {
  end_ += bytes;
  // What belongs to a message that is too large need not wait for a batch.
  auto known = static_cast<std::size_t>(std::min<std::uint64_t>(skipping_, available()));
  skip(known);
  skipping_ -= known;
  if (!skipping_line_)
    return;
  auto from = buffer_.data() + begin_;
  auto line_end =
    available() == 0 ? nullptr : static_cast<const char*>(std::memchr(from, '\n', available()));
  skipping_line_ = line_end == nullptr;
  skip(line_end == nullptr ? available() : static_cast<std::size_t>(line_end - from) + 1);
}

void message_splitter::finish() {
  finished_ = true;
  truncated_ = format_ == framing::length_prefixed && skipping_ > 0;
}

void message_splitter::skip(std::size_t bytes) noexcept {
  begin_ += bytes;
  scanned_ = 0;
}

std::size_t message_splitter::take(message_batch& batch, std::size_t max_messages,
                                   std::size_t max_bytes) {
  message_batch::entry like;
  like.kind = format_ == framing::text_lines ? message_kind::text : message_kind::binary;
  std::size_t count = 0;
  piece found;
  while (batch.size() < max_messages && find(found)) {
    if (!batch.empty() && batch.bytes().size() + found.size > max_bytes)
      break;
    auto data = std::string_view{buffer_}.substr(begin_ + found.skip, found.size);
    like.key = key_ ? key_(data) : 0;
    batch.append(data, like);
    skip(found.skip + found.size + found.after);
    is_open_ = false;
    ++count;
  }
  return count;
}

bool message_splitter::find(piece& result) {
  switch (format_) {
    case framing::text_lines:
    case framing::binary_lines:
      return find_line(result);
    case framing::length_prefixed:
      return find_prefixed(result);
    case framing::whole:
      return find_whole(result);
  }
  return false;
}

bool message_splitter::find_line(piece& result) {
  for (;;) {
    if (available() == 0)
      return false;
    auto from = buffer_.data() + begin_;
    auto line_end =
      static_cast<const char*>(std::memchr(from + scanned_, '\n', available() - scanned_));
    auto size = line_end != nullptr ? static_cast<std::size_t>(line_end - from) : available();
    if (size > max_message_bytes_) {
      ++oversized_;
      skipping_line_ = line_end == nullptr;
      skip(size + (line_end != nullptr));
      continue;
    }
    scanned_ = size;
    if (line_end == nullptr && !finished_)
      return false;
    result = {0, size, line_end != nullptr ? std::size_t{1} : 0};
    return true;
  }
}

bool message_splitter::find_prefixed(piece& result) {
  for (;;) {
    if (available() < prefix_bytes) {
      if (finished_ && available() > 0) {
        truncated_ = true;
        skip(available());
      }
      return false;
    }
    auto size = read_prefix(buffer_.data() + begin_);
    if (size > max_message_bytes_) {
      ++oversized_;
      auto here = std::min(size, available() - prefix_bytes);
      skip(prefix_bytes + here);
      skipping_ = size - here;
      truncated_ = finished_ && skipping_ > 0;
      continue;
    }
    if (available() - prefix_bytes < size) {
      if (finished_) {
        truncated_ = true;
        skip(available());
      }
      return false;
    }
    result = {prefix_bytes, size, 0};
    return true;
  }
}

bool message_splitter::find_whole(piece& result) {
  if (!is_open_)
    return false;
  if (available() > max_message_bytes_) {
    ++oversized_;
    is_open_ = false;
    skipping_ = ~std::uint64_t{0}; // whatever else comes
    skip(available());
    return false;
  }
  if (!finished_)
    return false;
  result = {0, available(), 0};
  return true;
}

} // namespace wspool::cli
