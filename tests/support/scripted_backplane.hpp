// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "backplane/claim_book.hpp"

#include <wspool/backplane.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace wspool::test {

/// A backplane that does what a test says: it writes down what it is asked, and may fail or hold
/// its answers and events back until they are released. Else it works, in memory.
struct backplane_script {
  // -- what the test says
  bool keeps_history = false;
  std::string epoch = "e";
  std::map<std::string, errc> failing; ///< kinds of requests, such as "subscribe"
  std::set<std::string> held;          ///< kinds of requests, and "events"

  // -- what it was asked: "subscribe news", "enter news c1", "publish news 1j\n5", ...
  std::vector<std::string> asked;

  [[nodiscard]] std::size_t count(const std::string& line) const {
    return static_cast<std::size_t>(std::count(asked.begin(), asked.end(), line));
  }

  /// Answers what was held, in the order of the requests; what comes from now on is not held.
  void release(const std::string& kind) {
    held.erase(kind);
    for (auto& [what, answer] : std::exchange(waiting, {}))
      if (what == kind)
        answer();
      else
        waiting.emplace_back(what, std::move(answer));
  }
  /// Sends the events that were held.
  void release_events() {
    held.erase("events");
    for (auto& [to, event] : std::exchange(events_held, {}))
      compat::anon_tell(to, backplane_events{{event}});
  }

  /// To all listeners of the event's channel.
  void emit(const backplane_event& event) {
    for (const auto& to : channels[event.channel].listeners)
      if (held.contains("events"))
        events_held.emplace_back(to, event);
      else
        compat::anon_tell(to, backplane_events{{event}});
  }

  // -- what it knows
  struct channel {
    std::vector<std::string> history;
    std::uint64_t first = 1; ///< offset of the first one that is kept
    std::vector<caf::actor> listeners;
    std::vector<channel_person> people;
    [[nodiscard]] std::uint64_t last() const { return first + history.size() - 1; }
  };
  std::map<channel_ref, channel> channels;
  std::map<std::string, publish_outcome> keys;
  std::map<std::string, std::set<std::string>> memory;
  claim_book claims;
  std::deque<std::pair<std::string, std::function<void()>>> waiting;
  std::vector<std::pair<caf::actor, backplane_event>> events_held;

  // -- the work
  publish_outcome publish(const publish_order& order) {
    const auto key = order.key.publisher + "\n" + order.key.id;
    if (!order.key.publisher.empty())
      if (auto found = keys.find(key); found != keys.end()) {
        auto before = found->second;
        before.duplicate = true;
        return before;
      }
    auto& in = channels[order.channel];
    in.history.push_back(order.body);
    publish_outcome result;
    if (keeps_history)
      result.place = {epoch, in.last()};
    if (!order.key.publisher.empty())
      keys[key] = result;
    emit({backplane_event::what::message, order.channel, result.place, order.body, {}});
    return result;
  }

  void note(const publish_batch& batch) {
    asked.push_back("publish " + std::to_string(batch.orders.size()));
    for (const auto& order : batch.orders)
      asked.push_back("publish " + order.channel.name + " " + order.body);
  }

  publish_outcomes publish(const publish_batch& batch) {
    publish_outcomes result;
    for (const auto& order : batch.orders)
      result.outcomes.push_back(publish(order));
    return result;
  }

  presence_page people(const channel_ref& in, std::uint32_t limit) {
    presence_page result{channels[in].people, channels[in].people.size()};
    if (result.people.size() > limit)
      result.people.resize(limit);
    return result;
  }

  history_page history(const channel_ref& name, const channel_place& after) {
    history_page result;
    if (!keeps_history)
      return result;
    auto& in = channels[name];
    result.latest = {epoch, in.last()};
    result.recovered =
      after.epoch == epoch && after.offset + 1 >= in.first && after.offset <= in.last();
    if (result.recovered)
      for (auto i = after.offset + 1; i <= in.last(); ++i)
        result.missed.push_back({i, in.history[i - in.first]});
    return result;
  }

  void enter(const channel_ref& name, const channel_person& who, bool in) {
    auto& people = channels[name].people;
    const bool was_there = std::erase(people, who) > 0;
    if (in)
      people.push_back(who);
    if (in != was_there)
      emit(
        {in ? backplane_event::what::entered : backplane_event::what::exited, name, {}, {}, who});
  }
};
using backplane_script_ptr = std::shared_ptr<backplane_script>;

