// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "payload.hpp"

#include <cstdint>

namespace wspool::bench {

std::string payload(std::size_t size_bytes) {
  std::string result;
  std::uint32_t state = 1;
  while (result.size() < size_bytes) {
    state = state * 1'664'525u + 1'013'904'223u; // the same text in every process
    result += R"({"id":)" + std::to_string(state) + R"(,"price":)" + std::to_string(state >> 16)
              + R"(,"side":"buy"},)";
  }
  result.resize(size_bytes);
  return result;
}

} // namespace wspool::bench
