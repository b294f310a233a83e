// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace wspool::chaos {

/// What was found wrong. Thread contract: any thread.
class verdict {
public:
  /// Beyond this many they are only counted: one mistake tends to show a thousand times.
  static constexpr std::size_t max_kept = 20;

  void blame(std::string what) {
    std::lock_guard guard{mutex_};
    if (++count_ <= max_kept)
      findings_.push_back(std::move(what));
  }
  /// Blames `what` unless `good`.
  void expect(bool good, const std::string& what) {
    if (!good)
      blame(what);
  }
  bool clean() const {
    std::lock_guard guard{mutex_};
    return count_ == 0;
  }
  std::size_t count() const {
    std::lock_guard guard{mutex_};
    return count_;
  }
  std::vector<std::string> findings() const {
    std::lock_guard guard{mutex_};
    return findings_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::string> findings_;
  std::size_t count_ = 0;
};

} // namespace wspool::chaos
