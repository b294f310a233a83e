// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/descriptor_table.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

namespace wspool {

void reserve_descriptors() noexcept {
  constexpr rlim_t wanted = 4'096;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == 0)
    return;
  const int any = ::eventfd(0, EFD_CLOEXEC);
  if (any < 0)
    return;
  // The table stays as large as the highest number made it.
  const auto last = static_cast<int>(std::min(wanted, limit.rlim_cur) - 1);
  const int highest = ::fcntl(any, F_DUPFD_CLOEXEC, last);
  if (highest >= 0)
    ::close(highest);
  ::close(any);
}

} // namespace wspool
