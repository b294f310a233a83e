// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_shutdown

#include "support/unit_test.hpp"

#include "runtime/strand_host.hpp"

#include <wspool/echo_server.hpp>
#include <wspool/pool.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace pool_shutdown_test {

// Whatever ends first: nothing hangs (CTest's time limit says so) and no actor is left.

using namespace wspool;
using namespace std::chrono_literals;

namespace {

struct config : caf::actor_system_config {
  config() {
    prepare(*this);
    compat::prefer_sharing(*this);
  }
};

struct fixture {
  fixture() {
    CAF_REQUIRE(!echo_server::start(server_io, {}, server));
    sys.emplace(cfg);
    io.emplace(2u);
    host = strand_host::of(*sys, *io);
  }
  ~fixture() {
    io.reset();
    CAF_CHECK_EQUAL(host->live(), 0u);
    sys.reset();
  }

  pool_options options(std::uint32_t connections = 4) {
    pool_options result;
    result.endpoints = {{server->url(), connections, 1, 0}};
    result.reconnect.initial = 10ms;
    return result;
  }
  pool_actor spawn(std::uint32_t connections = 4) {
    return spawn_pool(*sys, *io, options(connections));
  }
  pool_actor spawn_open(std::uint32_t connections = 4) {
    auto pool = spawn(connections);
    caf::scoped_actor me{*sys};
    compat::ask(me.ptr(), pool, 10s, await_open_atom_v, connections)
      .receive(
        [](std::uint32_t) {},
        [&](const caf::error& e) { CAF_FAIL("the pool did not open: " << render(*sys, e)); });
    return pool;
  }

