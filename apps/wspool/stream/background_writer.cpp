// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "stream/background_writer.hpp"

#include <cerrno>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace wspool::cli {

namespace {

std::error_code write_all(int fd, std::string_view rest) {
  while (!rest.empty()) {
    auto written = ::write(fd, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) { // somebody made it non-blocking
      pollfd waiting{fd, POLLOUT, 0};
      ::poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      return {errno, std::generic_category()};
    }
  }
  return {};
}

} // namespace

background_writer::background_writer(int fd) : fd_(fd), thread_([this] { run(); }) {}

void background_writer::stop() {
  {
    std::lock_guard lock{mutex_};
    stopped_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable())
    thread_.join();
  done_ = nullptr;
}

void background_writer::on_written(report done) {
  std::lock_guard lock{mutex_};
  done_ = std::move(done);
}

void background_writer::write(std::string_view bytes) {
  {
    std::lock_guard lock{mutex_};
    waiting_ += bytes;
    ++calls_;
  }
  changed_.notify_one();
}

void background_writer::run() {
  std::string now;
  std::error_code why;
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || calls_ > 0; });
    if (stopped_)
      return;
    now.clear();
    now.swap(waiting_);
    auto calls = std::exchange(calls_, 0);
    lock.unlock();
    if (!why)
      why = write_all(fd_, now);
    done_(calls, why);
    lock.lock();
  }
}

} // namespace wspool::cli
