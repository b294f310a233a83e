// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace wspool::bench {

/// Name and version of what this program is made of.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> library_versions();

} // namespace wspool::bench
