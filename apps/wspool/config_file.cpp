// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "config_file.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <ostream>
#include <sstream>

namespace wspool::cli {

namespace {

/// Finds where each key stands: CLI11 does not tell.
class line_index {
public:
  line_index(const std::string& path, const std::string& text) {
    std::istringstream in{text};
    std::string section;
    std::string line;
    bool in_list = false;
    std::size_t list_begin = 0;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
      CLI::detail::trim(line);
      if (in_list) {
        in_list = line.empty() || line.back() != ']';
        continue;
      }
      if (line.empty() || line.front() == '#' || line.front() == ';')
        continue;
      if (line.front() == '[' && line.back() == ']') {
        section = line.substr(1, line.size() - 2);
        continue;
      }
      auto split = line.find('=');
      if (split == std::string::npos || split == 0)
        throw usage_error(path + ":" + std::to_string(number) + ": \"" + line
                          + "\": expected [section], key = value, or a comment");
      auto key = CLI::detail::trim_copy(line.substr(0, split));
      auto value = CLI::detail::trim_copy(line.substr(split + 1));
      if (value.empty())
        throw usage_error(path + ":" + std::to_string(number) + ": " + full_name(section, key)
                          + ": expected a value after =");
      in_list = value.front() == '[' && value.back() != ']';
      list_begin = number;
      auto [previous, is_new] = lines_.try_emplace(full_name(section, key), number);
      if (!is_new)
        throw usage_error(path + ":" + std::to_string(number) + ": " + previous->first
                          + ": given already in line " + std::to_string(previous->second));
    }
    if (in_list)
      throw usage_error(path + ":" + std::to_string(list_begin) + ": expected a ] behind the list");
  }

  [[nodiscard]] std::size_t find(const std::string& name) const {
    auto found = lines_.find(name);
    return found != lines_.end() ? found->second : 0;
  }

private:
  static std::string full_name(const std::string& section, const std::string& key) {
    return section.empty() ? key : section + "." + key;
  }

  std::map<std::string, std::size_t> lines_;
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
  auto text = read_all(path);
  line_index lines{path, text};
  CLI::ConfigTOML reader;
  // CLI11 would cut values at a comment sign, even within quotes: there are no comments behind
  // values, which makes one a clear error instead of a lost half of a password.
  reader.comment('\0');
  std::istringstream in{text};
  std::vector<file_entry> result;
  for (auto& item : reader.from_config(in)) {
    if (item.name == "++" || item.name == "--") // CLI11's marks of a section's begin and end
      continue;
    auto name = item.fullname();
    result.push_back({name, item.inputs, lines.find(name)});
  }
  return result;
}

void print_config_sample(std::ostream& out, const settings& table) {
  out << "# Configuration of wspool: every setting with its default.\n"
         "#\n"
         "# Used by `wspool connect|node|echo --config FILE`; `wspool config check FILE` checks\n"
         "# one. Flags win over the environment (WSPOOL_SECTION_KEY, e.g. WSPOOL_QUEUE_BYTES;\n"
         "# lists have one value per line there), which wins over this file. Durations have units\n"
         "# (500ms, 30s, 2m, 1h30m), sizes may (512, 16KiB, 64MiB, 1GB). Lists stand in brackets:\n"
         "# [\"a\", \"b\"]. A comment has a line of its own.\n";
  for (auto& section : table.sections()) {
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
