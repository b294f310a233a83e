// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cerrno>
#include <system_error>

namespace wspool::bench {

/// Ends a measurement that the operating system refused a call: `errno` says why.
[[noreturn]] inline void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

} // namespace wspool::bench
