// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/pool_options.hpp>

#include "runtime/option_checker.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace wspool {

namespace {

using detail::text_of;
using std::chrono::milliseconds;
using checker = detail::option_checker;

constexpr std::uint32_t most_connections = 100'000; ///< of one endpoint
constexpr std::uint32_t largest_weight = 1'000'000;
constexpr double largest_multiplier = 1'000.0;
constexpr std::int64_t most_snapshots = 100'000; ///< that a history may hold

struct overflow_name {
  overflow value;
  std::string_view text;
};

constexpr std::array overflow_names{
  overflow_name{overflow::drop_oldest, "drop-oldest"},
  overflow_name{overflow::drop_newest, "drop-newest"},
  overflow_name{overflow::reject, "reject"},
  overflow_name{overflow::block, "block"},
};

void check_endpoints(checker& check, const std::vector<endpoint_options>& endpoints) {
  std::map<std::string, std::size_t> seen; // URL to index
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const auto& x = endpoints[i];
    const auto field = "endpoints[" + std::to_string(i) + "].";
    endpoint parsed;
    if (auto bad = parse_endpoint(x.url, parsed)) {
      check.part(field + "url: ", std::move(bad));
      continue;
    }
    auto [first, is_new] = seen.try_emplace(parsed.url(), i);
    check.expect(is_new, field + "url", parsed.url(),
                 "another URL than that of endpoints[" + std::to_string(first->second)
                   + "] (give that one more connections)");
    check.within(field + "connections", x.connections, 1u, most_connections);
    check.within(field + "weight", x.weight, 1u, largest_weight);
  }
}

bool is_known(retry_action value) noexcept { return value <= retry_action::give_up; }

void check_retry(checker& check, const pool_options& options) {
  const auto& x = options.reconnect;
  // A zero would never grow: a pool that hammers a server that is down.
  check.duration("reconnect.initial", x.initial, milliseconds{1});
  check.duration("reconnect.maximum", x.maximum, x.initial);
  check.within("reconnect.multiplier", x.multiplier, 1.0, largest_multiplier);
  check.duration("reconnect.minimum_uptime", x.minimum_uptime);
  for (auto& [code, action] : options.retry.close_codes) {
    check.within<int>("retry.close_codes", code, 1000, 4999);
    check.expect(is_known(action), "retry.close_codes[" + std::to_string(code) + "]",
                 text_of(static_cast<int>(action)), "an action");
  }
  for (auto& [status, action] : options.retry.statuses) {
    check.within("retry.statuses", status, 100u, 599u);
    check.expect(is_known(action), "retry.statuses[" + std::to_string(status) + "]",
                 text_of(static_cast<int>(action)), "an action");
  }
}

void check_queue(checker& check, const queue_options& x) {
  // No messages at all is a choice: without an open connection, nothing is accepted.
  check.at_least<std::size_t>("queue.max_bytes", x.max_bytes, 1);
  check.expect(x.overflow <= overflow::block, "queue.overflow",
               text_of(static_cast<int>(x.overflow)), "drop-oldest, drop-newest, reject or block");
  check.within("queue.high_water", x.high_water, 0.0, 1.0);
  check.within("queue.low_water", x.low_water, 0.0, 1.0);
  check.expect(x.low_water < x.high_water, "queue.low_water", text_of(x.low_water),
               "less than queue.high_water (" + text_of(x.high_water) + ")");
}

void check_window(checker& check, const window_options& x) {
  check.at_least<std::size_t>("window.max_messages", x.max_messages, 1);
  check.at_least<std::size_t>("window.max_bytes", x.max_bytes, 1);
  check.at_least<std::size_t>("window.max_unread_bytes", x.max_unread_bytes, 1);
}

void check_health(checker& check, const pool_options& options) {
  check.duration("heartbeat.interval", options.heartbeat.interval);
  if (options.heartbeat.interval > milliseconds{0})
    check.duration("heartbeat.timeout", options.heartbeat.timeout, milliseconds{1});
  const auto& x = options.ejection;
  if (x.failures > 0) {
    check.duration("ejection.base", x.base, milliseconds{1});
    check.duration("ejection.maximum", x.maximum, x.base);
  }
  check.duration("ejection.slow_start", x.slow_start);
  check.duration("rotation.max_age", options.rotation.max_age);
  // All of the age taken off would replace a connection the moment it opened.
  check.within("rotation.jitter", options.rotation.jitter, 0.0, 0.9);
}

void check_monitor(checker& check, const monitor_options& x) {
  check.duration("monitor.interval", x.interval);
  check.duration("monitor.history", x.history);
  if (x.interval > milliseconds{0})
    check.expect(x.history / x.interval <= most_snapshots, "monitor.history", text_of(x.history),
                 "at most " + text_of(most_snapshots) + " times monitor.interval ("
                   + text_of(x.interval) + ")");
}

} // namespace

std::string_view to_string(overflow value) noexcept {
  auto found = std::find_if(overflow_names.begin(), overflow_names.end(),
                            [value](const overflow_name& x) { return x.value == value; });
  return found != overflow_names.end() ? found->text : "unknown";
}

bool from_string(std::string_view name, overflow& value) noexcept {
  auto found = std::find_if(overflow_names.begin(), overflow_names.end(),
                            [name](const overflow_name& x) { return x.text == name; });
  if (found == overflow_names.end())
    return false;
  value = found->value;
  return true;
}

failure validate(const pool_options& options) {
  checker check;
  check.name("name", options.name);
  check_endpoints(check, options.endpoints);
  check.expect(options.schedule <= schedule::hash, "schedule",
               text_of(static_cast<int>(options.schedule)), "one of the schedules");
  // `pool_default` means "what the pool says": here there is nobody left to ask.
  const bool is_policy =
    options.policy == delivery::at_most_once || options.policy == delivery::at_least_once;
  check.expect(is_policy, "policy", text_of(static_cast<int>(options.policy)),
               "at-most-once or at-least-once");
  check.part("connect.", validate(options.connect));
  check.part("connect.", check_files(options.connect.tls));
  check_retry(check, options);
  check_health(check, options);
  check_queue(check, options.queue);
  check_window(check, options.window);
  check_monitor(check, options.monitor);
  return check.take();
}

} // namespace wspool
