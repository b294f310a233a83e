// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_fixture

#include "support/pool_fixture.hpp"

#include <algorithm>

namespace wspool::test {

pool_fixture::pool_fixture() {
  options.seed = 4711;
  options.endpoints = {{url, 1, 1, 0}};
  options.connector = connector;
  options.monitor.interval = 0ms; // a timer less in each step
}

pool_fixture::~pool_fixture() {
  for (auto& [log, who] : subscribers) {
    log->held.clear();
    caf::anon_send_exit(who, caf::exit_reason::kill);
  }
  if (pool)
    caf::anon_send_exit(pool, caf::exit_reason::kill);
  for (auto& helper : helpers)
    caf::anon_send_exit(helper, caf::exit_reason::kill);
  consume_messages();
  io.poll();
  consume_messages();
}

void pool_fixture::start() {
  pool = spawn_pool(sys, io, options);
  settle();
}

event_log_ptr pool_fixture::start_open(std::uint32_t count, subscription what) {
  options.endpoints.front().connections = count;
  connector->accept_all();
  pool = spawn_pool(sys, io, options);
  auto log = subscribe(what);
  advance(options.reconnect.initial);
  CAF_REQUIRE_EQUAL(stats().open, count);
  return log;
}

// -- time -----------------------------------------------------------------------------------------

void pool_fixture::settle() {
  for (int round = 0; round < 1'000'000; ++round) {
    const auto messages = consume_messages();
    const auto handlers = io.poll();
    if (!pump_peers() && messages == 0 && handlers == 0)
      return;
  }
  CAF_FAIL("the pool never comes to rest");
}

void pool_fixture::advance(caf::timespan how_far) {
  settle();
  const auto target = now() + how_far;
  do {
    const auto next = std::clamp(next_timeout().value_or(target), now(), target);
    advance_time(next - now());
    settle();
  } while (now() < target);
}

// -- peers ----------------------------------------------------------------------------------------

bool pool_fixture::pump_peers() {
  bool busy = false;
  for (std::size_t i = 0; i < connector->size(); ++i) {
    if (!(*connector)[i].stream)
      continue;
    auto& one = peers[i];
    if (!one) {
      one = std::make_unique<scripted_peer>(connector->stream(i));
      if (on_peer)
        on_peer(i, *one);
    }
    busy = one->pump() || busy;
  }
  return busy;
}

scripted_peer& pool_fixture::peer(std::size_t attempt) {
  auto found = peers.find(attempt);
  if (found == peers.end())
    CAF_FAIL("attempt " << attempt << " has no peer");
  return *found->second;
}

scripted_peer& pool_fixture::peer_of(connection_id id) {
  // The connector's streams name the attempt that they came from: "ws://one.test:80#3".
  for (auto& [log, who] : subscribers)
    for (auto& e : log->opens)
      if (e.connection == id)
        return peer(std::stoul(e.peer.substr(e.peer.find('#') + 1)));
  CAF_FAIL("nobody heard that " << to_string(id) << " opened");
  throw std::logic_error{"not reached"};
}

// -- subscribers ----------------------------------------------------------------------------------

event_log_ptr pool_fixture::subscribe(subscription what) {
  auto log = std::make_shared<event_log>();
  subscribers.emplace_back(log, sys.spawn(log_events, log));
  compat::anon_tell(pool, subscribe_atom_v, subscribers.back().second, what);
  settle();
  return log;
}

const caf::actor& pool_fixture::subscriber(const event_log_ptr& log) const {
  for (auto& [mine, who] : subscribers)
    if (mine == log)
      return who;
  throw std::logic_error{"not a log of this pool"};
}

void pool_fixture::resubscribe(const event_log_ptr& log, subscription what) {
  compat::anon_tell(pool, subscribe_atom_v, subscriber(log), what);
  settle();
}

void pool_fixture::unsubscribe(const event_log_ptr& log) {
  compat::anon_tell(pool, unsubscribe_atom_v, subscriber(log));
  settle();
}

void pool_fixture::end_subscriber(const event_log_ptr& log) {
  log->held.clear();
  caf::anon_send_exit(subscriber(log), caf::exit_reason::kill);
  settle();
}

// -- looking --------------------------------------------------------------------------------------

pool_stats pool_fixture::stats() {
  auto answer = ask<pool_stats>(stats_atom_v);
  CAF_REQUIRE(succeeded(answer));
  auto& numbers = *answer->value;
  CAF_CHECK_EQUAL(numbers.accepted, numbers.sent + numbers.failed + numbers.pending);
  CAF_CHECK_EQUAL(numbers.total, numbers.open + numbers.connecting + numbers.closed);
  return numbers;
}

connection_stats pool_fixture::stats_of(connection_id id) {
  for (auto& c : stats().connections)
    if (c.id == id)
      return c;
  CAF_FAIL("no statistics of " << to_string(id));
  return {};
}

bool pool_fixture::pool_is_down() {
  return caf::actor_cast<caf::abstract_actor*>(pool)->getf(compat::terminated_flag);
}

} // namespace wspool::test
