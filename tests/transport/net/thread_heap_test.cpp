// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE thread_heap

#include "support/sanitizer.hpp"
#include "support/unit_test.hpp"

#include "net/thread_heap.hpp"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

namespace thread_heap_test {

namespace {

struct mapping {
  std::uintptr_t bytes = 0;
  std::string access;
  long resident_kib = 0;
};

/// What the kernel says of the memory around an address (proc(5), smaps).
mapping mapping_of(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps{"/proc/self/smaps"};
  mapping result;
  bool found = false;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words{line};
    std::uintptr_t begin = 0, end = 0;
    char dash = 0;
    std::string access;
    if (words >> std::hex >> begin >> dash >> end >> access && dash == '-') {
      if (found)
        break;
      found = begin <= wanted && wanted < end;
      if (found)
        result = {end - begin, access, 0};
    } else if (found && line.starts_with("Rss:")) {
      std::istringstream{line.substr(4)} >> result.resident_kib;
    }
  }
  return result;
}

} // namespace

#if defined(WSPOOL_ADDRESS_SANITIZER) || defined(WSPOOL_THREAD_SANITIZER)

CAF_TEST(the_heap_of_a_sanitizer_takes_no_harm) {
  std::thread{[] { wspool::reserve_thread_heap(); }}.join();
  void* volatile something = std::malloc(100);
  CAF_CHECK_EQUAL(mapping_of(something).access, "rw-p");
  std::free(something);
}

#else

CAF_TEST(the_heap_of_a_thread_has_room_and_no_memory) {
  mapping before, after;
  std::thread{[&] {
    void* volatile something = std::malloc(100);
    before = mapping_of(something);
    wspool::reserve_thread_heap();
    after = mapping_of(something);
    std::free(something);
  }}.join();
  CAF_MESSAGE(before.bytes << ' ' << after.bytes << ' ' << after.resident_kib);
  CAF_CHECK_EQUAL(after.access, "rw-p");
  CAF_CHECK_LESS(before.bytes, std::uintptr_t{8} << 20);
  CAF_CHECK_GREATER_OR_EQUAL(after.bytes, std::uintptr_t{31} << 20);
  CAF_CHECK_LESS(after.resident_kib, 512);
}

#endif

} // namespace thread_heap_test
