// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/caf_generation.hpp>

#include <string>
#include <vector>

namespace wspool::compat {

/// A value of any type that a CAF configuration can hold, as the texts of its elements: one, unless
/// it is a list. Durations come as `format_duration` writes them.
[[nodiscard]] std::vector<std::string> texts_of(const caf::config_value& value);

/// Adds an option that takes whatever it is given, as text. CAF 0.17 drops a value of a file in
/// silence if it is not of the option's type; this way, the owner can say what is wrong with it.
/// `storage` must live as long as `to`; what it holds now is the default.
void add_text_option(caf::config_option_set& to, std::vector<std::string>& storage,
                     const char* category, const char* name, const char* description);

} // namespace wspool::compat
