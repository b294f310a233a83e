// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_story

#include "support/pool_fixture.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace pool_story_test {

// Random stories of whole pools: whatever peers do and users ask for, each delivery is answered,
// the account balances, and the promises of both delivery policies are kept.

using namespace wspool;
using namespace wspool::test;

namespace {

class story : public pool_fixture {
public:
  explicit story(std::uint64_t seed) : random_(seed) {
    options.seed = seed;
    options.endpoints = {{url, number(1, 4), 1, 0}};
    options.schedule = static_cast<schedule>(number(0, 7));
    options.policy = flip() ? delivery::at_most_once : delivery::at_least_once;
    options.queue.max_messages = number(5, 60);
    options.queue.overflow = static_cast<overflow>(number(0, 3));
    options.window.max_messages = number(1, 12);
    options.window.max_bytes = number(500, 5'000);
    options.reconnect.initial = 20ms;
    options.reconnect.maximum = 500ms;
    options.reconnect.minimum_uptime = 100ms;
    options.heartbeat = {2s, 500ms};
    options.ejection.base = 1s;
    options.rotation.drain = 1s;
    options.connect.deadlines.close = 500ms;
    if (flip())
      options.rotation.max_age = 3s;
    if (number(0, 3) == 0)
      options.connect.deadlines.idle = 1s;
    connector->accept_all();
  }

  void play(int steps) {
    start();
    for (int i = 0; i < steps; ++i) {
      act();
      stats(); // balances
    }
    heal();
    check();
  }

private:
  enum class fate { sent, failed, unknown };
  struct message {
    delivery policy = delivery::at_most_once;
    std::string key;
    bool pinned = false; ///< to one connection
    fate outcome = fate::unknown;
    errc why = errc::none;
  };

  // -- chance

  std::uint32_t number(std::uint32_t from, std::uint32_t to) {
    return std::uniform_int_distribution<std::uint32_t>{from, to}(random_);
  }
  bool flip() { return number(0, 1) == 1; }

  // -- what may happen

  void act() {
    switch (number(0, 15)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return deliver_one();
      case 4:
      case 5:
        return deliver_batch();
      case 6:
      case 7:
      case 8:
      case 9:
        return disturb();
      case 10:
      case 11:
      case 12:
        return advance(milliseconds{number(1, 400)});
      case 13:
        return reshape();
      case 14:
        if (flip())
          return advance(milliseconds{number(400, 3'000)});
        return refuse_connections(flip());
      case 15:
        return ask_this_and_that();
    }
  }

  send_options any_options(message& m) {
    send_options result;
    switch (number(0, 3)) {
      case 0:
        result.policy = delivery::at_most_once;
        break;
      case 1:
        result.policy = delivery::at_least_once;
        break;
      default:
        break;
    }
    m.policy = result.policy == delivery::pool_default ? options.policy : result.policy;
    if (flip())
      m.key = result.key = std::string(1, static_cast<char>('a' + number(0, 2)));
    if (number(0, 5) == 0)
      result.time_to_live = milliseconds{number(50, 1'000)};
    return result;
  }

  std::string next_text() {
    return std::to_string(sent_.size()) + ' ' + std::string(flip() ? 0 : number(0, 400), 'x');
  }

  void deliver_one() {
    message m;
    auto how = any_options(m);
    auto text = next_text();
    auto when = static_cast<until>(number(0, 2));
    const auto at = sent_.size();
    sent_.push_back(m);
    singles_.emplace_back(at, deliver(std::move(text), how, when));
    whens_.push_back(when);
  }

  void deliver_batch() {
    message_batch batch;
    const bool pinned = number(0, 5) == 0;
    for (auto n = number(1, 15); n > 0; --n) {
      message m;
      auto how = any_options(m);
      m.pinned = pinned;
      batch.add(next_text(), how);
      sent_.push_back(m);
    }
    if (pinned) {
      const connection_id to{number(0, 4), number(1, 5)};
      batches_.push_back(ask<batch_receipt>(reply_atom_v, to, batch));
    } else if (flip()) {
      batches_.push_back(ask<batch_receipt>(deliver_atom_v, batch));
    } else {
      tell(send_atom_v, batch);
    }
  }

  scripted_peer* any_peer() {
    std::vector<scripted_peer*> there;
    for (std::size_t i = 0; i < connector->size(); ++i)
      if ((*connector)[i].stream && !peer(i).is_gone())
        there.push_back(&peer(i));
    return there.empty() ? nullptr : there[number(0, static_cast<std::uint32_t>(there.size()) - 1)];
  }

  void disturb() {
    auto* victim = any_peer();
    if (!victim)
      return;
    switch (number(0, 10)) {
      case 0:
      case 1:
        victim->stop_reading(number(0, 600));
        break;
      case 2:
      case 3:
        victim->go_on_reading();
        break;
      case 4:
        victim->hold_pongs();
        break;
      case 5:
        victim->release_pongs();
        break;
      case 6:
        victim->drop(flip());
        break;
      case 7:
        victim->close(flip() ? close_code::going_away : close_code::normal);
        break;
      case 8:
        victim->stream().fail_next_write(number(0, 300));
        break;
      case 9:
        victim->stream().doubt_writes();
        break;
      case 10:
        if (number(0, 3) == 0)
          victim->fall_silent();
        else
          victim->send_text("from the peer");
        break;
    }
    settle();
  }

  void reshape() {
    if (flip())
      others_.push_back(ask<caf::unit_t>(resize_atom_v, std::string{url}, number(1, 4)));
    else
      others_.push_back(
        ask<caf::unit_t>(restart_atom_v, connection_id{number(0, 3), number(1, 6)}));
  }

  void refuse_connections(bool on) {
    if (!on)
      return connector->accept_all();
    connector->decide_by([](const fake_connector::attempt&) {
      return failure{errc::connect_failed, "not now"};
    });
  }

  void ask_this_and_that() {
    pings_.push_back(ask<ping_outcome>(ping_atom_v, std::string{flip() ? "same" : ""}));
    ping_reports_.push_back(ask<ping_report>(broadcast_ping_atom_v));
    CAF_CHECK(succeeded(ask<std::string>(metrics_atom_v)));
  }

  // -- the end

  void heal() {
    connector->accept_all();
    for (std::size_t i = 0; i < connector->size(); ++i)
      if ((*connector)[i].stream) {
        peer(i).release_pongs();
        peer(i).go_on_reading();
      }
    // Peers that fell silent are found dead, and what they held comes back.
    advance(2min);
    // Idle connections are replaced all the time: one may just be on its way.
    for (int i = 0; i < 50 && stats().open < stats().total; ++i)
      advance(10ms);
    note_outcomes();
  }

  void note_outcomes() {
    for (std::size_t i = 0; i < singles_.size(); ++i) {
      auto& [at, answer] = singles_[i];
      CAF_CHECK(answer->arrived());
      // Written says nothing of what came later.
      const bool certain =
        answer->failed || whens_[i] != until::written || sent_[at].policy == delivery::at_most_once;
      if (certain)
        sent_[at].outcome = answer->failed ? fate::failed : fate::sent;
      sent_[at].why = answer->error;
      if (whens_[i] == until::confirmed && sent_[at].policy == delivery::at_most_once)
        sent_[at].outcome = answer->failed ? fate::unknown : fate::sent;
    }
    auto all_arrived = [](auto& answers) {
      return std::all_of(answers.begin(), answers.end(),
                         [](auto& answer) { return answer->arrived(); });
    };
    CAF_CHECK(all_arrived(batches_));
    CAF_CHECK(all_arrived(others_));
    CAF_CHECK(all_arrived(pings_));
    CAF_CHECK(all_arrived(ping_reports_));
  }

  void check() {
    auto numbers = stats();
    CAF_CHECK_EQUAL(numbers.pending, 0u);
    CAF_CHECK_EQUAL(numbers.queued_messages, 0u);
    CAF_CHECK_EQUAL(numbers.accepted, sent_.size());
    CAF_CHECK_EQUAL(numbers.open, numbers.total);
    std::vector<int> times(sent_.size());
    std::map<std::uint64_t, std::size_t> by_order;
    for (std::size_t i = 0; i < connector->size(); ++i) {
      if (!(*connector)[i].stream)
        continue;
      for (auto& seen : peer(i).messages()) {
        const auto at = std::stoul(seen.data);
        ++times.at(at);
        if (!seen.late)
          by_order[seen.order] = at;
      }
    }
    for (std::size_t at = 0; at < sent_.size(); ++at)
      check_times(at, times[at]);
    check_order(by_order);
  }

  void check_times(std::size_t at, int times) {
    auto& m = sent_[at];
    const bool once = m.policy == delivery::at_most_once;
    if (once && times > 1)
      CAF_ERROR("message " << at << " was to be written once, but came " << times << " times");
    if (!once && m.outcome == fate::sent && times == 0)
      CAF_ERROR("message " << at << " is called sent, but nobody read it");
    const bool untouched =
      m.why == errc::queue_full || m.why == errc::dropped || m.why == errc::unreachable;
    if (m.outcome == fate::failed && times > 0 && once && untouched)
      CAF_ERROR("message " << at << " failed as " << to_string(m.why) << ", but it came");
    if (m.outcome == fate::failed && !m.pinned && !once && m.why == errc::connection_lost)
      CAF_ERROR("message " << at << " was to be sent again, but it was lost");
  }

  /// Messages of a key that were to arrive for certain came, for the first time each, in order.
  void check_order(const std::map<std::uint64_t, std::size_t>& by_order) {
    std::map<std::string, std::size_t> latest;
    std::set<std::size_t> before;
    for (auto& [order, at] : by_order) {
      auto& m = sent_[at];
      if (m.key.empty() || m.pinned || m.policy != delivery::at_least_once
          || !before.insert(at).second)
        continue;
      auto found = latest.find(m.key);
      if (found != latest.end() && found->second > at)
        CAF_ERROR("of key " << m.key << ", message " << at << " came behind " << found->second);
      latest[m.key] = at;
    }
  }

  std::mt19937_64 random_;
  std::vector<message> sent_;
  std::vector<std::pair<std::size_t, answer_ptr_of<receipt>>> singles_;
  std::vector<until> whens_;
  std::vector<answer_ptr_of<batch_receipt>> batches_;
  std::vector<answer_ptr_of<caf::unit_t>> others_;
  std::vector<answer_ptr_of<ping_outcome>> pings_;
  std::vector<answer_ptr_of<ping_report>> ping_reports_;
};

} // namespace

CAF_TEST(whatever_happens_every_promise_is_kept) {
  const char* chosen = std::getenv("WSPOOL_STORY");
  const auto first = chosen ? std::stoull(chosen) : 1;
  const auto last = chosen ? first : 120;
  for (auto seed = first; seed <= last; ++seed) {
    CAF_MESSAGE("story " << seed);
    story{seed}.play(60);
  }
}

} // namespace pool_story_test
