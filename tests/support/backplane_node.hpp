// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// Stand-ins for the brokers of several nodes, to test backplanes with. Define CAF_SUITE first,
// include this last.

#include <wspool/backplane.hpp>
#include <wspool/pool.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "support/unit_test.hpp"

namespace wspool::test {

using namespace std::chrono_literals;

/// Every wait of a conformance test ends here, with a failure.
inline constexpr std::chrono::seconds backplane_patience{20};

/// What a listener was told, written down on its own thread and read on the test's.
class backplane_log {
public:
  void add(backplane_events&& what) {
    std::lock_guard guard{mutex_};
    for (auto& one : what.events)
      events_.push_back(std::move(one));
    changed_.notify_all();
  }

  /// Waits until the events are as wanted. @returns whether they came to be so.
  bool wait(const std::function<bool(const std::vector<backplane_event>&)>& wanted) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, backplane_patience, [&] { return wanted(events_); });
  }

  [[nodiscard]] std::vector<backplane_event> events() {
    std::lock_guard guard{mutex_};
    return events_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<backplane_event> events_;
};

/// "channel:body", "+who", "-who", "gap channel".
inline std::string text_of(const backplane_event& x) {
  switch (x.kind) {
    case backplane_event::what::message:
      return x.channel.name + ":" + x.body;
    case backplane_event::what::entered:
      return "+" + x.who.connection;
    case backplane_event::what::exited:
      return "-" + x.who.connection;
    case backplane_event::what::gap:
      return "gap " + x.channel.name;
  }
  return "?";
}

inline std::string text_of(const std::vector<backplane_event>& events) {
  std::string result;
  for (const auto& one : events)
    result += text_of(one) + " ";
  return result;
}

struct conformance_config : caf::actor_system_config {
  conformance_config() { prepare(*this); }
};

/// A broker's stand-in: one node's backplane, with a listener that writes down what it is told.
class conformance_node {
public:
  conformance_node(caf::actor_system& sys, backplane_actor plane)
    : plane_(std::move(plane)), self_(sys),
      listener_(sys.spawn([log = log_](caf::event_based_actor*) -> caf::behavior {
        return {[log](backplane_events& what) { log->add(std::move(what)); }};
      })) {}

  ~conformance_node() { die(); }

  void die() {
    if (listener_)
      caf::anon_send_exit(listener_, caf::exit_reason::kill);
    listener_ = nullptr;
  }

  /// The answer, or the name of the error.
  template <class T, class... Ts>
  std::pair<T, std::string> try_ask(Ts&&... xs) {
    std::pair<T, std::string> result;
    compat::ask(&*self_, plane_, backplane_patience, std::forward<Ts>(xs)...)
      .receive([&](const T& x) { result.first = x; },
               [&](const caf::error& why) { result.second = name_of(error_of(why)); });
    return result;
  }

  template <class T, class... Ts>
  T ask(Ts&&... xs) {
    auto [answer, why] = try_ask<T>(std::forward<Ts>(xs)...);
    CAF_REQUIRE_EQUAL(why, "");
    return answer;
  }

  template <class... Ts>
  std::string try_tell(Ts&&... xs) {
    std::string result;
    compat::ask(&*self_, plane_, backplane_patience, std::forward<Ts>(xs)...)
      .receive([] {}, [&](const caf::error& why) { result = name_of(error_of(why)); });
    return result;
  }

  template <class... Ts>
  void tell(Ts&&... xs) {
    CAF_REQUIRE_EQUAL(try_tell(std::forward<Ts>(xs)...), "");
  }

  void subscribe(const channel_ref& to) { tell(subscribe_atom_v, listener_, to); }
  void unsubscribe(const channel_ref& from) { tell(unsubscribe_atom_v, listener_, from); }
  void enter(const channel_ref& in, const std::string& who) {
    tell(enter_atom_v, listener_, in, channel_person{who, "id of " + who});
  }
  void exit(const channel_ref& from, const std::string& who) {
    tell(exit_atom_v, listener_, from, channel_person{who, "id of " + who});
  }

  publish_outcomes publish(publish_batch batch) {
    return ask<publish_outcomes>(publish_atom_v, std::move(batch));
  }
  publish_outcome publish(const channel_ref& to, std::string body, publication_key key = {}) {
    publish_batch batch;
    batch.orders.push_back({to, std::move(body), std::move(key)});
    auto result = publish(std::move(batch));
    CAF_REQUIRE_EQUAL(result.outcomes.size(), 1u);
    CAF_CHECK_EQUAL(name_of(result.outcomes[0].why), name_of(errc::none));
    return result.outcomes[0];
  }

