// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "mutants.hpp"

#include <algorithm>
#include <iterator>

namespace wspool::fuzz {

namespace {

constexpr std::size_t max_size = 4096;
constexpr std::size_t max_kept = 64;

// Where limits and signs change.
constexpr std::uint8_t edges[] = {0, 1, 9, 10, 13, 32, 125, 126, 127, 128, 254, 255};

} // namespace

// The standard's distributions differ from library to library, its engines do not.
std::size_t mutants::below(std::size_t bound) noexcept { return random_() % bound; }

const std::string& mutants::any_parent() noexcept {
  const auto i = below(seeds_.size() + kept_.size());
  return i < seeds_.size() ? seeds_[i] : kept_[i - seeds_.size()];
}

std::string mutants::next() {
  auto bytes = any_parent();
  for (auto changes = 1 + below(8); changes > 0; --changes)
    change(bytes);
  bytes.resize(std::min(bytes.size(), max_size));
  if (kept_.size() < max_kept)
    kept_.push_back(bytes);
  else if (below(8) == 0)
    kept_[below(max_kept)] = bytes;
  return bytes;
}

void mutants::change(std::string& bytes) {
  // Anywhere, the end included; and a length that is mostly small.
  const auto at = below(bytes.size() + 1);
  const auto length = std::min(1 + below(std::size_t{1} << below(8)), bytes.size() - at);
  const auto change_byte = [&](auto to) {
    if (at < bytes.size())
      bytes[at] = static_cast<char>(to(static_cast<std::uint8_t>(bytes[at])));
  };
  switch (below(9)) {
    case 0:
      return change_byte([&](auto b) { return b ^ 1U << below(8); });
    case 1:
      return change_byte([&](auto) { return edges[below(std::size(edges))]; });
    case 2:
      return change_byte([&](auto b) { return b + (below(2) == 0 ? 1 : 255); });
    case 3: {
      const auto times = 1 + below(4);
      bytes.insert(at, times, static_cast<char>(random_()));
      return;
    }
    case 4:
      bytes.erase(at, length);
      return;
    case 5: { // again, once or often
      const auto part = bytes.substr(at, length);
      for (auto times = std::size_t{1} << below(7); times > 0 && bytes.size() < max_size; --times)
        bytes.insert(at, part);
      return;
    }
    case 6: { // to another place
      const auto part = bytes.substr(at, length);
      bytes.erase(at, length);
      bytes.insert(below(bytes.size() + 1), part);
      return;
    }
    case 7: { // from another one
      const auto& other = any_parent();
      const auto from = below(other.size() + 1);
      bytes.replace(at, length, other, from, 1 + below(std::size_t{1} << below(9)));
      return;
    }
    default:
      bytes.resize(at);
  }
}

} // namespace wspool::fuzz
