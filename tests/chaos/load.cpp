// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/load.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wspool::chaos {

namespace {

class sender : public std::enable_shared_from_this<sender> {
public:
  sender(caf::event_based_actor* self, pool_actor pool, const load_plan& plan, ledger* numbers,
         testimony_ptr seen, load_account_ptr account)
    : self_(self), pool_(std::move(pool)), plan_(plan), random_(plan.seed), numbers_(*numbers),
      seen_(std::move(seen)), account_(std::move(account)) {}

  void take_turn() {
    if (account_->stop) {
      account_->stopped = true;
      return;
    }
    for (auto n = random_.number(0, plan_.burst); n > 0 && messages_ < plan_.window; --n)
      act();
    compat::tell_after(self_, plan_.turn, caf::actor_cast<caf::actor>(self_), tick_atom_v);
  }

private:
  struct item {
    std::uint64_t number = 0;
    std::string text;
    send_options how;
    delivery policy = delivery::at_most_once;
  };

  void act() {
    const auto what = random_.number(0, 99);
    if (what < 60)
      deliver_one();
    else if (what < 85)
      deliver_batch();
    else if (what < 90 && plan_.plain)
      send_batch();
    else if (what < 92)
      broadcast();
    else if (what < 96)
      reply();
    else if (what < 98)
      ping();
    else
      deliver_one();
  }

  // -- messages

  std::string padding() {
    if (random_.percent(plan_.large_percent))
      return std::string(random_.number(1'000, 200'000), 'y');
    return std::string(random_.percent(50) ? 0 : random_.number(0, 400), 'x');
  }

  item next(until when, bool pinned) {
    item result;
    auto& how = result.how;
    if (random_.percent(plan_.mixed_percent))
      how.policy = random_.percent(50) ? delivery::at_most_once : delivery::at_least_once;
    if (random_.percent(20))
      how.kind = message_kind::binary;
    note n;
    n.policy = result.policy =
      how.policy == delivery::pool_default ? plan_.pool_policy : how.policy;
    n.pinned = pinned;
    n.confirmed = when == until::confirmed;
    if (!pinned && plan_.keys > 0 && random_.percent(plan_.keyed_percent)) {
      n.key =
        plan_.first_key
        + static_cast<std::int32_t>(random_.number(0, static_cast<std::uint64_t>(plan_.keys) - 1));
      how.key = "key " + std::to_string(n.key);
    }
    if (random_.percent(plan_.limited_percent)) {
      n.limited = true;
      how.time_to_live = std::chrono::milliseconds{random_.number(5, 300)};
    }
    result.number = numbers_.begin(n);
    result.text = std::to_string(result.number) + ' ' + padding();
    ++account_->accepted;
    return result;
  }

  // -- requests

  template <class T, class OnValue, class OnError, class... Ts>
  void ask(std::size_t messages, OnValue on_value, OnError on_error, Ts... xs) {
    ++account_->under_way;
    messages_ += messages;
    auto done = [me = shared_from_this(), messages] {
      me->messages_ -= messages;
      --me->account_->under_way;
    };
    compat::ask(self_, pool_, caf::infinite, std::move(xs)...)
      .then(
        [done, on_value](const T& x) {
          on_value(x);
          done();
        },
        [done, on_error](const caf::error& e) {
          on_error(error_of(e));
          done();
        });
  }

  void deliver_one() {
    const auto chosen = random_.number(0, 9);
    const auto when = chosen == 0   ? until::written
                      : chosen == 1 ? until::confirmed
                                    : until::outcome;
    auto x = next(when, false);
    const bool certain = when != until::written || x.policy == delivery::at_most_once;
    auto on_receipt = [this, number = x.number, certain](const receipt&) {
      numbers_.settle(number, certain ? fate::sent : fate::unknown);
      ++(certain ? account_->sent : account_->untold);
    };
    auto on_error = [this, number = x.number](errc why) {
      numbers_.settle(number, fate::failed, why);
      ++account_->failed;
    };
    ask<receipt>(1, on_receipt, on_error, deliver_atom_v,
                 outgoing{std::move(x.text), std::move(x.how)}, when);
  }

