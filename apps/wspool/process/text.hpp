// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace wspool::cli {

/// What a peer said, fit for a terminal: no control characters, and not without end.
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t longest = 500) {
  std::string result{text.substr(0, longest)};
  auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  std::replace_if(result.begin(), result.end(), is_control, ' ');
  return text.size() > longest ? result + "…" : result;
}

} // namespace wspool::cli
