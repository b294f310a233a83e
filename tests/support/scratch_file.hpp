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

/// A file that is gone with this object.
class scratch_file {
public:
  explicit scratch_file(std::string_view content = {}) {
    static std::atomic<unsigned> number{0};
    path_ = std::string{WSPOOL_TEST_BINARY_DIR} + "/scratch-" + std::to_string(getpid()) + "-"
            + std::to_string(number++);
    write(content);
  }
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;
  ~scratch_file() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  void write(std::string_view content) const {
    std::ofstream{path_, std::ios::binary | std::ios::trunc} << content;
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
  std::string path_;
};

} // namespace wspool::test
