// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace wspool {

/// An open file that is read a piece at a time: each read is short, however large the file.
class static_file {
public:
  /// Opens a regular file that lies, all symbolic links followed, within the directory, and has at
  /// most so many bytes. `name` is relative, with neither "." nor ".." in it.
  [[nodiscard]] static std::optional<static_file>
  open(const std::string& directory, const std::string& name, std::size_t max_bytes);
  static_file(static_file&& other) noexcept;
  static_file& operator=(static_file&& other) noexcept;
  ~static_file();

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool done() const noexcept { return left_ == 0; }

  /// Appends the next bytes, `most` or fewer.
  /// @returns false if there are none although there should be: the file has shrunk.
  [[nodiscard]] bool read(std::string& to, std::size_t most);

private:
  static_file(int descriptor, std::uint64_t size)
    : descriptor_(descriptor), size_(size), left_(size) {}

  int descriptor_;
  std::uint64_t size_;
  std::uint64_t left_;
};

} // namespace wspool
