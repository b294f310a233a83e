// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "worker_process.hpp"

#include "machine.hpp"
#include "system_failure.hpp"

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

namespace wspool::bench {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto this_program = "/proc/self/exe";

struct pipe_ends {
  int read = -1;
  int write = -1;
};

pipe_ends make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    fail("pipe");
  return {ends[0], ends[1]};
}

/// In the new process. This process has one thread, so that more than the calls that are safe
/// between fork and exec is possible.
[[noreturn]] void become(const char* program, char* const* arguments, pid_t parent,
                         std::size_t core, int out, int err) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent)
    ::_exit(127); // it was gone before we asked to be told
  pin_to(core);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (auto nowhere = ::open("/dev/null", O_RDONLY); nowhere >= 0)
    ::dup2(nowhere, STDIN_FILENO);
  ::execvp(program, arguments);
  ::_exit(127);
}

} // namespace

worker_process::worker_process(const std::string& program, std::vector<std::string> arguments,
                               std::size_t core) {
  auto* path = program.empty() ? this_program : program.c_str();
  std::string name = program.empty() ? "wspool" : program;
  std::vector<char*> argv{name.data()};
  for (auto& x : arguments)
    argv.push_back(x.data());
  argv.push_back(nullptr);
  auto out = make_pipe();
  auto err = make_pipe();
  auto parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0)
    become(path, argv.data(), parent, core, out.write, err.write);
  ::close(out.write);
  ::close(err.write);
  out_ = out.read;
  err_ = err.read;
  ::fcntl(err_, F_SETFL, O_NONBLOCK);
  if (pid_ < 0)
    fail("fork");
}

worker_process::~worker_process() {
  ::close(out_);
  ::close(err_);
  if (pid_ < 0)
    return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::optional<std::string> worker_process::read_line(std::chrono::milliseconds timeout) {
  auto deadline = clock::now() + timeout;
  for (;;) {
    if (auto end = buffered_.find('\n'); end != buffered_.npos) {
      auto line = buffered_.substr(0, end);
      buffered_.erase(0, end + 1);
      return line;
    }
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    pollfd waiting{out_, POLLIN, 0};
    if (left.count() <= 0)
      throw std::runtime_error("said nothing in time");
    if (::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
      continue;
    std::array<char, 4096> bytes;
    auto n = ::read(out_, bytes.data(), bytes.size());
    if (n <= 0)
      return std::nullopt;
    buffered_.append(bytes.data(), static_cast<std::size_t>(n));
  }
}

bool worker_process::has_ended() noexcept {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_)
    pid_ = -1;
  return pid_ < 0;
}

std::string worker_process::complaints() {
  std::array<char, 4096> bytes;
  auto n = ::read(err_, bytes.data(), bytes.size());
  return n > 0 ? std::string(bytes.data(), static_cast<std::size_t>(n)) : std::string{};
}

} // namespace wspool::bench
