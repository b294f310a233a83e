// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/io_pool.hpp>

#include "net/descriptor_table.hpp"
#include "net/thread_heap.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>

namespace wspool {

namespace asio = boost::asio;

using work_guard = asio::executor_work_guard<asio::io_context::executor_type>;

/// Handlers of operations that nobody ended may own the very context they are pending in: such a
/// circle is cut by dropping them.
class pool_context final : public asio::io_context {
public:
  explicit pool_context(int concurrency) : asio::io_context(concurrency) {
    // The event loop's own descriptors are made with the first timer or socket. When that comes
    // there may be none left, which would be an exception in the midst of a connection.
    const asio::steady_timer first{*this};
  }

  /// Nobody may post meanwhile.
  void drop_pending() { shutdown(); }
};

struct io_thread {
  // One thread runs each context, so Asio need not wake another one for new work.
  std::shared_ptr<pool_context> context = std::make_shared<pool_context>(1);
  std::optional<work_guard> guard;
  std::thread thread;
};

namespace {

using namespace std::chrono_literals;

/// How long threads may go on with what is left after the hooks. Whatever is still pending then
/// was never told to end (a socket without an owner that stops it) and is dropped.
constexpr auto finish_grace = 5s;

[[noreturn]] void fatal(const char* what) {
  spdlog::critical("io_pool: {}", what);
  spdlog::default_logger_raw()->flush();
  std::abort();
}

} // namespace

struct io_pool::impl {
  enum class phase { running, stopping, stopped };

  std::vector<io_thread> slots;
  std::atomic<std::size_t> turn{0};
  bool is_manual = false;

  // Guards everything below; never held while a hook runs.
  std::mutex mutex;
  std::condition_variable changed;
  phase state = phase::running;
  std::thread::id stopper;
  std::map<std::size_t, std::function<void()>> hooks;
  std::size_t next_token = 1;
  std::size_t running_hook = 0;
  std::size_t threads_left = 0;

  explicit impl(std::size_t count, bool by_hand) : slots(count), is_manual(by_hand) {
    // nop
  }

  void start() {
    reserve_descriptors();
    threads_left = slots.size();
    for (std::size_t i = 0; i < slots.size(); ++i) {
      slots[i].guard.emplace(slots[i].context->get_executor());
      slots[i].thread = std::thread{[this, i] { run(i); }};
    }
  }

  void run(std::size_t index);
  void run_hooks();
  void finish_threads();
  void drain();
  void stop();
};

namespace {

/// The pool whose thread this is.
thread_local const void* current_pool = nullptr;

std::size_t default_thread_count() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency() / 2, 1, 4);
}

} // namespace

void io_pool::impl::run(std::size_t index) {
  auto name = "wspool-io-" + std::to_string(index);
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
  current_pool = this;
  reserve_thread_heap();
  // Handlers must not throw: what they do concerns one connection, an exception here would end all
  // of them. It ends the process instead, with a line that says why.
  try {
    slots[index].context->run();
  } catch (const std::exception& e) {
    spdlog::critical("io_pool: a handler threw on {}: {}", name, e.what());
    spdlog::default_logger_raw()->flush();
    std::terminate();
  } catch (...) {
    spdlog::critical("io_pool: a handler threw an unknown exception on {}", name);
    spdlog::default_logger_raw()->flush();
    std::terminate();
  }
  current_pool = nullptr;
  std::lock_guard lock{mutex};
  --threads_left;
  changed.notify_all();
}

void io_pool::impl::run_hooks() {
  std::unique_lock lock{mutex};
  while (!hooks.empty()) {
    auto first = hooks.begin();
    auto hook = std::move(first->second);
    running_hook = first->first;
    hooks.erase(first);
    lock.unlock();
    hook();
    hook = nullptr;
    lock.lock();
    running_hook = 0;
    changed.notify_all();
  }
}

