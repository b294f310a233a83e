// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "settings/help_formatter.hpp"

#include <sstream>

namespace wspool::cli {

namespace {

constexpr std::size_t indent = 30;
constexpr std::size_t width = 100;

} // namespace

std::string help_formatter::make_option(const CLI::Option* option, bool is_positional) const {
  auto line = "  " + make_option_name(option, is_positional) + make_option_opts(option);
  std::string result;
  auto end_line = [&] {
    result += line + '\n';
    line.assign(indent, ' ');
  };
  if (line.size() >= indent)
    end_line();
  line.resize(indent, ' ');
  std::istringstream words{make_option_desc(option)};
  for (std::string word; words >> word;) {
    if (line.size() > indent && line.size() + 1 + word.size() > width)
      end_line();
    line += (line.size() > indent ? " " : "") + word;
  }
  end_line();
  return result;
}

std::string help_formatter::make_help(const CLI::App* app, std::string name,
                                      CLI::AppFormatMode mode) const {
  auto result = Formatter::make_help(app, std::move(name), mode);
  for (auto at = result.find("\n\n\n"); at != std::string::npos; at = result.find("\n\n\n", at))
    result.erase(at, 1);
  return result;
}

} // namespace wspool::cli
