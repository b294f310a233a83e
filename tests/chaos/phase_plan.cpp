// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/phase_plan.hpp"

#include "support/certificates.hpp"

#include <algorithm>

namespace wspool::chaos {

namespace {

using std::chrono::milliseconds;

class planner {
public:
  planner(std::uint64_t seed, std::uint64_t number)
    : random_(seed * 0x9e37'79b9'7f4a'7c15u + number) {
    plan_.number = number;
    plan_.seed = random_.seed();
  }

  phase_plan make() {
    auto& options = plan_.options;
    plan_.storms = !random_.percent(12); // else a calm phase: nothing may be lost at all
    plan_.reshapes = !plan_.storms || random_.percent(50);
    plan_.tls = random_.percent(35);
    plan_.io_threads = random_.number(1, 2);
    plan_.echo_every = random_.percent(50) ? 0 : static_cast<std::uint32_t>(random_.number(1, 10));
    plan_.faults = random_.number(15, 45);
    plan_.cramped = plan_.storms && random_.percent(40);
    plan_.pause = plan_.cramped ? between(2, 10) : milliseconds{0};
    plan_.batches = random_.percent(50);
    plan_.slow = plan_.storms && random_.percent(15);
    // Every scheduler and policy has its turn; the rest is chance.
    options.schedule = static_cast<schedule>(plan_.number % 8);
    options.policy = plan_.number / 8 % 2 == 0 ? delivery::at_least_once : delivery::at_most_once;
    options.seed = random_.number(1, 1'000'000);
    bound();
    connect();
    reconnect();
    keep_alive();
    place_homes();
    end();
    burden();
    return std::move(plan_);
  }

private:
  milliseconds between(std::uint64_t from, std::uint64_t to) {
    return milliseconds{random_.number(from, to)};
  }

