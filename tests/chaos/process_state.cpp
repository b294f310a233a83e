// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/process_state.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <string>
#include <sys/resource.h>
#include <system_error>

namespace wspool::chaos {

namespace fs = std::filesystem;

namespace {

std::size_t entries(const char* folder) {
  std::size_t count = 0;
  std::error_code ec;
  for (fs::directory_iterator i{folder, ec}, end; !ec && i != end; i.increment(ec))
    ++count;
  return count;
}

} // namespace

process_state process_state::now() {
  // One descriptor is the look itself.
  return {entries("/proc/self/fd") - 1, entries("/proc/self/task")};
}

std::string to_string(const process_state& x) {
  return std::to_string(x.descriptors) + " descriptors, " + std::to_string(x.threads) + " threads";
}

std::string list_descriptors() {
  std::string result;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator{"/proc/self/fd", ec}) {
    std::error_code gone;
    result +=
      ' ' + entry.path().filename().string() + ':' + fs::read_symlink(entry.path(), gone).string();
  }
  return result;
}

std::size_t resident_kib() {
  ::malloc_trim(0);
  std::ifstream in{"/proc/self/status"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("VmRSS:"))
      return std::stoul(line.substr(6));
  return 0;
}

std::size_t allocated_kib() {
  const auto all = ::mallinfo2();
  return (all.uordblks + all.hblkhd) / 1024;
}

scarce_descriptors::scarce_descriptors(std::size_t spare) {
  rlimit now{};
  ::getrlimit(RLIMIT_NOFILE, &now);
  soft_ = now.rlim_cur;
  hard_ = now.rlim_max;
  // The limit is on the number of the next descriptor, and the lowest free one is taken.
  now.rlim_cur = std::min<rlim_t>(soft_, process_state::now().descriptors + spare);
  ::setrlimit(RLIMIT_NOFILE, &now);
}

scarce_descriptors::~scarce_descriptors() {
  const rlimit before{soft_, hard_};
  ::setrlimit(RLIMIT_NOFILE, &before);
}

void keep_memory_together() { ::mallopt(M_ARENA_MAX, 2); }

std::size_t raise_descriptor_limit() {
  rlimit now{};
  ::getrlimit(RLIMIT_NOFILE, &now);
  now.rlim_cur = now.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &now);
  ::getrlimit(RLIMIT_NOFILE, &now);
  return now.rlim_cur;
}

} // namespace wspool::chaos
