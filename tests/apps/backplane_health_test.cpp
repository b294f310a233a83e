// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE backplane_health

#include "support/unit_test.hpp"

#include "serve/backplane_health.hpp"

namespace backplane_health_test {

using namespace wspool;
using namespace wspool::cli;

namespace {

const failure refusal{errc::no_connection, "redis://a:1/0: Redis refused the password"};

} // namespace

CAF_TEST(a_server_that_never_had_its_redis_is_not_ready_and_says_why) {
  backplane_health health;
  CAF_CHECK(!health.state().ready);
  health.on_link(refusal);
  const auto state = health.state();
  CAF_CHECK(!state.ready);
  CAF_CHECK_EQUAL(state.text, "no Redis since the start: Redis refused the password");
}

CAF_TEST(where_its_redis_is_concerns_nobody) {
  backplane_health health;
  health.on_link({errc::connect_failed, "10.1.2.3:6379: Connection refused"});
  CAF_CHECK(health.state().text.ends_with(describe(errc::connect_failed)));
  CAF_CHECK_EQUAL(health.state().text.find("10.1.2.3"), std::string::npos);
}

CAF_TEST(a_server_that_has_its_redis_is_ready) {
  backplane_health health;
  health.on_link(refusal);
  health.on_link({});
  CAF_CHECK(health.state().ready);
  CAF_CHECK_EQUAL(health.state().text, "ready");
}

CAF_TEST(a_server_that_lost_its_redis_stays_ready_and_says_so) {
  backplane_health health;
  health.on_link({});
  health.on_link(refusal);
  CAF_CHECK(health.state().ready);
  CAF_CHECK_EQUAL(health.state().text, "ready, but without Redis: Redis refused the password");
  health.on_link({});
  CAF_CHECK_EQUAL(health.state().text, "ready");
}

} // namespace backplane_health_test
