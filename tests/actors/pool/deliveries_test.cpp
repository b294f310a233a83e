// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE deliveries

#include "pool/deliveries.hpp"

#include <wspool/pool.hpp>

#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "support/virtual_time.hpp"

namespace deliveries_test {

using namespace wspool;

namespace {

struct config : caf::actor_system_config {
  config() { prepare(*this); }
};

struct fixture : test::virtual_time<config> {
  /// What one request was answered.
  template <class T>
  struct answer {
    std::vector<T> values;
    std::vector<errc> errors;
    [[nodiscard]] std::size_t count() const { return values.size() + errors.size(); }
  };
  template <class T>
  using answer_ptr = std::shared_ptr<answer<T>>;

  deliveries tested;
  std::vector<std::uint32_t> tickets; ///< as they were given out
  caf::actor owner;

  /// What is under test belongs to an actor, in whose context promises are made and kept.
  fixture() {
    owner = sys.spawn([this](caf::event_based_actor* me) -> caf::behavior {
      return {
        [=, this](deliver_atom) -> caf::result<receipt> {
          auto promise = me->make_response_promise<receipt>();
          tickets.push_back(tested.open(promise));
          return promise;
        },
        [=, this](deliver_atom, std::uint64_t count) -> caf::result<batch_receipt> {
          auto promise = me->make_response_promise<batch_receipt>();
          tickets.push_back(tested.open(promise, count));
          return promise;
        },
        [=, this](broadcast_atom, std::uint32_t slots) -> caf::result<broadcast_report> {
          auto promise = me->make_response_promise<broadcast_report>();
          auto whole = std::make_shared<deliveries::broadcast>(promise);
          for (std::uint32_t slot = 0; slot < slots; ++slot)
            tickets.push_back(tested.open(whole, {slot, 1}));
          return promise;
        },
        [this](tick_atom, std::uint32_t ticket, std::uint8_t outcome, connection_id by) {
          tested.settle(ticket, static_cast<errc>(outcome), by);
        },
      };
    });
    consume_messages();
  }

  template <class T, class... Ts>
  answer_ptr<T> request(Ts... xs) {
    auto result = std::make_shared<answer<T>>();
    sys.spawn([=, to = owner](caf::event_based_actor* client) {
      compat::ask(client, to, caf::infinite, xs...)
        .then([=](const T& value) { result->values.push_back(value); },
              [=](const caf::error& why) { result->errors.push_back(error_of(why)); });
    });
    consume_messages();
    return result;
  }

  answer_ptr<receipt> single() { return request<receipt>(deliver_atom_v); }
  answer_ptr<batch_receipt> batch(std::uint64_t count) {
    return request<batch_receipt>(deliver_atom_v, count);
  }
  answer_ptr<broadcast_report> broadcast(std::uint32_t slots) {
    return request<broadcast_report>(broadcast_atom_v, slots);
  }

