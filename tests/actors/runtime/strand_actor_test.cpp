// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE strand_actor

#include "support/unit_test.hpp"

#include "runtime/strand_actor.hpp"

#include <wspool/pool.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace strand_actor_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

struct config : caf::actor_system_config {
  config() {
    prepare(*this);
    compat::prefer_sharing(*this);
  }
};

/// What an actor did, seen from outside.
struct record {
  std::atomic<int> handled{0};
  std::atomic<int> turns{0};
  std::atomic<int> endings{0};
  std::atomic<bool> overlapped{false};
  std::atomic<bool> moved{false};
  std::promise<caf::error> ended;
};

/// Adds up what it is told; notices if it is ever on two threads.
class adder {
public:
  using actor_base = caf::event_based_actor;
  using behavior_type = caf::behavior;
  static constexpr const char* name = "test.adder";

  adder(strand_actor<actor_base>* self, std::shared_ptr<record> seen)
    : self_(self), seen_(std::move(seen)) {}

  behavior_type make_behavior() {
    home_ = std::this_thread::get_id();
    return {
      [this](std::int32_t n) {
        enter();
        sum_ += n;
        leave();
        return sum_;
      },
      [this](const std::string& what) {
        if (what == "throw")
          throw std::runtime_error{"as asked"};
        if (what == "throw later")
          boost::asio::post(*self_->io(),
                            self_->bind([] { throw std::runtime_error{"as asked"}; }));
        if (what == "quit later")
          boost::asio::post(*self_->io(), self_->bind([this] { self_->quit(); }));
        if (what == "two handlers")
          for (int i = 0; i < 2; ++i)
            boost::asio::post(*self_->io(), self_->bind([this] {
              ++seen_->handled;
              self_->quit();
            }));
      },
      [this](subscribe_atom, const caf::actor& heir) { heir_ = heir; },
      [this](ping_atom) {
        // A completion handler that answers a request.
        auto answer = self_->make_response_promise();
        timer_ = std::make_unique<boost::asio::steady_timer>(*self_->io(), 1ms);
        auto kept = std::make_shared<caf::response_promise>(answer);
        timer_->async_wait(self_->bind([this, kept](boost::system::error_code) {
          enter();
          leave();
          kept->deliver(std::int32_t{sum_});
        }));
        return answer;
      },
    };
  }
  void turn_ended() {
    ++seen_->turns;
    seen_->turns.notify_all();
  }
  void ending(const caf::error& why) {
    if (heir_)
      compat::tell(self_, heir_, std::string{"last words"});
    if (++seen_->endings == 1)
      seen_->ended.set_value(why);
  }

private:
  void enter() {
    if (busy_.exchange(true))
      seen_->overlapped = true;
    if (std::this_thread::get_id() != home_)
      seen_->moved = true;
  }
  void leave() {
    ++seen_->handled;
    busy_ = false;
  }

  strand_actor<actor_base>* self_;
  std::shared_ptr<record> seen_;
  std::thread::id home_;
  std::atomic<bool> busy_{false};
  std::unique_ptr<boost::asio::steady_timer> timer_;
  std::int32_t sum_ = 0;
  caf::actor heir_;
};

/// Hears of another's end, and its last words.
struct heir_state {
  compat::monitors monitors;
  std::vector<std::string> heard;
};

struct fixture {
  ~fixture() {
    io.stop();
    CAF_CHECK_EQUAL(host->live(), 0u);
  }

  caf::actor spawn_adder() { return spawn_on_strand<adder>(host, seen); }
  std::future<caf::error> end() { return seen->ended.get_future(); }

