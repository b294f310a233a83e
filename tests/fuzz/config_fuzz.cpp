// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// Configuration files. The settings are a few of each sort; what they mean is not of interest here.
#include "fuzz_target.hpp"

#include "settings/config_file.hpp"

#include <wspool/units.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <sstream>

namespace config_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

namespace {

/// A file in memory that has a path.
class memory_file {
public:
  explicit memory_file(std::string_view content) : file_(::memfd_create("config", 0)) {
    require(file_ >= 0, "a file in memory can be had");
    while (!content.empty()) {
      const auto n = ::write(file_, content.data(), content.size());
      require(n > 0, "and written");
      content.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;
  ~memory_file() { ::close(file_); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

private:
  int file_;
};

/// Texts as they were assigned, by name.
using texts = std::map<std::string, std::vector<std::string>>;

cli::target into(texts& where, std::string name, cli::arity how, std::string initial) {
  return {how, std::move(initial),
          [&where, name = std::move(name)](const std::vector<std::string>& values) -> std::string {
            if (name == "queue.wait" && !parse_duration(values.at(0)))
              return "a duration such as 30s";
            if (name == "queue.bytes" && !parse_bytes(values.at(0)))
              return "a size such as 64MiB";
            where[name] = values;
            return {};
          }};
}

cli::settings make_table(texts& where) {
  using enum cli::arity;
  cli::settings table;
  table.section("pool", "The pool");
  table.add("name", "--name", "NAME", "What it is called", into(where, "pool.name", one, "a b"));
  table.add("urls", "", "URL", "Where to", into(where, "pool.urls", list, ""), "[\"ws://a\"]");
  table.section("queue", "The queue");
  table.add("wait", "", "TIME", "How long", into(where, "queue.wait", one, "30s"));
  table.add("bytes", "", "SIZE", "How much", into(where, "queue.bytes", one, "64MiB"));
  table.add("strict", "", "", "Whether", into(where, "queue.strict", flag, "false"));
  return table;
}

} // namespace

WSPOOL_FUZZ_TARGET(config) {
  const memory_file file{input};
  const auto path = file.path();
  const auto lines = 1 + static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n'));
  try {
    for (const auto& entry : cli::read_config_file(path)) {
      require(!entry.name.empty(), "an entry has a name");
      require(entry.line >= 1 && entry.line <= lines, "an entry knows its line", entry.name);
    }
  } catch (const cli::usage_error& e) {
    require(std::string_view{e.what()}.starts_with(path + ":"), "an error names the file",
            e.what());
  }
  texts seen;
  const auto table = make_table(seen);
  try {
    table.load_file(path);
    for (const auto& [name, values] : seen)
      require(values.size() == 1 || name == "pool.urls", "one value for what takes one", name);
  } catch (const cli::usage_error& e) {
    require(std::string_view{e.what()}.starts_with(path + ":"), "an error names the file",
            e.what());
  }
  // The sample is a valid file.
  static const bool sample_is_valid = [] {
    texts initial;
    const auto sampled = make_table(initial);
    std::ostringstream out;
    cli::print_config_sample(out, sampled, cli::config_topic::pool);
    sampled.load_file(memory_file{out.str()}.path());
    return initial.at("pool.name") == std::vector<std::string>{"a b"};
  }();
  require(sample_is_valid, "a sample can be read");
}

} // namespace config_fuzz
