// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The broker: who is in which channel. How somebody comes into one:
//
//     subscribe ---> the backplane: listen, enter, remember, history (all asked at once)
//                    '-- all answered --> subscribed, what was missed, what came meanwhile,
//                                         and into the hub's room when it is where live is
//                    '-- one failed ----> unavailable; nothing has happened

#include "broker/broker_state.hpp"
#include "broker/conversions.hpp"
#include "messaging/publication_text.hpp"

#include <spdlog/logger.h>

#include <utility>

namespace wspool {

// -- subscribe -----------------------------------------------------------------------------------

void broker_state::take(client& who, requests::subscribe& what) {
  if (what.presence && !options_->presence)
    return refuse(
      who, refusal(message_errc::forbidden, "presence", "presence is not told here", what.id));
  if (auto why = may_join(who, what.channel)) {
    why->id = what.id;
    return refuse(who, std::move(*why));
  }
  if (who.channels.contains(what.channel) && !what.recover)
    return subscribe_again(who, what);
  auto into = std::make_shared<joining>();
  into->channel = {who.who.space, what.channel};
  into->remember = who.recalled;
  into->wants_presence = what.presence;
  into->recover = what.recover;
  into->done = [this, id = what.id](client& back, const joining&, bool good) {
    done(back);
    if (!good)
      refuse(back, unavailable(id));
  };
  into->accepted = [this, id = what.id](client& back, const joining& how) {
    answer(back,
           replies::subscribed{id, how.channel.name, to_position(how.page.latest),
                               how.recover ? std::optional{how.page.recovered} : std::nullopt});
  };
  who.busy = true;
  join(who, into);
}

/// A member is told where it is; nothing but its wish for presence changes.
void broker_state::subscribe_again(client& who, requests::subscribe& what) {
  auto& in = *channels_.find({who.who.space, what.channel});
  auto& as = who.channels.find(what.channel)->second;
  answer(who, replies::subscribed{std::move(what.id), what.channel,
                                  as.catching ? as.catching->latest() : in.seen, std::nullopt});
  as.wants_presence = what.presence;
  enter_presence_room(who, in, as, as.wants_presence);
}

/// Makes the client a member, as far as the limits are concerned. @returns why not.
std::optional<rejection> broker_state::may_join(client& who, const std::string& channel) {
  switch (channels_.rooms().join(who.who.space, channel, who.number)) {
    case room_table::join_result::too_many_rooms:
      return refusal(message_errc::limit_exceeded, "channel",
                     "channel is one more than a client may be in", std::nullopt);
    case room_table::join_result::no_room_for_room:
      return refusal(message_errc::limit_exceeded, "channel",
                     "channel is one more than there may be", std::nullopt);
    default:
      return std::nullopt;
  }
}

void broker_state::join(client& who, const shared_joining& what) {
  auto& in = channels_.add(what->channel);
  const auto [at, is_new] = who.channels.try_emplace(what->channel.name);
  auto& as = at->second;
  what->number = who.number;
  what->again = !is_new;
  what->was_in_room = as.in_room;
  leave_room(who, in, as);
  what->before = std::exchange(as.catching, live_catch_up{max_held});
  insert_into(in.singles, who.number);
  what->remember = what->remember && is_new;
  ask_for(who, what);
}

void broker_state::ask_for(client& who, const shared_joining& what) {
  const auto good = [this, what] { answered(what, errc::none); };
  const auto bad = [this, what](const caf::error& why) { answered(what, error_of(why)); };
  auto* const in = channels_.find(what->channel);
  listen(*in);
  if (!what->again && options_->presence) {
    ++what->left;
    owed_.erase({what->channel, who.who.id});
    ask_backplane(good, bad, enter_atom_v, me(), what->channel,
                  channel_person{who.who.id, who.identity});
  }
  if (what->remember) {
    ++what->left;
    ask_backplane(good, bad, remember_atom_v, who.key(), what->channel.name);
  }
  ask_backplane(
    [this, what](history_page& page) {
      what->page = std::move(page);
      answered(what, errc::none);
    },
    bad, history_atom_v, what->channel, to_place(what->recover));
}

/// Has the channel's events come, unless they do or will.
void broker_state::listen(channel_entry& to) {
  if (to.state != channel_entry::link::none)
    return;
  to.state = channel_entry::link::asked;
  const auto became = [this, name = to.name, life = to.life](channel_entry::link state) {
    if (auto* const found = channels_.find(name); found != nullptr && found->life == life)
      found->state = state;
  };
  ask_backplane([became] { became(channel_entry::link::listening); },
                [became](const caf::error&) { became(channel_entry::link::none); },
                subscribe_atom_v, me(), to.name);
}

void broker_state::answered(const shared_joining& what, errc why) {
  if (why != errc::none)
    what->why = why;
  if (--what->left > 0)
    return;
  auto* const who = find(what->number);
  if (who == nullptr)
    return;
  auto* const in = channels_.find(what->channel);
  if (who->gone || in == nullptr || !who->channels.contains(what->channel.name))
    return what->done(*who, *what, false);
  const bool is_heard = in->state == channel_entry::link::listening;
  if (what->why == errc::none && is_heard)
    joined(*who, *what);
  else
    not_joined(*who, *what);
}

void broker_state::joined(client& who, joining& what) {
  auto& in = *channels_.find(what.channel);
  auto& as = who.channels.find(what.channel.name)->second;
  if (what.accepted)
    what.accepted(who, what);
  if (what.recover)
    ++(what.page.recovered ? counts_.recovered : counts_.not_recovered);
  if (what.recover && what.page.recovered)
    for (const auto& missed : what.page.missed)
      if (auto message = read_publication(what.channel.name, missed.body)) {
        ++counts_.events;
        tell(who, replies::event{std::make_shared<const publication>(std::move(*message)),
                                 position{what.page.latest.epoch, missed.offset}});
      }
  as.wants_presence = what.wants_presence;
  enter_presence_room(who, in, as, as.wants_presence);
  hand_on(who, what.channel.name, as.catching->answer(to_position(what.page.latest), in.seen));
  if (as.catching->state() == live_catch_up::phase::done)
    enter_room(who, in, as);
  what.done(who, what, true);
}

/// Nothing of it has happened.
void broker_state::not_joined(client& who, joining& what) {
  if (!what.again) {
    leave_channel(who, what.channel.name);
    if (what.remember)
      tell_backplane(forget_atom_v, who.key(), what.channel.name);
    return what.done(who, what, false);
  }
  auto& in = *channels_.find(what.channel);
  auto& as = who.channels.find(what.channel.name)->second;
  auto held = as.catching->abandon();
  as.catching = std::move(what.before);
  if (!as.catching)
    hand_on(who, what.channel.name, held);
  else
    for (auto& one : held)
      hand_on(who, what.channel.name, as.catching->arrive(std::move(one)));
  const bool is_there = !as.catching || as.catching->state() == live_catch_up::phase::done;
  if (is_there)
    enter_room(who, in, as);
  what.done(who, what, false);
}

/// What its `catch_up` says is to be told now.
void broker_state::hand_on(client& who, const std::string& channel,
                           const live_catch_up::items& items) {
  for (const auto& one : items) {
    ++(one.message ? counts_.events : counts_.gaps);
    if (one.message)
      tell(who, **one.message);
    else
      tell(who, replies::gap{channel, one.where});
  }
}

// -- the hub's rooms -----------------------------------------------------------------------------

void broker_state::enter_room(client& who, channel_entry& in, membership& as) {
  as.catching.reset();
  as.in_room = true;
  erase_from(in.singles, who.number);
  ++in.in_room[static_cast<std::size_t>(who.speaks)];
  outbox_.move(who.who, message_room(who.speaks, in.name.name), true);
}

void broker_state::leave_room(client& who, channel_entry& in, membership& as) {
  if (!std::exchange(as.in_room, false))
    return;
  --in.in_room[static_cast<std::size_t>(who.speaks)];
  outbox_.move(who.who, message_room(who.speaks, in.name.name), false);
}

void broker_state::enter_presence_room(client& who, channel_entry& in, membership& as, bool enter) {
  erase_from(in.presence_singles, who.number);
  if (std::exchange(as.in_presence_room, enter) == enter)
    return;
  if (enter)
    ++in.in_presence_room;
  else
    --in.in_presence_room;
  outbox_.move(who.who, presence_room(in.name.name), enter);
}

/// The client is in as many of the hub's rooms as it may: it is served alone from now on.
void broker_state::on_room_refused(const client_ref& ref, const std::string& room) {
  auto* const who = find(ref);
  const channel_ref channel{ref.space, channel_of_room(room)};
  auto* const in = channels_.find(channel);
  if (who == nullptr || in == nullptr)
    return;
  const auto at = who->channels.find(channel.name);
  if (at == who->channels.end())
    return;
  auto& as = at->second;
  if (options_->logger)
    options_->logger->warn("room refused broker={} client={}: the server's max_rooms is below "
                           "what max_channels_per_client needs",
                           options_->name, to_string(ref));
  if (is_presence_room(room)) {
    if (!as.in_presence_room)
      return;
    enter_presence_room(*who, *in, as, false);
    insert_into(in->presence_singles, who->number);
  } else if (as.in_room) {
    leave_room(*who, *in, as);
    insert_into(in->singles, who->number);
    ++counts_.gaps; // what went to the room before this was known
    tell(*who, replies::gap{channel.name, in->seen});
  }
}

// -- leaving -------------------------------------------------------------------------------------

void broker_state::take(client& who, requests::unsubscribe& what) {
  const bool was_there = who.channels.contains(what.channel);
  if (was_there)
    leave_channel(who, what.channel);
  if (!was_there || !who.recalled)
    return answer(who, replies::ack{std::move(what.id), std::nullopt, false});
  who.busy = true;
  const auto number = who.number;
  ask_backplane(
    [this, number, id = what.id] {
      if (auto* const found = find(number)) {
        done(*found);
        answer(*found, replies::ack{id, std::nullopt, false});
      }
    },
    [this, number, id = what.id](const caf::error&) {
      if (auto* const found = find(number)) {
        done(*found);
        refuse(*found, unavailable(id));
      }
    },
    forget_atom_v, who.key(), what.channel);
}

void broker_state::leave_channel(client& who, const std::string& channel) {
  const auto at = who.channels.find(channel);
  auto* const in = channels_.find({who.who.space, channel});
  if (at == who.channels.end() || in == nullptr)
    return;
  auto& as = at->second;
  if (who.gone) { // the hub has forgotten it
    in->in_room[static_cast<std::size_t>(who.speaks)] -= as.in_room ? 1 : 0;
    in->in_presence_room -= as.in_presence_room ? 1 : 0;
  } else {
    leave_room(who, *in, as);
    enter_presence_room(who, *in, as, false);
  }
  erase_from(in->singles, who.number);
  erase_from(in->presence_singles, who.number);
  who.channels.erase(at);
  if (options_->presence)
    exit(in->name, {who.who.id, who.identity});
  const auto left = channels_.rooms().leave(who.who.space, channel, who.number);
  if (left == room_table::leave_result::closed)
    close_channel(*in);
}

/// No `leave` stays away for ever: what the backplane did not hear it is told again.
void broker_state::exit(const channel_ref& channel, const channel_person& who) {
  ask_backplane([] {},
                [this, channel, who](const caf::error&) {
                  const auto* const back = find({channel.space, who.connection});
                  const bool is_in = back != nullptr && back->channels.contains(channel.name);
                  if (is_in || backplane_is_gone_ || owed_.size() >= max_owed)
                    return;
                  if (owed_.empty())
                    tell_again_later(deadline::what::exits);
                  owed_.emplace(std::pair{channel, who.connection}, who);
                },
                exit_atom_v, me(), channel, who);
}

void broker_state::exit_again() {
  for (std::size_t i = 0; i < max_exits && !owed_.empty(); ++i) {
    auto one = owed_.extract(owed_.begin());
    exit(one.key().first, one.mapped());
  }
  if (!owed_.empty())
    tell_again_later(deadline::what::exits);
}

void broker_state::close_channel(channel_entry& which) {
  tell_backplane(unsubscribe_atom_v, me(), which.name);
  channels_.erase(channel_ref{which.name});
}

// -- presence ------------------------------------------------------------------------------------

void broker_state::take(client& who, requests::presence& what) {
  if (!options_->presence)
    return refuse(who, refusal(message_errc::forbidden, {}, "presence is not told here", what.id));
  who.busy = true;
  const auto number = who.number;
  const channel_ref channel{who.who.space, what.channel};
  ask_backplane(
    [this, number, id = what.id, name = what.channel](const presence_page& page) {
      auto* const found = find(number);
      if (found == nullptr)
        return;
      replies::presence result{id, name, {}, page.total};
      for (const auto& person : page.people)
        result.members.push_back(to_member(person));
      done(*found);
      answer(*found, std::move(result));
    },
    [this, number, id = what.id](const caf::error&) {
      if (auto* const found = find(number)) {
        done(*found);
        refuse(*found, unavailable(id));
      }
    },
    presence_atom_v, channel, max_people);
}

} // namespace wspool
