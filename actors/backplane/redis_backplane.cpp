// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The backplane over Redis: its messages, and what they become. The links are in redis_upkeep.cpp.

#include "backplane/drawn_name.hpp"
#include "backplane/redis_backplane_state.hpp"

#include <wspool/pool.hpp>

#include <algorithm>
#include <utility>

namespace wspool {

namespace {

/// Of one client; further ones are not remembered. As in memory.
constexpr const char* max_rooms = "1000";

} // namespace

redis_backplane_state::behavior_type redis_backplane_state::make_behavior() {
  connect();
  return {
    [this](subscribe_atom, const caf::actor& who, const channel_ref& channel) {
      return subscribe(who, channel);
    },
    [this](unsubscribe_atom, const caf::actor& who, const channel_ref& channel) {
      return unsubscribe(who, channel);
    },
    [this](publish_atom, const publish_batch& batch) { return publish(batch); },
    [this](history_atom, const channel_ref& channel, const channel_place& seen) {
      return history(channel, seen);
    },
    [this](enter_atom, const caf::actor& who, const channel_ref& channel,
           const channel_person& person) { return enter(who, channel, person); },
    [this](exit_atom, const caf::actor& who, const channel_ref& channel,
           const channel_person& person) { return leave(who, channel, person); },
    [this](presence_atom, const channel_ref& channel, std::uint32_t limit) {
      return people(channel, limit);
    },
    [this](recall_atom, const std::string& client) { return recall(client); },
    [this](remember_atom, const std::string& client, const std::string& channel) {
      return remember(client, channel);
    },
    [this](forget_atom, const std::string& client, const std::string& channel) {
      return forget(client, channel);
    },
    [this](depart_atom, const std::string& client) { return depart(client); },
    [this](claim_atom, const std::string& key, const std::string& owner, std::uint64_t ms) {
      return claim(key, owner, ms);
    },
    [this](settle_atom, const std::string& key, const std::string& owner, const std::string& text,
           std::uint64_t ms) { return settle(key, owner, text, ms); },
    [this](stats_atom) { return stats(); },
    [this](tick_atom) { on_tick(); },
  };
}

// -- answers -------------------------------------------------------------------------------------

errc redis_backplane_state::obstacle() const noexcept {
  if (!up_)
    return errc::no_connection;
  return commands_.has_room() && events_.has_room() ? errc::none : errc::queue_full;
}

template <class T>
caf::result<T> redis_backplane_state::refuse(errc why) {
  auto result = self_->template make_response_promise<T>();
  answers_.ready(answers_.take(), [to = keep(result), why] { to->deliver(caf::make_error(why)); });
  return result;
}

caf::result<void> redis_backplane_state::refuse_void(errc why) {
  compat::void_promise result{self_};
  answer(answers_.take(), keep(result), why);
  return result;
}

void redis_backplane_state::answer(ticket turn, const void_promise_ptr& to, errc why) {
  answers_.ready(turn, [to, why] {
    if (why == errc::none)
      to->deliver();
    else
      to->deliver(caf::make_error(why));
  });
}

redis_link::answer redis_backplane_state::answer_later(ticket turn, const void_promise_ptr& to) {
  return
    [this, turn, to](errc why, const redisReply* reply) { answer(turn, to, error_in(why, reply)); };
}

errc redis_backplane_state::error_in(errc why, const redisReply* reply) {
  // Out of memory, read-only, not a primary: Redis is there, but does not do what it is for.
  return reply != nullptr && is_error(*reply) ? errc::io_error : why;
}

// -- listening -----------------------------------------------------------------------------------

caf::result<void> redis_backplane_state::subscribe(const caf::actor& who,
                                                   const channel_ref& channel) {
  if (const auto why = who ? obstacle() : errc::invalid_option; why != errc::none)
    return refuse_void(why);
  if (channels_.find(channel) == nullptr && channels_.size() >= options_.max_channels)
    return refuse_void(errc::queue_full);
  compat::void_promise result{self_};
  const auto turn = answers_.take();
  const auto to = keep(result);
  const auto number = listener_of(who);
  const auto tag = redis_keys::tag(channel);
  auto& at = channels_.subscribe(channel, number, tag, keys_.wire(tag));
  if (at.confirmed()) {
    answer(turn, to, errc::none);
    return result;
  }
  at.waiting.push_back([this, turn, to, channel, number](errc why) {
    if (why != errc::none)
      channels_.unsubscribe(channel, number);
    answer(turn, to, why);
  });
  if (!at.asked) {
    channels_.asking(at);
    send_subscribe({at.wire});
  }
  return result;
}

caf::result<void> redis_backplane_state::unsubscribe(const caf::actor& who,
                                                     const channel_ref& channel) {
  // Possible without a link, too: then nobody has to be told.
  if (const auto number = listeners_.find(who))
    if (auto wire = channels_.unsubscribe(channel, *number))
      send_unsubscribe({std::move(*wire)});
  return refuse_void(errc::none);
}

listener_table::number redis_backplane_state::listener_of(const caf::actor& who) {
  if (const auto known = listeners_.find(who))
    return *known;
  monitors_.add(self_, who,
                [this, address = who.address()](const caf::error&) { on_down(address); });
  return listeners_.add(who);
}

void redis_backplane_state::on_down(const caf::actor_addr& who) {
  const auto number = listeners_.remove(who);
  if (!number)
    return;
  send_unsubscribe(channels_.drop(*number));
  for (auto i = people_.begin(); i != people_.end();) {
    const auto here = i++;
    const auto channel = here->first; // the last one takes its entry along
    std::vector<channel_person> gone;
    for (const auto& [person, by] : here->second)
      if (by == *number)
        gone.push_back(person);
    for (const auto& person : gone)
      send_exit(channel, person, [](errc, const redisReply*) {});
  }
}

void redis_backplane_state::post(const redis_channels::entry& to, backplane_event what) {
  for (std::size_t i = 0; i + 1 < to.to.size(); ++i)
    listeners_.post(to.to[i], what);
  if (!to.to.empty())
    listeners_.post(to.to.back(), std::move(what));
}

// -- messages ------------------------------------------------------------------------------------

struct redis_backplane_state::batch_under_way {
  promise_ptr<publish_outcomes> to;
  ticket turn;
  publish_outcomes result;
  std::size_t left;
};

caf::result<publish_outcomes> redis_backplane_state::publish(const publish_batch& batch) {
  const auto count = batch.orders.size();
  if (!up_) {
    stats_.failed += count;
    return refuse<publish_outcomes>(errc::no_connection);
  }
  auto result = self_->make_response_promise<publish_outcomes>();
  auto all = std::make_shared<batch_under_way>(
    batch_under_way{keep(result), answers_.take(), {}, count + 1});
  all->result.outcomes.resize(count);
  auto one_less = [this, all] {
    if (--all->left == 0)
      answers_.ready(all->turn, [all] { all->to->deliver(std::move(all->result)); });
  };
  for (std::size_t i = 0; i < count; ++i)
    publish(batch.orders[i], [this, all, i, one_less](publish_outcome x) {
      ++(x.why != errc::none ? stats_.failed : x.duplicate ? stats_.duplicates : stats_.published);
      all->result.outcomes[i] = std::move(x);
      one_less();
    });
  one_less();
  return result;
}

void redis_backplane_state::publish(const publish_order& order,
                                    std::function<void(publish_outcome)> then) {
  if (const auto why = obstacle(); why != errc::none)
    return then({why, {}, false});
  const auto tag = redis_keys::tag(order.channel);
  const bool keyed = !order.key.publisher.empty();
  const auto meta = keys_.meta(tag), bodies = keys_.bodies(tag), sizes = keys_.sizes(tag);
  const auto seen = keys_.seen(tag, keyed ? order.key : publication_key{});
  const auto wire = keys_.wire(tag), by = home_ + " " + stamp(), epoch = draw_name();
  redis_command words{
    meta, bodies,     sizes,
    seen, order.body, wire,
    by,   epoch,      keyed ? std::string_view{deduplication_} : std::string_view{}};
  append_limits(words);
  commands_.call(
    redis_script::publish, 4, words, [then = std::move(then)](errc why, const redisReply* reply) {
      if (why = error_in(why, reply); why != errc::none)
        return then({why, {}, false});
      then(read_published(*reply).value_or(publish_outcome{errc::protocol_error, {}, false}));
    });
}

caf::result<history_page> redis_backplane_state::history(const channel_ref& channel,
                                                         const channel_place& seen) {
  if (const auto why = obstacle(); why != errc::none)
    return refuse<history_page>(why);
  auto result = self_->make_response_promise<history_page>();
  const auto turn = answers_.take();
  const auto to = keep(result);
  auto* const at = channels_.find(channel);
  if (at != nullptr && at->asked && !at->confirmed())
    // What is read before Redis confirmed may end before what will be heard begins.
    at->waiting.push_back([this, channel, seen, turn, to](errc why) {
      if (why == errc::none)
        return ask_history(channel, seen, turn, to);
      answers_.ready(turn, [to, why] { to->deliver(caf::make_error(why)); });
    });
  else
    ask_history(channel, seen, turn, to);
  return result;
}

void redis_backplane_state::ask_history(const channel_ref& channel, const channel_place& seen,
                                        ticket turn, const promise_ptr<history_page>& to) {
  if (options_.history.max_messages == 0)
    return answers_.ready(turn, [to] { to->deliver(history_page{}); });
  read_history_since(channel, seen, [this, turn, to](errc why, std::optional<history_page> page) {
    answers_.ready(turn, [to, why, page = std::move(page)]() mutable {
      if (page)
        to->deliver(std::move(*page));
      else
        to->deliver(caf::make_error(why));
    });
  });
}

void redis_backplane_state::read_history_since(const channel_ref& channel,
                                               const channel_place& seen, page_handler then) {
  const auto tag = redis_keys::tag(channel);
  const auto meta = keys_.meta(tag), bodies = keys_.bodies(tag), sizes = keys_.sizes(tag);
  const auto offset = std::to_string(seen.offset), epoch = draw_name();
  redis_command words{meta, bodies, sizes, seen.epoch, offset, epoch};
  append_limits(words);
  commands_.call(redis_script::history, 3, words,
                 [then = std::move(then)](errc why, const redisReply* reply) {
                   why = error_in(why, reply);
                   auto page = why == errc::none ? read_history(*reply) : std::nullopt;
                   if (why == errc::none && !page)
                     why = errc::protocol_error;
                   then(why, std::move(page));
                 });
}

// -- people --------------------------------------------------------------------------------------

caf::result<void> redis_backplane_state::enter(const caf::actor& who, const channel_ref& channel,
                                               const channel_person& person) {
  if (const auto why = who ? obstacle() : errc::invalid_option; why != errc::none)
    return refuse_void(why);
  compat::void_promise result{self_};
  const auto number = listener_of(who);
  people_[channel][person] = number;
  send_enter(channel, person,
             [this, channel, person, number, then = answer_later(answers_.take(), keep(result))](
               errc why, const redisReply* reply) {
               const auto in = people_.find(channel);
               if (error_in(why, reply) != errc::none && in != people_.end()) {
                 // It was not told that it is in, so it is not. What Redis has of it is swept.
                 const auto there = in->second.find(person);
                 if (there != in->second.end() && there->second == number)
                   in->second.erase(there);
                 if (in->second.empty())
                   people_.erase(in);
               }
               then(why, reply);
             });
  return result;
}

void redis_backplane_state::send_enter(const channel_ref& channel, const channel_person& person,
                                       redis_link::answer then) {
  const auto tag = redis_keys::tag(channel);
  // First, so that whoever sweeps after us will look there.
  commands_.send({"SADD", keys_.node(node_), tag});
  const auto key = keys_.people(tag), wire = keys_.wire(tag), field = write_person(person);
  commands_.call(redis_script::enter, 1, {key, wire, node_, field}, std::move(then));
}

caf::result<void> redis_backplane_state::leave(const caf::actor& who, const channel_ref& channel,
                                               const channel_person& person) {
  if (const auto why = obstacle(); why == errc::queue_full)
    return refuse_void(why);
  const auto number = listeners_.find(who);
  const auto in = people_.find(channel);
  const auto is_ours = number && in != people_.end() && in->second.contains(person)
                       && in->second.at(person) == *number;
  if (!is_ours)
    return refuse_void(up_ ? errc::none : errc::no_connection);
  compat::void_promise result{self_};
  send_exit(channel, person, answer_later(answers_.take(), keep(result)));
  return result;
}

void redis_backplane_state::send_exit(const channel_ref& channel, const channel_person& person,
                                      redis_link::answer then) {
  const auto in = people_.find(channel);
  in->second.erase(person);
  const auto last = in->second.empty();
  const auto tag = redis_keys::tag(channel);
  if (last)
    people_.erase(in);
  if (!up_)
    return then(errc::no_connection, nullptr); // the name that it is in by will be swept
  const auto key = keys_.people(tag), wire = keys_.wire(tag), field = write_person(person);
  commands_.call(redis_script::exit, 1, {key, wire, node_, field}, std::move(then));
  if (last)
    commands_.send({"SREM", keys_.node(node_), tag});
}

caf::result<presence_page> redis_backplane_state::people(const channel_ref& channel,
                                                         std::uint32_t limit) {
  if (const auto why = obstacle(); why != errc::none)
    return refuse<presence_page>(why);
  auto result = self_->make_response_promise<presence_page>();
  const auto key = keys_.people(redis_keys::tag(channel)), most = std::to_string(limit);
  commands_.call(
    redis_script::people, 1, {key, most},
    [this, limit, turn = answers_.take(), to = keep(result)](errc why, const redisReply* reply) {
      why = error_in(why, reply);
      auto page = why == errc::none ? read_people(*reply, limit) : std::nullopt;
      if (why == errc::none && !page)
        why = errc::protocol_error;
      answers_.ready(turn, [to, why, page = std::move(page)]() mutable {
        if (page)
          to->deliver(std::move(*page));
        else
          to->deliver(caf::make_error(why));
      });
    });
  return result;
}

// -- memberships ---------------------------------------------------------------------------------

caf::result<channel_list> redis_backplane_state::recall(const std::string& client) {
  if (const auto why = obstacle(); why != errc::none)
    return refuse<channel_list>(why);
  auto result = self_->make_response_promise<channel_list>();
  if (++clients_[client] == 1)
    refreshes_.emplace_back(now() + options_.memory / 2, client);
  commands_.call(
    redis_script::recall, 1, {keys_.client(client), memory_},
    [this, turn = answers_.take(), to = keep(result)](errc why, const redisReply* reply) {
      why = error_in(why, reply);
      channel_list list;
      if (why == errc::none)
        list.channels = read_texts(*reply);
      answers_.ready(turn, [to, why, list = std::move(list)]() mutable {
        if (why == errc::none)
          to->deliver(std::move(list));
        else
          to->deliver(caf::make_error(why));
      });
    });
  return result;
}

caf::result<void> redis_backplane_state::remember(const std::string& client,
                                                  const std::string& channel) {
  if (const auto why = obstacle(); why != errc::none)
    return refuse_void(why);
  compat::void_promise result{self_};
  commands_.call(redis_script::remember, 1, {keys_.client(client), memory_, channel, max_rooms},
                 answer_later(answers_.take(), keep(result)));
  return result;
}

caf::result<void> redis_backplane_state::forget(const std::string& client,
                                                const std::string& channel) {
  if (const auto why = obstacle(); why != errc::none)
    return refuse_void(why);
  compat::void_promise result{self_};
  commands_.send({"SREM", keys_.client(client), channel},
                 answer_later(answers_.take(), keep(result)));
  return result;
}

caf::result<void> redis_backplane_state::depart(const std::string& client) {
  if (const auto there = clients_.find(client); there != clients_.end() && --there->second == 0)
    clients_.erase(there);
  if (const auto why = obstacle(); why != errc::none)
    return refuse_void(why);
  compat::void_promise result{self_};
  commands_.send({"PEXPIRE", keys_.client(client), memory_},
                 answer_later(answers_.take(), keep(result)));
  return result;
}

// -- what is done once ---------------------------------------------------------------------------

caf::result<claim_report> redis_backplane_state::claim(const std::string& key,
                                                       const std::string& owner, std::uint64_t ms) {
  if (const auto why = obstacle(); why != errc::none)
    return refuse<claim_report>(why);
  auto result = self_->make_response_promise<claim_report>();
  commands_.call(
    redis_script::claim, 1, {keys_.once(key), owner, std::to_string(ms)},
    [this, turn = answers_.take(), to = keep(result)](errc why, const redisReply* reply) {
      why = error_in(why, reply);
      auto report = why == errc::none ? read_claim(*reply) : std::nullopt;
      if (why == errc::none && !report)
        why = errc::protocol_error;
      answers_.ready(turn, [to, why, report = std::move(report)]() mutable {
        if (report)
          to->deliver(std::move(*report));
        else
          to->deliver(caf::make_error(why));
      });
    });
  return result;
}

caf::result<void> redis_backplane_state::settle(const std::string& key, const std::string& owner,
                                                const std::string& text, std::uint64_t ms) {
  if (const auto why = obstacle(); why != errc::none)
    return refuse_void(why);
  compat::void_promise result{self_};
  commands_.call(redis_script::settle, 1, {keys_.once(key), owner, std::to_string(ms), text},
                 answer_later(answers_.take(), keep(result)));
  return result;
}

backplane_stats redis_backplane_state::stats() const {
  auto result = stats_;
  result.connected = up_;
  result.channels = channels_.size();
  return result;
}

// -- making one ----------------------------------------------------------------------------------

backplane_actor spawn_redis_backplane(caf::actor_system& system, io_pool& io, redis_options redis,
                                      const backplane_options& options) {
  if (auto why = validate(redis))
    throw invalid_options{why};
  if (auto why = validate(options))
    throw invalid_options{why};
  redis_address address;
  static_cast<void>(parse_redis_url(redis.url, address)); // just validated
  if (!redis.connector)
    redis.connector = make_connector();
  while (redis.seed == 0)
    redis.seed = std::random_device{}();
  const auto host = strand_host::of(system, io);
  auto result = spawn_on_strand<redis_backplane_state>(
    host, std::make_shared<const redis_options>(std::move(redis)), options, address);
  host->add_root(caf::actor_cast<caf::strong_actor_ptr>(result));
  return result;
}

} // namespace wspool
