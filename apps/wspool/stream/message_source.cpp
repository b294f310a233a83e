// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "stream/message_source.hpp"

#include <cerrno>
#include <unistd.h>

namespace wspool::cli {

std::error_code message_source::read() {
  auto place = splitter_.prepare(block_bytes);
  auto bytes = ::read(fd_, place, block_bytes);
  if (bytes > 0) {
    splitter_.commit(static_cast<std::size_t>(bytes));
    return {};
  }
  if (bytes < 0 && (errno == EINTR || errno == EAGAIN))
    return {};
  at_end_ = true;
  splitter_.finish();
  return bytes < 0 ? std::error_code{errno, std::generic_category()} : std::error_code{};
}

} // namespace wspool::cli
