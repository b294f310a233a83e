// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE config_file

#include "support/unit_test.hpp"

#include "settings/config_file.hpp"

#include <filesystem>
#include <fstream>

namespace config_file_test {

using namespace wspool::cli;

namespace {

class config_file {
public:
  explicit config_file(const std::string& content)
    : path_(std::filesystem::path{WSPOOL_TEST_BINARY_DIR}
            / ("config_file_test-" + std::to_string(++count_))) {
    std::ofstream{path_} << content;
  }
  config_file(const config_file&) = delete;
  config_file& operator=(const config_file&) = delete;
  ~config_file() { std::filesystem::remove(path_); }

  [[nodiscard]] std::string path() const { return path_.string(); }

private:
  static inline int count_ = 0;
  std::filesystem::path path_;
};

/// "line name=[value][value]" for each entry, or the error behind the file's name.
std::string read(const std::string& content) {
  const config_file file{content};
  try {
    std::string result;
    for (const auto& entry : read_config_file(file.path())) {
      result += std::to_string(entry.line) + ' ' + entry.name + '=';
      for (const auto& value : entry.values)
        result += '[' + value + ']';
      result += '\n';
    }
    return result;
  } catch (const usage_error& e) {
    return std::string{e.what()}.substr(file.path().size());
  }
}

} // namespace

CAF_TEST(entries_know_their_names_values_and_lines) {
  CAF_CHECK_EQUAL(read("# comment\n[pool]\nname = \"a b\"\n\n; comment\n[queue]\nwait=30s\n"),
                  "3 pool.name=[a b]\n7 queue.wait=[30s]\n");
  CAF_CHECK_EQUAL(read("pool.name = x\n"), "1 pool.name=[x]\n");
  CAF_CHECK_EQUAL(read("[pool]\n\"name\" = 'x'\r\n"), "2 pool.name=[x]\n");
}

CAF_TEST(lists_may_go_on_over_lines) {
  CAF_CHECK_EQUAL(read("[pool]\nurls = [\"ws://a\", \"ws://b\"]\n"),
                  "2 pool.urls=[ws://a][ws://b]\n");
  CAF_CHECK_EQUAL(read("[pool]\nurls = [\n  \"ws://a\",\n  # comment\n  'ws://b'\n]\nname = x\n"),
                  "2 pool.urls=[ws://a][ws://b]\n7 pool.name=[x]\n");
  CAF_CHECK_EQUAL(read("[pool]\nurls = []\n"), "2 pool.urls=\n");
  CAF_CHECK_EQUAL(read("[pool]\n\nurls = [\n\"ws://a\",\n"), ":3: expected a ] behind the list");
}

CAF_TEST(lines_that_say_nothing_are_errors) {
  CAF_CHECK_EQUAL(read("[pool]\nhello\n"),
                  ":2: \"hello\": expected [section], key = value, or a comment");
  CAF_CHECK_EQUAL(read("\"\" = x\n"),
                  ":1: \"\"\" = x\": expected [section], key = value, or a comment");
  CAF_CHECK_EQUAL(read("[pool]\nname =\n"), ":2: pool.name: expected a value after =");
  CAF_CHECK_EQUAL(read("[pool]\nname = a\nname = b\n"), ":3: pool.name: given already in line 2");
}

CAF_TEST(blanks_and_quotes_separate_values) {
  CAF_CHECK_EQUAL(read("[pool]\nurls = [ \"a\" , 'b c' ,d e, ]\n"), "2 pool.urls=[a][b c][d e]\n");
  CAF_CHECK_EQUAL(read("[pool]\nurls = \"a,b\" ,c\n"), "2 pool.urls=[a,b][c]\n");
  CAF_CHECK_EQUAL(read("[pool]\nurls = a\tb 'c d'\n"), "2 pool.urls=[a][b][c d]\n");
  CAF_CHECK_EQUAL(read("[pool]\nname = it's\n"), "2 pool.name=[it's]\n");
  CAF_CHECK_EQUAL(read("[pool]\nname = \"\"\n"), "2 pool.name=[]\n");
}

CAF_TEST(values_that_cannot_be_told_apart_are_errors) {
  CAF_CHECK_EQUAL(read("[pool]\nname = \"x\n"),
                  ":2: pool.name: expected a closing quote behind \"x");
  CAF_CHECK_EQUAL(read("[pool]\nurls = [\"a\" \"b\"]\n"),
                  ":2: pool.urls: expected a comma before \"b\"");
  CAF_CHECK_EQUAL(read("[pool]\nurls = [a,,b]\n"),
                  ":2: pool.urls: expected a value before the comma");
}

CAF_TEST(an_empty_list_is_no_value) {
  settings table;
  std::string name;
  table.section("pool", "The pool");
  table.add("name", "", "NAME", "What it is called",
            {arity::one, "", [&](const std::vector<std::string>& texts) {
               name = texts.front();
               return std::string{};
             }});
  const config_file file{"[pool]\nname = []\n"};
  std::string error;
  try {
    table.load_file(file.path());
  } catch (const usage_error& e) {
    error = e.what();
  }
  CAF_CHECK(error.find(":2: pool.name: given 0 values") != std::string::npos);
}

} // namespace config_file_test
