// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE query_memory

#include "messaging/query_memory.hpp"
#include "support/unit_test.hpp"

namespace query_memory_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

using beginning = query_memory::beginning;
using asker = query_memory::asker;

asker from(std::uint64_t connection, std::int64_t id = 1) { return {connection, message_id{id}}; }

query_memory::answer number(std::int64_t value) { return payload{boost::json::value(value)}; }

struct fixture {
  beginning begin(const std::string& key, asker who, std::string_view name = "n") {
    return tested.begin(key, name, std::move(who), now);
  }

  query_memory tested{{.age = 10s, .answers = 2, .waiting = 2}};
  query_memory::time_point now{1'000s};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(query_memory_tests, fixture)

CAF_TEST(a_query_runs_once_and_all_who_asked_are_told) {
  CAF_CHECK(begin("k", from(1)) == beginning::run);
  CAF_CHECK(begin("k", from(2)) == beginning::wait);
  const auto told = tested.finish("k", number(42), now);
  CAF_REQUIRE_EQUAL(told.size(), 2u);
  CAF_CHECK(told[0] == from(1));
  CAF_CHECK(told[1] == from(2));
  CAF_CHECK(begin("k", from(3)) == beginning::answered);
  const auto* answer = tested.find("k", now);
  CAF_REQUIRE(answer != nullptr);
  CAF_CHECK(*answer == number(42));
}

CAF_TEST(an_answer_is_remembered_for_a_while) {
  (void)begin("k", from(1));
  now += 1h; // it took its time
  (void)tested.finish("k", number(1), now);
  now += 10s - 1ns;
  CAF_CHECK(begin("k", from(1)) == beginning::answered);
  now += 1ns;
  CAF_CHECK(tested.find("k", now) == nullptr);
  CAF_CHECK(begin("k", from(1)) == beginning::run);
}

CAF_TEST(what_ended_without_an_answer_runs_again) {
  (void)begin("k", from(1));
  CAF_CHECK_EQUAL(tested.finish("k", std::nullopt, now).size(), 1u);
  CAF_CHECK(begin("k", from(1)) == beginning::run);
}

CAF_TEST(a_refusal_is_an_answer_too) {
  (void)begin("k", from(1));
  (void)tested.finish("k", rejection{message_errc::not_found, {}, "no such query", {}, {}}, now);
  CAF_CHECK(begin("k", from(1)) == beginning::answered);
  CAF_CHECK(std::get<rejection>(*tested.find("k", now)).code == message_errc::not_found);
}

CAF_TEST(a_key_belongs_to_one_query) {
  (void)begin("k", from(1), "price");
  CAF_CHECK(begin("k", from(1, 2), "order") == beginning::conflict);
  (void)tested.finish("k", number(1), now);
  CAF_CHECK(begin("k", from(1, 3), "order") == beginning::conflict);
  CAF_CHECK(begin("k", from(1, 3), "price") == beginning::answered);
}

CAF_TEST(not_too_many_wait) {
  (void)begin("k", from(1));
  CAF_CHECK(begin("k", from(2)) == beginning::wait);
  CAF_CHECK(begin("k", from(3)) == beginning::wait);
  CAF_CHECK(begin("k", from(4)) == beginning::conflict);
  CAF_CHECK_EQUAL(tested.finish("k", number(1), now).size(), 3u);
}

CAF_TEST(who_does_not_wait_any_more_is_not_told) {
  (void)begin("k", from(1));
  (void)begin("k", from(2));
  tested.withdraw("k", from(1));
  tested.withdraw("k", from(2, 9));
  tested.withdraw("other", from(2));
  CAF_CHECK_EQUAL(tested.running_count(), 1u);
  const auto told = tested.finish("k", number(1), now);
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK(told[0] == from(2));
}

CAF_TEST(of_too_many_answers_the_oldest_is_forgotten) {
  for (auto key : {"a", "b", "c"}) {
    (void)begin(key, from(1));
    (void)tested.finish(key, number(1), now);
  }
  CAF_CHECK_EQUAL(tested.answer_count(), 2u);
  CAF_CHECK(tested.find("a", now) == nullptr);
  CAF_CHECK(tested.find("c", now) != nullptr);
}

CAF_TEST(what_does_not_run_cannot_finish) {
  CAF_CHECK(tested.finish("k", number(1), now).empty());
  CAF_CHECK(tested.find("k", now) == nullptr);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace query_memory_test
