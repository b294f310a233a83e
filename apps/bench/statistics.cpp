// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace wspool::bench {

double median(std::vector<double> values) {
  if (values.empty())
    return 0;
  std::sort(values.begin(), values.end());
  auto middle = values.size() / 2;
  return values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double percentile(std::vector<double> values, double p) {
  if (values.empty())
    return 0;
  auto rank = std::ceil(std::clamp(p, 0.0, 1.0) * static_cast<double>(values.size()));
  auto at = values.begin() + std::max<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(rank), 1) - 1;
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double ratio(double a, double b) noexcept { return b > 0 || b < 0 ? a / b : 0; }

} // namespace wspool::bench
