// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// A session under virtual time, before scripted servers in memory. Define CAF_SUITE first, include
// this last.

#include <wspool/session.hpp>

#include <memory>
#include <string>
#include <vector>

#include "support/pool_fixture.hpp"

namespace wspool::test {

/// What a subscriber, or an observer, was told, in short.
struct session_log {
  std::vector<std::string> said;
  std::vector<channel_event> events;
  bool hold = false; ///< answer no event
  std::vector<compat::void_promise> held;
};
using session_log_ptr = std::shared_ptr<session_log>;

inline std::string text_of(const channel_place& place) {
  return place.known() ? place.epoch + "/" + std::to_string(place.offset) : "-";
}

inline caf::behavior log_session(caf::event_based_actor* self, const session_log_ptr& log) {
  return {
    [=](const channel_event& e) -> caf::result<void> {
      log->said.push_back(e.channel + " " + e.data.data);
      log->events.push_back(e);
      if (!log->hold)
        return caf::unit;
      log->held.emplace_back(self);
      return log->held.back();
    },
    [=](const channel_gap_event& e) {
      log->said.push_back(e.channel + " gap " + text_of(e.place));
    },
    [=](const channel_presence_event& e) {
      log->said.push_back(e.channel + (e.entered ? " + " : " - ") + e.who.connection);
    },
    [=](const session_open_event& e) { log->said.push_back("open " + e.connection); },
    [=](const session_lost_event& e) { log->said.push_back("lost " + e.reason); },
    [=](const session_command_event& e) { log->said.push_back("command " + e.name); },
  };
}

class session_fixture : public pool_fixture {
public:
  session_fixture() {
    settings.session = "me";
    settings.seed = 4711;
    options.reconnect.initial = 1s;
    options.heartbeat.interval = 0ms;
    connector->accept_all();
    on_peer = [](std::size_t, scripted_peer& one) {
      accept_options how;
      how.subprotocol = "wspool.v1.json";
      one.on_upgrade_accept(std::move(how));
    };
  }

  ~session_fixture() override {
    for (auto& one : loggers) {
      one.first->held.clear();
      caf::anon_send_exit(one.second, caf::exit_reason::kill);
    }
    for (auto& one : requesters)
      caf::anon_send_exit(one, caf::exit_reason::kill);
    if (session)
      caf::anon_send_exit(session, caf::exit_reason::kill);
    settle();
  }

  void begin() {
    observer = new_log();
    settings.observer = actor_of(observer);
    session = spawn_session(sys, io, options, settings);
    advance(options.reconnect.initial);
  }

  /// Accepts `connect`, which must be what came first.
  void welcome() {
    const auto first = heard();
    CAF_REQUIRE_EQUAL(first.substr(0, 24), R"({"type":"connect","id":)" + std::string{first[23]});
    auto id = first.substr(23, first.find(',', 23) - 23);
    say(R"({"type":"connected","id":)" + id
        + R"(,"connection":"c1","session":"me",)"
          R"("max_message_bytes":1000,"deduplication_ms":120000})");
  }
  void begin_open() {
    begin();
    welcome();
  }
  /// The connection breaks, and the next one is open.
  void break_connection() {
    last_peer().drop(true);
    advance(options.reconnect.initial);
  }

  /// What the newest server heard next; "-": nothing.
  std::string heard() { return last_peer().next_text().value_or("-"); }
  void say(std::string_view text) {
    last_peer().send_text(text);
    settle();
  }

  session_log_ptr new_log() {
    auto log = std::make_shared<session_log>();
    loggers.emplace_back(
      log, sys.spawn([log](caf::event_based_actor* logger) { return log_session(logger, log); }));
    return log;
  }
  caf::actor actor_of(const session_log_ptr& log) const {
    for (const auto& [mine, who] : loggers)
      if (mine == log)
        return who;
    return {};
  }

  template <class T, class... Ts>
  answer_ptr_of<T> request(Ts... xs) {
    auto result = std::make_shared<answer_of<T>>();
    auto on_value = [result](const T& x) { result->value = x; };
    auto on_error = [result](const caf::error& e, caf::actor_system& system) {
      result->failed = true;
      result->error = error_of(e);
      result->text = render(system, e);
    };
    requesters.push_back(spawn_asker<T>(sys, session, on_value, on_error, xs...));
    settle();
    return result;
  }

  answer_ptr_of<subscribe_report> subscribe(const session_log_ptr& who, const std::string& channel,
                                            bool presence = false, channel_place from = {}) {
    return request<subscribe_report>(subscribe_atom_v, actor_of(who),
                                     subscribe_order{channel, presence, std::move(from)});
  }
  answer_ptr_of<publish_outcome> publish(const std::string& channel, const std::string& data) {
    return request<publish_outcome>(publish_atom_v, channel, content{data});
  }
  session_stats numbers() {
    const auto answer = request<session_stats>(stats_atom_v);
    return answer->value.value_or(session_stats{});
  }
  bool is_down() {
    return caf::actor_cast<caf::abstract_actor*>(session)->getf(compat::terminated_flag);
  }

  session_options settings;
  session_actor session;
  session_log_ptr observer;
  std::vector<std::pair<session_log_ptr, caf::actor>> loggers;
  std::vector<caf::actor> requesters;
};

} // namespace wspool::test
