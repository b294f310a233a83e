// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "settings/config_file.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace wspool::cli {

namespace {

std::string full_name(const std::string& section, const std::string& key) {
  return section.empty() ? key : section + "." + key;
}

/// Text that is read from its front, value by value.
class value_reader {
public:
  explicit value_reader(std::string_view text) : text_(text) {}

  /// Values with commas between them; there may be one behind the last.
  /// @throws std::invalid_argument which says what was expected.
  std::vector<std::string> with_commas() {
    std::vector<std::string> values;
    for (skip_blanks(); !text_.empty(); skip_blanks()) {
      if (text_.front() == ',')
        throw std::invalid_argument{"expected a value before the comma"};
      values.push_back(value(","));
      skip_blanks();
      if (!text_.empty() && text_.front() != ',')
        throw std::invalid_argument{"expected a comma before " + std::string{text_}};
      take(1);
    }
    return values;
  }

  /// Values with blanks between them.
  /// @throws std::invalid_argument which says what was expected.
  std::vector<std::string> with_blanks() {
    std::vector<std::string> values;
    for (skip_blanks(); !text_.empty(); skip_blanks())
      values.push_back(value(blanks));
    return values;
  }

private:
  static constexpr const char* blanks = " \t\r\n\v\f";

  std::string value(const char* separators) {
    if (std::string_view{"\"'`"}.find(text_.front()) == std::string_view::npos)
      return CLI::detail::trim_copy(std::string{take(text_.find_first_of(separators))});
    const auto end = text_.find(text_.front(), 1);
    if (end == std::string_view::npos)
      throw std::invalid_argument{"expected a closing quote behind " + std::string{text_}};
    const auto whole = take(end + 1);
    return std::string{whole.substr(1, whole.size() - 2)};
  }

  void skip_blanks() { take(text_.find_first_not_of(blanks)); }

  std::string_view take(std::size_t n) {
    const auto taken = text_.substr(0, n);
    text_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view text_;
};

/// The values behind an equals sign: a list in brackets, or else commas or else spaces between
/// several; quotes hold a value together.
std::vector<std::string> split_values(std::string_view text) {
  const bool bracketed = text.front() == '[';
  value_reader reader{bracketed ? text.substr(1, text.size() - 2) : text};
  return bracketed || text.find(',') != std::string_view::npos ? reader.with_commas()
                                                               : reader.with_blanks();
}

/// Reads a file line by line. CLI11's own reader does not tell where a key stands.
class config_reader {
public:
  config_reader(const std::string& path, const std::string& text) : path_(path), in_(text) {}

  std::vector<file_entry> read() {
    while (next_line()) {
      if (line_.empty() || line_.front() == '#' || line_.front() == ';')
        continue;
      if (line_.front() == '[' && line_.back() == ']')
        section_ = CLI::detail::trim_copy(line_.substr(1, line_.size() - 2));
      else
        read_entry();
    }
    return std::move(entries_);
  }

private:
  bool next_line() {
    if (!std::getline(in_, line_))
      return false;
    ++number_;
    CLI::detail::trim(line_);
    return true;
  }

  [[noreturn]] void fail(std::size_t line, const std::string& what) const {
    throw usage_error(path_ + ":" + std::to_string(line) + ": " + what);
  }

  void read_entry() {
    const auto split = line_.find('=');
    auto key = CLI::detail::trim_copy(line_.substr(0, split));
    CLI::detail::remove_quotes(key);
    if (split == std::string::npos || key.empty())
      fail(number_, "\"" + line_ + "\": expected [section], key = value, or a comment");
    const auto name = full_name(section_, key);
    const auto line = number_;
    auto value = CLI::detail::trim_copy(line_.substr(split + 1));
    if (value.empty())
      fail(line, name + ": expected a value after =");
    const auto [previous, is_new] = lines_.try_emplace(name, line);
    if (!is_new)
      fail(line, name + ": given already in line " + std::to_string(previous->second));
    if (value.front() == '[')
      read_list(value, line);
    try {
      entries_.push_back({name, split_values(value), line});
    } catch (const std::invalid_argument& e) {
      fail(line, name + ": " + e.what());
    }
  }

  /// A list may go on over lines, up to one that ends with its bracket.
  void read_list(std::string& value, std::size_t begin) {
    while (value.back() != ']') {
      if (!next_line())
        fail(begin, "expected a ] behind the list");
      if (!line_.empty() && line_.front() != '#' && line_.front() != ';')
        value += " " + line_;
    }
  }

  const std::string& path_;
  std::istringstream in_;
  std::string line_;
  std::size_t number_ = 0;
  std::string section_;
  std::map<std::string, std::size_t> lines_;
  std::vector<file_entry> entries_;
};

std::string read_all(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream out;
  // A directory opens, but cannot be read.
  if (!in || !(out << in.rdbuf() || in.peek() == std::ifstream::traits_type::eof()) || in.bad())
    throw usage_error(path + ": cannot be read: " + std::strerror(errno));
  return out.str();
}

/// Quotes a value if the file's syntax needs it.
std::string quoted(const std::string& text) {
  auto plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || std::strchr("-_.:/%+", c) != nullptr;
  });
  return plain ? text : "\"" + text + "\"";
}

} // namespace

std::vector<file_entry> read_config_file(const std::string& path) {
  return config_reader{path, read_all(path)}.read();
}

void print_config_sample(std::ostream& out, const settings& table, config_topic topic) {
  const bool serves = topic == config_topic::serve;
  out << "# Configuration of wspool: every setting with its default.\n"
         "#\n"
         "# Used by `wspool "
      << (serves ? "serve" : "connect|node|echo")
      << " --config FILE`; "
         "`wspool config check FILE` checks\n"
         "# one. Flags win over the environment (WSPOOL_SECTION_KEY, e.g. WSPOOL_QUEUE_BYTES;\n"
         "# lists have one value per line there), which wins over this file. Durations have units\n"
         "# (500ms, 30s, 2m, 1h30m), sizes may (512, 16KiB, 64MiB, 1GB). Lists stand in brackets:\n"
         "# [\"a\", \"b\"]. A comment has a line of its own.\n";
  for (auto& section : table.sections()) {
    const bool of_both = section.name == "log" || section.name == "threads";
    if (!of_both && section.name.starts_with("serve") != serves)
      continue;
    out << "\n# " << section.title << "\n[" << section.name << "]\n";
    for (auto& x : table.all()) {
      if (x.section != section.name || x.help.empty())
        continue;
      out << "# " << x.help << "\n";
      if (!x.to.initial.empty())
        out << x.key << " = " << quoted(x.to.initial) << "\n";
      else
        out << "#" << x.key << " = " << x.example << "\n";
    }
  }
}

} // namespace wspool::cli
