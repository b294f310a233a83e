// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace wspool::cli {

/// Something is wrong with the command line, the environment or a file. Its text quotes what, and
/// says what was expected; the program then ends with status 2, before anything is connected.
class usage_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

enum class arity {
  one,  ///< exactly one value; on the command line the last one counts
  list, ///< any number of values
  flag, ///< on the command line it may stand without a value
};

/// Where the texts of a setting go.
struct target {
  arity how = arity::one;
  /// What it is unless set, as a configuration file says it; empty: nothing.
  std::string initial;
  /// Takes the texts over. @returns what would have been right, e.g. `a duration such as 30s`;
  /// empty if all is well.
  std::function<std::string(const std::vector<std::string>&)> assign;
};

/// One thing that can be set: in section `[section]` of a file as `key`, in the environment as
/// `WSPOOL_SECTION_KEY`, and on the command line if it has flags.
struct setting {
  std::string section;
  std::string key;
  std::string flags; ///< in CLI11's notation, e.g. "-n,--connections"; empty: no flag
  std::string value; ///< what help calls the value
  std::string help;  ///< one line, no full stop
  target to;
  std::string example; ///< for the sample file, where there is no default to show

  [[nodiscard]] std::string name() const { return section + "." + key; }
  /// "WSPOOL_QUEUE_BYTES" for queue.bytes.
  [[nodiscard]] std::string variable() const;
};

/// A value that a configuration file sets.
struct file_entry {
  std::string name; ///< "section.key"
  std::vector<std::string> values;
  std::size_t line = 0;
};

struct section_title {
  std::string name;
  std::string title;
};

/// All settings of the program in one table. Help, environment, files and the sample file come
/// from it. Flags win over the environment, which wins over the file.
class settings {
public:
  /// Settings added from now on belong to this section.
  void section(std::string name, std::string title);
  void add(std::string key, std::string flags, std::string value, std::string help, target to,
           std::string example = {});

  /// Puts the flags of some sections on a subcommand.
  void attach(CLI::App& command, std::initializer_list<std::string_view> sections);

  /// Puts `--config FILE` on a subcommand.
  void attach_file(CLI::App& command);

  /// Takes over what the file of `--config`, the environment and the flags of `command` say, in
  /// this order. @throws usage_error
  void resolve(const CLI::App& command) const;
  /// Takes over what a file says. @returns what stood in it. @throws usage_error
  std::vector<file_entry> load_file(const std::string& path) const;

  /// Which of these sections' flags stand on the command line, as "-n, --connections".
  [[nodiscard]] std::vector<std::string>
  given(const CLI::App& command, std::initializer_list<std::string_view> sections) const;

  [[nodiscard]] const std::vector<setting>& all() const noexcept { return table_; }
  [[nodiscard]] const std::vector<section_title>& sections() const noexcept { return sections_; }

private:
  void load_environment() const;
  void load_flags(const CLI::App& command) const;
  [[nodiscard]] const setting* find(std::string_view name) const noexcept;

  std::vector<setting> table_;
  std::vector<section_title> sections_;
  std::string file_; ///< of `--config`; empty: none
  /// Which option of which subcommand speaks for a setting.
  std::map<const CLI::App*, std::map<std::size_t, CLI::Option*>> attached_;
};

} // namespace wspool::cli
