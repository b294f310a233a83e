// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "foreseen_random.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

/// Defines a fuzz target: a function of the bytes `input`, a `std::string_view`. With libFuzzer it
/// is the program's only one; else it is entered in a table, for the replay of corpora.
#ifdef WSPOOL_LIBFUZZER
#define WSPOOL_FUZZ_TARGET(name)                                                                   \
  static void fuzz_##name(std::string_view input);                                                 \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {              \
    wspool::fuzz::same_random_bytes_again();                                                       \
    fuzz_##name({reinterpret_cast<const char*>(data), size});                                      \
    return 0;                                                                                      \
  }                                                                                                \
  static void fuzz_##name(std::string_view input)
#else
#define WSPOOL_FUZZ_TARGET(name)                                                                   \
  static void fuzz_##name(std::string_view input);                                                 \
  static const bool entered_##name = wspool::fuzz::enter(#name, &fuzz_##name);                     \
  static void fuzz_##name(std::string_view input)
#endif

namespace wspool::fuzz {

using function = void (*)(std::string_view);
/// For the replay: makes a target known by its name.
bool enter(const char* name, function target);

/// Ends the process if a promise is broken, in builds without assertions, too.
inline void require(bool holds, const char* promise) {
  if (holds)
    return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

inline void require(bool holds, const char* promise, const std::string& seen) {
  if (holds)
    return;
  std::fprintf(stderr, "broken promise: %s: %s\n", promise, seen.c_str());
  std::abort();
}

/// Takes a fuzzer's bytes apart, from the front.
class source {
public:
  explicit source(std::string_view bytes) noexcept : bytes_(bytes) {}

  [[nodiscard]] std::uint8_t byte() noexcept {
    if (bytes_.empty())
      return 0;
    const auto b = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return b;
  }

  [[nodiscard]] std::uint16_t word() noexcept {
    const auto high = byte();
    return static_cast<std::uint16_t>(high << 8 | byte());
  }

  /// The bytes up to the next line break, which is dropped.
  [[nodiscard]] std::string_view line() noexcept {
    const auto end = std::min(bytes_.find('\n'), bytes_.size());
    const auto taken = bytes_.substr(0, end);
    bytes_.remove_prefix(std::min(end + 1, bytes_.size()));
    return taken;
  }

  /// How the rest is to be split: as many sizes as the next byte says, at most 15.
  [[nodiscard]] std::vector<std::size_t> splits() {
    std::vector<std::size_t> sizes(byte() & 15);
    for (auto& size : sizes)
      size = std::max<std::size_t>(byte(), 1);
    return sizes;
  }

  [[nodiscard]] std::string_view rest() const noexcept { return bytes_; }

private:
  std::string_view bytes_;
};

/// Calls `take` with the pieces of `bytes` in turn, sizes over and over; all at once if there are
/// none. Each piece is a copy of its own: what is read beyond it is found by a sanitizer.
template <class Take>
void in_pieces(std::string_view bytes, const std::vector<std::size_t>& sizes, Take take) {
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    const auto n = sizes.empty() ? bytes.size() : std::min(bytes.size(), sizes[i % sizes.size()]);
    const std::vector<char> piece(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    take(std::string_view{piece.data(), piece.size()});
    bytes.remove_prefix(n);
  }
}

/// Whether a text may stand in a log line or an error's detail: no control characters but tabs.
inline bool is_printable(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && c != '\t') || u == 0x7f;
  });
}

} // namespace wspool::fuzz
