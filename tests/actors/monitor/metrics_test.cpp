// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE metrics

#include "support/unit_test.hpp"

#include "monitor/metrics.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace metrics_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

using labels = std::map<std::string, std::string>;

/// Prometheus' text format, read strictly: the first line that is not of it is kept as `bad_line`.
class scraped {
public:
  struct sample {
    std::string name;
    labels by;
    double value = 0;
  };

  explicit scraped(const std::string& text) {
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
      if (!take(line) && bad_line.empty())
        bad_line = line;
    if (text.empty() || text.back() != '\n')
      bad_line = "no line feed at the end";
  }

  std::string bad_line;
  std::vector<sample> samples;
  std::map<std::string, std::string> kinds; ///< by family
  std::map<std::string, std::string> helps;

  /// The value of the sample with just these labels (the pool's, if none is named, is "pool").
  [[nodiscard]] std::optional<double> get(const std::string& name, labels by = {}) const {
    by.emplace("pool", "pool");
    for (const auto& s : samples)
      if (s.name == name && s.by == by)
        return s.value;
    return std::nullopt;
  }

  /// The family that a sample belongs to.
  [[nodiscard]] std::string family_of(const std::string& name) const {
    for (const char* suffix : {"_bucket", "_sum", "_count"})
      if (name.ends_with(suffix))
        if (auto base = name.substr(0, name.rfind('_')); kinds.count(base) != 0)
          return base;
    return name;
  }

private:
  bool take(const std::string& line) {
    std::istringstream in{line};
    std::string mark, what, name, rest;
    if (!line.starts_with("#"))
      return take_sample(line);
    if (!(in >> mark >> what >> name) || mark != "#" || !std::getline(in >> std::ws, rest))
      return false;
    if (what == "HELP")
      return helps.emplace(name, rest).second;
    return what == "TYPE" && kinds.emplace(name, rest).second;
  }

  bool take_sample(const std::string& line) {
    sample result;
    auto at = line.find_first_of("{ ");
    if (at == std::string::npos || at == 0)
      return false;
    result.name = line.substr(0, at);
    if (line[at] == '{' && !take_labels(line, ++at, result.by))
      return false;
    if (at >= line.size() || line[at] != ' ')
      return false;
    std::size_t used = 0;
    const auto number = line.substr(at + 1);
    result.value = std::stod(number, &used);
    samples.push_back(std::move(result));
    return used == number.size();
  }

  static bool take_labels(const std::string& line, std::size_t& at, labels& into) {
    while (at < line.size() && line[at] != '}') {
      const auto equals = line.find("=\"", at);
      if (equals == std::string::npos)
        return false;
      const auto name = line.substr(at, equals - at);
      std::string value;
      for (at = equals + 2; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] == '\\')
          ++at;
        value += line[at - 1] == '\\' && line[at] == 'n' ? '\n' : line[at];
      }
      if (!into.emplace(name, value).second || ++at > line.size())
        return false;
      if (line[at] == ',')
        ++at;
    }
    return at++ < line.size();
  }
};

histogram of(std::initializer_list<std::chrono::nanoseconds> values) {
  histogram result;
  for (auto x : values)
    result.record(x);
  return result;
}

/// A pool that has lived: something in every field.
pool_stats lived() {
  pool_stats x;
  x.pool = "pool";
  x.accepted = 100;
  x.sent = 80;
  x.failed = 15;
  x.pending = 5;
  x.resent = 3;
  x.received = 40;
  x.failures = {{"queue_full", 4}, {"connection_lost", 11}};
  x.queued_messages = 2;
  x.queued_bytes = 512;
  x.reconnects = 6;
  x.closes = {
    {1000, initiator::local, 2}, {1000, initiator::remote, 1}, {1006, initiator::remote, 7}};
  x.total_traffic.messages_out = 90;
  x.total_traffic.binary_out = 30;
  x.total_traffic.bytes_out = 9'000;
  x.total_traffic.messages_in = 40;
  x.total_traffic.binary_in = 40;
  x.total_traffic.bytes_in = 4'000;
  x.round_trip = of({200us, 300us});
  x.send_wait = of({1us, 2ms, 3s});
  x.connection_duration = of({90s, 2h});
  x.reconnect_delay = of({1s, 2s});
  x.endpoints.resize(2);
  x.endpoints[0].endpoint = "ws://127.0.0.1:9001";
  x.endpoints[0].attempts = {{"ok", 8}, {"connect_failed", 2}};
  x.endpoints[0].connect_duration = of({1ms, 4ms});
  x.endpoints[1].endpoint = "wss://example.org:443";
  x.endpoints[1].attempts = {{"upgrade_refused", 1}};
  x.connections.resize(3);
  x.connections[0].id = {17, 4711};
  x.connections[0].endpoint = "ws://127.0.0.1:9001";
  x.connections[0].state = slot_state::open;
  x.connections[1].id = {18, 4712};
  x.connections[1].endpoint = "ws://127.0.0.1:9001";
  x.connections[1].state = slot_state::open;
  x.connections[2].id = {19, 4713};
  x.connections[2].endpoint = "wss://example.org:443";
  x.connections[2].state = slot_state::waiting;
  return x;
}

