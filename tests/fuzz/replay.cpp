// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// Runs files through a fuzz target, without libFuzzer, and then so many mutants of them:
//
//     wspool_fuzz_replay [--mutants N] TARGET FILE_OR_FOLDER...
//
// The file mutant-TARGET in the working directory is the mutant that did not end well.
#include "fuzz_target.hpp"
#include "mutants.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace wspool::fuzz {

namespace {

std::map<std::string, function>& table() {
  static std::map<std::string, function> targets;
  return targets;
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::is_directory(path)) {
    files.push_back(path);
  } else {
    for (const auto& entry : std::filesystem::directory_iterator{path})
      if (entry.is_regular_file())
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
  }
  return files;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  if (!in) {
    std::cerr << file.string() << " cannot be read\n";
    std::exit(2);
  }
  return bytes;
}

void run(function target, const std::string& bytes) {
  same_random_bytes_again();
  target(bytes);
}

void run_mutants(function target, const std::string& name, std::vector<std::string> seeds,
                 std::size_t count) {
  // Each is written before it is run: it is there however the run ends.
  const auto path = "mutant-" + name;
  const auto file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const auto write = [file](const std::string& bytes) {
    return ::pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size())
           && ::ftruncate(file, static_cast<off_t>(bytes.size())) == 0;
  };
  mutants next{std::move(seeds)};
  for (std::size_t i = 0; i < count; ++i) {
    const auto bytes = next.next();
    if (!write(bytes)) {
      std::perror(path.c_str());
      std::exit(2);
    }
    run(target, bytes);
  }
  ::close(file);
  std::filesystem::remove(path);
}

[[noreturn]] void usage() {
  std::cerr << "Usage: wspool_fuzz_replay [--mutants N] TARGET FILE_OR_FOLDER...\nTargets:";
  for (const auto& [name, ignored] : table())
    std::cerr << ' ' << name;
  std::cerr << '\n';
  std::exit(2);
}

std::size_t number(std::string_view text) {
  std::size_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc{} || end != text.data() + text.size())
    usage();
  return n;
}

} // namespace

bool enter(const char* name, function target) { return table().emplace(name, target).second; }

} // namespace wspool::fuzz

int main(int argc, char** argv) {
  using namespace wspool::fuzz;
  std::vector<std::string> words(argv + 1, argv + argc);
  std::size_t count = 0;
  if (words.size() >= 2 && words[0] == "--mutants") {
    count = number(words[1]);
    words.erase(words.begin(), words.begin() + 2);
  }
  if (words.size() < 2 || !table().contains(words[0]))
    usage();
  const auto target = table().at(words[0]);
  std::vector<std::string> seeds;
  for (std::size_t i = 1; i < words.size(); ++i)
    for (const auto& file : files_of(words[i])) {
      seeds.push_back(bytes_of(file));
      // The name first: it is the last line before a promise is broken.
      std::cout << file.string() << ": " << seeds.back().size() << " bytes" << std::endl;
      run(target, seeds.back());
    }
  if (seeds.empty()) {
    std::cerr << "no files to replay\n";
    return 2;
  }
  std::cout << seeds.size() << " files kept all promises" << std::endl;
  if (count == 0)
    return 0;
  run_mutants(target, words[0], std::move(seeds), count);
  std::cout << count << " mutants of them did, too\n";
}