  history_page since(const channel_ref& channel, const channel_place& place) {
    return ask<history_page>(history_atom_v, channel, place);
  }
  /// "recovered offset:body …" or "lost".
  std::string told_since(const channel_ref& channel, const channel_place& place) {
    const auto page = since(channel, place);
    CAF_CHECK(page.recovered || page.missed.empty());
    std::string result = page.recovered ? "recovered" : "lost";
    for (const auto& one : page.missed)
      result += " " + std::to_string(one.offset) + ":" + one.body;
    return result;
  }

  presence_page people(const channel_ref& channel, std::uint32_t limit = 100) {
    return ask<presence_page>(presence_atom_v, channel, limit);
  }
  /// Their names in order, "a b 2" with the total.
  std::string present(const channel_ref& channel) {
    const auto page = people(channel);
    std::vector<std::string> names;
    for (const auto& one : page.people)
      names.push_back(one.connection);
    std::sort(names.begin(), names.end());
    std::string result;
    for (const auto& one : names)
      result += one + " ";
    return result + std::to_string(page.total);
  }

  /// What "client" was in, in order.
  std::string recall(const std::string& client) {
    auto list = ask<channel_list>(recall_atom_v, client).channels;
    std::sort(list.begin(), list.end());
    std::string result;
    for (const auto& one : list)
      result += one + " ";
    return result;
  }

  /// "mine", "other", or "settled" and what came of it.
  std::string claim(const std::string& key, const std::string& owner,
                    std::uint64_t ms = 3'600'000) {
    const auto report = ask<claim_report>(claim_atom_v, key, owner, ms);
    CAF_CHECK(!report.mine || !report.settled);
    if (report.settled)
      return "settled " + report.text;
    return report.mine ? "mine" : "other";
  }

  void settle(const std::string& key, const std::string& owner, const std::string& text,
              std::uint64_t ms) {
    tell(settle_atom_v, key, owner, text, ms);
  }

  backplane_stats stats() { return ask<backplane_stats>(stats_atom_v); }

  /// Checks what was heard so far, and that it is all of that.
  void expect(const std::string& heard) {
    log_->wait([&](const auto& events) { return text_of(events).size() >= heard.size(); });
    CAF_CHECK_EQUAL(text_of(log_->events()), heard);
  }

  [[nodiscard]] backplane_log& log() { return *log_; }
  [[nodiscard]] const backplane_actor& plane() const { return plane_; }
  [[nodiscard]] const caf::actor& listener() const { return listener_; }
  [[nodiscard]] caf::scoped_actor& self() { return self_; }

private:
  backplane_actor plane_;
  caf::scoped_actor self_;
  std::shared_ptr<backplane_log> log_ = std::make_shared<backplane_log>();
  caf::actor listener_;
};

/// Asks again until the answer is as wanted, or patience ends.
template <class F>
bool comes_true(F wanted) {
  const auto until = std::chrono::steady_clock::now() + backplane_patience;
  while (!wanted())
    if (std::chrono::steady_clock::now() >= until)
      return false;
  return true;
}

/// Waits until a backplane has its connections.
inline bool is_connected(caf::actor_system& sys, const backplane_actor& plane) {
  caf::scoped_actor self{sys};
  return comes_true([&] {
    bool result = false;
    compat::ask(&*self, plane, backplane_patience, stats_atom_v)
      .receive([&](const backplane_stats& x) { result = x.connected; }, [](const caf::error&) {});
    return result;
  });
}

/// Asks a backplane all kinds of things at once, and tells in which order the answers came.
inline caf::behavior ask_many(caf::event_based_actor* self, const backplane_actor& plane,
                              const channel_ref& channel, std::promise<std::string>* told) {
  auto order = std::make_shared<std::string>();
  auto note = [=](const char* what, std::uint64_t number) {
    *order += what + std::to_string(number) + " ";
  };
  auto failed = [=](const caf::error&) { *order += "failed "; };
  for (int i = 0; i < 3; ++i) {
    publish_batch batch;
    batch.orders.push_back({channel, "x", {}});
    compat::ask(self, plane, backplane_patience, publish_atom_v, batch)
      .then([=](const publish_outcomes& x) { note("p", x.outcomes.at(0).place.offset); }, failed);
    compat::ask(self, plane, backplane_patience, history_atom_v, channel, channel_place{})
      .then([=](const history_page& x) { note("h", x.latest.offset); }, failed);
    compat::ask(self, plane, backplane_patience, presence_atom_v, channel, std::uint32_t{5})
      .then([=](const presence_page& x) { note("n", x.total); }, failed);
  }
  compat::ask(self, plane, backplane_patience, recall_atom_v, std::string{"ann"})
    .then(
      [=](const channel_list& x) {
        note("r", x.channels.size());
        told->set_value(*order);
      },
      failed);
  return {[](caf::ok_atom) {}};
}

} // namespace wspool::test
