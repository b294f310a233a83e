// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/static_file.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wspool {

std::optional<static_file> static_file::open(const std::string& directory, const std::string& name,
                                             std::size_t max_bytes) {
  std::error_code error;
  const auto root = std::filesystem::canonical(directory, error);
  if (error)
    return std::nullopt;
  const auto file = std::filesystem::canonical(root / name, error);
  if (error
      || std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first != root.end())
    return std::nullopt;
  // Not to follow a link that took the file's place, nor to wait for the other end of a pipe.
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0)
    return std::nullopt;
  struct stat found {};
  static_file result{descriptor, 0};
  if (::fstat(descriptor, &found) != 0 || !S_ISREG(found.st_mode) || found.st_size < 0
      || static_cast<std::uint64_t>(found.st_size) > max_bytes)
    return std::nullopt;
  result.size_ = result.left_ = static_cast<std::uint64_t>(found.st_size);
  return result;
}

static_file::static_file(static_file&& other) noexcept
  : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_), left_(other.left_) {}

static_file& static_file::operator=(static_file&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  size_ = other.size_;
  left_ = other.left_;
  return *this;
}

static_file::~static_file() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

bool static_file::read(std::string& to, std::size_t most) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(most, left_));
  const auto before = to.size();
  to.resize(before + wanted);
  ssize_t got = 0;
  do
    got = ::read(descriptor_, to.data() + before, wanted);
  while (got < 0 && errno == EINTR);
  to.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
  if (got > 0)
    left_ -= static_cast<std::uint64_t>(got);
  return got > 0 || wanted == 0;
}

} // namespace wspool
