// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <CLI/CLI.hpp>

namespace wspool::cli {

/// Help that fits a terminal of 100 columns: CLI11 by itself does not break lines.
class help_formatter : public CLI::Formatter {
public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

} // namespace wspool::cli
