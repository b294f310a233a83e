// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_options

#include "support/unit_test.hpp"

#include <wspool/pool_options.hpp>

#include <functional>
#include <limits>
#include <set>

namespace pool_options_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

pool_options good_options() {
  pool_options result;
  result.endpoints.push_back({"ws://localhost:9001/chat", 2, 1, 0});
  result.endpoints.push_back({"wss://example.org", 5, 3, 1});
  return result;
}

/// The error's detail after one change to good options, or "good".
std::string after(const std::function<void(pool_options&)>& change) {
  auto options = good_options();
  change(options);
  auto bad = validate(options);
  if (!bad)
    return "good";
  if (bad.code != errc::invalid_option && bad.code != errc::invalid_url)
    return "code " + to_string(bad.code);
  return bad.detail;
}

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

} // namespace

/// The change is refused with a detail that begins with the field and its value.
#define CHECK_REFUSED(change, begin)                                                               \
  do {                                                                                             \
    auto detail = after([](pool_options& x) { change; });                                          \
    CAF_CHECK_EQUAL(detail.substr(0, std::string_view{begin}.size()), begin);                      \
  } while (false)

#define CHECK_GOOD(change) CAF_CHECK_EQUAL(after([](pool_options& x) { change; }), "good")

CAF_TEST(the_defaults_with_an_endpoint_are_good) {
  pool_options options;
  options.endpoints.push_back({"ws://localhost", 5, 1, 0});
  CAF_CHECK_EQUAL(validate(options).message(), failure{}.message());
  CAF_CHECK_EQUAL(after([](pool_options&) {}), "good");
}

