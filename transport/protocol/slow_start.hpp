// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>

namespace wspool {

/// The share of its full load that an endpoint gets again which came back at `since`: grows evenly
/// from a tenth to 1 within `duration`. Always above 0, so that something tells how it fares.
[[nodiscard]] double slow_start_share(std::chrono::steady_clock::time_point now,
                                      std::chrono::steady_clock::time_point since,
                                      std::chrono::milliseconds duration) noexcept;

} // namespace wspool
