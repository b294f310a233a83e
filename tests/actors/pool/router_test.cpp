// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE router

#include "support/unit_test.hpp"

#include "router_fixture.hpp"

namespace router_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

struct fixture : test::router_fixture {};

} // namespace

CAF_TEST_FIXTURE_SCOPE(router_tests, fixture)

// -- on the way ----------------------------------------------------------------------------------

CAF_TEST(a_message_is_sent_when_its_connection_wrote_it) {
  open(1);
  accept("a", {}, ticket(5));
  CAF_CHECK_EQUAL(hand_overs, 0u);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"a"});
  CAF_CHECK_EQUAL(totals().pending(), 1u);
  now += 3ms;
  written(1, 1);
  CAF_CHECK_EQUAL(totals().sent, 1u);
  CAF_CHECK_EQUAL(totals().pending(), 0u);
  CAF_CHECK_EQUAL(answers(5), std::vector{errc::none});
  CAF_REQUIRE_EQUAL(waits.size(), 1u);
  CAF_CHECK(waits[0].first == 3ms);
  CAF_CHECK(uut().idle(id(1)));
}

CAF_TEST(single_messages_take_turns_and_leave_in_one_piece) {
  open(1);
  open(2);
  for (auto text : {"a", "b", "c", "d", "e", "f"})
    accept(text);
  flush();
  CAF_CHECK_EQUAL(given(1), (texts{"a", "c", "e"}));
  CAF_CHECK_EQUAL(given(2), (texts{"b", "d", "f"}));
  CAF_CHECK_EQUAL(segments.size(), 2u);
  CAF_CHECK_EQUAL(hand_overs, 2u);
  flush();
  CAF_CHECK_EQUAL(hand_overs, 2u);
}

CAF_TEST(a_batch_is_passed_on_without_copying_its_bytes) {
  open(1);
  auto batch = batch_of({"a", "b", "c"});
  batch.reserve(3, 100); // so that the bytes are not in the string itself
  const auto bytes = batch.bytes().data();
  uut().accept(std::move(batch), {}, now);
  flush();
  CAF_REQUIRE_EQUAL(segments.size(), 1u);
  CAF_CHECK_EQUAL(segments[0].size(), 3u);
  CAF_CHECK(segments[0].data(0).data() == bytes);
}

