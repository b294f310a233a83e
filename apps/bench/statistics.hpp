// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <vector>

namespace wspool::bench {

/// The middle value, of an even number the mean of the two in the middle; 0 of none.
[[nodiscard]] double median(std::vector<double> values);

/// The smallest value that at least the share `p` (0 to 1) of all does not exceed; 0 of none.
[[nodiscard]] double percentile(std::vector<double> values, double p);

/// a / b, and 0 where b is 0: a ratio to something that was not measured.
[[nodiscard]] double ratio(double a, double b) noexcept;

} // namespace wspool::bench
