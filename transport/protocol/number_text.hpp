// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <charconv>
#include <string_view>
#include <system_error>

namespace wspool::detail {

/// Reads a number that is all of the text. @returns whether it was one and fits.
template <class Number>
[[nodiscard]] bool read_number(std::string_view text, Number& result) {
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, result);
  return error == std::errc{} && stop == end;
}

} // namespace wspool::detail
