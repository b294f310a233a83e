// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "client.hpp"
#include "machine.hpp"
#include "pool_actors.hpp"

#include <wspool/io_pool.hpp>
#include <wspool/pool.hpp>

#include <memory>
#include <poll.h>
#include <stdexcept>
#include <string>

namespace wspool::bench {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct known_types {
  known_types() {
    compat::register_modules<>();
    compat::register_types<caf::id_block::wspool>();
  }
};

struct system_config : caf::actor_system_config {
  system_config() {
    prepare(*this);
    compat::prefer_sharing(*this);
  }
};

pool_options options_of(const client_job& job) {
  pool_options result;
  result.name = "bench";
  result.connect.tls.verify = false; // the peer's certificate is its own
  result.connect.deflate.enabled = job.what.deflate;
  // How fast connections are made is in question, not over how long a pool spreads them on purpose.
  if (job.what.what == activity::connect)
    result.reconnect.initial = 1ms;
  result.queue.max_messages = 100'000; // nothing may be dropped: see `check`
  result.queue.overflow = overflow::reject;
  return result;
}

/// One pool's round: the main thread sleeps, actors work.
class pool_round {
  // First, as its type must be known to those who use it.
  template <class... Arguments>
  auto ask(caf::timespan limit, Arguments... arguments) {
    return compat::ask(self_.ptr(), pool_, limit, arguments...);
  }

public:
  explicit pool_round(const client_job& job)
    : job_(job), actors_(config_), io_(job.what.io_threads), self_(actors_),
      pool_(spawn_pool(actors_, io_, options_of(job))) {}

  ~pool_round() {
    state_->stopping = true;
    if (worker_)
      caf::anon_send_exit(worker_, caf::exit_reason::user_shutdown);
    ask(10s, destroy_atom_v).receive([] {}, [](const caf::error&) {});
  }

  sample run() {
    auto what = job_.what.what;
    sample result;
    if (what == activity::receive)
      worker_ = spawn_receiver(actors_, pool_, state_);
    else if (what == activity::echo)
      worker_ = spawn_echo(actors_, pool_, job_.what.size_bytes, state_);
    auto before = resident_bytes();
    measured_span span;
    span.begin(0);
    connect();
    if (what == activity::connect) {
      span.end(static_cast<double>(job_.what.connections), result);
      return result;
    }
    if (what == activity::send || what == activity::send_batch)
      worker_ = spawn_sender(actors_, pool_, job_.what, state_);
    else if (what == activity::echo)
      compat::anon_tell(worker_, flush_signal);
    pause(job_.warm_up);
    state_->recording = true;
    span.begin(messages());
    pause(job_.span);
    span.end(messages(), result);
    if (what == activity::idle)
      result.resident_bytes =
        static_cast<double>(resident_bytes() - before) / static_cast<double>(job_.what.connections);
    check();
    if (what == activity::echo)
      set_round_trips(result, state_->take_round_trips());
    return result;
  }

private:
  void connect() {
    auto fail = [this](const caf::error& e) { throw std::runtime_error(render(actors_, e)); };
    auto count = static_cast<std::uint32_t>(job_.what.connections);
    ask(start_limit, add_atom_v, endpoint_options{url_of(job_), count, 1, 0}).receive([] {}, fail);
    ask(start_limit, await_open_atom_v, count).receive([](std::uint32_t) {}, fail);
  }

  [[nodiscard]] double messages() const { return static_cast<double>(state_->messages.load()); }

  static void pause(milliseconds duration) {
    ::poll(nullptr, 0, static_cast<int>(duration.count()));
  }

  /// A round in which anything failed says nothing about speed.
  void check() {
    pool_stats last;
    std::string failure;
    ask(10s, stats_atom_v)
      .receive([&](pool_stats& x) { last = std::move(x); },
               [&](const caf::error& e) { failure = render(actors_, e); });
    if (failure.empty() && last.failed != 0)
      failure = std::to_string(last.failed) + " messages failed: " + last.failures.begin()->first;
    if (failure.empty() && (last.reconnects != 0 || last.open != job_.what.connections))
      failure = "connections were lost";
    if (!failure.empty())
      throw std::runtime_error(failure);
  }

  known_types types_;
  const client_job& job_;
  system_config config_;
  caf::actor_system actors_;
  io_pool io_;
  caf::scoped_actor self_;
  pool_actor pool_;
  std::shared_ptr<worker_state> state_ = std::make_shared<worker_state>();
  caf::actor worker_;
};

} // namespace

sample run_pool_client(const client_job& job) { return pool_round{job}.run(); }

} // namespace wspool::bench
