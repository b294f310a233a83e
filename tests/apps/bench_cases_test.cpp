// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE bench_cases

#include "bench/bench_case.hpp"
#include "bench/goals.hpp"

#include "support/unit_test.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <stdexcept>

namespace bench_cases_test {

using namespace wspool::bench;

namespace {

std::vector<std::string> names(const case_selection& selection) {
  std::vector<std::string> result;
  for (auto& x : select(all_cases(), selection))
    result.push_back(x.name());
  return result;
}

template <class Error, class F>
bool throws(F f) {
  try {
    f();
  } catch (const Error&) {
    return true;
  }
  return false;
}

using texts = std::vector<std::string>;

} // namespace

CAF_TEST(no_two_cases_have_the_same_name) {
  std::set<std::string> seen;
  for (auto& x : all_cases())
    CAF_CHECK_EQUAL(seen.insert(x.name()).second, true);
}

CAF_TEST(a_case_is_found_by_its_name) {
  for (auto& x : all_cases())
    CAF_CHECK_EQUAL(find_case(x.name()).name(), x.name());
  CAF_CHECK(throws<std::invalid_argument>([] { (void)find_case("send/65B/1c"); }));
}

CAF_TEST(a_selection_without_conditions_is_everything) {
  CAF_CHECK_EQUAL(names({}).size(), all_cases().size());
}

CAF_TEST(patterns_select_by_name) {
  CAF_CHECK_EQUAL(names({{"^send-batch/64B"}, {}, {}}),
                  (texts{"send-batch/64B/1c", "send-batch/64B/4c", "send-batch/64B/4c/tls"}));
  CAF_CHECK_EQUAL(names({{"^idle", "^connect"}, {}, {}}), (texts{"connect/1000c", "idle/1000c"}));
  CAF_CHECK_EQUAL(names({{"nothing of that"}, {}, {}}), texts{});
  CAF_CHECK(throws<std::regex_error>([] { names({{"("}, {}, {}}); }));
}

CAF_TEST(sizes_and_connections_narrow_the_selection) {
  CAF_CHECK_EQUAL(names({{"^send/"}, {1024}, {1}}), texts{"send/1KiB/1c"});
  CAF_CHECK_EQUAL(names({{}, {}, {1000}}), (texts{"connect/1000c", "idle/1000c"}));
  // What has no messages has no size either.
  CAF_CHECK_EQUAL(names({{}, {64}, {1000}}), texts{});
}

CAF_TEST(the_path_tells_the_peer_what_to_do) {
  CAF_CHECK_EQUAL(find_case("send/1KiB/1c").path(), "/discard");
  CAF_CHECK_EQUAL(find_case("receive/1KiB/4c").path(), "/flood/1024");
  CAF_CHECK_EQUAL(find_case("echo/64B/1c").path(), "/echo");
  CAF_CHECK_EQUAL(find_case("idle/1000c").path(), "/discard");
}

CAF_TEST(every_client_has_a_name) {
  for (auto who :
       {competitor::beast, competitor::node_ws, competitor::node_pool, competitor::wspool}) {
    competitor found{};
    CAF_CHECK(from_string(to_string(who), found));
    CAF_CHECK(found == who);
  }
  competitor unknown{};
  CAF_CHECK(!from_string("websocketpp", unknown));
}

CAF_TEST(the_pool_takes_part_everywhere) {
  for (auto& x : all_cases()) {
    auto all = competitors_of(x);
    CAF_CHECK_EQUAL(std::count(all.begin(), all.end(), competitor::wspool), 1);
  }
}

CAF_TEST(goals_are_measured_by_cases_that_exist) {
  std::set<std::string> needed;
  for (auto& x : all_goals())
    for (auto& name : x.cases) {
      CAF_CHECK_EQUAL(find_case(name).name(), name);
      needed.insert(name);
    }
  CAF_CHECK_EQUAL(cases_of_goals().size(), needed.size());
}

} // namespace bench_cases_test
