// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace wspool::test {

/// A directory that is gone, with all that is in it, with this object.
class scratch_directory {
public:
  scratch_directory() {
    static std::atomic<unsigned> number{0};
    path_ = std::string{WSPOOL_TEST_BINARY_DIR} + "/directory-" + std::to_string(getpid()) + "-"
            + std::to_string(number++);
    std::filesystem::create_directories(path_);
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  /// Makes the folders on the way, too. @returns the file's path
  std::string write(const std::string& name, std::string_view content) const {
    const auto file = std::filesystem::path{path_} / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary | std::ios::trunc} << content;
    return file;
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
  std::string path_;
};

} // namespace wspool::test