  config cfg;
  caf::actor_system sys{cfg};
  io_pool io{2};
  std::shared_ptr<strand_host> host = strand_host::of(sys, io);
  std::shared_ptr<record> seen = std::make_shared<record>();
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(strand_actor_tests, fixture)

CAF_TEST(a_storm_of_requests_from_scoped_actors_is_answered_in_full) {
  constexpr int threads = 4;
  constexpr int requests = 2'000;
  auto worker = spawn_adder();
  std::atomic<int> answers{0};
  std::vector<std::thread> crowd;
  for (int t = 0; t < threads; ++t)
    crowd.emplace_back([&] {
      caf::scoped_actor me{sys};
      for (int i = 0; i < requests; ++i)
        compat::ask(me.ptr(), worker, caf::infinite, std::int32_t{1})
          .receive([&](std::int32_t) { ++answers; }, [](const caf::error&) {});
    });
  for (auto& thread : crowd)
    thread.join();
  CAF_CHECK_EQUAL(answers.load(), threads * requests);
  CAF_CHECK_EQUAL(seen->handled.load(), threads * requests);
  CAF_CHECK(!seen->overlapped);
  CAF_CHECK(!seen->moved);
  caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
}

CAF_TEST(a_flood_from_threads_without_actors_arrives_in_full) {
  constexpr int threads = 4;
  constexpr int messages = 20'000;
  auto worker = spawn_adder();
  std::vector<std::thread> crowd;
  for (int t = 0; t < threads; ++t)
    crowd.emplace_back([&] {
      for (int i = 0; i < messages; ++i)
        compat::anon_tell(worker, std::int32_t{1});
    });
  for (auto& thread : crowd)
    thread.join();
  caf::scoped_actor me{sys};
  std::int32_t sum = 0;
  compat::ask(me.ptr(), worker, caf::infinite, std::int32_t{0})
    .receive([&](std::int32_t x) { sum = x; }, [](const caf::error&) {});
  CAF_CHECK_EQUAL(sum, threads * messages);
  CAF_CHECK(!seen->overlapped);
  caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
}

CAF_TEST(completion_handlers_run_in_the_actors_context) {
  auto worker = spawn_adder();
  caf::scoped_actor me{sys};
  std::int32_t answer = -1;
  compat::ask(me.ptr(), worker, caf::infinite, std::int32_t{7})
    .receive([](std::int32_t) {}, [](const caf::error&) {});
  compat::ask(me.ptr(), worker, caf::infinite, ping_atom_v)
    .receive([&](std::int32_t x) { answer = x; }, [](const caf::error&) {});
  CAF_CHECK_EQUAL(answer, 7);
  CAF_CHECK(!seen->moved);
  // Answers come from within a turn, whose end the actor hears of: if not, this waits until the
  // test's own limit.
  seen->turns.wait(0);
  caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
}

CAF_TEST(an_exception_in_a_message_handler_ends_the_actor_only) {
  auto worker = spawn_adder();
  compat::anon_tell(worker, std::string{"throw"});
  auto why = end();
  CAF_REQUIRE(why.wait_for(10s) == std::future_status::ready);
  CAF_CHECK(why.get() == caf::sec::runtime_error);
  auto other = spawn_adder();
  caf::scoped_actor me{sys};
  bool alive = false;
  compat::ask(me.ptr(), other, caf::infinite, std::int32_t{1})
    .receive([&](std::int32_t) { alive = true; }, [](const caf::error&) {});
  CAF_CHECK(alive);
  caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
}

CAF_TEST(an_exception_in_a_completion_handler_ends_the_actor_only) {
  auto worker = spawn_adder();
  compat::anon_tell(worker, std::string{"throw later"});
  auto why = end();
  CAF_REQUIRE(why.wait_for(10s) == std::future_status::ready);
  CAF_CHECK(why.get() == caf::sec::runtime_error);
}

CAF_TEST(an_actor_may_quit_in_a_completion_handler) {
  auto worker = spawn_adder();
  compat::anon_tell(worker, std::string{"quit later"});
  auto why = end();
  CAF_REQUIRE(why.wait_for(10s) == std::future_status::ready);
  CAF_CHECK(!why.get());
  CAF_CHECK_EQUAL(seen->endings.load(), 1);
}

CAF_TEST(completion_handlers_behind_the_end_are_not_called) {
  auto worker = spawn_adder();
  compat::anon_tell(worker, std::string{"two handlers"});
  auto why = end();
  CAF_REQUIRE(why.wait_for(10s) == std::future_status::ready);
  io.stop();
  CAF_CHECK_EQUAL(seen->handled.load(), 1);
}

CAF_TEST(what_an_actor_says_at_its_end_comes_before_the_news_of_it) {
  for (const char* way : {"throw", "throw later", "quit later"}) {
    CAF_MESSAGE(way);
    seen = std::make_shared<record>();
    std::promise<std::vector<std::string>> all;
    // Held here: once the worker forgets it, nobody else does, and it would end unheard.
    auto heir =
      sys.spawn([&, worker = spawn_adder()](caf::event_based_actor* self) -> caf::behavior {
        auto mine = std::make_shared<heir_state>();
        auto hear = [&all, mine, self](const std::string& what) {
          mine->heard.push_back(what);
          if (mine->heard.size() < 2)
            return;
          all.set_value(mine->heard);
          self->quit();
        };
        mine->monitors.add(self, worker, [hear](const caf::error&) { hear("its end"); });
        compat::tell(self, worker, subscribe_atom_v, caf::actor{self});
        compat::anon_tell(worker, std::string{way}); // no sender, to whom CAF would send the error
        return {hear};
      });
    auto heard = all.get_future();
    CAF_REQUIRE(heard.wait_for(10s) == std::future_status::ready);
    CAF_CHECK(heard.get() == (std::vector<std::string>{"last words", "its end"}));
    CAF_CHECK_EQUAL(seen->endings.load(), 1);
  }
}

CAF_TEST(requests_to_an_actor_that_has_ended_bounce) {
  auto worker = spawn_adder();
  caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
  auto why = end();
  CAF_REQUIRE(why.wait_for(10s) == std::future_status::ready);
  caf::scoped_actor me{sys};
  bool bounced = false;
  compat::ask(me.ptr(), worker, caf::infinite, std::int32_t{1})
    .receive([](std::int32_t) {}, [&](const caf::error&) { bounced = true; });
  CAF_CHECK(bounced);
}

CAF_TEST(a_late_message_to_an_actor_of_a_stopped_pool_does_no_harm) {
  auto worker = spawn_adder();
  caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
  auto why = end();
  CAF_REQUIRE(why.wait_for(10s) == std::future_status::ready);
  io.stop();
  for (int i = 0; i < 100; ++i)
    compat::anon_tell(worker, std::int32_t{1});
  CAF_CHECK_EQUAL(seen->handled.load(), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace strand_actor_test
