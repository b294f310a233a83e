// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "random_bytes.hpp"

#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <sys/random.h>
#include <system_error>

namespace wspool::detail {

namespace {

class random_source {
public:
  void take(char* to, std::size_t size) {
    assert(size <= 64);
    if (bytes_.size() - used_ < size)
      refill();
    std::memcpy(to, bytes_.data() + used_, size);
    used_ += size;
  }

private:
  void refill() {
    for (used_ = 0; used_ < bytes_.size();) {
      const auto got = ::getrandom(bytes_.data() + used_, bytes_.size() - used_, 0);
      if (got > 0)
        used_ += static_cast<std::size_t>(got);
      else if (errno != EINTR)
        throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    used_ = 0;
  }

  std::array<char, 2048> bytes_;
  std::size_t used_ = bytes_.size();
};

} // namespace

void fill_random(char* to, std::size_t size) {
  thread_local random_source source;
  source.take(to, size);
}

} // namespace wspool::detail
