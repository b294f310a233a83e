// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "process/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace wspool::cli {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto ending_time = 3s;
constexpr auto this_program = "/proc/self/exe";

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// In the new process: only calls that are safe between fork and exec.
[[noreturn]] void become(char* const* arguments, int out) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t none;
  sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr); // ours holds signals back
  ::dup2(out, STDOUT_FILENO);
  auto nowhere = ::open("/dev/null", O_RDWR);
  ::dup2(nowhere, STDIN_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
  ::execv(this_program, arguments);
  ::_exit(127);
}

} // namespace

child_process::child_process(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& x : arguments)
    argv.push_back(x.data());
  argv.push_back(nullptr);
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    fail("pipe");
  pid_ = ::fork();
  if (pid_ == 0)
    become(argv.data(), pipe[1]);
  ::close(pipe[1]);
  out_ = pipe[0];
  if (pid_ < 0)
    fail("fork");
}

child_process::~child_process() {
  ::close(out_);
  if (pid_ < 0)
    return;
  ::kill(pid_, SIGTERM);
  auto deadline = clock::now() + ending_time;
  while (!has_ended()) {
    if (clock::now() > deadline)
      ::kill(pid_, SIGKILL);
    ::poll(nullptr, 0, 10);
  }
}

std::string child_process::read_line(std::chrono::milliseconds timeout) {
  auto deadline = clock::now() + timeout;
  std::string result;
  char c = 0;
  for (;;) {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    pollfd waiting{out_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) < 0)
      throw std::runtime_error("the other process said nothing in time");
    if (waiting.revents == 0)
      continue;
    if (::read(out_, &c, 1) != 1)
      throw std::runtime_error("the other process ended at once");
    if (c == '\n')
      return result;
    result.push_back(c);
  }
}

bool child_process::has_ended() {
  if (pid_ < 0 || ::waitpid(pid_, nullptr, WNOHANG) == 0)
    return pid_ < 0;
  pid_ = -1;
  return true;
}

} // namespace wspool::cli
