// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker_losses

#include "support/broker_fixture.hpp"

namespace broker_losses_test {

// What happens to who is too slow, where messages are dropped.

using namespace wspool;
using namespace wspool::test;

namespace {

const auto lost = R"({"type":"gap"})";

std::string publish(int number) {
  return R"({"type":"publish","channel":"news","data":)" + std::to_string(number) + "}";
}
std::string news(int number) {
  return R"({"type":"event","channel":"news","data":)" + std::to_string(number) + "}";
}

struct fixture : broker_fixture {
  fixture() {
    settings.tell_publisher = false;
    options.backlog = {3, 1'000'000, slow_consumer::drop_oldest};
  }

  /// Somebody publishes the numbers from `first` to `last`, one after the other.
  void publish_all(scripted_client& who, int first, int last) {
    for (int i = first; i <= last; ++i)
      (void)say(who, publish(i));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(broker_losses_tests, fixture)

CAF_TEST(who_was_too_slow_is_told_behind_what_was_kept) {
  start_all();
  auto& ann = member("news");
  auto& bob = v1();
  ann.stop_reading();
  publish_all(bob, 1, 10);
  CAF_CHECK_EQUAL(hear(ann), texts{});
  ann.go_on_reading();
  CAF_CHECK_EQUAL(hear(ann), (texts{news(1), news(8), news(9), news(10), lost}));
  CAF_CHECK_EQUAL(counts().gaps, 1u);
  CAF_CHECK_EQUAL(say(bob, publish(11)), texts{});
  CAF_CHECK_EQUAL(hear(ann), texts{news(11)}); // and nothing more of it
}

CAF_TEST(so_is_who_got_the_oldest) {
  options.backlog.policy = slow_consumer::drop_newest;
  start_all();
  auto& ann = member("news");
  auto& bob = v1();
  ann.stop_reading();
  publish_all(bob, 1, 10);
  ann.go_on_reading();
  CAF_CHECK_EQUAL(hear(ann), (texts{news(1), news(2), news(3), news(4), lost}));
}

CAF_TEST(who_was_not_told_because_that_was_dropped_too_is_told_again) {
  start_all();
  auto& ann = member("news");
  auto& bob = v1();
  ann.stop_reading();
  publish_all(bob, 1, 10);
  // So much is taken that the server goes on to write, and sees that there is room.
  ann.stop_reading(news(1).size() + 2);
  settle();
  CAF_CHECK_EQUAL(counts().gaps, 1u); // on its way
  publish_all(bob, 11, 20);
  ann.go_on_reading();
  CAF_CHECK_EQUAL(hear(ann),
                  (texts{news(1), news(8), news(9), news(10), news(18), news(19), news(20), lost}));
  CAF_CHECK_EQUAL(counts().gaps, 2u);
}

CAF_TEST(answers_that_were_dropped_are_told_of_as_well) {
  start_all();
  auto& ann = v1();
  ann.stop_reading();
  for (int i = 0; i < 10; ++i)
    (void)say(ann, R"({"type":"ping"})");
  ann.go_on_reading();
  const auto heard = hear(ann);
  CAF_REQUIRE_EQUAL(heard.size(), 5u);
  CAF_CHECK_EQUAL(heard.back(), lost);
}

CAF_TEST(each_dialect_tells_it_in_its_words_if_it_has_some) {
  start_all();
  auto& thin = arrive("thinws");
  (void)say(thin, R"({"messageID":2,"type":"subscribe","roomID":"news"})");
  auto& other = arrive("channels");
  (void)say(other, R"({"action":"subscribe","channel":"news"})");
  auto& bob = v1();
  thin.stop_reading();
  other.stop_reading();
  publish_all(bob, 1, 10);
  thin.go_on_reading();
  other.go_on_reading();
  CAF_CHECK_EQUAL(hear(thin).size(), 4u);
  const auto heard = hear(other);
  CAF_REQUIRE_EQUAL(heard.size(), 5u);
  CAF_CHECK_EQUAL(heard.back(), R"({"channel":"system","data":{"type":"gap"}})");
}

CAF_TEST(an_answer_that_is_too_large_for_the_server_is_told_of_too) {
  options.backlog = {};
  options.limits.max_message_bytes = 20'000;
  start_all();
  auto& ann = v1();
  for (int i = 0; i < 200; ++i)
    script->channels[{"default", "crowd"}].people.push_back(
      {"connection " + std::to_string(i), std::string(100, 'x')});
  CAF_CHECK_EQUAL(say(ann, R"({"type":"presence","id":1,"channel":"crowd"})"), texts{lost});
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace broker_losses_test