  /// CAF 0.17 would turn an `errc` into a `caf::error` on its way, so it travels as a number.
  void settle(std::uint32_t ticket, errc outcome, connection_id by = {}) {
    compat::anon_tell(owner, tick_atom_v, ticket, static_cast<std::uint8_t>(outcome), by);
    consume_messages();
  }
};

constexpr connection_id carrier{3, 7};

} // namespace

CAF_TEST_FIXTURE_SCOPE(deliveries_tests, fixture)

CAF_TEST(a_message_that_was_sent_answers_with_its_connection) {
  auto answered = single();
  CAF_REQUIRE_EQUAL(tickets.size(), 1u);
  const auto ticket = tickets[0];
  CAF_CHECK_NOT_EQUAL(ticket, 0u);
  CAF_CHECK_EQUAL(answered->count(), 0u);
  CAF_CHECK_EQUAL(tested.size(), 1u);
  settle(ticket, errc::none, carrier);
  CAF_REQUIRE_EQUAL(answered->values.size(), 1u);
  CAF_CHECK(answered->values[0].connection == carrier);
  CAF_CHECK(answered->errors.empty());
  CAF_CHECK_EQUAL(tested.size(), 0u);
}

CAF_TEST(a_message_that_failed_answers_with_the_reason) {
  auto answered = single();
  CAF_REQUIRE_EQUAL(tickets.size(), 1u);
  const auto ticket = tickets[0];
  settle(ticket, errc::connection_lost, carrier);
  CAF_CHECK(answered->values.empty());
  CAF_CHECK(answered->errors == std::vector<errc>{errc::connection_lost});
}

CAF_TEST(a_request_is_answered_once) {
  auto answered = single();
  CAF_REQUIRE_EQUAL(tickets.size(), 1u);
  const auto ticket = tickets[0];
  settle(ticket, errc::none, carrier); // when it was written, as asked for
  settle(ticket, errc::connection_lost, carrier);
  CAF_CHECK_EQUAL(answered->count(), 1u);
  CAF_CHECK_EQUAL(answered->values.size(), 1u);
}

CAF_TEST(a_ticket_that_nobody_has_is_ignored) {
  settle(4711, errc::none);
  settle(0, errc::dropped);
  CAF_CHECK_EQUAL(tested.size(), 0u);
}

CAF_TEST(a_batch_is_answered_when_its_last_message_is_decided) {
  auto answered = batch(4);
  CAF_REQUIRE_EQUAL(tickets.size(), 1u);
  const auto ticket = tickets[0];
  for (auto outcome : {errc::none, errc::expired, errc::dropped}) {
    settle(ticket, outcome, carrier);
    CAF_CHECK_EQUAL(answered->count(), 0u);
  }
  settle(ticket, errc::none, carrier);
  CAF_REQUIRE_EQUAL(answered->values.size(), 1u);
  const auto& result = answered->values[0];
  CAF_CHECK_EQUAL(result.sent, 2u);
  CAF_CHECK_EQUAL(result.failed, 2u);
  CAF_CHECK(result.first_failure == errc::expired);
  settle(ticket, errc::none, carrier);
  CAF_CHECK_EQUAL(answered->count(), 1u);
}

CAF_TEST(an_empty_batch_is_answered_at_once_without_a_ticket) {
  auto answered = batch(0);
  CAF_CHECK(tickets == std::vector<std::uint32_t>{0});
  CAF_REQUIRE_EQUAL(answered->values.size(), 1u);
  CAF_CHECK(answered->values[0].sent == 0 && answered->values[0].failed == 0);
  CAF_CHECK_EQUAL(tested.size(), 0u);
}

CAF_TEST(a_broadcast_is_answered_when_its_last_copy_is_decided) {
  auto answered = broadcast(3);
  CAF_REQUIRE_EQUAL(tickets.size(), 3u);
  // The outcome is that of the connection which the copy was meant for.
  settle(tickets[1], errc::connection_lost, carrier);
  settle(tickets[0], errc::none, {0, 1});
  CAF_CHECK_EQUAL(answered->count(), 0u);
  settle(tickets[2], errc::none, {2, 1});
  CAF_REQUIRE_EQUAL(answered->values.size(), 1u);
  std::set<std::pair<connection_id, errc>> seen;
  for (const auto& one : answered->values[0])
    seen.emplace(one.connection, one.outcome);
  const std::set<std::pair<connection_id, errc>> expected{
    {{0, 1}, errc::none}, {{1, 1}, errc::connection_lost}, {{2, 1}, errc::none}};
  CAF_CHECK(seen == expected);
}

CAF_TEST(a_broadcast_to_nobody_is_answered_at_once) {
  auto answered = broadcast(0);
  CAF_REQUIRE_EQUAL(answered->values.size(), 1u);
  CAF_CHECK(answered->values[0].empty());
}

CAF_TEST(tickets_of_what_waits_are_all_different) {
  std::vector<answer_ptr<receipt>> answers;
  for (int i = 0; i < 50; ++i)
    answers.push_back(single());
  CAF_CHECK_EQUAL(tested.size(), 50u);
  const std::set<std::uint32_t> different{tickets.begin(), tickets.end()};
  CAF_CHECK_EQUAL(different.size(), 50u);
  CAF_CHECK_EQUAL(different.count(0), 0u);
  for (auto ticket : tickets)
    settle(ticket, errc::pool_closed);
  for (const auto& one : answers)
    CAF_CHECK_EQUAL(one->errors.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace deliveries_test
