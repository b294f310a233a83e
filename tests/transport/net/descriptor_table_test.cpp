// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE descriptor_table

#include "support/unit_test.hpp"

#include "net/descriptor_table.hpp"

#include <algorithm>
#include <dirent.h>
#include <fstream>
#include <string>
#include <sys/resource.h>

namespace descriptor_table_test {

namespace {

/// For how many descriptors this process has room, as the kernel says.
rlim_t table_size() {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;) {
    rlim_t size = 0;
    if (word == "FDSize:" && status >> size)
      return size;
  }
  return 0;
}

int open_descriptors() {
  auto* folder = ::opendir("/proc/self/fd");
  int count = 0;
  while (::readdir(folder) != nullptr)
    ++count;
  ::closedir(folder);
  return count;
}

} // namespace

CAF_TEST(there_is_room_for_many_and_none_is_left_open) {
  rlimit limit{};
  CAF_REQUIRE_EQUAL(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const auto wanted = std::min<rlim_t>(limit.rlim_cur, 4'096);
  const auto open = open_descriptors();
  CAF_CHECK(table_size() < wanted || wanted <= 256);
  wspool::reserve_descriptors();
  CAF_CHECK(table_size() >= wanted);
  CAF_CHECK_EQUAL(open_descriptors(), open);
}

} // namespace descriptor_table_test
