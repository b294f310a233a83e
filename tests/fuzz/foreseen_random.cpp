// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "foreseen_random.hpp"

#include "protocol/random_bytes.hpp"

#include <random>

namespace wspool::fuzz {

namespace {

std::minstd_rand& generator() {
  static std::minstd_rand numbers;
  return numbers;
}

} // namespace

void same_random_bytes_again() { generator() = std::minstd_rand{}; }

} // namespace wspool::fuzz

namespace wspool::detail {

// Takes the place of the library's, which a linker does not look for any more.
void fill_random(char* to, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    to[i] = static_cast<char>(fuzz::generator()() >> 8);
}

} // namespace wspool::detail