  io_pool server_io{1};
  std::unique_ptr<echo_server> server;
  config cfg;
  std::optional<caf::actor_system> sys;
  std::optional<io_pool> io;
  std::shared_ptr<strand_host> host;
};

/// Sends deliveries without a pause until told to stop; every request must be answered.
struct storm {
  storm(caf::actor_system& sys, pool_actor to, int threads = 3) {
    for (int t = 0; t < threads; ++t)
      crowd.emplace_back([this, &sys, to] {
        caf::scoped_actor me{sys};
        for (int i = 0; !stop; ++i)
          compat::ask(me.ptr(), to, caf::infinite, deliver_atom_v, outgoing{std::to_string(i), {}})
            .receive([this](const receipt&) { ++sent; }, [this](const caf::error&) { ++failed; });
      });
  }
  void join() {
    stop = true;
    for (auto& thread : crowd)
      thread.join();
    crowd.clear();
  }
  ~storm() { join(); }

  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> sent{0};
  std::atomic<std::uint64_t> failed{0};
  std::vector<std::thread> crowd;
};

template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(pool_shutdown_tests, fixture)

CAF_TEST(the_io_pool_may_go_first) {
  auto pool = spawn_open();
  io.reset();
  CAF_CHECK_EQUAL(host->live(), 0u);
  caf::scoped_actor me{*sys};
  auto failed = false;
  compat::ask(me.ptr(), pool, caf::infinite, deliver_atom_v, outgoing{"late", {}})
    .receive([](const receipt&) {}, [&](const caf::error&) { failed = true; });
  CAF_CHECK(failed);
}

CAF_TEST(the_system_may_go_first) {
  auto pool = spawn_open();
  pool = nullptr;
  sys.reset();
  CAF_CHECK_EQUAL(host->live(), 0u);
}

CAF_TEST(the_system_may_go_first_while_someone_holds_the_pool) {
  auto pool = spawn_open();
  host.reset();
  host = std::make_shared<strand_host>(*sys, *io); // the fixture's last check needs one
  sys.reset();
  io.reset();
}

CAF_TEST(the_io_pool_may_go_first_while_requests_rain) {
  auto pool = spawn_open();
  storm rain{*sys, pool};
  CAF_REQUIRE(eventually([&] { return rain.sent > 1000; }));
  io.reset();
  rain.join();
  CAF_CHECK_GREATER(rain.sent.load(), 1000u);
  CAF_CHECK_EQUAL(host->live(), 0u);
}

CAF_TEST(a_pool_may_be_destroyed_while_requests_rain) {
  auto pool = spawn_open();
  storm rain{*sys, pool};
  CAF_REQUIRE(eventually([&] { return rain.sent > 1000; }));
  compat::anon_tell(pool, destroy_atom_v);
  CAF_REQUIRE(eventually([&] { return rain.failed > 10; }));
  rain.join();
}

CAF_TEST(a_pool_may_be_closed_while_requests_rain) {
  auto pool = spawn_open();
  storm rain{*sys, pool};
  CAF_REQUIRE(eventually([&] { return rain.sent > 1000; }));
  caf::scoped_actor me{*sys};
  std::optional<close_report> report;
  compat::ask(me.ptr(), pool, caf::infinite, close_atom_v)
    .receive([&](const close_report& r) { report = r; }, [](const caf::error&) {});
  rain.join();
  CAF_REQUIRE(report.has_value());
  CAF_CHECK_EQUAL(report->accepted, report->sent + report->failed);
  CAF_CHECK_LESS_OR_EQUAL(report->sent, rain.sent.load());
}

CAF_TEST(a_pool_may_be_destroyed_from_inside_a_subscribers_handler) {
  std::promise<void> done;
  auto pool = spawn_pool(*sys, *io, options());
  auto subscriber = sys->spawn([&](caf::event_based_actor* self) -> caf::behavior {
    compat::tell(self, pool, subscribe_atom_v, caf::actor_cast<caf::actor>(self),
                 subscription{event::open | event::message});
    return {
      [=, &pool](const open_event&) {
        compat::tell(self, pool, send_atom_v, std::string{"hello"});
      },
      [=, &pool, &done](const message_event&) {
        compat::ask(self, pool, caf::infinite, destroy_atom_v).then([=, &done] {
          done.set_value();
          self->quit();
        });
        self->become([](const message_event&) {});
      },
    };
  });
  CAF_CHECK(done.get_future().wait_for(20s) == std::future_status::ready);
  caf::anon_send_exit(subscriber, caf::exit_reason::kill);
}

CAF_TEST(a_pool_may_be_closed_from_inside_a_subscribers_handler) {
  std::promise<close_report> done;
  auto pool = spawn_pool(*sys, *io, options());
  auto subscriber = sys->spawn([&](caf::event_based_actor* self) -> caf::behavior {
    compat::tell(self, pool, subscribe_atom_v, caf::actor_cast<caf::actor>(self),
                 subscription{event::ready});
    return {
      [=, &pool, &done](const ready_event&) {
        compat::tell(self, pool, send_atom_v, std::string{"last"});
        compat::ask(self, pool, caf::infinite, close_atom_v)
          .then([=, &done](const close_report& r) {
            done.set_value(r);
            self->quit();
          });
      },
    };
  });
  auto report = done.get_future();
  CAF_REQUIRE(report.wait_for(20s) == std::future_status::ready);
  CAF_CHECK_EQUAL(report.get().sent, 1u);
  caf::anon_send_exit(subscriber, caf::exit_reason::kill);
}

CAF_TEST(pools_may_be_destroyed_at_once_after_they_were_spawned) {
  for (int i = 0; i < 200; ++i) {
    auto pool = spawn();
    compat::anon_tell(pool, destroy_atom_v);
  }
  CAF_CHECK(eventually([&] { return host->live() == 0; }));
}

CAF_TEST(pools_may_be_killed_at_any_moment_of_their_beginning) {
  for (int i = 0; i < 100; ++i) {
    auto pool = spawn(2);
    std::this_thread::sleep_for(std::chrono::microseconds{i * 50}); // the moment, not a condition
    caf::anon_send_exit(pool, caf::exit_reason::kill);
  }
  CAF_CHECK(eventually([&] { return host->live() == 0; }));
  CAF_CHECK(eventually([&] { return server->counters().open == 0; }));
}

CAF_TEST(many_pools_end_with_their_io_pool) {
  std::vector<pool_actor> pools;
  for (int i = 0; i < 50; ++i)
    pools.push_back(spawn(2));
  CAF_CHECK(eventually([&] { return server->counters().open == 100; }));
  io.reset();
  CAF_CHECK_EQUAL(host->live(), 0u);
  CAF_CHECK(eventually([&] { return server->counters().open == 0; }));
}

CAF_TEST(many_pools_end_with_their_system) {
  std::vector<pool_actor> pools;
  for (int i = 0; i < 50; ++i)
    pools.push_back(spawn(2));
  pools.clear();
  sys.reset();
  CAF_CHECK_EQUAL(host->live(), 0u);
}

CAF_TEST(a_pool_without_a_handle_goes_on_until_it_is_ended) {
  // A subscriber knows it by its events only.
  std::promise<void> heard;
  {
    auto pool = spawn_pool(*sys, *io, options(1));
    sys->spawn([&heard, pool](caf::event_based_actor* self) -> caf::behavior {
      compat::tell(self, pool, subscribe_atom_v, caf::actor_cast<caf::actor>(self),
                   subscription{event::message});
      compat::tell(self, pool, send_atom_v, std::string{"echo"});
      return {[=, &heard](const message_event&) {
        heard.set_value();
        self->quit();
      }};
    });
  }
  CAF_CHECK(heard.get_future().wait_for(20s) == std::future_status::ready);
}

CAF_TEST(two_systems_may_share_one_io_pool) {
  config other_cfg;
  std::optional<caf::actor_system> other;
  other.emplace(other_cfg);
  auto mine = spawn_open();
  auto theirs = spawn_pool(*other, *io, options());
  theirs = nullptr;
  other.reset();
  caf::scoped_actor me{*sys};
  auto sent = false;
  compat::ask(me.ptr(), mine, caf::infinite, deliver_atom_v, outgoing{"still here", {}})
    .receive([&](const receipt&) { sent = true; }, [](const caf::error&) {});
  CAF_CHECK(sent);
}

CAF_TEST(blocking_typed_and_event_based_actors_may_use_a_pool) {
  auto pool = spawn_open();
  std::promise<void> event_based;
  sys->spawn([&](caf::event_based_actor* self) {
    compat::ask(self, pool, caf::infinite, deliver_atom_v, outgoing{"a", {}})
      .then([&](const receipt&) { event_based.set_value(); });
  });
  std::promise<void> blocking;
  sys->spawn([&](caf::blocking_actor* self) {
    compat::ask(self, pool, caf::infinite, deliver_atom_v, outgoing{"b", {}})
      .receive([&](const receipt&) { blocking.set_value(); }, [](const caf::error&) {});
  });
  using asker = compat::typed_actor<caf::result<std::int32_t>(std::int32_t)>;
  auto typed = sys->spawn([pool](asker::pointer self) -> asker::behavior_type {
    return {[=](std::int32_t n) {
      auto answer = self->make_response_promise<std::int32_t>();
      compat::ask(self, pool, caf::infinite, deliver_atom_v, outgoing{"c", {}})
        .then([=](const receipt&) mutable { answer.deliver(n); });
      return answer;
    }};
  });
  caf::scoped_actor me{*sys};
  std::int32_t answer = 0;
  compat::ask(me.ptr(), typed, caf::infinite, std::int32_t{42})
    .receive([&](std::int32_t n) { answer = n; }, [](const caf::error&) {});
  CAF_CHECK_EQUAL(answer, 42);
  CAF_CHECK(event_based.get_future().wait_for(20s) == std::future_status::ready);
  CAF_CHECK(blocking.get_future().wait_for(20s) == std::future_status::ready);
  caf::anon_send_exit(typed, caf::exit_reason::user_shutdown);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace pool_shutdown_test
