// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE memory_backplane

// What the conformance suite does not see: times, and the actor's end.

#include <wspool/backplane.hpp>
#include <wspool/pool.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/virtual_time.hpp"

namespace memory_backplane_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace {

struct test_config : caf::actor_system_config {
  test_config() { prepare(*this); }
};

struct fixture : virtual_time<test_config> {
  fixture() { options.history = {.max_messages = 10, .max_bytes = 1'000, .max_age = 60s}; }

  ~fixture() override {
    for (auto& helper : helpers)
      caf::anon_send_exit(helper, caf::exit_reason::kill);
    consume_messages();
  }

  void start() { tested = spawn_memory_backplane(sys, options); }

  template <class T, class... Ts>
  T ask(Ts... xs) {
    auto result = std::make_shared<std::optional<T>>();
    helpers.push_back(sys.spawn([=, this](caf::event_based_actor* asker) {
      compat::ask(asker, tested, caf::infinite, xs...).then([=](const T& x) { *result = x; });
    }));
    consume_messages();
    CAF_REQUIRE(result->has_value());
    return **result;
  }

  publish_outcome publish(const channel_ref& channel) {
    publish_batch batch;
    batch.orders.push_back({channel, "x", {}});
    return ask<publish_outcomes>(publish_atom_v, batch).outcomes.at(0);
  }

  backplane_options options;
  backplane_actor tested;
  std::vector<caf::actor> helpers;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(memory_backplane_tests, fixture)

CAF_TEST(time_alone_makes_it_forget) {
  options.max_channels = 1;
  start();
  const auto first = publish({"", "a"}).place;
  advance_time(61s);
  consume_messages();
  // Nothing was asked for meanwhile: the alarm of its own made it look.
  CAF_CHECK(!next_timeout().has_value());
  CAF_CHECK_NOT_EQUAL(publish({"", "a"}).place.epoch, first.epoch);
}

CAF_TEST(it_ends_when_nobody_refers_to_it_though_it_still_has_something_to_forget) {
  start();
  publish({"", "a"});
  CAF_CHECK(next_timeout().has_value());
  auto ended = std::make_shared<bool>(false);
  caf::actor_cast<caf::abstract_actor*>(tested)->attach_functor([=] { *ended = true; });
  for (auto& helper : std::exchange(helpers, {}))
    caf::anon_send_exit(helper, caf::exit_reason::kill);
  consume_messages();
  tested = nullptr;
  consume_messages();
  CAF_CHECK(*ended);
  advance_time(61s); // the alarm rings for nobody
  consume_messages();
}

CAF_TEST(options_are_checked) {
  options.max_channels = 0;
  std::string told;
  try {
    start();
  } catch (const invalid_options& e) {
    told = e.what();
  }
  CAF_CHECK(told.find("max_channels") != std::string::npos);
  options = {};
  options.history.max_age = 0ms;
  CAF_CHECK_EQUAL(validate(options).detail.substr(0, 16), "history.max_age:");
  CAF_CHECK(!validate(backplane_options{}));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace memory_backplane_test
