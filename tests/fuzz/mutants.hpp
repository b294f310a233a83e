// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace wspool::fuzz {

/// Inputs near the seeds, the same ones on every machine and in every build: what a change is
/// judged by. libFuzzer's own inputs follow from what the code does at run time, addresses
/// included; they are for finding what is new.
class mutants {
public:
  /// Precondition: there is a seed.
  explicit mutants(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

  /// One of the seeds, or the mutant of a mutant, after one to eight changes; at most 4 KiB.
  std::string next();

private:
  std::size_t below(std::size_t bound) noexcept;
  const std::string& any_parent() noexcept;
  void change(std::string& bytes);

  std::vector<std::string> seeds_;
  std::vector<std::string> kept_; ///< mutants that have offspring of their own
  std::mt19937_64 random_{1};
};

} // namespace wspool::fuzz