scraped scrape(const pool_stats& x = lived()) { return scraped{render_metrics(x)}; }

} // namespace

/// One sample of the page, by name and labels.
#define CHECK_SAMPLE(page, value, ...)                                                             \
  CAF_CHECK_EQUAL(page.get(__VA_ARGS__).value_or(std::numeric_limits<double>::quiet_NaN()), value)

// -- form -----------------------------------------------------------------------------------------

CAF_TEST(every_line_is_of_the_format_and_every_sample_has_a_described_family) {
  const auto page = scrape();
  CAF_CHECK_EQUAL(page.bad_line, "");
  CAF_CHECK(!page.samples.empty());
  for (const auto& s : page.samples) {
    const auto family = page.family_of(s.name);
    CAF_CHECK(page.kinds.count(family) == 1 && page.helps.count(family) == 1);
    CAF_CHECK(family.starts_with("wspool_"));
    CAF_CHECK(std::isfinite(s.value));
  }
}

CAF_TEST(the_reader_of_this_test_refuses_what_is_not_the_format) {
  CAF_CHECK_EQUAL(scraped{"a{b=\"c\"} 1\n"}.bad_line, "");
  for (const char* bad : {"a{b=\"c\"} 1", "a{b=\"c} 1\n", "a{b} 1\n", "a 1 2 3\n", "# HELP\n",
                          "# TYPE a counter\n# TYPE a gauge\n", "a{b=\"c\",b=\"d\"} 1\n"})
    CAF_CHECK_NOT_EQUAL(scraped{bad}.bad_line, "");
}

CAF_TEST(the_names_that_the_conventions_promise_are_there) {
  const auto page = scrape();
  const std::map<std::string, std::string> promised{
    {"wspool_connections", "gauge"},
    {"wspool_connect_attempts_total", "counter"},
    {"wspool_connect_duration_seconds", "histogram"},
    {"wspool_connection_duration_seconds", "histogram"},
    {"wspool_closes_total", "counter"},
    {"wspool_reconnect_delay_seconds", "histogram"},
    {"wspool_queue_messages", "gauge"},
    {"wspool_queue_bytes", "gauge"},
    {"wspool_messages_dropped_total", "counter"},
    {"wspool_messages_total", "counter"},
    {"wspool_bytes_total", "counter"},
    {"wspool_send_wait_seconds", "histogram"},
    {"wspool_heartbeat_rtt_seconds", "histogram"},
    {"wspool_build_info", "gauge"},
    {"wspool_accepted_total", "counter"},
    {"wspool_sent_total", "counter"},
    {"wspool_failed_total", "counter"},
    {"wspool_pending", "gauge"},
    {"wspool_resent_total", "counter"},
  };
  for (const auto& [name, kind] : promised) {
    CAF_MESSAGE(name);
    CAF_REQUIRE(page.kinds.count(name) == 1);
    CAF_CHECK_EQUAL(page.kinds.at(name), kind);
  }
}

CAF_TEST(names_say_what_they_are) {
  const auto page = scrape();
  for (const auto& [name, kind] : page.kinds) {
    CAF_MESSAGE(name);
    CAF_CHECK_EQUAL(name.ends_with("_total"), kind == "counter");
    CAF_CHECK_EQUAL(name.ends_with("_seconds"), kind == "histogram");
  }
}

CAF_TEST(no_two_samples_are_the_same) {
  std::set<std::pair<std::string, labels>> seen;
  for (const auto& s : scrape().samples)
    CAF_CHECK(seen.emplace(s.name, s.by).second);
}

