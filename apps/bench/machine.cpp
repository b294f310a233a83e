// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "machine.hpp"

#include <fstream>
#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <vector>

namespace wspool::bench {

namespace {

/// The cores that this process may use, in their order.
std::vector<std::size_t> usable_cores() {
  std::vector<std::size_t> result;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof(set), &set) == 0)
    for (std::size_t i = 0; i < CPU_SETSIZE; ++i)
      if (CPU_ISSET(i, &set))
        result.push_back(i);
  return result;
}

std::string cpu_model() {
  std::ifstream file{"/proc/cpuinfo"};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name"))
      if (auto colon = line.find(": "); colon != line.npos)
        return line.substr(colon + 2);
  return "unknown CPU";
}

} // namespace

machine this_machine() {
  machine result;
  result.cpu = cpu_model();
  result.cores = usable_cores().size();
  utsname name{};
  if (::uname(&name) == 0)
    result.system = std::string{name.sysname} + " " + name.release;
  return result;
}

bool pin_to(std::size_t core) noexcept {
  auto usable = usable_cores();
  if (usable.size() < 2 || core >= usable.size())
    return false;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(usable[core], &set);
  return ::sched_setaffinity(0, sizeof(set), &set) == 0;
}

void raise_file_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t resident_bytes() { return resident_bytes(::getpid()); }

std::size_t resident_bytes(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/statm"};
  std::size_t total = 0;
  std::size_t resident = 0;
  std::size_t of_files = 0;
  file >> total >> resident >> of_files;
  return (resident - of_files) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace wspool::bench
