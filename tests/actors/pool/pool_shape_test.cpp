// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_shape

#include "support/pool_fixture.hpp"

#include <set>

namespace pool_shape_test {

using namespace wspool;
using namespace wspool::test;

namespace {

using texts = std::vector<std::string>;

struct fixture : pool_fixture {
  answer_ptr_of<caf::unit_t> add(const char* where, std::uint32_t count) {
    return ask<caf::unit_t>(add_atom_v, endpoint_options{where, count, 1, 0});
  }
  answer_ptr_of<caf::unit_t> resize(std::uint32_t count, const char* where = url) {
    return ask<caf::unit_t>(resize_atom_v, std::string{where}, count);
  }
  answer_ptr_of<caf::unit_t> remove(const char* where = url) {
    return ask<caf::unit_t>(remove_atom_v, std::string{where});
  }
  answer_ptr_of<caf::unit_t> restart(connection_id id) {
    return ask<caf::unit_t>(restart_atom_v, id);
  }

  /// All messages that any peer saw, each once or more.
  std::multiset<std::string> all_texts() {
    std::multiset<std::string> result;
    for (std::size_t i = 0; i < connector->size(); ++i)
      if ((*connector)[i].stream)
        for (auto& text : peer(i).texts())
          result.insert(text);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pool_shape_tests, fixture)

// -- options --------------------------------------------------------------------------------------

CAF_TEST(a_pool_with_bad_options_is_not_spawned) {
  options.endpoints = {{"http//nowhere", 1, 1, 0}};
  auto code = errc::none;
  std::string text;
  try {
    pool = spawn_pool(sys, io, options);
  } catch (const invalid_options& e) {
    code = e.code();
    text = e.what();
  }
  CAF_CHECK_EQUAL(code, errc::invalid_url);
  CAF_CHECK_NOT_EQUAL(text.find("http//nowhere"), std::string::npos);
}

// -- add, remove, resize --------------------------------------------------------------------------

CAF_TEST(an_endpoint_can_be_added) {
  auto log = start_open(1);
  CAF_CHECK(succeeded(add(other_url, 2)));
  advance(options.reconnect.initial);
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.total, 3u);
  CAF_CHECK_EQUAL(numbers.open, 3u);
  CAF_CHECK_EQUAL((*connector)[2].target.host, "two.test");
  CAF_CHECK_EQUAL(log->readies.size(), 2u);
  for (int i = 0; i < 3; ++i)
    tell(send_atom_v, std::to_string(i));
  for (std::size_t i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(peer(i).messages().size(), 1u);
}

CAF_TEST(what_cannot_be_added_is_an_error_that_says_why) {
  start_open(1);
  auto bad = add("ftp://one.test/", 1);
  CAF_CHECK(failed_with(bad, errc::invalid_url));
  CAF_CHECK_NOT_EQUAL(bad->text.find("ftp"), std::string::npos);
  CAF_CHECK(add(url, 1)->failed); // it is there already
  CAF_CHECK_EQUAL(stats().total, 1u);
}

CAF_TEST(growing_opens_more_and_shrinking_closes_the_surplus) {
  auto log = start_open(1);
  CAF_CHECK(succeeded(resize(4)));
  advance(options.reconnect.initial);
  CAF_CHECK_EQUAL(stats().open, 4u);
  CAF_CHECK(succeeded(resize(2)));
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.open, 2u);
  CAF_CHECK_EQUAL(numbers.total, 2u);
  CAF_CHECK_EQUAL(log->closes.size(), 2u);
  for (auto& close : log->closes) {
    CAF_CHECK(close.began == initiator::local);
    CAF_CHECK_EQUAL(close.code, close_code::normal);
    CAF_CHECK(close.clean);
  }
  advance(1min);
  CAF_CHECK_EQUAL(connector->size(), 4u);
  CAF_CHECK(log->retries.empty());
  CAF_CHECK_EQUAL(log->empties, 0u);
}

CAF_TEST(a_connection_that_is_removed_finishes_what_it_holds) {
  auto log = start_open(2);
  auto& leaving = peer_of({1, 1});
  leaving.stop_reading();
  std::vector<answer_ptr_of<receipt>> answers;
  for (int i = 0; i < 4; ++i)
    answers.push_back(deliver(std::to_string(i)));
  auto resized = resize(1);
  CAF_CHECK(!resized->arrived());
  CAF_CHECK_EQUAL(stats().total, 1u);
  tell(send_atom_v, std::string{"new"});
  leaving.go_on_reading();
  settle();
  CAF_CHECK(succeeded(resized));
  for (auto& answer : answers)
    CAF_CHECK(succeeded(answer));
  CAF_CHECK_EQUAL(leaving.messages().size(), 2u);
  CAF_CHECK_EQUAL(peer_of({0, 1}).texts().back(), "new");
  CAF_CHECK_EQUAL(all_texts().size(), 5u);
}

CAF_TEST(what_a_removed_connection_cannot_finish_in_time_goes_elsewhere) {
  start_open(2);
  auto& leaving = peer_of({1, 1});
  leaving.stop_reading();
  leaving.fall_silent();
  std::vector<answer_ptr_of<receipt>> answers;
  for (int i = 0; i < 4; ++i)
    answers.push_back(deliver(std::to_string(i)));
  auto resized = resize(1);
  advance(options.rotation.drain + options.connect.deadlines.close + 2s);
  CAF_CHECK(succeeded(resized));
  for (auto& answer : answers)
    CAF_CHECK(succeeded(answer));
  CAF_CHECK_EQUAL(peer_of({0, 1}).messages().size(), 4u);
  CAF_CHECK(leaving.is_gone());
}

CAF_TEST(removing_an_endpoint_answers_when_its_connections_are_gone) {
  auto log = start_open(1);
  CAF_CHECK(succeeded(add(other_url, 2)));
  advance(options.reconnect.initial);
  auto removed = remove(other_url);
  CAF_CHECK(succeeded(removed));
  CAF_CHECK_EQUAL(log->closes.size(), 2u);
  CAF_CHECK_EQUAL(stats().total, 1u);
  CAF_CHECK(failed_with(remove(other_url), errc::unknown_endpoint));
  CAF_CHECK(failed_with(resize(3, other_url), errc::unknown_endpoint));
  CAF_CHECK(succeeded(add(other_url, 1)));
}

CAF_TEST(the_same_endpoint_is_known_by_any_spelling_of_its_url) {
  start_open(1);
  CAF_CHECK(succeeded(resize(2, "ws://ONE.test:80")));
  CAF_CHECK_EQUAL(stats().total, 2u);
}

CAF_TEST(a_slot_that_is_still_connecting_is_removed_at_once) {
  options.endpoints.front().connections = 3;
  start();
  advance(options.reconnect.initial);
  CAF_REQUIRE_EQUAL(connector->size(), 3u);
  CAF_CHECK(succeeded(resize(1)));
  std::size_t cancelled = 0;
  for (std::size_t i = 0; i < 3; ++i)
    cancelled += (*connector)[i].cancelled ? 1 : 0;
  CAF_CHECK_EQUAL(cancelled, 2u);
  CAF_CHECK_EQUAL(stats().total, 1u);
}

CAF_TEST(a_pool_without_endpoints_queues_until_it_gets_one) {
  start_open(1);
  CAF_CHECK(succeeded(remove()));
  auto answer = deliver("patience");
  CAF_CHECK(!answer->arrived());
  CAF_CHECK(succeeded(add(other_url, 1)));
  advance(options.reconnect.initial);
  CAF_CHECK(succeeded(answer));
}

// -- restart --------------------------------------------------------------------------------------

CAF_TEST(a_restarted_connection_is_closed_and_comes_back) {
  auto log = start_open(2);
  auto answer = restart({1, 1});
  CAF_CHECK(succeeded(answer));
  CAF_REQUIRE_EQUAL(log->closes.size(), 1u);
  CAF_CHECK_EQUAL(log->closes[0].connection, (connection_id{1, 1}));
  CAF_CHECK(log->closes[0].clean);
  advance(options.reconnect.initial);
  CAF_CHECK_EQUAL(stats().open, 2u);
  CAF_CHECK_EQUAL(log->opens.back().connection, (connection_id{1, 2}));
}

CAF_TEST(a_connection_that_is_gone_cannot_be_restarted) {
  start_open(1);
  CAF_CHECK(failed_with(restart({0, 2}), errc::no_connection));
  CAF_CHECK(failed_with(restart({7, 1}), errc::no_connection));
}

CAF_TEST(a_restart_loses_nothing) {
  options.reconnect.initial = 1ms;
  start_open(1);
  last_peer().stop_reading();
  std::vector<answer_ptr_of<receipt>> answers;
  for (int i = 0; i < 10; ++i)
    answers.push_back(deliver(std::to_string(i)));
  auto restarted = restart({0, 1});
  for (int i = 10; i < 20; ++i)
    answers.push_back(deliver(std::to_string(i)));
  peer(0).go_on_reading();
  advance(5s);
  CAF_CHECK(succeeded(restarted));
  for (auto& answer : answers)
    CAF_CHECK(succeeded(answer));
  CAF_CHECK_EQUAL(peer(0).messages().size(), 10u);
  CAF_CHECK_EQUAL(last_peer().messages().size(), 10u);
}

// -- rotation -------------------------------------------------------------------------------------

CAF_TEST(a_connection_of_age_is_replaced_before_it_closes) {
  options.rotation.max_age = 1min;
  options.rotation.jitter = 0;
  auto log = start_open(1);
  std::uint32_t lowest = 1;
  for (int i = 0; i < 130; ++i) {
    advance(1s);
    lowest = std::min(lowest, stats().open);
  }
  CAF_CHECK_EQUAL(lowest, 1u);
  CAF_CHECK_EQUAL(log->opens.size(), 3u);
  CAF_CHECK_EQUAL(log->closes.size(), 2u);
  CAF_CHECK_LESS(log->position("open 0.2"), log->position("close 0.1"));
  CAF_CHECK_LESS(log->position("open 0.3"), log->position("close 0.2"));
  CAF_CHECK_EQUAL(log->empties, 0u);
  CAF_CHECK_EQUAL(log->readies.size(), 1u);
  CAF_CHECK(log->retries.empty());
  for (auto& close : log->closes)
    CAF_CHECK(close.clean);
}

CAF_TEST(rotation_loses_nothing_and_doubles_nothing) {
  options.rotation.max_age = 10s;
  auto log = start_open(3);
  std::vector<answer_ptr_of<receipt>> answers;
  for (int i = 0; i < 600; ++i) {
    answers.push_back(deliver(std::to_string(i)));
    advance(100ms);
  }
  advance(10s);
  for (auto& answer : answers)
    CAF_CHECK(succeeded(answer));
  auto seen = all_texts();
  CAF_CHECK_EQUAL(seen.size(), 600u);
  CAF_CHECK_EQUAL(std::set<std::string>(seen.begin(), seen.end()).size(), 600u);
  CAF_CHECK_GREATER_OR_EQUAL(log->closes.size(), 12u);
  CAF_CHECK_EQUAL(log->empties, 0u);
}

CAF_TEST(an_old_connection_drains_before_it_closes) {
  options.rotation.max_age = 10s;
  options.rotation.jitter = 0;
  auto log = start_open(1);
  auto& old = peer(0);
  advance(5s);
  old.stop_reading();
  auto held = deliver("held");
  advance(6s);
  CAF_REQUIRE_EQUAL(log->opens.size(), 2u);
  CAF_CHECK(log->closes.empty());
  CAF_CHECK(succeeded(deliver("new")));
  old.go_on_reading();
  settle();
  CAF_CHECK(succeeded(held));
  CAF_CHECK_EQUAL(old.texts(), texts{"held"});
  CAF_CHECK_EQUAL(log->closes.size(), 1u);
}

CAF_TEST(a_successor_that_cannot_open_leaves_the_old_one_at_work) {
  options.rotation.max_age = 10s;
  options.rotation.jitter = 0;
  auto log = start_open(1);
  connector->decide_by([](const fake_connector::attempt&) {
    return failure{errc::connect_failed, "refused"};
  });
  advance(1min);
  CAF_CHECK(log->closes.empty());
  CAF_CHECK_EQUAL(stats().open, 1u);
  CAF_CHECK(succeeded(deliver("still here")));
  connector->accept_all();
  advance(1min);
  CAF_CHECK_GREATER_OR_EQUAL(log->opens.size(), 2u);
  CAF_CHECK_EQUAL(log->empties, 0u);
}

CAF_TEST(rotation_keeps_the_order_of_a_key) {
  options.rotation.max_age = 10s;
  options.schedule = schedule::hash;
  start_open(2);
  send_options keyed;
  keyed.key = "k";
  std::vector<int> seen;
  for (int i = 0; i < 300; ++i) {
    tell(send_atom_v, outgoing{std::to_string(i), keyed});
    advance(100ms);
    for (std::size_t n = 0; n < connector->size(); ++n)
      while (auto text = peer(n).next_text())
        seen.push_back(std::stoi(*text));
  }
  CAF_REQUIRE_EQUAL(seen.size(), 300u);
  CAF_CHECK(std::is_sorted(seen.begin(), seen.end()));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace pool_shape_test
