// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "settings/settings.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace wspool::cli {

/// Reads an INI or simple TOML file: sections, `key = value`, lists in brackets, over several lines
/// too, quotes, whole lines of comment. Each entry knows its line.
/// @throws usage_error if the file cannot be read, or has a line that says nothing.
[[nodiscard]] std::vector<file_entry> read_config_file(const std::string& path);

/// Writes a file with every setting, its meaning and its default: a valid configuration.
void print_config_sample(std::ostream& out, const settings& table);

} // namespace wspool::cli