CAF_TEST(labels_are_few_and_name_no_connection) {
  const std::set<std::string> allowed{"pool", "endpoint",  "state",   "result",
                                      "code", "initiator", "reason",  "direction",
                                      "type", "le",        "version", "caf"};
  const auto text = render_metrics(lived());
  const scraped page{text};
  for (const auto& s : page.samples)
    for (const auto& [name, value] : s.by) {
      CAF_CHECK(allowed.count(name) == 1);
      CAF_CHECK(!value.empty());
    }
  // The ids of the three connections.
  for (const char* id : {"17.4711", "4711", "4712", "4713"})
    CAF_CHECK(text.find(id) == std::string::npos);
}

CAF_TEST(a_strange_pool_name_is_escaped) {
  auto x = lived();
  x.pool = "a\"b\\c d";
  const auto page = scrape(x);
  CAF_CHECK_EQUAL(page.bad_line, "");
  CHECK_SAMPLE(page, 100.0, "wspool_accepted_total", {{"pool", x.pool}});
}

CAF_TEST(a_pool_that_did_nothing_yet_has_zeros_instead_of_gaps) {
  pool_stats fresh;
  fresh.pool = "pool";
  const auto page = scrape(fresh);
  CAF_CHECK_EQUAL(page.bad_line, "");
  CHECK_SAMPLE(page, 0.0, "wspool_accepted_total");
  CHECK_SAMPLE(page, 0.0, "wspool_messages_total", {{"direction", "out"}, {"type", "binary"}});
  for (const char* reason : {"queue_full", "dropped", "expired"})
    CHECK_SAMPLE(page, 0.0, "wspool_messages_dropped_total", {{"reason", reason}});
  CHECK_SAMPLE(page, 0.0, "wspool_send_wait_seconds_count");
}

// -- content --------------------------------------------------------------------------------------

CAF_TEST(the_account_balances_on_the_page) {
  const auto page = scrape();
  double failed = 0;
  for (const auto& s : page.samples)
    if (s.name == "wspool_failed_total")
      failed += s.value;
  CHECK_SAMPLE(page, 100.0, "wspool_accepted_total");
  CHECK_SAMPLE(page, 80.0, "wspool_sent_total");
  CHECK_SAMPLE(page, 5.0, "wspool_pending");
  CHECK_SAMPLE(page, 3.0, "wspool_resent_total");
  CAF_CHECK_EQUAL(failed, 15.0);
  CHECK_SAMPLE(page, 11.0, "wspool_failed_total", {{"reason", "connection_lost"}});
}

CAF_TEST(dropped_are_only_failures_by_the_pools_own_limits) {
  const auto page = scrape();
  CHECK_SAMPLE(page, 4.0, "wspool_messages_dropped_total", {{"reason", "queue_full"}});
  CAF_CHECK(!page.get("wspool_messages_dropped_total", {{"reason", "connection_lost"}}));
}

CAF_TEST(slots_are_counted_by_endpoint_and_state_with_all_states_listed) {
  const auto page = scrape();
  auto count = [&](const char* endpoint, const char* state) {
    return page.get("wspool_connections", {{"endpoint", endpoint}, {"state", state}}).value_or(-1);
  };
  CAF_CHECK_EQUAL(count("ws://127.0.0.1:9001", "open"), 2);
  CAF_CHECK_EQUAL(count("ws://127.0.0.1:9001", "waiting"), 0);
  CAF_CHECK_EQUAL(count("wss://example.org:443", "waiting"), 1);
  for (const char* state : {"connecting", "open", "draining", "given_up"})
    CAF_CHECK_EQUAL(count("wss://example.org:443", state), 0);
}

CAF_TEST(attempts_have_their_results_and_closes_their_codes) {
  const auto page = scrape();
  CHECK_SAMPLE(page, 8.0, "wspool_connect_attempts_total",
               {{"endpoint", "ws://127.0.0.1:9001"}, {"result", "ok"}});
  CHECK_SAMPLE(page, 1.0, "wspool_connect_attempts_total",
               {{"endpoint", "wss://example.org:443"}, {"result", "upgrade_refused"}});
  CHECK_SAMPLE(page, 2.0, "wspool_closes_total", {{"code", "1000"}, {"initiator", "local"}});
  CHECK_SAMPLE(page, 1.0, "wspool_closes_total", {{"code", "1000"}, {"initiator", "remote"}});
  CHECK_SAMPLE(page, 7.0, "wspool_closes_total", {{"code", "1006"}, {"initiator", "remote"}});
  CHECK_SAMPLE(page, 6.0, "wspool_reconnects_total");
}

