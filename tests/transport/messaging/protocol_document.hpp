// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// The files of the protocol's specification, and the examples in it.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::test {

inline std::string specification(const std::string& name) {
  std::ifstream in{WSPOOL_TEST_SOURCE_DIR "/../transport/messaging/" + name};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// The lines of all blocks of PROTOCOL.md that begin with ```json and the word.
inline std::vector<std::string> examples(std::string_view word) {
  const auto text = specification("PROTOCOL.md");
  const auto opening = "```json " + std::string{word};
  std::vector<std::string> result;
  bool inside = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = text.substr(begin, end - begin);
    if (inside && line != "```")
      result.push_back(line);
    inside = inside ? line != "```" : line == opening;
    begin = end + 1;
  }
  return result;
}

} // namespace wspool::test
