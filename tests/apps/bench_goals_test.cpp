// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE bench_goals

#include "bench/goals.hpp"

#include "support/unit_test.hpp"

#include <algorithm>
#include <string>

namespace bench_goals_test {

using namespace wspool::bench;

namespace {

sample of_rate(double rate, double cpu_ns) {
  sample result;
  result.messages = rate;
  result.seconds = 1;
  result.cpu_seconds = rate * cpu_ns * 1e-9;
  return result;
}

case_result result_of(const std::string& name, sample beast, sample pool) {
  case_result result;
  result.what = find_case(name);
  result.clients = {{competitor::beast, {beast}, beast}, {competitor::wspool, {pool}, pool}};
  return result;
}

verdict only(const std::vector<verdict>& all, const std::string& text) {
  auto has_text = [&](const verdict& x) { return x.what->text == text; };
  auto found = std::find_if(all.begin(), all.end(), has_text);
  CAF_REQUIRE(found != all.end());
  return *found;
}

constexpr auto rate_goal = "send-batch/64B/4c: messages/s beside beast";
constexpr auto cpu_goal = "send-batch/64B/4c: CPU/message beside beast";

} // namespace

CAF_TEST(only_goals_with_a_measured_case_are_judged) {
  CAF_CHECK(judge({}).empty());
  auto all = judge({result_of("send-batch/64B/4c", of_rate(1, 1), of_rate(1, 1))});
  CAF_CHECK_EQUAL(all.size(), 3u);
}

CAF_TEST(ratios_meet_a_goal_or_miss_it) {
  auto good = judge({result_of("send-batch/64B/4c", of_rate(4e5, 2000), of_rate(4e6, 150))});
  CAF_CHECK(only(good, rate_goal).met());
  CAF_CHECK(only(good, cpu_goal).met());
  auto bad = judge({result_of("send-batch/64B/4c", of_rate(4e5, 2000), of_rate(3e6, 250))});
  CAF_CHECK(!only(bad, rate_goal).met());
  CAF_CHECK(!only(bad, cpu_goal).met());
  CAF_CHECK_EQUAL(*only(bad, rate_goal).measured, 7.5);
}

CAF_TEST(a_goal_without_its_rival_is_neither_met_nor_measured) {
  auto all = judge({result_of("send-batch/64B/4c", of_rate(1, 1), of_rate(1, 1))});
  auto beside_node = only(all, "send-batch/64B/4c: messages/s beside node-pool");
  CAF_CHECK(!beside_node.measured);
  CAF_CHECK(!beside_node.met());
}

CAF_TEST(a_client_that_failed_has_no_result) {
  sample failed;
  failed.error = "connections were lost";
  auto all = judge({result_of("send-batch/64B/4c", of_rate(1, 1), failed)});
  CAF_CHECK(!only(all, rate_goal).measured);
}

CAF_TEST(a_family_is_flat_if_it_gets_no_worse) {
  std::vector<case_result> all;
  auto cpu_ns = [](std::size_t window) {
    return window == 10 ? 900.0 : window == 10'000 ? 550.0 : 500.0;
  };
  for (auto& x : all_cases())
    if (x.family == "depth")
      all.push_back(result_of(x.name(), {}, of_rate(1e6, cpu_ns(x.window))));
  auto text = "depth/64B/1c/10q and on: CPU/message, worst change";
  auto flat = only(judge(all), text);
  CAF_CHECK(flat.met());
  CAF_CHECK(*flat.measured > 1.09 && *flat.measured < 1.11);
  all.pop_back(); // a part says nothing about the whole
  CAF_CHECK(!only(judge(all), text).measured);
}

} // namespace bench_goals_test