CAF_TEST(a_large_message_is_moved_instead_of_copied) {
  open(1);
  outgoing message{std::string(5'000, 'x'), {}};
  const auto bytes = message.data.data();
  accept("small");
  uut().accept(std::move(message), {}, now);
  accept("small again");
  flush();
  CAF_REQUIRE_EQUAL(segments.size(), 3u);
  CAF_CHECK(segments[1].data(segments[1].begin).data() == bytes);
  CAF_CHECK_EQUAL(given(1), (texts{"small", std::string(5'000, 'x'), "small again"}));
}

CAF_TEST(a_large_batch_is_spread_in_runs) {
  open(1);
  open(2);
  accept_batch(texts(1'000, "x"));
  flush();
  CAF_CHECK_EQUAL(given(1).size(), 512u);
  CAF_CHECK_EQUAL(given(2).size(), 488u);
  accept_batch(texts(8, std::string(20'000, 'x')));
  flush();
  CAF_CHECK_EQUAL(given(1).size(), 5u); // 3 x 20,000 bytes fit in a run, so 3 + 2
  CAF_CHECK_EQUAL(given(2).size(), 3u);
}

CAF_TEST(what_was_handed_over_does_not_change_any_more) {
  open(1);
  accept("a");
  flush();
  accept("b");
  flush();
  CAF_REQUIRE_EQUAL(segments.size(), 2u);
  CAF_CHECK_EQUAL(segments[0].batch->messages.size(), 1u);
}

CAF_TEST(properties_are_resolved_when_a_message_is_accepted) {
  options.policy = delivery::at_least_once;
  open(1);
  send_options how;
  how.kind = message_kind::binary;
  how.compress = compression::never;
  how.time_to_live = 5ms;
  how.key = "k";
  accept("a", how, ticket(9));
  accept("b", with_policy(delivery::at_most_once));
  flush();
  CAF_REQUIRE_EQUAL(segments.size(), 1u);
  const auto& batch = *segments[0].batch;
  const auto& a = segments[0].entry(0);
  CAF_CHECK(a.kind == message_kind::binary);
  CAF_CHECK(a.compress == compression::never);
  CAF_CHECK(a.policy == delivery::at_least_once);
  CAF_CHECK_EQUAL(a.key, hash_key("k"));
  CAF_CHECK_EQUAL(a.ticket, 9u);
  CAF_CHECK_EQUAL(int{a.flags}, int{entry_flag::confirm});
  CAF_CHECK(std::chrono::nanoseconds{a.expires_ns} == (now + 5ms).time_since_epoch());
  const auto& b = segments[0].entry(1);
  CAF_CHECK(b.policy == delivery::at_most_once);
  CAF_CHECK_EQUAL(int{b.flags}, 0);
  CAF_CHECK_EQUAL(b.expires_ns, 0);
  CAF_CHECK(batch.any_confirm && batch.any_expiry && batch.any_key && batch.any_ticket);
  CAF_CHECK(!batch.any_pinned);
}

CAF_TEST(a_message_above_the_limit_fails_alone) {
  options.connect.limits.max_message_bytes = 3;
  open(1);
  accept("four", {}, ticket(1));
  accept_batch({"a", "too big", "b", "c", "as well"});
  flush();
  CAF_CHECK_EQUAL(given(1), (texts{"a", "b", "c"}));
  CAF_CHECK_EQUAL(answers(1), std::vector{errc::too_big});
  CAF_CHECK_EQUAL(count(errc::too_big), 3u);
  CAF_CHECK_EQUAL(totals().accepted, 6u);
}

// -- outcomes ------------------------------------------------------------------------------------

CAF_TEST(at_least_once_is_sent_when_the_peer_confirmed_it) {
  open(1);
  accept("a", with_policy(delivery::at_least_once), ticket(1));
  flush();
  written(1, 1);
  CAF_CHECK_EQUAL(totals().sent, 0u);
  CAF_CHECK_EQUAL(waits.size(), 1u);
  CAF_CHECK(!uut().idle(id(1)));
  confirmed(1, 1);
  CAF_CHECK_EQUAL(totals().sent, 1u);
  CAF_CHECK_EQUAL(answers(1), std::vector{errc::none});
  CAF_CHECK(uut().idle(id(1)));
}

CAF_TEST(who_asks_for_written_hears_of_it_before_the_outcome) {
  open(1);
  auto mode = ticket(1);
  mode.want_written = true;
  accept("a", with_policy(delivery::at_least_once), mode);
  flush();
  written(1, 1);
  CAF_REQUIRE_EQUAL(written_tickets.size(), 1u);
  CAF_CHECK_EQUAL(written_tickets[0].first, 1u);
  CAF_CHECK(answers(1).empty());
  confirmed(1, 1);
  CAF_CHECK_EQUAL(answers(1), std::vector{errc::none});
}

CAF_TEST(at_most_once_waits_for_the_peer_if_its_request_does) {
  open(1);
  auto mode = ticket(1);
  mode.want_confirmed = true;
  accept("a", {}, mode);
  flush();
  written(1, 1);
  CAF_CHECK(answers(1).empty());
  confirmed(1, 1);
  CAF_CHECK_EQUAL(answers(1), std::vector{errc::none});
}

CAF_TEST(a_message_that_the_connection_refuses_fails_with_its_reason) {
  open(1);
  for (std::uint32_t i = 0; i < 4; ++i)
    accept("x", with_policy(i < 2 ? delivery::at_most_once : delivery::at_least_once),
           ticket(i + 1));
  flush();
  progress report;
  report.written = 4;
  report.refused = {{1, errc::invalid_message}, {2, errc::expired}};
  uut().advanced(id(1), report, now);
  uut().advanced(id(1), report, now); // repeated news are no news
  confirmed(1, 4);
  CAF_CHECK_EQUAL(answers(1), std::vector{errc::none});
  CAF_CHECK_EQUAL(answers(2), std::vector{errc::invalid_message});
  CAF_CHECK_EQUAL(answers(3), std::vector{errc::expired});
  CAF_CHECK_EQUAL(answers(4), std::vector{errc::none});
  CAF_CHECK_EQUAL(totals().sent, 2u);
  CAF_CHECK_EQUAL(totals().failed, 2u);
  CAF_CHECK_EQUAL(waits.size(), 1u);
  CAF_CHECK_EQUAL(waits[0].second, 2u);
}

CAF_TEST(a_closing_pool_refuses_new_messages_and_counts_them) {
  open(1);
  accept("a");
  uut().refuse_new(errc::pool_closed);
  accept("b", {}, ticket(1));
  accept_batch({"c", "d"});
  uut().accept_for(id(1), batch_of({"e"}), {}, now);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"a"});
  CAF_CHECK_EQUAL(totals().accepted, 5u);
  CAF_CHECK_EQUAL(count(errc::pool_closed), 4u);
  CAF_CHECK_EQUAL(answers(1), std::vector{errc::pool_closed});
}

CAF_TEST(fail_all_fails_what_has_no_outcome_wherever_it_is) {
  options.window.max_messages = 4;
  open(1);
  accept("written", with_policy(delivery::at_least_once), ticket(1));
  accept("sent", {}, ticket(2));
  flush();
  written(1, 2);
  accept("handed over", {}, ticket(3));
  flush();
  accept("staged", {}, ticket(4));
  accept_keyed("k", {"in the backlog"}, ticket(5));
  accept("queued", {}, ticket(6));
  uut().fail_all(errc::unreachable);
  CAF_CHECK_EQUAL(totals().pending(), 0u);
  CAF_CHECK_EQUAL(uut().queued_messages(), 0u);
  CAF_CHECK_EQUAL(count(errc::unreachable), 5u);
  CAF_CHECK_EQUAL(answers(2), std::vector{errc::none});
  confirmed(1, 3); // comes too late
  CAF_CHECK_EQUAL(totals().sent, 1u);
  CAF_CHECK(uut().idle(id(1)));
}

// -- windows -------------------------------------------------------------------------------------

CAF_TEST(a_window_holds_what_is_not_written) {
  options.window.max_messages = 2;
  open(1);
  for (auto text : {"a", "b", "c", "d"})
    accept(text);
  flush();
  CAF_CHECK_EQUAL(given(1), (texts{"a", "b"}));
  CAF_CHECK(uut().find(id(1))->full);
  CAF_CHECK_EQUAL(uut().find(id(1))->pending_messages, 2u);
  CAF_CHECK_EQUAL(uut().queued_messages(), 2u);
  written(1, 1);
  CAF_CHECK(!uut().find(id(1))->full);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"c"});
}

CAF_TEST(a_window_holds_what_is_not_confirmed_of_messages_that_must_be) {
  options.window.max_messages = 2;
  options.policy = delivery::at_least_once;
  open(1);
  for (auto text : {"a", "b", "c"})
    accept(text);
  flush();
  written(1, 2);
  flush();
  CAF_CHECK_EQUAL(given(1), (texts{"a", "b"}));
  confirmed(1, 1);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"c"});
}

CAF_TEST(a_message_larger_than_a_window_goes_alone) {
  options.window.max_bytes = 10;
  open(1);
  accept("123");
  accept("twelve bytes");
  accept("456");
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"123"});
  written(1, 1);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"twelve bytes"});
  written(1, 2);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"456"});
}

