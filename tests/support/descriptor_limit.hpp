// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace wspool::test {

/// Lets the process open no more than `extra` further descriptors.
struct descriptor_limit {
  explicit descriptor_limit(rlim_t extra) {
    ::getrlimit(RLIMIT_NOFILE, &before);
    // Descriptors are given out from the lowest free number.
    auto probe = ::dup(0);
    ::close(probe);
    auto lowered = before;
    lowered.rlim_cur = static_cast<rlim_t>(probe) + extra;
    ::setrlimit(RLIMIT_NOFILE, &lowered);
  }

  ~descriptor_limit() { ::setrlimit(RLIMIT_NOFILE, &before); }

  rlimit before{};
};

} // namespace wspool::test