namespace detail {

template <class T, class Self, class F>
caf::result<T> scripted(Self* self, const backplane_script_ptr& script, const std::string& kind,
                        const std::string& about, F work) {
  script->asked.push_back(about.empty() ? kind : kind + " " + about);
  const auto fails = [script, kind] { return script->failing.contains(kind); };
  if (!script->held.contains(kind)) {
    if (fails())
      return caf::make_error(script->failing[kind]);
    if constexpr (std::is_void_v<T>) {
      work();
      return caf::unit;
    } else {
      return work();
    }
  }
  if constexpr (std::is_void_v<T>) {
    compat::void_promise answer{self};
    script->waiting.emplace_back(kind, [answer, work, fails, script, kind]() mutable {
      if (fails())
        return answer.deliver(caf::make_error(script->failing[kind]));
      work();
      answer.deliver();
    });
    return answer;
  } else {
    auto answer = self->template make_response_promise<T>();
    script->waiting.emplace_back(kind, [answer, work, fails, script, kind]() mutable {
      if (fails())
        answer.deliver(caf::make_error(script->failing[kind]));
      else
        answer.deliver(work());
    });
    return answer;
  }
}

inline backplane_stats scripted_stats() {
  backplane_stats result;
  result.kind = "scripted";
  result.connected = true;
  result.reconnects = 3;
  result.lag = std::chrono::milliseconds{250};
  return result;
}

} // namespace detail

/// The behaviour of the actor.
inline backplane_actor::behavior_type scripted_backplane(backplane_actor::pointer self,
                                                         backplane_script_ptr script) {
  using detail::scripted;
  return {
    [=](subscribe_atom, const caf::actor& who, const channel_ref& in) {
      return scripted<void>(self, script, "subscribe", in.name,
                            [=] { script->channels[in].listeners.push_back(who); });
    },
    [=](unsubscribe_atom, const caf::actor& who, const channel_ref& in) {
      return scripted<void>(self, script, "unsubscribe", in.name,
                            [=] { std::erase(script->channels[in].listeners, who); });
    },
    [=](publish_atom, const publish_batch& batch) {
      script->note(batch);
      return scripted<publish_outcomes>(self, script, "publish", {},
                                        [=] { return script->publish(batch); });
    },
    [=](history_atom, const channel_ref& in, const channel_place& after) {
      return scripted<history_page>(self, script, "history", in.name,
                                    [=] { return script->history(in, after); });
    },
    [=](enter_atom, const caf::actor&, const channel_ref& in, const channel_person& who) {
      return scripted<void>(self, script, "enter", in.name + " " + who.identity,
                            [=] { script->enter(in, who, true); });
    },
    [=](exit_atom, const caf::actor&, const channel_ref& in, const channel_person& who) {
      return scripted<void>(self, script, "exit", in.name + " " + who.identity,
                            [=] { script->enter(in, who, false); });
    },
    [=](presence_atom, const channel_ref& in, std::uint32_t limit) {
      return scripted<presence_page>(self, script, "presence", in.name,
                                     [=] { return script->people(in, limit); });
    },
    [=](recall_atom, const std::string& client) {
      return scripted<channel_list>(self, script, "recall", {}, [=] {
        const auto& rooms = script->memory[client];
        return channel_list{{rooms.begin(), rooms.end()}};
      });
    },
    [=](remember_atom, const std::string& client, const std::string& channel) {
      return scripted<void>(self, script, "remember", channel,
                            [=] { script->memory[client].insert(channel); });
    },
    [=](forget_atom, const std::string& client, const std::string& channel) {
      return scripted<void>(self, script, "forget", channel,
                            [=] { script->memory[client].erase(channel); });
    },
    [=](depart_atom, const std::string&) {
      return scripted<void>(self, script, "depart", {}, [] {});
    },
    [=](claim_atom, const std::string& key, const std::string& owner, std::uint64_t ms) {
      return scripted<claim_report>(self, script, "claim", {}, [=] {
        return *script->claims.claim(key, owner, std::chrono::milliseconds{ms},
                                     self->clock().now());
      });
    },
    [=](settle_atom, const std::string& key, const std::string& owner, const std::string& text,
        std::uint64_t ms) {
      return scripted<void>(self, script, "settle", {}, [=] {
        script->claims.settle(key, owner, text, std::chrono::milliseconds{ms}, self->clock().now());
      });
    },
    [=](stats_atom) {
      return scripted<backplane_stats>(self, script, "stats", {}, detail::scripted_stats);
    },
  };
}

} // namespace wspool::test
