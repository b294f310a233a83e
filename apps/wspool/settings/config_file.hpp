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

/// Whose settings a sample file has.
enum class config_topic {
  pool,  ///< of what uses a pool, and of the servers to try it on
  serve, ///< of `serve`
};

/// Writes a file with every setting, its meaning and its default: a valid configuration.
void print_config_sample(std::ostream& out, const settings& table, config_topic topic);

} // namespace wspool::cli
