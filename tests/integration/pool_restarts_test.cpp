// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_restarts

#include "support/unit_test.hpp"

#include "support/live_pool.hpp"
#include "support/peer_process.hpp"

#include <wspool/echo_server.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

namespace pool_restarts_test {

// A server that is killed and started again under load: what was promised is kept, and the account
// tells the truth.

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : live_pool {
  static constexpr int per_batch = 100;

  fixture()
    : record_file(std::filesystem::temp_directory_path()
                  / ("wspool-record-" + std::to_string(::getpid()))) {
    std::filesystem::remove(record_file);
    options.queue.overflow = overflow::block;
    options.queue.max_messages = 1'000;
  }
  ~fixture() { std::filesystem::remove(record_file); }

  void start_server() {
    server.emplace(std::vector<std::string>{"--quiet", "--record", record_file.string()});
  }

  /// Delivers `count` numbered messages of one sender, "SENDER.NUMBER", batch by batch.
  /// @returns which of its batches were reported as sent in full.
  void send_numbers(int sender, int count, bool with_key) {
    caf::scoped_actor me{sys};
    for (int first = 0; first < count; first += per_batch) {
      message_batch batch;
      send_options how;
      if (with_key)
        how.key = "sender " + std::to_string(sender);
      for (int i = first; i < std::min(first + per_batch, count); ++i)
        batch.add(std::to_string(sender) + '.' + std::to_string(i), how);
      compat::ask(me.ptr(), pool, caf::infinite, deliver_atom_v, std::move(batch))
        .receive(
          [&](const batch_receipt& r) {
            sent += r.sent;
            failed += r.failed;
            if (r.first_failure != errc::none)
              last_failure = r.first_failure;
          },
          [&](const caf::error&) { ++lost_requests; });
    }
  }

  /// Lets senders work while the server dies again and again.
  void under_load(int senders, int count, int deaths, bool with_key = false) {
    std::vector<std::thread> crowd;
    for (int s = 0; s < senders; ++s)
      crowd.emplace_back([=, this] { send_numbers(s, count, with_key); });
    const auto total = static_cast<std::uint64_t>(senders) * static_cast<std::uint64_t>(count);
    for (int i = 0; i < deaths; ++i) {
      // Each death comes when its share of the work is done.
      const auto due =
        total * static_cast<std::uint64_t>(i + 1) / static_cast<std::uint64_t>(deaths + 1);
      while (sent + failed < due)
        std::this_thread::yield();
      server->kill();
      server->start();
    }
    for (auto& thread : crowd)
      thread.join();
  }

  /// How often each line was recorded, and the lines in order.
  void read_record() {
    std::ifstream in{record_file};
    for (std::string line; std::getline(in, line);) {
      ++times[line];
      const auto dot = line.find('.');
      CAF_REQUIRE_NOT_EQUAL(dot, std::string::npos);
      order[std::stoi(line.substr(0, dot))].push_back(std::stoi(line.substr(dot + 1)));
    }
  }

  std::filesystem::path record_file;
  std::optional<peer_server> server;
  std::atomic<std::uint64_t> sent{0};
  std::atomic<std::uint64_t> failed{0};
  std::atomic<int> lost_requests{0};
  std::atomic<errc> last_failure{errc::none};
  std::map<std::string, int> times;
  std::map<int, std::vector<int>> order;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pool_restarts_tests, fixture)

CAF_TEST(at_least_once_delivers_every_number) {
  start_server();
  options.policy = delivery::at_least_once;
  CAF_REQUIRE(start_open(server->url("/record"), 4));
  under_load(2, 20'000, 3);
  CAF_CHECK_EQUAL(sent.load(), 40'000u);
  CAF_CHECK_EQUAL(failed.load(), 0u);
  CAF_CHECK_EQUAL(lost_requests.load(), 0);
  auto report = close();
  CAF_CHECK_EQUAL(report.accepted, 40'000u);
  CAF_CHECK_EQUAL(report.sent, 40'000u);
  read_record();
  CAF_CHECK_EQUAL(times.size(), 40'000u);
}

CAF_TEST(at_most_once_delivers_none_twice_and_the_account_balances) {
  start_server();
  CAF_REQUIRE(start_open(server->url("/record"), 4));
  under_load(2, 20'000, 3);
  CAF_CHECK_EQUAL(sent + failed, 40'000u);
  CAF_CHECK_EQUAL(lost_requests.load(), 0);
  if (failed > 0)
    CAF_CHECK_EQUAL(last_failure.load(), errc::connection_lost);
  auto report = close();
  CAF_CHECK_EQUAL(report.accepted, 40'000u);
  CAF_CHECK_EQUAL(report.sent, sent.load());
  CAF_CHECK_EQUAL(report.failed, failed.load());
  CAF_CHECK_EQUAL(report.resent, 0u);
  read_record();
  for (auto& [line, count] : times)
    if (count != 1)
      CAF_ERROR(line << " was delivered " << count << " times");
  CAF_CHECK_GREATER(times.size(), 0u);
}

CAF_TEST(messages_of_a_key_stay_in_order_while_the_server_dies) {
  start_server();
  options.policy = delivery::at_least_once;
  options.schedule = schedule::hash;
  CAF_REQUIRE(start_open(server->url("/record"), 3));
  under_load(3, 10'000, 3, true);
  CAF_CHECK_EQUAL(sent.load(), 30'000u);
  close();
  read_record();
  for (auto& [sender, numbers] : order) {
    // Numbers may come again after a death, but never before what precedes them.
    int next = 0;
    bool in_order = true;
    for (auto n : numbers) {
      in_order = in_order && n <= next;
      next = std::max(next, n + 1);
    }
    CAF_MESSAGE("sender " << sender);
    CAF_CHECK(in_order);
    CAF_CHECK_EQUAL(next, 10'000);
  }
}

CAF_TEST(connections_that_are_reset_under_load_cost_at_least_once_nothing) {
  io_pool server_io{1};
  std::unique_ptr<echo_server> echo;
  CAF_REQUIRE(!echo_server::start(server_io, {}, echo));
  options.policy = delivery::at_least_once;
  CAF_REQUIRE(start_open(echo->url(), 4, {event::lifecycle, false}));
  std::thread sender{[this] { send_numbers(0, 50'000, false); }};
  std::size_t killed = 0;
  while (sent < 50'000) {
    const auto due = sent + 2'000;
    killed += echo->kill_some(1); // of those that are connected just then
    while (sent < 50'000 && sent < due)
      std::this_thread::yield();
  }
  sender.join();
  CAF_CHECK_EQUAL(sent.load(), 50'000u);
  CAF_CHECK_EQUAL(failed.load(), 0u);
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.pending, 0u);
  CAF_CHECK_GREATER(killed, 0u); // how many depends on how soon they are back
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.opens.size() > 4; }));
  CAF_CHECK_GREATER_OR_EQUAL(echo->counters().messages, 50'000u);
  auto report = close();
  CAF_CHECK_EQUAL(report.sent, 50'000u);
}

CAF_TEST(connections_that_rotate_under_load_lose_nothing_and_double_nothing) {
  start_server();
  options.rotation.max_age = 200ms;
  CAF_REQUIRE(start_open(server->url("/record"), 3));
  under_load(2, 20'000, 0);
  // The rotation goes on while nothing is sent, too.
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.closes.size() >= 6; }));
  CAF_CHECK_EQUAL(sent.load(), 40'000u);
  CAF_CHECK_EQUAL(failed.load(), 0u);
  auto report = close();
  CAF_CHECK_EQUAL(report.sent, 40'000u);
  read_record();
  CAF_CHECK_EQUAL(times.size(), 40'000u);
  for (auto& [line, count] : times)
    if (count != 1)
      CAF_ERROR(line << " was delivered " << count << " times");
  std::lock_guard guard{log->mutex};
  CAF_CHECK_EQUAL(log->empties, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace pool_restarts_test
