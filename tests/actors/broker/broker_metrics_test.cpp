// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker_metrics

#include "support/broker_fixture.hpp"

#include <sstream>

namespace broker_metrics_test {

// The broker's part of the server's /metrics.

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : broker_fixture {
  /// The value of a sample of the server's text, by its name and labels; "": there is none.
  std::string sample(const std::string& what) {
    std::istringstream text{hub_fixture::ask<std::string>(metrics_atom_v)};
    for (std::string line; std::getline(text, line);)
      if (line.starts_with(what + " "))
        return line.substr(what.size() + 1);
    return {};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(broker_metrics_tests, fixture)

CAF_TEST(the_servers_text_has_the_broker_and_the_backplane_in_it) {
  settings.name = "chat";
  script->keeps_history = true;
  start_all();
  auto& ann = member("news");
  (void)arrive("thinws");
  (void)say(ann, R"({"type":"publish","channel":"news","data":1})");
  (void)say(ann,
            R"({"type":"subscribe","id":1,"channel":"news","recover":{"epoch":"e","offset":0}})",
            R"({"type":"subscribe","id":2,"channel":"news","recover":{"epoch":"?","offset":0}})",
            R"({"type":"query","id":3,"name":"price"})", "{");
  CAF_CHECK_EQUAL(sample(R"(wspool_server_clients{server="server"})"), "2");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_clients{dialect="v1",broker="chat"})"), "1");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_clients{dialect="thinws",broker="chat"})"), "1");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_clients{dialect="channels",broker="chat"})"), "0");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_channels{broker="chat"})"), "1");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_subscriptions{broker="chat"})"), "1");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_published_total{broker="chat"})"), "1");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_duplicates_total{broker="chat"})"), "0");
  CAF_CHECK_EQUAL(sample(R"(wspool_recoveries_total{result="recovered",broker="chat"})"), "1");
  CAF_CHECK_EQUAL(sample(R"(wspool_recoveries_total{result="not_recovered",broker="chat"})"), "1");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_queries_total{outcome="not_found",broker="chat"})"), "1");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_rejected_total{broker="chat"})"), "2");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_abuse_closes_total{broker="chat"})"), "0");
  CAF_CHECK_EQUAL(sample(R"(wspool_broker_gaps_total{broker="chat"})"), "0");
  CAF_CHECK_EQUAL(sample(R"(wspool_backplane_up{kind="scripted",broker="chat"})"), "1");
  CAF_CHECK_EQUAL(sample(R"(wspool_backplane_lag_seconds{broker="chat"})"), "0.25");
  CAF_CHECK_EQUAL(sample(R"(wspool_backplane_reconnects_total{broker="chat"})"), "3");
}

CAF_TEST(a_backplane_that_does_not_answer_is_left_out) {
  start_all();
  script->held = {"stats"};
  const auto answer = begin<std::string>(metrics_atom_v);
  CAF_CHECK(!answer->value);
  advance(1s);
  CAF_REQUIRE(answer->value.has_value());
  CAF_CHECK(answer->value->find("wspool_broker_clients") != std::string::npos);
  CAF_CHECK(answer->value->find("wspool_backplane_up") == std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace broker_metrics_test
