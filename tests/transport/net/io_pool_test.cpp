// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE io_pool

#include <wspool/io_pool.hpp>

#include "support/sanitizer.hpp"
#include "support/unit_test.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace io_pool_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace asio = boost::asio;

namespace {

template <class F>
auto run_on(asio::io_context& context, F f) {
  auto task = std::make_shared<std::packaged_task<decltype(f())()>>(std::move(f));
  auto result = task->get_future();
  asio::post(context, [task] { (*task)(); });
  if (result.wait_for(10s) != std::future_status::ready)
    CAF_FAIL("the pool did not run a handler within ten seconds");
  return result.get();
}

/// Whether the body, run in a process of its own, ends that process by SIGABRT.
template <class F>
bool aborts(F body) {
  auto child = ::fork();
  if (child == 0) {
    // What it says and the core it may dump are of no interest.
    spdlog::set_level(spdlog::level::off);
    std::set_terminate([] { std::abort(); });
    struct rlimit no_core {};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::alarm(20);
    body();
    std::_Exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all{"/proc/self/fd"};
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace

CAF_TEST(each_context_has_a_thread_of_its_own) {
  io_pool pool{3};
  CAF_CHECK_EQUAL(pool.threads(), 3u);
  CAF_CHECK(!pool.is_manual());
  std::set<std::thread::id> ids;
  std::set<std::string> names;
  for (int i = 0; i < 6; ++i) {
    auto context = pool.next();
    ids.insert(run_on(*context, [] { return std::this_thread::get_id(); }));
    names.insert(run_on(*context, [] {
      std::array<char, 16> name{};
      pthread_getname_np(pthread_self(), name.data(), name.size());
      return std::string{name.data()};
    }));
  }
  CAF_CHECK_EQUAL(ids.size(), 3u);
  CAF_CHECK((names == std::set<std::string>{"wspool-io-0", "wspool-io-1", "wspool-io-2"}));
}

CAF_TEST(contexts_are_taken_in_turn) {
  io_pool pool{2};
  auto first = pool.next();
  auto second = pool.next();
  CAF_CHECK(first != second);
  CAF_CHECK(pool.next() == first);
  CAF_CHECK(pool.next() == second);
}

CAF_TEST(the_default_has_one_to_four_threads) {
  io_pool pool;
  CAF_CHECK(pool.threads() >= 1 && pool.threads() <= 4);
}

CAF_TEST(all_descriptors_of_the_event_loops_are_there_from_the_beginning) {
  io_pool pool{3};
  const auto before = open_descriptors();
  for (int i = 0; i < 3; ++i) {
    const auto context = pool.next();
    asio::steady_timer timer{*context, 1ms};
    run_on(*context, [&] { timer.wait(); });
  }
  CAF_CHECK_EQUAL(open_descriptors(), before);
}

CAF_TEST(a_pool_knows_its_threads) {
  io_pool pool{1};
  io_pool other{1};
  CAF_CHECK(!pool.runs_in_this_thread());
  CAF_CHECK(run_on(*pool.next(), [&] { return pool.runs_in_this_thread(); }));
  CAF_CHECK(!run_on(*pool.next(), [&] { return other.runs_in_this_thread(); }));
}

CAF_TEST(stop_finishes_what_was_posted) {
  std::atomic<int> ran{0};
  io_pool pool{2};
  for (int i = 0; i < 1000; ++i)
    asio::post(*pool.next(), [&] { ++ran; });
  pool.stop();
  CAF_CHECK_EQUAL(ran.load(), 1000);
  pool.stop(); // idempotent
}

CAF_TEST(hooks_run_once_and_before_the_threads_end) {
  int calls = 0;
  bool ran = false;
  io_pool pool{1};
  auto context = pool.next();
  auto timer = std::make_shared<asio::steady_timer>(*context, 1h);
  timer->async_wait([&ran, timer](const auto&) { ran = true; });
  pool.on_stop([&, weak = std::weak_ptr{timer}] {
    ++calls;
    asio::post(*context, [weak] {
      if (auto pending = weak.lock())
        pending->cancel();
    });
  });
  timer.reset();
  pool.stop();
  pool.stop();
  CAF_CHECK_EQUAL(calls, 1);
  CAF_CHECK(ran);
}

CAF_TEST(hooks_may_register_forget_and_stop) {
  std::vector<std::string> calls;
  io_pool pool{1};
  std::size_t forgotten = 0;
  pool.on_stop([&] {
    calls.push_back("first");
    pool.forget(forgotten);
    pool.on_stop([&] { calls.push_back("third"); });
    pool.stop();
  });
  forgotten = pool.on_stop([&] { calls.push_back("second"); });
  pool.stop();
  CAF_CHECK((calls == std::vector<std::string>{"first", "third"}));
}

CAF_TEST(a_forgotten_hook_is_not_called_and_released) {
  auto owned = std::make_shared<int>();
  io_pool pool{1};
  pool.forget(pool.on_stop([owned] { ++*owned; }));
  CAF_CHECK_EQUAL(owned.use_count(), 1);
  pool.stop();
  CAF_CHECK_EQUAL(*owned, 0);
}

CAF_TEST(a_hook_that_comes_too_late_is_called_at_once) {
  io_pool pool{1};
  pool.stop();
  bool called = false;
  auto token = pool.on_stop([&] { called = true; });
  CAF_CHECK(called);
  pool.forget(token);
}

CAF_TEST(late_posts_are_harmless) {
  auto owned = std::make_shared<int>();
  std::shared_ptr<asio::io_context> context;
  {
    io_pool pool{1};
    context = pool.next();
    pool.stop();
    asio::post(*context, [owned] { ++*owned; });
    CAF_CHECK(pool.next() == context);
  }
  asio::post(*context, [owned] { ++*owned; });
  context.reset();
  CAF_CHECK_EQUAL(owned.use_count(), 1);
}

CAF_TEST(posts_from_other_threads_while_it_stops_are_run_or_released) {
  auto owned = std::make_shared<std::atomic<int>>(0);
  auto pool = std::make_unique<io_pool>(2);
  std::atomic<bool> done{false};
  auto context = pool->next();
  std::thread poster{[&, context] {
    while (!done)
      asio::post(*context, [owned] { ++*owned; });
  }};
  while (*owned == 0)
    std::this_thread::yield();
  pool->stop();
  done = true;
  poster.join();
  pool.reset();
  context.reset();
  CAF_CHECK_EQUAL(owned.use_count(), 1);
}

CAF_TEST(two_threads_may_stop_it) {
  io_pool pool{2};
  std::atomic<int> stopped{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      pool.stop();
      ++stopped;
    });
  for (auto& thread : threads)
    thread.join();
  CAF_CHECK_EQUAL(stopped.load(), 4);
}

CAF_TEST(a_manual_pool_runs_when_polled) {
  io_pool pool{io_pool::manual};
  CAF_CHECK(pool.is_manual());
  CAF_CHECK_EQUAL(pool.threads(), 0u);
  CAF_CHECK(pool.next() == pool.next());
  std::vector<int> ran;
  asio::post(*pool.next(), [&] {
    ran.push_back(pool.runs_in_this_thread() ? 1 : 0);
    asio::post(*pool.next(), [&] { ran.push_back(2); });
  });
  CAF_CHECK(ran.empty());
  CAF_CHECK_EQUAL(pool.poll(), 2u);
  CAF_CHECK((ran == std::vector<int>{1, 2}));
  CAF_CHECK_EQUAL(pool.poll(), 0u);
  CAF_CHECK(!pool.runs_in_this_thread());
}

CAF_TEST(a_manual_pool_releases_what_is_pending_when_it_stops) {
  auto owned = std::make_shared<int>();
  io_pool pool{io_pool::manual};
  auto timer = std::make_shared<asio::steady_timer>(*pool.next(), 1h);
  // A circle, as an actor makes that keeps its own io_context while it waits.
  timer->async_wait([owned, timer, context = pool.next()](const auto&) { ++*owned; });
  timer.reset();
  pool.stop();
  CAF_CHECK_EQUAL(owned.use_count(), 1);
  CAF_CHECK_EQUAL(*owned, 0);
}

// ThreadSanitizer does not follow a process that forks.
#ifndef WSPOOL_THREAD_SANITIZER

CAF_TEST(stopping_a_pool_on_its_own_thread_is_fatal) {
  CAF_CHECK(aborts([] {
    io_pool pool{1};
    run_on(*pool.next(), [&] {
      pool.stop();
      return 0;
    });
  }));
}

CAF_TEST(a_handler_that_throws_is_fatal) {
  CAF_CHECK(aborts([] {
    io_pool pool{1};
    asio::post(*pool.next(), [] { throw std::runtime_error{"thrown on purpose"}; });
    pool.stop();
  }));
}

#endif

} // namespace io_pool_test
