// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "runtime/strand_host.hpp"

#include <wspool/caf_generation.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace wspool {

/// Where a strand actor lives: whose pool, on which of its threads.
struct strand_seat {
  /// On the next thread in turn.
  strand_seat(std::shared_ptr<strand_host> of) // NOLINT: meant to be implicit
    : host(std::move(of)), io(host->next_context()) {}
  /// Beside something that is there already.
  strand_seat(std::shared_ptr<strand_host> of, std::shared_ptr<boost::asio::io_context> beside)
    : host(std::move(of)), io(std::move(beside)) {}

  std::shared_ptr<strand_host> host;
  std::shared_ptr<boost::asio::io_context> io; ///< of `host`'s pool
};

/// The execution context of one strand actor: brings its jobs to its `io_context`, and everything
/// else (whatever the actor sends to or spawns) to the system's scheduler.
///
/// A terminated actor stays allocated as long as somebody holds a handle, and a sender may be about
/// to post: so the `io_context` is shared. Thread contract: any thread may schedule.
class strand_context final : public compat::context {
public:
  /// How many messages one resume may handle; unbounded, a flood would starve the sockets.
  static constexpr std::size_t max_throughput = 256;

  strand_context(strand_seat seat, caf::resumable* self);

#if WSPOOL_CAF_VERSION < 10'000
  void exec_later(caf::resumable* job) override { push(job); }
#else
  void schedule(caf::resumable* job) override { push(job); }
  void delay(caf::resumable* job) override { push(job); }
  void start() override {}
  void stop() override {}
#endif

  /// Posts the actor's own job. Consumes one reference.
  void resume_later(caf::resumable* job) { push(job); }

  [[nodiscard]] strand_host& host() noexcept { return *host_; }
  [[nodiscard]] const std::shared_ptr<strand_host>& host_ptr() const noexcept { return host_; }
  [[nodiscard]] const std::shared_ptr<boost::asio::io_context>& io() const noexcept { return io_; }

private:
  class resume_operation;

  void push(caf::resumable* job);
  void run(caf::resumable* job);

  std::shared_ptr<strand_host> host_; // must outlive the io_context's last job
  std::shared_ptr<boost::asio::io_context> io_;
  caf::resumable* self_;
};

} // namespace wspool
