// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/message.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace wspool {

namespace {

message_batch::entry entry_of(const send_options& options) noexcept {
  using namespace std::chrono;
  // A time to live of centuries must not wrap around into the past.
  constexpr auto longest = duration_cast<milliseconds>(nanoseconds::max());
  message_batch::entry e;
  e.key = hash_key(options.key);
  e.expires_ns = nanoseconds{std::min(options.time_to_live, longest)}.count();
  e.kind = options.kind;
  e.compress = options.compress;
  e.policy = options.policy;
  return e;
}

void check_size(std::size_t bytes) {
  if (bytes > message_batch::max_bytes)
    throw std::length_error("a message batch holds at most 4 GiB - 1 bytes");
}

} // namespace

void message_batch::add(std::string_view data, const send_options& options) {
  append(data, entry_of(options));
}

void message_batch::append(std::string_view data, const entry& like) {
  const auto begin = bytes_.size();
  if (data.size() > max_bytes - std::min(begin, max_bytes))
    check_size(max_bytes + 1);
  entries_.push_back(like);
  auto& e = entries_.back(); // written in place: a copy changed just before it is moved stalls
  e.offset = static_cast<std::uint32_t>(begin);
  e.size = static_cast<std::uint32_t>(data.size());
  try {
    bytes_.append(data);
  } catch (...) {
    entries_.pop_back();
    throw;
  }
}

message_batch message_batch::of(std::string data, const send_options& options) {
  check_size(data.size());
  message_batch batch;
  auto e = entry_of(options);
  e.size = static_cast<std::uint32_t>(data.size());
  batch.entries_.push_back(e);
  batch.bytes_ = std::move(data);
  return batch;
}

void message_batch::reserve(std::size_t messages, std::size_t bytes) {
  entries_.reserve(messages);
  bytes_.reserve(bytes);
}

void message_batch::clear() noexcept {
  bytes_.clear();
  entries_.clear();
}

bool message_batch::valid() const noexcept {
  return std::all_of(entries_.begin(), entries_.end(), [this](const entry& e) {
    return std::uint64_t{e.offset} + e.size <= bytes_.size();
  });
}

void message_batch::commit_tail(std::size_t begin, message_kind kind) {
  if (bytes_.size() > max_bytes) {
    bytes_.resize(begin);
    check_size(max_bytes + 1);
  }
  entry e;
  e.offset = static_cast<std::uint32_t>(begin);
  e.size = static_cast<std::uint32_t>(bytes_.size() - begin);
  e.kind = kind;
  entries_.push_back(e);
}

std::uint64_t hash_key(std::string_view key) noexcept {
  if (key.empty())
    return 0;
  std::uint64_t h = 0xcbf29ce484222325; // FNV-1a, 64 bits
  for (const char c : key) {
    h ^= static_cast<unsigned char>(c);
    h *= 0x100000001b3;
  }
  // FNV leaves the high bits of short keys alike, and a hash ring looks at those: mix once more.
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccd;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53;
  h ^= h >> 33;
  return h == 0 ? 1 : h;
}

} // namespace wspool
