// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "bench_case.hpp"
#include "runner.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace wspool::bench {

/// Something that is wanted of the pool.
struct goal {
  std::string text;
  bool at_least = true; ///< else: at most
  double limit = 0;
  std::vector<std::string> cases; ///< that it is measured by
  /// From the results of these cases, in their order.
  std::function<std::optional<double>(const std::vector<const case_result*>&)> measure;
};

/// A goal that was looked at.
struct verdict {
  const goal* what = nullptr;
  std::optional<double> measured; ///< none if a case or a client is missing
  [[nodiscard]] bool met() const noexcept;
};

[[nodiscard]] const std::vector<goal>& all_goals();

/// The cases that the goals need.
[[nodiscard]] std::vector<bench_case> cases_of_goals();

/// All goals of which at least one case was measured.
[[nodiscard]] std::vector<verdict> judge(const std::vector<case_result>& results);

} // namespace wspool::bench
