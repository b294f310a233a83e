// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The broker: what clients ask the application, and what it tells them.

#include "broker/broker_state.hpp"
#include "broker/conversions.hpp"

#include <wspool/units.hpp>

#include <algorithm>
#include <utility>

namespace wspool {

namespace {

rejection too_late(std::chrono::milliseconds limit, std::optional<message_id> id) {
  return refusal(message_errc::deadline_exceeded, {},
                 "the query took longer than " + format_duration(limit), std::move(id));
}

/// What an application's error means to the client. Its text stays here: it may be about anything.
rejection refusal_of(const caf::error& why, const char* subject) {
  switch (error_of(why)) {
    case errc::unknown_endpoint:
      return refusal(message_errc::not_found, "name",
                     std::string{"name is of no "} + subject + " here", std::nullopt);
    case errc::invalid_message:
    case errc::invalid_option:
      return refusal(message_errc::invalid_field, "data",
                     std::string{"data is not what the "} + subject + " needs", std::nullopt);
    case errc::expired:
      return refusal(message_errc::deadline_exceeded, {},
                     std::string{"the "} + subject + " took too long", std::nullopt);
    case errc::queue_full:
    case errc::no_connection:
    case errc::pool_closed:
    case errc::unreachable:
      return unavailable(std::nullopt);
    default:
      return refusal(message_errc::internal, {}, "the application failed", std::nullopt);
  }
}

/// CAF's own errors: the application did not answer, or is gone. `error_of` knows only ours.
bool is_from_application(const caf::error& why) {
  return why != caf::sec::request_timeout && why != caf::sec::request_receiver_down;
}

} // namespace

client_call broker_state::call_of(const client& who, std::string what,
                                  const std::optional<payload>& data) const {
  return {who.who, who.identity, std::move(what), to_content(data)};
}

// -- queries: their answers come when they are there ---------------------------------------------

void broker_state::refuse_query(client& who, rejection why) {
  const auto code = why.code;
  ++counts_.query_outcomes[std::string{name_of(code)}];
  tell(who, server_reply{std::move(why)});
  note_refusal(who, code);
}

void broker_state::take(client& who, requests::query& what) {
  const auto id = text_of(what.id);
  if (who.queries.contains(id))
    return refuse_query(
      who, refusal(message_errc::conflict, "id", "id is that of a query that runs", what.id));
  if (who.queries.size() >= options_->max_queries_per_client)
    return refuse_query(who, refusal(message_errc::limit_exceeded, {},
                                     "the message is one query too many at once", what.id));
  if (!options_->application)
    return refuse_query(
      who, refusal(message_errc::not_found, "name", "name is of no query here", what.id));
  std::string key;
  bool is_first = true;
  if (what.key) {
    if (memory_.running_count() >= max_running)
      return refuse_query(who, unavailable(what.id));
    key = query_key(who.key(), *what.key);
    switch (memory_.begin(key, what.name, {who.number, what.id}, now())) {
      case query_memory::beginning::answered: {
        auto known = *memory_.find(key, now());
        return answer_query(who, what.id, std::move(known));
      }
      case query_memory::beginning::conflict:
        return refuse_query(
          who, refusal(message_errc::conflict, "key", "key is in use for something else", what.id));
      case query_memory::beginning::wait:
        is_first = false;
        break;
      case query_memory::beginning::run:
        break;
    }
  }
  const auto limit = what.deadline.value_or(options_->query_deadline);
  const auto due =
    deadlines_.emplace(now() + limit, deadline{who.number, deadline::what::query, id});
  const auto serial = ++last_serial_;
  who.queries.emplace(id, running_query{what.id, serial, key, limit, due});
  ++counts_.queries;
  if (!is_first) {
    if (const auto there = claims_.find(key); there != claims_.end())
      there->second->until = std::max(there->second->until, now() + limit);
    return;
  }
  auto to_do = std::make_shared<errand>();
  to_do->first = {who.number, what.id};
  to_do->serial = serial;
  to_do->key = std::move(key);
  to_do->until = now() + limit;
  to_do->call = call_of(who, what.name, what.data);
  if (to_do->key.empty())
    run(to_do);
  else
    claim(to_do);
}

void broker_state::run(const shared_errand& what) {
  // One with a key goes on when nobody waits any more: a repetition gets its answer.
  const auto longest = limits_.deadline + milliseconds{1'000};
  compat::ask(self_, options_->application, longest, query_atom_v, what->call)
    .then(
      [this, what](const content& data) {
        std::optional<payload> read;
        if (from_content(data, read))
          done(*what, std::move(read), true);
        else
          done(*what, refusal(message_errc::internal, {}, "the application failed", std::nullopt),
               true);
      },
      [this, what](const caf::error& why) {
        auto how = is_from_application(why) ? refusal_of(why, "query") : unavailable(std::nullopt);
        const bool ran =
          how.code == message_errc::internal || how.code == message_errc::invalid_field;
        done(*what, std::move(how), ran);
      });
}

/// The application has answered. `remember`: so are repetitions, on all nodes.
void broker_state::done(const errand& what, query_memory::answer how, bool remember) {
  if (!what.key.empty()) {
    settle(what, how, remember);
    return finish(what.key, std::move(how), remember);
  }
  auto* const who = find(what.first.connection);
  if (who == nullptr)
    return;
  const auto found = who->queries.find(text_of(what.first.id));
  if (found == who->queries.end() || found->second.serial != what.serial)
    return; // over, or not wanted any more
  drop_query(*who, found);
  answer_query(*who, what.first.id, std::move(how));
}

/// What came of a query with a key, for all that wait for it here.
void broker_state::finish(const std::string& key, query_memory::answer how, bool remember) {
  const auto remembered = remember ? std::optional{how} : std::nullopt;
  for (const auto& asker : memory_.finish(key, remembered, now())) {
    auto* const who = find(asker.connection);
    if (who == nullptr)
      continue;
    const auto found = who->queries.find(text_of(asker.id));
    if (found == who->queries.end() || found->second.key != key)
      continue;
    deadlines_.erase(found->second.due);
    who->queries.erase(found);
    answer_query(*who, asker.id, how);
  }
}

void broker_state::answer_query(client& who, const message_id& id, query_memory::answer how) {
  if (auto* const wrong = std::get_if<rejection>(&how)) {
    wrong->id = id;
    return refuse_query(who, std::move(*wrong));
  }
  ++counts_.query_outcomes["response"];
  tell(who, replies::response{id, std::move(std::get<std::optional<payload>>(how))});
}

/// Nobody waits for it any more.
void broker_state::drop_query(client& who, std::map<std::string, running_query>::iterator which) {
  auto& query = which->second;
  if (!query.key.empty())
    memory_.withdraw(query.key, {who.number, query.id});
  deadlines_.erase(query.due);
  who.queries.erase(which);
}

void broker_state::take(client& who, requests::cancel& what) {
  const auto found = who.queries.find(text_of(what.id));
  if (found == who.queries.end())
    return;
  drop_query(who, found);
  refuse_query(who,
               refusal(message_errc::cancelled, {}, "the query was cancelled", std::move(what.id)));
}

void broker_state::expire_query(client& who, const std::string& id) {
  const auto found = who.queries.find(id);
  auto why = too_late(found->second.limit, found->second.id);
  drop_query(who, found);
  refuse_query(who, std::move(why));
}

// -- commands ------------------------------------------------------------------------------------

void broker_state::take(client& who, requests::command& what) {
  if (!options_->application)
    return refuse(who, refusal(message_errc::not_found, "name", "name is of no command here",
                               std::move(what.id)));
  const auto ticket = who.line.reserve();
  const auto number = who.number;
  compat::ask(self_, options_->application, options_->query_deadline, command_atom_v,
              call_of(who, std::move(what.name), what.data))
    .then(
      [this, number, ticket, id = what.id] {
        if (auto* const found = find(number))
          fill(*found, ticket, replies::ack{id, std::nullopt, false});
      },
      [this, number, ticket, id = what.id](const caf::error& why) {
        auto* const found = find(number);
        if (found == nullptr)
          return;
        auto wrong =
          is_from_application(why) ? refusal_of(why, "command") : unavailable(std::nullopt);
        wrong.id = id;
        const auto code = wrong.code;
        fill(*found, ticket, std::move(wrong));
        note_refusal(*found, code);
      });
}

caf::result<void> broker_state::command(const client_ref& ref, const std::string& what,
                                        const content& data) {
  auto* const who = find(ref);
  if (who == nullptr || !who->connected || who->closing)
    return caf::make_error(errc::no_connection);
  std::optional<payload> read;
  const bool is_name = what.size() <= limits_.name_bytes && is_channel_name(what, limits_);
  if (who->speaks != dialect_kind::v1 || !is_name || !from_content(data, read))
    return caf::make_error(errc::invalid_message);
  tell(*who, replies::command{std::nullopt, what, std::move(read)});
  return caf::unit;
}

} // namespace wspool
