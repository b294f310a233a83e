// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "backplane/channel_book.hpp"
#include "backplane/claim_book.hpp"
#include "backplane/drawn_name.hpp"
#include "backplane/listener_table.hpp"
#include "backplane/weak_alarm.hpp"
#include "messaging/dedup_window.hpp"
#include "messaging/membership_memory.hpp"

#include <wspool/backplane.hpp>
#include <wspool/pool.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wspool {

namespace {

using memory_interface = compat::extend<backplane_actor, caf::result<void>(tick_atom)>;

/// What is too old is not told to anybody; its memory is given back this often.
constexpr std::chrono::seconds expiry_pace{1};
/// Clients whose channels are remembered while they are there. They come from brokers, which bound
/// them; this is against clients that are never said to depart.
constexpr std::size_t max_present_clients = 1'000'000;

class memory_backplane final : public memory_interface::base {
public:
  memory_backplane(caf::actor_config& cfg, const backplane_options& options)
    : memory_interface::base(cfg), book_(options.history, options.max_channels, draw_name),
      known_({.age = options.deduplication}), memberships_({.age = options.memory}) {
    stats_.kind = "memory";
    stats_.connected = true;
  }

  const char* name() const override { return "wspool.backplane"; }

protected:
  memory_interface::behavior_type make_behavior() override {
    return {
      [this](subscribe_atom, const caf::actor& who, const channel_ref& channel) {
        return subscribe(who, channel);
      },
      [this](unsubscribe_atom, const caf::actor& who, const channel_ref& channel) {
        unsubscribe(who, channel);
      },
      [this](publish_atom, publish_batch& batch) { return publish(batch); },
      [this](history_atom, const channel_ref& channel, const channel_place& seen) {
        auto page = book_.since(channel, seen, now());
        look_later();
        return page;
      },
      [this](enter_atom, const caf::actor& who, const channel_ref& channel,
             const channel_person& person) { return enter(who, channel, person); },
      [this](exit_atom, const caf::actor& who, const channel_ref& channel,
             const channel_person& person) { leave(who, channel, person); },
      [this](presence_atom, const channel_ref& channel, std::uint32_t limit) {
        return book_.people(channel, limit);
      },
      [this](recall_atom, const std::string& client) { return recall(client); },
      [this](remember_atom, const std::string& client, const std::string& channel) {
        memberships_.join(client, channel);
      },
      [this](forget_atom, const std::string& client, const std::string& channel) {
        memberships_.leave(client, channel);
      },
      [this](depart_atom, const std::string& client) {
        memberships_.depart(client, now());
        look_later();
      },
      [this](claim_atom, const std::string& key, const std::string& owner, std::uint64_t ms) {
        return claim(key, owner, ms);
      },
      [this](settle_atom, const std::string& key, const std::string& owner, std::string& text,
             std::uint64_t ms) {
        claims_.settle(key, owner, std::move(text), std::chrono::milliseconds{ms}, now());
        look_later();
      },
      [this](stats_atom) {
        stats_.channels = book_.heard();
        return stats_;
      },
      [this](tick_atom) { on_tick(); },
    };
  }

private:
  using time_point = std::chrono::steady_clock::time_point;
  using event = backplane_event::what;

  [[nodiscard]] time_point now() const { return clock().now(); }

  // -- listeners

  listener_table::number number_of(const caf::actor& who) {
    if (const auto known = listeners_.find(who))
      return *known;
    monitors_.add(this, who,
                  [this, address = who.address()](const caf::error&) { on_down(address); });
    return listeners_.add(who);
  }

  void on_down(const caf::actor_addr& who) {
    const auto number = listeners_.remove(who);
    if (!number)
      return;
    for (auto& [channel, person] : book_.drop(*number, now()))
      post(channel, event::exited, person);
    hand_out();
    look_later();
  }

  caf::result<void> subscribe(const caf::actor& who, const channel_ref& channel) {
    if (!who)
      return caf::make_error(errc::invalid_option);
    if (!book_.subscribe(channel, number_of(who), now()))
      return caf::make_error(errc::queue_full);
    look_later();
    return caf::unit;
  }

  void unsubscribe(const caf::actor& who, const channel_ref& channel) {
    if (const auto number = listeners_.find(who))
      book_.unsubscribe(channel, *number, now());
    look_later();
  }

