// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "support/peer_process.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wspool::test {

namespace {

[[noreturn]] void run(std::vector<char*> arguments, int output) {
  // Between fork and exec, only what is safe in a signal handler.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a test that dies leaves nothing behind
  ::dup2(output, STDOUT_FILENO);
  ::signal(SIGPIPE, SIG_DFL);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

int status_of(int raw) { return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw); }

} // namespace

peer_process::peer_process(const std::vector<std::string>& command) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe"};
  std::vector<char*> arguments;
  for (auto& word : command)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0)
    run(std::move(arguments), ends[1]);
  ::close(ends[1]);
  output_ = ends[0];
  if (pid_ < 0) {
    ::close(output_);
    throw std::system_error{errno, std::generic_category(), "fork"};
  }
  reader_ = std::thread{[this] { read_lines(); }};
}

peer_process::~peer_process() {
  kill();
  reader_.join();
  ::close(output_);
}

void peer_process::read_lines() {
  std::string rest;
  char buffer[4096];
  for (;;) {
    const auto n = ::read(output_, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR)
      continue;
    std::lock_guard guard{mutex_};
    if (n <= 0) {
      ended_ = true;
      changed_.notify_all();
      return;
    }
    rest.append(buffer, static_cast<std::size_t>(n));
    for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
      lines_.push_back(rest.substr(0, end));
      rest.erase(0, end + 1);
      if (lines_.size() > max_lines)
        lines_.pop_front();
    }
    changed_.notify_all();
  }
}

std::string peer_process::wait_for_line(const std::function<bool(std::string_view)>& matches,
                                        std::chrono::milliseconds limit) {
  std::unique_lock guard{mutex_};
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    auto found = std::find_if(lines_.begin(), lines_.end(), matches);
    if (found != lines_.end())
      return *found;
    if (ended_ || changed_.wait_until(guard, deadline) == std::cv_status::timeout)
      return {};
  }
}

std::size_t peer_process::count_lines(std::string_view text) {
  std::lock_guard guard{mutex_};
  return static_cast<std::size_t>(
    std::count_if(lines_.begin(), lines_.end(),
                  [&](const std::string& line) { return line.find(text) != std::string::npos; }));
}

void peer_process::send_signal(int number) {
  if (pid_ > 0)
    ::kill(pid_, number);
}

int peer_process::wait_for_end(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    int raw = 0;
    const auto got = ::waitpid(pid_, &raw, WNOHANG);
    if (got == pid_) {
      pid_ = -1;
      return status_of(raw);
    }
    if (got < 0 || std::chrono::steady_clock::now() >= deadline)
      return -1;
    // There is no waitpid with a time limit.
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

int peer_process::stop() {
  if (pid_ <= 0)
    return -1;
  send_signal(SIGTERM);
  const auto status = wait_for_end(patience);
  kill();
  return status;
}

void peer_process::kill() {
  if (pid_ <= 0)
    return;
  send_signal(SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

// -- peer_server ---------------------------------------------------------------------------------

peer_server::peer_server(std::vector<std::string> arguments)
  : arguments_(std::move(arguments)),
    tls_(std::find(arguments_.begin(), arguments_.end(), "--tls") != arguments_.end()) {
  start();
}

std::string peer_server::url(std::string_view path) const {
  return (tls_ ? "wss://localhost:" : "ws://127.0.0.1:") + std::to_string(port_)
         + std::string{path};
}

void peer_server::start() {
  std::vector<std::string> command{WSPOOL_TEST_NODE, WSPOOL_TEST_SOURCE_DIR "/peers/server.js",
                                   "--listen", "127.0.0.1:" + std::to_string(port_)};
  command.insert(command.end(), arguments_.begin(), arguments_.end());
  process_.reset();
  process_ = std::make_unique<peer_process>(command);
  const auto line =
    process_->wait_for_line([](std::string_view text) { return text.starts_with("listening "); });
  if (line.empty())
    throw std::runtime_error{"the peer does not listen: is there a Node, and "
                             "tests/peers/node_modules?"};
  port_ = static_cast<std::uint16_t>(std::stoul(line.substr(line.rfind(':') + 1)));
}

} // namespace wspool::test