CAF_TEST(a_full_connection_leaves_the_others_their_share) {
  options.window.max_messages = 2;
  open(1);
  open(2);
  for (auto text : {"a", "b", "c", "d"})
    accept(text);
  flush();
  written(1, 2);
  given(1);
  accept("e");
  accept("f");
  flush();
  CAF_CHECK_EQUAL(given(1), (texts{"e", "f"}));
}

CAF_TEST(slow_start_grows_a_fresh_connections_share) {
  options.ejection.slow_start = 1'000ms;
  options.window.max_messages = 100'000;
  open(1);
  open(2, true);
  const auto share = [this] {
    for (int i = 0; i < 2'000; ++i)
      accept("x");
    flush();
    const auto theirs = static_cast<double>(given(2).size());
    return theirs / static_cast<double>(given(1).size());
  };
  CAF_CHECK_LESS(share(), 0.2);
  now += 500ms;
  const auto half = share();
  CAF_CHECK(half > 0.25 && half < 0.75);
  now += 500ms;
  CAF_CHECK_EQUAL(share(), 1.0);
}

CAF_TEST(a_connection_in_slow_start_takes_everything_if_it_is_alone) {
  open(1, true);
  accept("a");
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"a"});
}

CAF_TEST(members_are_those_that_take_messages) {
  open(1);
  open(2);
  CAF_CHECK_EQUAL(uut().members().size(), 2u);
  uut().retire(id(1));
  CAF_REQUIRE_EQUAL(uut().members().size(), 1u);
  CAF_CHECK(uut().members()[0] == id(2));
  CAF_CHECK(uut().has(id(1)));
  end(1);
  CAF_CHECK(!uut().has(id(1)));
  CAF_CHECK(uut().find(id(1)) == nullptr);
}

CAF_TEST(a_ping_finds_a_connection_even_if_all_are_full) {
  options.window.max_messages = 1;
  CAF_CHECK(uut().any() == nullptr);
  open(1);
  accept("a");
  CAF_REQUIRE(uut().any() != nullptr);
  CAF_CHECK(uut().any()->id == id(1));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace router_test
