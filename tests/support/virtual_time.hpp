// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// Actor systems under virtual time, on both generations of CAF. Define CAF_SUITE first, include
// this last.

#include <wspool/caf_generation.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>

#if WSPOOL_CAF_0_17
#include "caf/test/dsl.hpp"
#else
#include <deque>
#endif

#include "support/unit_test.hpp" // behind dsl.hpp, whose checks it mends

namespace wspool::test {

#if WSPOOL_CAF_0_17

/// A fixture whose actors run when the test says so, one message at a time in the order of arrival,
/// and for whom time goes on when the test says so. It ends with all that still waits for a time.
template <class Config>
class virtual_time : public test_coordinator_fixture<Config> {
public:
  using time_point = caf::actor_clock::time_point;

  [[nodiscard]] time_point now() { return this->sched.clock().now(); }
  /// When the next delayed message is due.
  [[nodiscard]] std::optional<time_point> next_timeout() {
    auto& waiting = this->sched.clock().schedule();
    return waiting.empty() ? std::nullopt : std::optional{waiting.begin()->first};
  }
  [[nodiscard]] std::size_t delayed_messages() { return this->sched.clock().schedule().size(); }
};

#else

/// CAF 1.x keeps its test coordinator to itself and has another one for its new test framework,
/// which brings mailboxes of its own. This is the old one's conduct.
class virtual_clock final : public caf::actor_clock {
public:
  [[nodiscard]] time_point now() const noexcept override { return now_; }
  caf::disposable schedule(time_point when, caf::action what) override;

  /// Lets the time go on, and runs what is due by then.
  std::size_t advance(caf::timespan how_far);
  [[nodiscard]] std::optional<time_point> next();
  [[nodiscard]] std::size_t pending();
  void drop_all();

private:
  void forget_disposed();

  time_point now_{std::chrono::hours{1}}; // the beginning of the epoch may mean something
  std::multimap<time_point, caf::action> actions_;
};

class virtual_scheduler final : public caf::scheduler {
public:
  void schedule(caf::resumable* job) override { jobs_.push_back(job); }
  void delay(caf::resumable* job) override { jobs_.push_back(job); }
  void start() override {}
  void stop() override;

  /// Lets the first of those who wait handle one message.
  bool run_once();

private:
  std::deque<caf::resumable*> jobs_;
};

class virtual_system final : public caf::actor_system {
public:
  explicit virtual_system(caf::actor_system_config& cfg);
  [[nodiscard]] virtual_clock& time();
  [[nodiscard]] virtual_scheduler& jobs();
};

/// A fixture whose actors run when the test says so, one message at a time in the order of arrival,
/// and for whom time goes on when the test says so. It ends with all that still waits for a time.
template <class Config>
class virtual_time {
public:
  using time_point = caf::actor_clock::time_point;

  virtual_time() = default;
  virtual_time(const virtual_time&) = delete;
  virtual_time& operator=(const virtual_time&) = delete;
  virtual ~virtual_time() {
    consume_messages();
    sys.time().drop_all();
    consume_messages();
  }

  bool consume_message() { return sys.jobs().run_once(); }
  std::size_t consume_messages() {
    std::size_t result = 0;
    while (consume_message())
      ++result;
    return result;
  }
  std::size_t advance_time(caf::timespan how_far) { return sys.time().advance(how_far); }

  [[nodiscard]] time_point now() { return sys.time().now(); }
  /// When the next delayed message is due.
  [[nodiscard]] std::optional<time_point> next_timeout() { return sys.time().next(); }
  [[nodiscard]] std::size_t delayed_messages() { return sys.time().pending(); }

  Config cfg;
  virtual_system sys{cfg};
};

#endif

} // namespace wspool::test
