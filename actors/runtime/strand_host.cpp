// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "runtime/strand_host.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

namespace wspool {

namespace {

/// After so long without an end, and again, a log line says what is being waited for.
constexpr std::chrono::seconds patience{10};

/// Hosts that exist, so that all pools of a pair share one.
struct host_registry {
  std::mutex mutex;
  struct entry {
    const caf::actor_system* system;
    const io_pool* io;
    std::weak_ptr<strand_host> host;
  };
  std::vector<entry> entries;
};

host_registry& registry() {
  static host_registry instance;
  return instance;
}

} // namespace

std::shared_ptr<strand_host> strand_host::of(caf::actor_system& system, io_pool& io) {
  auto& all = registry();
  std::lock_guard guard{all.mutex};
  std::erase_if(all.entries, [](const auto& e) { return e.host.expired(); });
  for (auto& e : all.entries)
    if (e.system == &system && e.io == &io)
      if (auto host = e.host.lock(); host && !host->stopped())
        return host;
  auto host = std::make_shared<strand_host>(system, io);
  // The hook keeps the host for as long as the pool may be used.
  io.on_stop([host] { host->stop(); });
  host->watch_system();
  all.entries.push_back({&system, &io, host});
  return host;
}

strand_host::strand_host(caf::actor_system& system, io_pool& io)
  : system_(system), io_(io), manual_(io.is_manual()) {}

strand_host::~strand_host() = default;

void strand_host::watch_system() {
  if (manual_)
    return; // a test's scheduler runs on the thread that would have to wait
  auto internal = system_.registry().get(compat::registry_key("SpawnServ"));
  if (!internal)
    return;
  internal->get()->attach_functor([weak = weak_from_this()] {
    if (auto host = weak.lock())
      host->stop();
  });
}

void strand_host::add_root(const caf::strong_actor_ptr& root) {
  std::lock_guard guard{mutex_};
  std::erase_if(roots_, [](const caf::weak_actor_ptr& r) { return !r.lock(); });
  roots_.push_back(caf::actor_cast<caf::weak_actor_ptr>(root));
}

void strand_host::actor_launched() {
  std::lock_guard guard{mutex_};
  ++live_;
}

void strand_host::actor_terminated() {
  std::lock_guard guard{mutex_};
  if (--live_ == 0)
    none_left_.notify_all();
}

std::size_t strand_host::live() const {
  std::lock_guard guard{mutex_};
  return live_;
}

void strand_host::stop() {
  std::vector<caf::strong_actor_ptr> roots;
  {
    std::lock_guard guard{mutex_};
    for (auto& weak : roots_)
      if (auto root = weak.lock())
        roots.push_back(std::move(root));
    roots_.clear();
  }
  for (auto& root : roots)
    caf::anon_send_exit(root, caf::exit_reason::user_shutdown);
  roots.clear();
  if (!manual_) {
    std::unique_lock guard{mutex_};
    // What waits in an actor has a deadline; only code of the user's can hold one up for good (a
    // scheduler of its own that does not return), and then going on would pull threads and system
    // away from under it.
    while (!none_left_.wait_for(guard, patience, [this] { return live_ == 0; }))
      spdlog::warn("wspool: {} actors of a pool have not ended yet", live_);
  }
  stopped_ = true;
}

} // namespace wspool
