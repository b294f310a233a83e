// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/caf_generation.hpp>
#include <wspool/io_pool.hpp>

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace wspool {

/// Ties one actor system to one I/O pool: counts the actors that live on the pool's threads, and
/// ends them before either of the two goes away.
///
/// The I/O pool's `stop()` ends them through a hook. The system's destructor ends them through an
/// attachment to one of CAF's own internal actors: these exit after all ordinary actors are done
/// and before the scheduler stops. Strand actors are hidden from the system's own count, as CAF's
/// internal actors are, so that a pool does not keep a program from ending.
///
/// Thread contract: any thread.
class strand_host : public std::enable_shared_from_this<strand_host> {
public:
  /// The host of this pair; made when first asked for.
  static std::shared_ptr<strand_host> of(caf::actor_system& system, io_pool& io);

  strand_host(caf::actor_system& system, io_pool& io);
  ~strand_host();

  [[nodiscard]] caf::actor_system& system() noexcept { return system_; }
  /// Actors are resumed by the (test) scheduler and the pool is polled by the test.
  [[nodiscard]] bool manual() const noexcept { return manual_; }
  /// Its actors were ended; it takes no new ones.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  [[nodiscard]] std::shared_ptr<boost::asio::io_context> next_context() { return io_.next(); }
  /// Whether the calling thread is one of the I/O pool's.
  [[nodiscard]] bool runs_in_this_thread() const noexcept { return io_.runs_in_this_thread(); }

  /// An actor that `stop()` must end; what it spawned must end with it.
  void add_root(const caf::strong_actor_ptr& root);

  void actor_launched();
  void actor_terminated();
  [[nodiscard]] std::size_t live() const;

  /// Ends all roots and waits until no actor is left. Idempotent. Not on a thread of the pool.
  void stop();

private:
  void watch_system();

  caf::actor_system& system_;
  io_pool& io_;
  const bool manual_;
  std::atomic<bool> stopped_{false};
  mutable std::mutex mutex_;
  std::condition_variable none_left_;
  std::size_t live_ = 0;
  std::vector<caf::weak_actor_ptr> roots_;
};

} // namespace wspool
