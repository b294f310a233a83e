// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/error.hpp>

#include <span>
#include <string_view>

namespace wspool::cli {

/// What a person calls a field of C++ options: a flag, or a key.
struct field_name {
  std::string_view field; ///< or its beginning, without what stands in brackets
  std::string_view setting;
};

/// @throws usage_error what is wrong with options of C++, told by a person's names.
[[noreturn]] void reject(const failure& why, std::span<const field_name> names);

} // namespace wspool::cli