void io_pool::impl::finish_threads() {
  for (auto& slot : slots)
    slot.guard.reset();
  if (is_manual)
    return;
  {
    std::unique_lock lock{mutex};
    if (!changed.wait_for(lock, finish_grace, [this] { return threads_left == 0; }))
      spdlog::warn("io_pool: {} threads still had pending operations {} s after the stop; "
                   "they are abandoned",
                   threads_left, finish_grace.count());
  }
  for (auto& slot : slots) {
    slot.context->stop();
    slot.thread.join();
  }
}

void io_pool::impl::drain() {
  // Destroying a handler may post to another context of the pool, hence the outer loop. It is
  // bounded because a handler that reposts itself for ever must not keep us here.
  current_pool = this;
  for (int round = 0; round < 100; ++round) {
    std::size_t ran = 0;
    for (auto& slot : slots) {
      slot.context->restart();
      for (int i = 0; i < 10'000 && slot.context->poll_one() > 0; ++i)
        ++ran;
    }
    if (ran == 0)
      break;
  }
  if (is_manual)
    slots.front().context->drop_pending();
  current_pool = nullptr;
}

void io_pool::impl::stop() {
  {
    std::unique_lock lock{mutex};
    if (state == phase::stopping && stopper == std::this_thread::get_id())
      return; // from within a hook
    if (current_pool == this && !is_manual)
      fatal("stop() was called on one of the pool's own threads, which cannot wait for itself");
    if (state != phase::running) {
      changed.wait(lock, [this] { return state == phase::stopped; });
      return;
    }
    state = phase::stopping;
    stopper = std::this_thread::get_id();
  }
  run_hooks();
  finish_threads();
  drain();
  std::lock_guard lock{mutex};
  state = phase::stopped;
  changed.notify_all();
}

io_pool::io_pool(std::size_t threads)
  : impl_(std::make_unique<impl>(threads > 0 ? threads : default_thread_count(), false)) {
  impl_->start();
}

io_pool::io_pool(manual_t) : impl_(std::make_unique<impl>(1, true)) {
  // nop
}

io_pool::~io_pool() { stop(); }

std::shared_ptr<asio::io_context> io_pool::next() {
  auto turn = impl_->turn.fetch_add(1, std::memory_order_relaxed);
  return impl_->slots[turn % impl_->slots.size()].context;
}

std::size_t io_pool::threads() const noexcept { return impl_->is_manual ? 0 : impl_->slots.size(); }

bool io_pool::is_manual() const noexcept { return impl_->is_manual; }

bool io_pool::runs_in_this_thread() const noexcept { return current_pool == impl_.get(); }

std::size_t io_pool::poll() {
  if (!impl_->is_manual)
    fatal("poll() was called on a pool that has threads of its own");
  // A handler may poll again, and may throw into the test that drives us.
  struct scope {
    const void* before = current_pool;
    ~scope() { current_pool = before; }
  } restore;
  current_pool = impl_.get();
  auto& context = *impl_->slots.front().context;
  context.restart();
  return context.poll();
}

std::size_t io_pool::on_stop(std::function<void()> hook) {
  {
    std::lock_guard lock{impl_->mutex};
    if (impl_->state != impl::phase::stopped) {
      auto token = impl_->next_token++;
      impl_->hooks.emplace(token, std::move(hook));
      return token;
    }
  }
  // Too late to be called by stop(): what must end ends now.
  hook();
  return 0;
}

void io_pool::forget(std::size_t token) {
  std::function<void()> dropped; // destroyed without the lock
  std::unique_lock lock{impl_->mutex};
  if (auto found = impl_->hooks.find(token); found != impl_->hooks.end()) {
    dropped = std::move(found->second);
    impl_->hooks.erase(found);
  } else if (token != 0 && impl_->stopper != std::this_thread::get_id()) {
    // Whoever forgets a hook is about to destroy what it refers to.
    impl_->changed.wait(lock, [&] { return impl_->running_hook != token; });
  }
  lock.unlock();
}

void io_pool::stop() { impl_->stop(); }

} // namespace wspool