  void post(const channel_ref& channel, event what, const channel_person& person) {
    const auto* const to = book_.listeners_of(channel);
    if (to == nullptr)
      return;
    for (const auto one : *to)
      listeners_.post(one, {what, channel, {}, {}, person});
  }

  void hand_out() {
    listeners_.hand_out([this](const caf::actor& to, backplane_events&& what) {
      compat::tell(this, to, std::move(what));
    });
  }

  // -- messages

  publish_outcomes publish(publish_batch& batch) {
    publish_outcomes result;
    result.outcomes.reserve(batch.orders.size());
    const auto at = now();
    for (auto& order : batch.orders)
      result.outcomes.push_back(publish(order, at));
    hand_out();
    look_later();
    return result;
  }

  publish_outcome publish(publish_order& order, time_point at) {
    if (order.key.publisher.empty())
      return publish_first(order, at);
    // The same key in another channel is another key, as it is over Redis.
    const auto& [space, name] = order.channel;
    const message_id id{space + '\0' + name + '\0' + order.key.id};
    if (known_.see(order.key.publisher, id, at) != dedup_window::sighting::first) {
      ++stats_.duplicates;
      const auto where = known_.place_of(order.key.publisher, id, at).value_or(position{});
      return {errc::none, {where.epoch, where.offset}, true};
    }
    auto result = publish_first(order, at);
    if (result.why == errc::none)
      known_.accept(order.key.publisher, id, position{result.place.epoch, result.place.offset}, at);
    else
      known_.forget(order.key.publisher, id, at);
    return result;
  }

  publish_outcome publish_first(publish_order& order, time_point at) {
    auto [accepted, place, to] = book_.publish(order.channel, order.body, at);
    if (!accepted) {
      ++stats_.failed;
      return {errc::queue_full, {}, false};
    }
    ++stats_.published;
    if (to != nullptr) {
      ++stats_.received;
      for (std::size_t i = 0; i + 1 < to->size(); ++i)
        listeners_.post((*to)[i], {event::message, order.channel, place, order.body, {}});
      listeners_.post(to->back(),
                      {event::message, std::move(order.channel), place, std::move(order.body), {}});
    }
    return {errc::none, std::move(place), false};
  }

  // -- people

  caf::result<void> enter(const caf::actor& who, const channel_ref& channel,
                          const channel_person& person) {
    if (!who)
      return caf::make_error(errc::invalid_option);
    switch (book_.enter(channel, number_of(who), person, now())) {
      case channel_book::entering::no_room:
        return caf::make_error(errc::queue_full);
      case channel_book::entering::entered:
        post(channel, event::entered, person);
        hand_out();
        break;
      case channel_book::entering::was_there:
        break;
    }
    look_later();
    return caf::unit;
  }

  void leave(const caf::actor& who, const channel_ref& channel, const channel_person& person) {
    const auto number = listeners_.find(who);
    if (!number || !book_.exit(channel, *number, person, now()))
      return;
    post(channel, event::exited, person);
    hand_out();
    look_later();
  }

  caf::result<channel_list> recall(const std::string& client) {
    if (memberships_.present_count() >= max_present_clients)
      return caf::make_error(errc::queue_full);
    return channel_list{memberships_.arrive(client, now())};
  }

  caf::result<claim_report> claim(const std::string& key, const std::string& owner,
                                  std::uint64_t ms) {
    auto report = claims_.claim(key, owner, std::chrono::milliseconds{ms}, now());
    look_later();
    if (!report)
      return caf::make_error(errc::queue_full);
    return std::move(*report);
  }

  // -- time

  void look_later() {
    for (const auto due : {book_.next_expiry(), known_.next_expiry(), memberships_.next_expiry(),
                           claims_.next_expiry()})
      if (due)
        alarm_.set(this, *due, now(), expiry_pace);
  }

  void on_tick() {
    alarm_.rang();
    const auto at = now();
    book_.expire(at);
    known_.expire(at);
    memberships_.expire(at);
    claims_.expire(at);
    look_later();
  }

  channel_book book_;
  dedup_window known_;
  membership_memory memberships_;
  claim_book claims_;
  listener_table listeners_;
  compat::monitors monitors_;
  weak_alarm alarm_;
  backplane_stats stats_;
};

} // namespace

backplane_actor spawn_memory_backplane(caf::actor_system& system,
                                       const backplane_options& options) {
  if (auto why = validate(options))
    throw invalid_options{why};
  return system.spawn<memory_backplane>(options);
}

} // namespace wspool
