// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "process/wakeup.hpp"

#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace wspool::cli {

wakeup::wakeup() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0)
    throw std::system_error(errno, std::generic_category(), "eventfd");
}

wakeup::~wakeup() { ::close(fd_); }

void wakeup::notify() noexcept {
  // It can only fail by being as loud as it can get.
  eventfd_write(fd_, 1);
}

void wakeup::clear() noexcept {
  eventfd_t ignored = 0;
  eventfd_read(fd_, &ignored);
}

} // namespace wspool::cli