CAF_TEST(a_pool_has_a_name) {
  CHECK_REFUSED(x.name.clear(), "name: \"\": expected 1 to 128 bytes");
  CHECK_REFUSED(x.name = "a\nb", "name: \"a\nb\"");
  CHECK_REFUSED(x.name = std::string(1'000, 'x'), "name: \"xxx");
  CHECK_GOOD(x.name = "größe");
}

CAF_TEST(a_pool_may_get_its_endpoints_later) { CHECK_GOOD(x.endpoints.clear()); }

CAF_TEST(each_endpoint_is_checked_and_named_by_its_place) {
  CHECK_REFUSED(x.endpoints[1].url = "ftp://example.org", "endpoints[1].url: ");
  CHECK_REFUSED(x.endpoints[1].connections = 0, "endpoints[1].connections: \"0\": expected 1 to ");
  CHECK_REFUSED(x.endpoints[0].connections = 100'001, "endpoints[0].connections: \"100001\"");
  CHECK_REFUSED(x.endpoints[0].weight = 0, "endpoints[0].weight: \"0\": expected 1 to 1000000");
}

CAF_TEST(a_bad_url_has_the_code_of_bad_urls) {
  auto options = good_options();
  options.endpoints[0].url = "";
  CAF_CHECK(validate(options).code == errc::invalid_url);
}

CAF_TEST(an_endpoint_is_listed_once) {
  CHECK_REFUSED(x.endpoints[1].url = "ws://user:secret@localhost:9001/chat",
                "endpoints[1].url: \"ws://localhost:9001/chat\": expected another URL than that of "
                "endpoints[0]");
}

CAF_TEST(reconnecting_is_bounded_from_below) {
  CHECK_REFUSED(x.reconnect.initial = 0ms, "reconnect.initial: \"0s\": expected 1ms to ");
  CHECK_REFUSED(x.reconnect.initial = -1s, "reconnect.initial: \"-1s\"");
  CHECK_REFUSED(x.reconnect.maximum = 999ms, "reconnect.maximum: \"999ms\": expected 1s to ");
  CHECK_REFUSED(x.reconnect.multiplier = 0.5, "reconnect.multiplier: \"0.5\": expected 1 to 1000");
  CHECK_REFUSED(x.reconnect.multiplier = nan, "reconnect.multiplier: \"");
  CHECK_REFUSED(x.reconnect.minimum_uptime = -1ms, "reconnect.minimum_uptime: \"-1ms\"");
  CHECK_GOOD(x.reconnect.multiplier = 1.0);
  CHECK_GOOD(x.reconnect.attempts = 0);
}

CAF_TEST(durations_that_would_overflow_a_clock_are_refused) {
  CHECK_REFUSED(x.reconnect.maximum = std::chrono::milliseconds::max(), "reconnect.maximum: ");
  CHECK_REFUSED(x.heartbeat.interval = std::chrono::milliseconds::max(), "heartbeat.interval: ");
  CHECK_REFUSED(x.ejection.maximum = std::chrono::milliseconds::max(), "ejection.maximum: ");
  CHECK_REFUSED(x.rotation.max_age = std::chrono::milliseconds::max(), "rotation.max_age: ");
  CHECK_REFUSED(x.monitor.history = std::chrono::milliseconds::max(), "monitor.history: ");
}

CAF_TEST(the_policys_overrides_name_codes_and_statuses_that_exist) {
  CHECK_REFUSED(x.retry.close_codes[999] = retry_action::reconnect,
                "retry.close_codes: \"999\": expected 1000 to 4999");
  CHECK_REFUSED(x.retry.statuses[600] = retry_action::reconnect,
                "retry.statuses: \"600\": expected 100 to 599");
  CHECK_REFUSED(x.retry.close_codes[4000] = static_cast<retry_action>(77),
                "retry.close_codes[4000]: \"77\"");
  CHECK_GOOD(x.retry.close_codes[4000] = retry_action::give_up);
}

CAF_TEST(a_heartbeat_has_a_timeout_unless_it_is_off) {
  CHECK_REFUSED(x.heartbeat.timeout = 0ms, "heartbeat.timeout: \"0s\": expected 1ms to ");
  CHECK_REFUSED(x.heartbeat.interval = -1ms, "heartbeat.interval: \"-1ms\"");
  CHECK_GOOD(x.heartbeat.interval = 0ms; x.heartbeat.timeout = 0ms);
}

CAF_TEST(a_queue_may_be_switched_off_but_not_be_without_bounds) {
  CHECK_GOOD(x.queue.max_messages = 0);
  CHECK_REFUSED(x.queue.max_bytes = 0, "queue.max_bytes: \"0\": expected 1 or more");
  CHECK_REFUSED(x.queue.overflow = static_cast<overflow>(9),
                "queue.overflow: \"9\": expected drop");
}

CAF_TEST(water_marks_are_shares_and_in_order) {
  CHECK_REFUSED(x.queue.high_water = 1.5, "queue.high_water: \"1.5\": expected 0 to 1");
  CHECK_REFUSED(x.queue.low_water = -0.5, "queue.low_water: \"-0.5\"");
  CHECK_REFUSED(x.queue.low_water = 0.9,
                "queue.low_water: \"0.9\": expected less than queue.high_water (0.8)");
  CHECK_REFUSED(x.queue.high_water = nan, "queue.high_water: ");
}

CAF_TEST(windows_let_something_through) {
  CHECK_REFUSED(x.window.max_messages = 0, "window.max_messages: \"0\"");
  CHECK_REFUSED(x.window.max_bytes = 0, "window.max_bytes: \"0\"");
  CHECK_REFUSED(x.window.max_unread_bytes = 0, "window.max_unread_bytes: \"0\"");
}

CAF_TEST(ejections_have_a_length_unless_they_are_off) {
  CHECK_REFUSED(x.ejection.base = 0ms, "ejection.base: \"0s\"");
  CHECK_REFUSED(x.ejection.maximum = 1s, "ejection.maximum: \"1s\": expected 30s to ");
  CHECK_REFUSED(x.ejection.slow_start = -1ms, "ejection.slow_start: \"-1ms\"");
  CHECK_GOOD(x.ejection.failures = 0; x.ejection.base = 0ms);
}

CAF_TEST(rotation_leaves_some_of_the_age) {
  CHECK_REFUSED(x.rotation.jitter = 1.0, "rotation.jitter: \"1\": expected 0 to 0.9");
  CHECK_REFUSED(x.rotation.max_age = -1s, "rotation.max_age: \"-1s\"");
}

CAF_TEST(the_monitors_memory_is_bounded) {
  CHECK_REFUSED(x.monitor.interval = 1ms;
                x.monitor.history = 24h,
                "monitor.history: \"1d\": expected at most 100000 times monitor.interval (1ms)");
  CHECK_GOOD(x.monitor.interval = 0ms; x.monitor.history = 24h);
}

CAF_TEST(enumerations_have_known_values) {
  CHECK_REFUSED(x.schedule = static_cast<schedule>(50), "schedule: \"50\"");
  CHECK_REFUSED(x.policy = delivery::pool_default, "policy: \"0\": expected at-most-once or");
  CHECK_GOOD(x.policy = delivery::at_least_once);
}

CAF_TEST(connections_options_are_checked_under_their_name) {
  CHECK_REFUSED(x.connect.deflate.level = 99; x.connect.deflate.enabled = true, "connect.");
}

CAF_TEST(files_are_loaded_before_anything_is_connected) {
  const auto file = [](const std::string& name) { return WSPOOL_TEST_CERTIFICATES "/" + name; };
  const auto detail_of = [](const tls_options& tls) {
    auto options = good_options();
    options.connect.tls = tls;
    auto bad = validate(options);
    CAF_CHECK(!bad || bad.code == errc::tls_configuration);
    return bad.detail;
  };
  tls_options tls;
  tls.ca_file = file("ca.pem");
  CAF_CHECK_EQUAL(detail_of(tls), "");
  tls.ca_file = __FILE__; // readable, but no certificate
  CAF_CHECK(detail_of(tls).starts_with("connect.tls.ca_file: "));
  tls.ca_file.clear();
  tls.certificate_file = file("ca.pem"); // without its key
  CAF_CHECK(detail_of(tls).starts_with("connect.tls.key_file: "));
}

CAF_TEST(every_overflow_has_a_name_that_leads_back_to_it) {
  std::set<std::string_view> names;
  for (auto value :
       {overflow::drop_oldest, overflow::drop_newest, overflow::reject, overflow::block}) {
    auto parsed = value == overflow::block ? overflow::reject : overflow::block;
    CAF_CHECK(from_string(to_string(value), parsed));
    CAF_CHECK(parsed == value);
    names.insert(to_string(value));
  }
  CAF_CHECK_EQUAL(names.size(), 4u);
  auto value = overflow::reject;
  CAF_CHECK(!from_string("drop_oldest", value));
  CAF_CHECK(value == overflow::reject);
}

} // namespace pool_options_test