CAF_TEST(messages_are_text_unless_they_are_binary) {
  const auto page = scrape();
  auto count = [&](const char* direction, const char* type) {
    return page.get("wspool_messages_total", {{"direction", direction}, {"type", type}})
      .value_or(-1);
  };
  CAF_CHECK_EQUAL(count("out", "text"), 60);
  CAF_CHECK_EQUAL(count("out", "binary"), 30);
  CAF_CHECK_EQUAL(count("in", "text"), 0);
  CAF_CHECK_EQUAL(count("in", "binary"), 40);
  CHECK_SAMPLE(page, 9'000.0, "wspool_bytes_total", {{"direction", "out"}});
  CHECK_SAMPLE(page, 4'000.0, "wspool_bytes_total", {{"direction", "in"}});
}

CAF_TEST(the_build_is_named_once_without_a_pool) {
  const auto page = scrape();
  auto named = std::count_if(page.samples.begin(), page.samples.end(), [](const auto& s) {
    return s.name == "wspool_build_info" && s.value == 1.0 && s.by.count("version") == 1
           && s.by.count("caf") == 1 && s.by.count("pool") == 0;
  });
  CAF_CHECK_EQUAL(named, 1);
}

CAF_TEST(large_counters_keep_all_their_digits) {
  auto x = lived();
  x.accepted = 9'007'199'254'740'991; // 2^53 - 1, the last odd number that a double can hold
  CHECK_SAMPLE(scrape(x), 9'007'199'254'740'991.0, "wspool_accepted_total");
}

// -- histograms -----------------------------------------------------------------------------------

CAF_TEST(durations_beyond_the_last_bound_are_in_the_infinite_bucket) {
  auto x = lived(); // two connections, of 7,290 s together
  x.connection_duration.record(48h);
  const auto page = scrape(x);
  CHECK_SAMPLE(page, 2.0, "wspool_connection_duration_seconds_bucket", {{"le", "86400"}});
  CHECK_SAMPLE(page, 3.0, "wspool_connection_duration_seconds_bucket", {{"le", "+Inf"}});
  CHECK_SAMPLE(page, 3.0, "wspool_connection_duration_seconds_count");
  CHECK_SAMPLE(page, 7'290.0 + 172'800.0, "wspool_connection_duration_seconds_sum");
}

CAF_TEST(each_endpoint_has_its_own_connect_durations) {
  const auto page = scrape();
  CHECK_SAMPLE(page, 2.0, "wspool_connect_duration_seconds_count",
               {{"endpoint", "ws://127.0.0.1:9001"}});
  CHECK_SAMPLE(page, 0.0, "wspool_connect_duration_seconds_count",
               {{"endpoint", "wss://example.org:443"}});
}

CAF_TEST(a_bucket_counts_exactly_what_does_not_exceed_its_bound) {
  const bool good = rc::check("buckets are cumulative and exact", [] {
    // From 100 ns to 1,000 s.
    const auto exponents = *rc::gen::container<std::vector<double>>(rc::gen::map(
      rc::gen::inRange(0, 10'001), [](int x) { return 2.0 + static_cast<double>(x) / 1'000; }));
    pool_stats x;
    x.pool = "pool";
    std::vector<double> values;
    for (auto e : exponents) {
      const std::chrono::nanoseconds value{static_cast<std::int64_t>(std::pow(10.0, e))};
      x.send_wait.record(value);
      values.push_back(std::chrono::duration<double>(value).count());
    }
    const auto page = scrape(x);
    double before = 0;
    std::size_t buckets = 0;
    for (const auto& s : page.samples) {
      if (s.name != "wspool_send_wait_seconds_bucket")
        continue;
      const auto& le = s.by.at("le");
      const auto bound = le == "+Inf" ? std::numeric_limits<double>::infinity() : std::stod(le);
      const auto below = std::count_if(values.begin(), values.end(),
                                       [bound](double v) { return v <= bound * (1 + 1e-12); });
      RC_ASSERT(s.value == static_cast<double>(below));
      RC_ASSERT(s.value >= before);
      before = s.value;
      ++buckets;
    }
    RC_ASSERT(buckets > 10u);
    RC_ASSERT(before == static_cast<double>(values.size()));
    RC_ASSERT(page.get("wspool_send_wait_seconds_count") == before);
  });
  CAF_CHECK(good);
}

} // namespace metrics_test
