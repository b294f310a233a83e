// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/witness.hpp"

#include <charconv>
#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace wspool::chaos {

// -- testimony -----------------------------------------------------------------------------------

void testimony::saw(const upgrade_event& e) {
  const auto name = e.response.header_value(life_table::header_name);
  std::uint32_t attempt = 0;
  std::from_chars(name.data(), name.data() + name.size(), attempt);
  lives_->identify(attempt, e.connection);
  std::lock_guard guard{mutex_};
  if (!stages_.emplace(e.connection, stage::upgraded).second)
    verdict_.blame("connection " + to_string(e.connection) + " was upgraded twice");
}

void testimony::saw(const open_event& e) {
  std::lock_guard guard{mutex_};
  auto found = stages_.find(e.connection);
  if (found == stages_.end() || found->second != stage::upgraded)
    return verdict_.blame("connection " + to_string(e.connection) + " opened out of turn");
  found->second = stage::open;
}

void testimony::saw(const close_event& e) {
  std::lock_guard guard{mutex_};
  auto found = stages_.find(e.connection);
  if (found == stages_.end() || found->second != stage::open)
    return verdict_.blame("connection " + to_string(e.connection) + " closed out of turn");
  found->second = stage::closed;
  if (!e.clean || e.began == initiator::remote)
    ++deaths_;
}

void testimony::saw(const given_up_event&) {
  std::lock_guard guard{mutex_};
  ++given_up_;
}

void testimony::saw(const retry_event& e) {
  std::lock_guard guard{mutex_};
  retries_.push_back(e);
}

void testimony::saw_messages(connection_id id, std::uint64_t count) {
  std::lock_guard guard{mutex_};
  received_ += count;
  auto found = stages_.find(id);
  if (found == stages_.end() || found->second != stage::open)
    verdict_.blame("a message of connection " + to_string(id) + ", which is not open");
}

std::vector<connection_id> testimony::open() const {
  std::lock_guard guard{mutex_};
  std::vector<connection_id> result;
  for (auto& [id, where] : stages_)
    if (where == stage::open)
      result.push_back(id);
  return result;
}

std::uint64_t testimony::received() const {
  std::lock_guard guard{mutex_};
  return received_;
}

std::uint64_t testimony::given_up() const {
  std::lock_guard guard{mutex_};
  return given_up_;
}

std::uint64_t testimony::deaths() const {
  std::lock_guard guard{mutex_};
  return deaths_;
}

std::vector<retry_event> testimony::retries() const {
  std::lock_guard guard{mutex_};
  return retries_;
}

// -- actors --------------------------------------------------------------------------------------

caf::behavior witness(caf::event_based_actor*, testimony_ptr what) {
  return {
    [=](const message_event& e) { what->saw_messages(e.connection, 1); },
    [=](const messages_event& e) { what->saw_messages(e.connection, e.messages.size()); },
    [=](const open_event& e) { what->saw(e); },
    [=](const close_event& e) { what->saw(e); },
    [=](const upgrade_event& e) { what->saw(e); },
    [=](const given_up_event& e) { what->saw(e); },
    [=](const retry_event& e) { what->saw(e); },
    [](const error_event&) {},
    [](const unexpected_response_event&) {},
    [](const ping_event&) {},
    [](const pong_event&) {},
    [](const drain_event&) {},
    [](const ready_event&) {},
    [](const empty_event&) {},
    [](const ejected_event&) {},
    [](const water_event&) {},
    [](const pool_stats&) {},
  };
}

caf::behavior slow_reader(caf::event_based_actor* self, caf::timespan delay) {
  auto held = std::make_shared<std::deque<compat::void_promise>>();
  return {
    [=](const messages_event&) -> caf::result<void> {
      held->emplace_back(self);
      compat::tell_after(self, delay, caf::actor_cast<caf::actor>(self), tick_atom_v);
      return held->back();
    },
    [=](tick_atom) {
      held->front().deliver();
      held->pop_front();
    },
  };
}

} // namespace wspool::chaos
