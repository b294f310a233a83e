// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE router_endings

#include "support/unit_test.hpp"

#include "router_fixture.hpp"

namespace router_endings_test {

using namespace wspool;

namespace {

struct fixture : test::router_fixture {
  static progress last_words(std::uint64_t written, std::uint64_t confirmed,
                             std::uint64_t touched) {
    progress result;
    result.written = written;
    result.confirmed = confirmed;
    result.touched = touched;
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(router_endings_tests, fixture)

// -- death ---------------------------------------------------------------------------------------

CAF_TEST(what_a_dead_connection_did_not_touch_goes_elsewhere_in_order) {
  open(1);
  for (std::uint32_t i = 1; i <= 5; ++i)
    accept(std::to_string(i), {}, ticket(i));
  flush();
  accept("staged");
  open(2);
  end(1, last_words(2, 0, 3));
  CAF_CHECK_EQUAL(totals().sent, 2u);
  CAF_CHECK_EQUAL(answers(3), std::vector{errc::connection_lost});
  CAF_CHECK_EQUAL(uut().queued_messages(), 3u);
  flush();
  CAF_CHECK_EQUAL(given(2), (texts{"4", "5", "staged"}));
  CAF_CHECK_EQUAL(totals().resent, 0u);
  written(2, 3);
  CAF_CHECK_EQUAL(totals().sent, 5u);
  CAF_CHECK_EQUAL(totals().pending(), 0u);
}

CAF_TEST(a_batch_that_was_not_touched_goes_elsewhere_in_one_piece) {
  open(1);
  accept_batch({"a", "b", "c"});
  flush();
  end(1);
  open(2);
  flush();
  CAF_CHECK_EQUAL(given(2), (texts{"a", "b", "c"}));
  CAF_REQUIRE_EQUAL(segments.size(), 2u);
  CAF_CHECK(segments[0].batch == segments[1].batch);
}

CAF_TEST(at_least_once_is_sent_again_until_it_is_confirmed) {
  options.policy = delivery::at_least_once;
  open(1);
  for (auto text : {"a", "b", "c", "d"})
    accept(text);
  flush();
  end(1, last_words(2, 1, 3));
  CAF_CHECK_EQUAL(totals().sent, 1u);
  CAF_CHECK_EQUAL(totals().resent, 2u); // "b" and "c": nothing of "d" had left
  open(2);
  flush();
  CAF_CHECK_EQUAL(given(2), (texts{"b", "c", "d"}));
  confirmed(2, 3);
  CAF_CHECK_EQUAL(totals().sent, 4u);
  CAF_CHECK_EQUAL(totals().failed, 0u);
}

CAF_TEST(at_most_once_is_never_sent_again_even_if_confirmation_was_asked_for) {
  open(1);
  accept_mode mode;
  mode.want_confirmed = true;
  accept_batch({"a", "b", "c"}, mode);
  flush();
  end(1, last_words(1, 0, 2));
  CAF_CHECK_EQUAL(count(errc::connection_lost), 2u);
  open(2);
  flush();
  CAF_CHECK_EQUAL(given(2), texts{"c"});
}

CAF_TEST(what_came_back_is_not_pushed_out_of_a_full_queue) {
  options.queue.max_messages = 2;
  open(1);
  accept_batch({"a", "b", "c", "d"});
  flush();
  end(1);
  CAF_CHECK_EQUAL(uut().queued_messages(), 4u);
  accept_batch({"e", "f", "g"});
  CAF_CHECK_EQUAL(uut().queued_messages(), 6u);
  CAF_CHECK_EQUAL(count(errc::dropped), 1u);
  open(2);
  flush();
  CAF_CHECK_EQUAL(given(2), (texts{"a", "b", "c", "d", "f", "g"}));
}

CAF_TEST(a_report_of_a_dead_connection_is_ignored) {
  open(1);
  accept("a");
  flush();
  end(1);
  end(1, last_words(1, 1, 1));
  written(1, 1);
  CAF_CHECK_EQUAL(totals().pending(), 1u);
  CAF_CHECK_EQUAL(uut().queued_messages(), 1u);
}

CAF_TEST(the_largest_message_in_doubt_is_not_sent_again_if_the_peer_found_one_too_big) {
  options.policy = delivery::at_least_once;
  open(1);
  std::uint32_t number = 0;
  for (auto text :
       {"the largest, but confirmed", "small", "quite large", "medium", "large, but not touched"})
    accept(text, {}, ticket(++number));
  flush();
  end(1, last_words(3, 1, 4), true);
  CAF_CHECK_EQUAL(answers(3), std::vector{errc::too_big});
  open(2);
  flush();
  CAF_CHECK_EQUAL(given(2), (texts{"small", "medium", "large, but not touched"}));
}

CAF_TEST(messages_of_a_key_come_before_later_ones_of_it) {
  options.schedule = schedule::hash;
  options.policy = delivery::at_least_once;
  options.window.max_messages = 3;
  open(1);
  accept_keyed("k", {"k1", "k2", "k3", "k4"});
  flush();
  end(1, last_words(2, 0, 2));
  accept_keyed("k", {"k5"});
  open(2);
  flush();
  CAF_CHECK_EQUAL(given(2), (texts{"k1", "k2", "k3"}));
  accept_keyed("k", {"k6"});
  confirmed(2, 3);
  flush();
  CAF_CHECK_EQUAL(given(2), (texts{"k4", "k5", "k6"}));
}

// -- pinned --------------------------------------------------------------------------------------

CAF_TEST(a_pinned_message_goes_to_its_connection_or_fails) {
  open(1);
  open(2);
  uut().accept_for(id(2), batch_of({"a", "b"}), ticket(1), now);
  uut().accept_for(id(3), batch_of({"c"}), ticket(2), now);
  flush();
  CAF_CHECK(given(1).empty());
  CAF_CHECK_EQUAL(given(2), (texts{"a", "b"}));
  CAF_CHECK_EQUAL(answers(2), std::vector{errc::no_connection});
  end(2, last_words(1, 0, 1));
  CAF_CHECK_EQUAL(answers(1), (std::vector{errc::none, errc::connection_lost}));
  CAF_CHECK_EQUAL(uut().queued_messages(), 0u);
}

CAF_TEST(pinned_messages_wait_for_their_connections_window) {
  options.window.max_messages = 1;
  options.queue.max_messages = 2;
  open(1);
  uut().accept_for(id(1), batch_of({"a", "b", "c"}), {}, now);
  uut().accept_for(id(1), batch_of({"d"}), {}, now); // drops "b"
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"a"});
  CAF_CHECK_EQUAL(uut().queued_messages(), 2u);
  written(1, 1);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"c"});
  end(1);
  CAF_CHECK_EQUAL(count(errc::connection_lost), 2u);
  CAF_CHECK_EQUAL(count(errc::dropped), 1u);
  CAF_CHECK_EQUAL(totals().pending(), 0u);
}

