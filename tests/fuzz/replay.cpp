// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// Runs files through a fuzz target, without libFuzzer:
//
//     wspool_fuzz_replay TARGET FILE_OR_FOLDER...
#include "fuzz_target.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

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

} // namespace

bool enter(const char* name, function target) { return table().emplace(name, target).second; }

} // namespace wspool::fuzz

int main(int argc, char** argv) {
  const auto& targets = wspool::fuzz::table();
  const auto target = targets.find(argc > 1 ? argv[1] : "");
  if (target == targets.end() || argc < 3) {
    std::cerr << "Usage: wspool_fuzz_replay TARGET FILE_OR_FOLDER...\nTargets:";
    for (const auto& [name, ignored] : targets)
      std::cerr << ' ' << name;
    std::cerr << '\n';
    return 2;
  }
  std::size_t count = 0;
  for (int i = 2; i < argc; ++i)
    for (const auto& file : wspool::fuzz::files_of(argv[i])) {
      std::ifstream in{file, std::ios::binary};
      const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
      if (!in) {
        std::cerr << file.string() << " cannot be read\n";
        return 2;
      }
      // The name first: it is the last line before a promise is broken.
      std::cout << file.string() << ": " << bytes.size() << " bytes" << std::endl;
      wspool::fuzz::same_random_bytes_again();
      target->second(bytes);
      ++count;
    }
  if (count == 0) {
    std::cerr << "no files to replay\n";
    return 2;
  }
  std::cout << count << " files kept all promises\n";
}
