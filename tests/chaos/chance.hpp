// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace wspool::chaos {

/// All randomness of a run comes from here, so that a seed says what happens. Not thread-safe.
class chance {
public:
  explicit chance(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t number(std::uint64_t from, std::uint64_t to) {
    return std::uniform_int_distribution<std::uint64_t>{from, to}(engine_);
  }
  bool percent(std::uint64_t share) { return number(1, 100) <= share; }
  template <class T>
  const T& of(const std::vector<T>& list) {
    return list[number(0, list.size() - 1)];
  }
  std::string bytes(std::size_t count) {
    std::string result(count, '\0');
    for (auto& c : result)
      c = static_cast<char>(number(0, 255));
    return result;
  }
  std::uint64_t seed() { return engine_(); }

private:
  std::mt19937_64 engine_;
};

} // namespace wspool::chaos