// -- retiring ------------------------------------------------------------------------------------

CAF_TEST(a_retired_connection_finishes_what_it_has) {
  open(1);
  open(2);
  accept("a");
  flush();
  uut().retire(id(1));
  accept_batch({"b", "c"});
  accept("d");
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"a"});
  CAF_CHECK_EQUAL(given(2), (texts{"b", "c", "d"}));
  CAF_CHECK(!uut().idle(id(1)));
  written(1, 1);
  CAF_CHECK(uut().idle(id(1)));
}

CAF_TEST(a_key_leaves_a_retired_connection_when_its_peer_confirmed_all_of_it) {
  options.schedule = schedule::hash;
  options.window.max_messages = 3;
  open(1);
  accept_keyed("k", {"k1", "k2", "k3", "k4"});
  flush();
  open(2);
  uut().retire(id(1));
  accept_keyed("k", {"k5"});
  accept_keyed("other", {"o1"});
  flush();
  written(1, 3);
  flush();
  CAF_CHECK_EQUAL(given(1), (texts{"k1", "k2", "k3"}));
  CAF_CHECK_EQUAL(given(2), texts{"o1"});
  CAF_CHECK(!uut().idle(id(1)));
  confirmed(1, 3);
  flush();
  CAF_CHECK_EQUAL(given(2), (texts{"k4", "k5"}));
  CAF_CHECK(uut().idle(id(1)));
}

CAF_TEST(the_backlog_of_a_retired_connection_goes_elsewhere_if_its_keys_may) {
  options.schedule = schedule::hash;
  options.window.max_messages = 1;
  open(1);
  accept_keyed("j", {"j1"});
  accept_keyed("k", {"k1", "k2"});
  accept_keyed("j", {"j2"});
  flush();
  open(2);
  uut().retire(id(1));
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"j1"});
  CAF_CHECK_EQUAL(given(2), texts{"k1"});
  confirmed(2, 1);
  flush();
  CAF_CHECK_EQUAL(given(2), texts{"k2"});
  confirmed(1, 1);
  confirmed(2, 2);
  flush();
  CAF_CHECK_EQUAL(given(2), texts{"j2"});
}

CAF_TEST(pinned_messages_still_reach_a_retired_connection) {
  options.window.max_messages = 1;
  open(1);
  uut().accept_for(id(1), batch_of({"a", "b"}), {}, now);
  flush();
  uut().retire(id(1));
  uut().accept_for(id(1), batch_of({"c"}), {}, now);
  for (std::uint64_t n = 1; n <= 3; ++n) {
    CAF_CHECK_EQUAL(given(1), texts{std::string(1, static_cast<char>('a' + n - 1))});
    written(1, n);
    flush();
  }
  CAF_CHECK(uut().idle(id(1)));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace router_endings_test