  message_batch any_batch(std::vector<std::uint64_t>& members, bool pinned) {
    message_batch result;
    for (auto n = random_.number(1, 12); n > 0; --n) {
      auto x = next(until::outcome, pinned);
      result.add(x.text, x.how);
      members.push_back(x.number);
    }
    return result;
  }

  void settle_all(const std::vector<std::uint64_t>& members, fate outcome, errc why = errc::none) {
    for (auto number : members)
      numbers_.settle(number, outcome, why);
  }

  /// A receipt tells which failed only if all did, or none, and of all but one not why.
  void on_batch(const std::vector<std::uint64_t>& members, const batch_receipt& r) {
    account_->sent += r.sent;
    account_->failed += r.failed;
    if (r.failed == 0)
      settle_all(members, fate::sent);
    else if (r.failed == members.size() && members.size() == 1)
      settle_all(members, fate::failed, r.first_failure);
    else
      settle_all(members, fate::unknown);
  }

  template <class... Ts>
  void ask_batch(std::vector<std::uint64_t> members, bool bound, Ts... xs) {
    auto on_receipt = [this, members, bound](const batch_receipt& r) {
      on_batch(members, r);
      account_->bound_failed += bound ? r.failed : 0;
    };
    auto on_error = [this, members, bound](errc why) {
      settle_all(members, fate::failed, why);
      account_->failed += members.size();
      account_->bound_failed += bound ? members.size() : 0;
    };
    ask<batch_receipt>(members.size(), on_receipt, on_error, std::move(xs)...);
  }

  void deliver_batch() {
    std::vector<std::uint64_t> members;
    auto batch = any_batch(members, false);
    ask_batch(std::move(members), false, deliver_atom_v, std::move(batch));
  }

  void reply() {
    const auto open = seen_->open();
    if (open.empty())
      return;
    const auto to = random_.of(open);
    std::vector<std::uint64_t> members;
    auto batch = any_batch(members, true);
    ask_batch(std::move(members), true, reply_atom_v, to, std::move(batch));
  }

  void send_batch() {
    std::vector<std::uint64_t> members;
    auto batch = any_batch(members, false);
    settle_all(members, fate::unknown);
    account_->untold += members.size();
    compat::tell(self_, pool_, send_atom_v, std::move(batch));
  }

  void broadcast() {
    auto on_report = [this](const broadcast_report& report) {
      account_->accepted += report.size();
      for (const auto& x : report) {
        ++(x.outcome == errc::none ? account_->sent : account_->failed);
        account_->bound_failed += x.outcome == errc::none ? 0 : 1;
      }
    };
    ask<broadcast_report>(
      1, on_report, [](errc) {}, broadcast_atom_v, outgoing{"broadcast " + padding(), {}});
  }

  void ping() {
    if (random_.percent(50))
      ask<ping_outcome>(
        1, [](const ping_outcome&) {}, [](errc) {}, ping_atom_v);
    else
      ask<ping_report>(
        1, [](const ping_report&) {}, [](errc) {}, broadcast_ping_atom_v,
        std::string{"are you there"});
  }

  caf::event_based_actor* self_;
  pool_actor pool_;
  load_plan plan_;
  chance random_;
  ledger& numbers_;
  testimony_ptr seen_;
  load_account_ptr account_;
  std::size_t messages_ = 0;
};

} // namespace

caf::behavior load(caf::event_based_actor* self, pool_actor pool, load_plan plan, ledger* numbers,
                   testimony_ptr seen, load_account_ptr account) {
  auto me = std::make_shared<sender>(self, std::move(pool), plan, numbers, std::move(seen),
                                     std::move(account));
  compat::tell(self, caf::actor_cast<caf::actor>(self), tick_atom_v);
  return {[me](tick_atom) { me->take_turn(); }};
}

} // namespace wspool::chaos