  void bound() {
    auto& queue = plan_.options.queue;
    plan_.roomy = !plan_.storms || random_.percent(60);
    queue.max_messages = plan_.roomy ? 1'000'000 : random_.number(0, 200);
    queue.max_bytes = plan_.roomy ? std::size_t{1} << 30 : random_.number(10'000, 1'000'000);
    queue.overflow = static_cast<overflow>(random_.number(0, 3));
    auto& window = plan_.options.window;
    window.max_messages = random_.percent(50) ? random_.number(1, 30) : 16'384;
    window.max_bytes = random_.percent(30) ? random_.number(1'000, 50'000) : 4 * 1024 * 1024;
    window.max_unread_bytes = random_.percent(50) ? random_.number(2'000, 50'000) : 4 * 1024 * 1024;
  }

  void connect() {
    auto& options = plan_.options.connect;
    options.tls.ca_file = test::authority_file();
    options.proxy.url = "none";
    options.deflate.enabled = random_.percent(20);
    options.deflate.minimum_bytes = 100;
    options.deflate.client_context_takeover = random_.percent(50);
    options.deadlines.address = between(200, 400);
    options.deadlines.handshake = between(150, 400);
    options.deadlines.close = between(50, 300);
    if (plan_.storms && random_.percent(20))
      options.deadlines.idle = between(150, 600);
    if (!plan_.storms)
      options.deadlines = {};
  }

  void reconnect() {
    auto& options = plan_.options;
    options.reconnect.initial = between(2, 20);
    options.reconnect.maximum = between(20, 100);
    options.reconnect.minimum_uptime = between(10, 100);
    if (plan_.storms && random_.percent(10))
      options.reconnect.attempts = random_.number(3, 10);
    if (random_.percent(70))
      for (auto code : {1002, 1003, 1007, 1008, 1010, 3500, 3999, 4401, 4500, 4999})
        options.retry.close_codes[static_cast<std::uint16_t>(code)] = retry_action::reconnect;
    options.ejection.failures = random_.percent(50) ? 0 : 5;
    options.ejection.base = between(20, 60);
    options.ejection.maximum = between(60, 150);
    options.ejection.slow_start = between(20, 200);
  }

  void keep_alive() {
    auto& options = plan_.options;
    options.heartbeat.interval = between(60, 250);
    options.heartbeat.timeout = between(100, 300);
    options.rotation.drain = between(50, 500);
    if (plan_.reshapes && random_.percent(30))
      options.rotation.max_age = between(150, 800);
    options.monitor.interval = random_.percent(50) ? milliseconds{0} : between(10, 50);
    options.monitor.history = milliseconds{500};
    if (plan_.storms)
      return;
    options.heartbeat = {};
    options.rotation.drain = milliseconds{20'000};
  }

  void place_homes() {
    const auto count = random_.number(1, 3);
    for (std::size_t i = 0; i < count; ++i) {
      home x;
      x.door = i;
      x.connections = static_cast<std::uint32_t>(random_.number(1, 5));
      x.weight = static_cast<std::uint32_t>(random_.number(1, 4));
      x.group = static_cast<std::uint32_t>(random_.number(0, 1));
      plan_.homes.push_back(x);
    }
  }

  void end() {
    const auto drawn = random_.number(0, 99);
    if (!plan_.storms || drawn < 72)
      plan_.ending = ending_kind::healed;
    else if (drawn < 82)
      plan_.ending = ending_kind::hasty;
    else if (drawn < 90)
      plan_.ending = ending_kind::destroy;
    else if (drawn < 95)
      plan_.ending = ending_kind::io_stops;
    else
      plan_.ending = ending_kind::system_ends;
  }

  void burden() {
    const auto senders = static_cast<std::int32_t>(random_.number(1, 2));
    const auto mixed = random_.percent(40) ? random_.number(5, 50) : 0;
    const auto keyed = random_.percent(60) ? random_.number(10, 100) : 0;
    const auto limited = random_.percent(20) ? 10 : 0;
    for (std::int32_t i = 0; i < senders; ++i) {
      load_plan x;
      x.seed = random_.seed();
      x.pool_policy = plan_.options.policy;
      x.keys = static_cast<std::int32_t>(random_.number(1, 12));
      x.first_key = i * 100;
      x.window = plan_.cramped ? random_.number(100, 800) : random_.number(5, 400);
      x.burst = random_.number(1, 20);
      x.turn = between(1, 4);
      x.mixed_percent = mixed;
      x.keyed_percent = keyed;
      x.limited_percent = plan_.storms ? limited : 0;
      x.plain = random_.percent(30);
      x.large_percent = plan_.cramped ? 25 : random_.percent(40) ? 1 : 0;
      plan_.loads.push_back(x);
    }
  }

  chance random_;
  phase_plan plan_;
};

} // namespace

phase_plan plan_phase(std::uint64_t seed, std::uint64_t number) {
  return planner{seed, number}.make();
}

const char* to_string(ending_kind x) {
  switch (x) {
    case ending_kind::healed:
      return "healed";
    case ending_kind::hasty:
      return "hasty";
    case ending_kind::destroy:
      return "destroy";
    case ending_kind::io_stops:
      return "io-stops";
    case ending_kind::system_ends:
      return "system-ends";
  }
  return "?";
}

std::string to_string(const phase_plan& x) {
  std::string result{to_string(x.options.schedule)};
  result += x.options.policy == delivery::at_least_once ? " at-least-once" : " at-most-once";
  result += x.tls ? " tls" : " tcp";
  result += x.options.connect.deflate.enabled ? " deflate" : "";
  result += x.storms ? "" : " calm";
  result += x.reshapes ? " reshapes" : "";
  result += x.roomy ? "" : " tight";
  result += x.cramped ? " cramped" : "";
  result += x.slow ? " slow-reader" : "";
  result += x.options.rotation.max_age.count() > 0 ? " rotates" : "";
  result += " homes=";
  for (const auto& h : x.homes)
    result += std::to_string(h.connections) + (&h == &x.homes.back() ? "" : "+");
  return result + " end=" + to_string(x.ending);
}

} // namespace wspool::chaos
