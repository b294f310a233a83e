// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/router.hpp"

#include <wspool/pool_options.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wspool::test {

/// A router with everything around it in memory: says in words what was asked of it.
class router_fixture : public router_effects {
public:
  using texts = std::vector<std::string>;

  router_fixture() { options.seed = 7; }

  /// The options may be changed until the first call of this.
  router& uut() {
    if (!router_)
      router_ =
        std::make_unique<router>(options, make_scheduler(options.schedule, options.seed), *this);
    return *router_;
  }

  // -- what happens ------------------------------------------------------------------------------
  static connection_id id(std::uint32_t slot) { return {slot, 1}; }

  void open(std::uint32_t slot, bool slow_start = false) {
    uut().opened(id(slot), {slot, 1, 0}, slow_start, now);
  }

  void accept(std::string text, send_options how = {}, accept_mode mode = {}) {
    uut().accept(outgoing{std::move(text), std::move(how)}, mode, now);
  }

  /// Accepts messages that belong together by their key.
  void accept_keyed(const std::string& key, const texts& all, accept_mode mode = {}) {
    for (const auto& text : all)
      accept(text, with_key(key), mode);
  }

  void accept_batch(const texts& all, accept_mode mode = {}) {
    uut().accept(batch_of(all), mode, now);
  }

  static message_batch batch_of(const texts& all, const send_options& how = {}) {
    message_batch result;
    for (const auto& text : all)
      result.add(text, how);
    return result;
  }

  static send_options with_key(std::string key) {
    send_options result;
    result.key = std::move(key);
    return result;
  }

  static send_options with_ttl(std::chrono::milliseconds ttl) {
    send_options result;
    result.time_to_live = ttl;
    return result;
  }

  static send_options with_policy(delivery policy) {
    send_options result;
    result.policy = policy;
    return result;
  }

  static accept_mode ticket(std::uint32_t number) {
    accept_mode result;
    result.ticket = number;
    return result;
  }

  void flush() { uut().flush(now); }

  void written(std::uint32_t slot, std::uint64_t number) {
    progress report;
    report.written = number;
    uut().advanced(id(slot), report, now);
  }

  void confirmed(std::uint32_t slot, std::uint64_t number) {
    progress report;
    report.written = report.confirmed = number;
    uut().advanced(id(slot), report, now);
  }

  void end(std::uint32_t slot, progress last = {}, bool message_fault = false) {
    uut().ended(id(slot), last, message_fault, now);
  }

  // -- what came of it ---------------------------------------------------------------------------
  /// The messages that a connection was given since this was asked last.
  texts given(std::uint32_t slot) { return std::exchange(given_[slot], {}); }

  std::uint64_t count(errc outcome) { return outcomes[outcome]; }

  /// The outcomes of a ticket, in order.
  std::vector<errc> answers(std::uint32_t number) { return answers_[number]; }

  const account& totals() { return uut().totals(); }

  router::time_point now{std::chrono::hours{1}};
  pool_options options;
  std::map<errc, std::uint64_t> outcomes;
  std::vector<std::pair<std::uint32_t, connection_id>> written_tickets;
  std::vector<std::pair<std::chrono::nanoseconds, std::uint64_t>> waits;
  std::vector<bool> waters;
  std::vector<std::uint64_t> drains;
  std::vector<segment> segments; ///< all that were handed over
  std::size_t hand_overs = 0;

private:
  void hand_over(connection_id to, std::vector<segment> parts) override {
    ++hand_overs;
    for (auto& part : parts) {
      for (auto i = part.begin; i < part.end; ++i)
        given_[to.slot].emplace_back(part.data(i));
      segments.push_back(std::move(part));
    }
  }
  void settled(errc outcome, std::uint64_t n) override { outcomes[outcome] += n; }
  void answered(std::uint32_t number, errc outcome, connection_id) override {
    answers_[number].push_back(outcome);
  }
  void written(std::uint32_t number, connection_id by) override {
    written_tickets.emplace_back(number, by);
  }
  void waited(std::chrono::nanoseconds how_long, std::uint64_t n) override {
    waits.emplace_back(how_long, n);
  }
  void water(bool high, std::size_t, std::size_t) override { waters.push_back(high); }
  void drained(std::uint64_t flushed) override { drains.push_back(flushed); }

  std::map<std::uint32_t, texts> given_;
  std::map<std::uint32_t, std::vector<errc>> answers_;
  std::unique_ptr<router> router_;
};

} // namespace wspool::test
