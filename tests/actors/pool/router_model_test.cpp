// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE router_model

#include "support/unit_test.hpp"

#include "router_model.hpp"

#include <rapidcheck.h>

#include <exception>
#include <string>
#include <tuple>
#include <vector>

namespace router_model_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

using spec = test::router_model::message_spec;

/// What happens next, and four numbers to choose how.
using step = std::tuple<unsigned, unsigned, unsigned, unsigned, unsigned>;

rc::Gen<step> any_step() {
  const auto number = rc::gen::inRange(0u, 64u);
  return rc::gen::tuple(rc::gen::inRange(0u, 20u), number, number, number, number);
}

spec spec_from(unsigned how, unsigned key, std::size_t size_unit) {
  static const std::vector<std::string> keys{"", "a", "b", "c", "d"};
  spec result;
  result.key = keys[key % keys.size()];
  result.bytes = 8 + how % 4 * size_unit;
  if (how >= 56)
    result.bytes = 5'000; // not copied
  if (how == 63)
    result.bytes = 7'000; // above the limit
  result.policy = static_cast<delivery>(how / 4 % 3);
  result.time_to_live = how / 12 % 3 == 2 ? std::chrono::milliseconds{how} : 0ms;
  return result;
}

accept_mode mode_from(unsigned how) {
  accept_mode mode;
  mode.ticket = how % 4 != 0;
  mode.is_delivery = how / 4 % 2 != 0;
  mode.want_written = how / 8 % 2 != 0;
  mode.want_confirmed = how / 16 % 4 == 3;
  return mode;
}

std::vector<spec> specs_from(unsigned how, unsigned count, bool keyed) {
  std::vector<spec> result;
  for (unsigned i = 0; i <= count % 7; ++i)
    result.push_back(spec_from((how + 5 * i) % 64, keyed ? how / 5 + i : 0, 10));
  return result;
}

void perform(test::router_model& model, const step& s) {
  const auto [what, a, b, c, d] = s;
  switch (what) {
    case 0:
      model.open(a % 3 == 0);
      break;
    case 1:
      model.retire(a);
      break;
    case 2:
      model.end(a, b % 8, c % 8, d % 8, d % 5 == 0);
      break;
    case 3:
      model.pass_time(std::chrono::milliseconds{a});
      break;
    case 4:
      model.accept_for(a, specs_from(b, c % 3, false), mode_from(d));
      break;
    case 5:
      model.accept_batch(specs_from(a, b, false), mode_from(c));
      break;
    case 6:
      model.accept_batch(specs_from(a, b, true), mode_from(c));
      break;
    case 7:
      if (a == 0)
        model.fail_all();
      break;
    case 8:
    case 9:
    case 10:
    case 11:
      model.advance(a, b % 16, c % 16, d % 8 == 0 ? b : 0);
      break;
    case 12:
    case 13:
    case 14:
      model.flush();
      break;
    default:
      model.accept(spec_from(a, b, 10), mode_from(c), d % 2 == 0);
  }
}

pool_options any_options() {
  pool_options options;
  options.schedule = *rc::gen::element(schedule::round_robin, schedule::random, schedule::weighted,
                                       schedule::least_pending, schedule::power_of_two,
                                       schedule::lowest_rtt, schedule::failover, schedule::hash);
  options.policy = *rc::gen::element(delivery::at_most_once, delivery::at_least_once);
  options.seed = *rc::gen::arbitrary<std::uint64_t>();
  options.connect.limits.max_message_bytes = 6'000;
  options.queue.max_messages = *rc::gen::element(0, 1, 3, 8, 50);
  options.queue.max_bytes = *rc::gen::element(30, 100, 6'000, 50'000);
  options.queue.overflow = *rc::gen::element(overflow::drop_oldest, overflow::drop_newest,
                                             overflow::reject, overflow::block);
  options.window.max_messages = *rc::gen::element(1, 2, 5, 40);
  options.window.max_bytes = *rc::gen::element(20, 60, 1'000, 20'000);
  options.ejection.slow_start = 50ms;
  return options;
}

std::string text_of(const pool_options& x) {
  return std::string{to_string(x.schedule)} + ", " + std::string{to_string(x.queue.overflow)}
         + (x.policy == delivery::at_least_once ? ", at least once" : ", at most once")
         + ", queue of " + std::to_string(x.queue.max_messages) + " or "
         + std::to_string(x.queue.max_bytes) + " bytes, window of "
         + std::to_string(x.window.max_messages) + " or " + std::to_string(x.window.max_bytes)
         + " bytes";
}

/// Lives through a random story; returns what was broken.
std::string live_through(const pool_options& options, const std::vector<step>& story) {
  try {
    test::router_model model{options};
    for (const auto& s : story) {
      perform(model, s);
      model.check();
    }
    model.settle_everything();
  } catch (const std::exception& e) {
    return e.what();
  }
  return {};
}

} // namespace

CAF_TEST(whatever_happens_the_promises_hold) {
  CAF_CHECK(rc::check("in small stories", [] {
    const auto options = any_options();
    RC_LOG() << text_of(options);
    const auto story = *rc::gen::container<std::vector<step>>(any_step());
    RC_ASSERT(live_through(options, story) == "");
  }));
  CAF_CHECK(rc::check("in long stories", [] {
    const auto options = any_options();
    RC_LOG() << text_of(options);
    const auto story = *rc::gen::container<std::vector<step>>(400, any_step());
    RC_ASSERT(live_through(options, story) == "");
  }));
}

} // namespace router_model_test
