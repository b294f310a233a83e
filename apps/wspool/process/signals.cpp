// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "process/signals.hpp"

#include <cerrno>
#include <poll.h>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>

namespace wspool::cli {

signal_inbox::signal_inbox(bool with_hangup) {
  ::signal(SIGPIPE, SIG_IGN);
  sigemptyset(&set_);
  sigaddset(&set_, SIGINT);
  sigaddset(&set_, SIGTERM);
  if (with_hangup)
    sigaddset(&set_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  fd_ = ::signalfd(-1, &set_, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd_ < 0)
    throw std::system_error(errno, std::generic_category(), "signalfd");
}

signal_inbox::~signal_inbox() { ::close(fd_); }

std::optional<int> signal_inbox::take() noexcept {
  signalfd_siginfo info{};
  if (::read(fd_, &info, sizeof info) != static_cast<ssize_t>(sizeof info))
    return std::nullopt;
  if (info.ssi_signo == SIGHUP)
    return SIGHUP;
  // A caller may have had them ignored, as shells do for what runs in the background.
  for (auto number : {SIGINT, SIGTERM})
    ::signal(number, SIG_DFL);
  // Only this thread lets them through, so the default action, the end, happens right here.
  pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
  return static_cast<int>(info.ssi_signo);
}

int signal_inbox::wait() noexcept {
  for (;;) {
    pollfd waiting{fd_, POLLIN, 0};
    ::poll(&waiting, 1, -1);
    if (auto signal = take())
      return *signal;
  }
}

signal_inbox::deadly::deadly(const signal_inbox& inbox) noexcept : set_(inbox.set_) {
  pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
}

signal_inbox::deadly::~deadly() { pthread_sigmask(SIG_BLOCK, &set_, nullptr); }

} // namespace wspool::cli
