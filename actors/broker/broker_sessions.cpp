// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The broker: who a client is, from `connect` to `disconnect`.

#include "broker/broker_state.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wspool {

// -- connect -------------------------------------------------------------------------------------

void broker_state::take(client& who, requests::connect& what) {
  if (what.session && who.session && *what.session != *who.session)
    return refuse(who, refusal(message_errc::conflict, "session",
                               "session must be the same as long as the connection is", what.id));
  if (what.token && options_->authenticator)
    return authenticate(who, std::move(what));
  if (!who.connected && must_show_token(who)) {
    refuse(who, refusal(message_errc::unauthorized, "token", "token is missing", what.id));
    return close(who, close_code::unauthorized, "a token is required");
  }
  accept(who, what);
}

void broker_state::authenticate(client& who, requests::connect what) {
  who.busy = true;
  auth_request request;
  request.space = who.who.space;
  request.target = who.target;
  request.peer = who.peer;
  request.token = std::move(*what.token);
  const auto shared = std::make_shared<requests::connect>(std::move(what));
  shared->token.reset(); // it is nobody's business from here on
  const auto number = who.number;
  compat::ask(self_, options_->authenticator, options_->backplane_timeout, authenticate_atom_v,
              std::move(request))
    .then(
      [this, number, shared](const auth_verdict& verdict) {
        if (auto* const found = find(number)) {
          done(*found);
          on_verdict(*found, *shared, verdict);
        }
      },
      [this, number, shared](const caf::error&) {
        if (auto* const found = find(number)) {
          done(*found);
          refuse(*found, unavailable(shared->id));
        }
      });
}

void broker_state::on_verdict(client& who, requests::connect& what, const auth_verdict& verdict) {
  const auto& identity = verdict.identity.empty() ? who.identity : verdict.identity;
  // Whom the upgrade made it stays, too.
  const bool is_known = who.connected || !who.identity.empty();
  const bool is_other = is_known && identity != who.identity;
  if (verdict.status != 0 || is_other) {
    refuse(who,
           refusal(message_errc::unauthorized, "token",
                   is_other ? "token is of another identity" : "token is not accepted", what.id));
    return close(who, close_code::unauthorized, "the token is not accepted");
  }
  who.identity = identity;
  // Whatever the upgrade's verdict said: there is one clock for both.
  compat::anon_tell(hub_, authenticate_atom_v, who.who, verdict.expires);
  accept(who, what);
}

void broker_state::accept(client& who, requests::connect& what) {
  if (who.speaks == dialect_kind::thinws)
    return recall(who, what);
  who.connected = true;
  if (!who.session)
    who.session = what.session ? std::move(*what.session) : new_session();
  answer(who, replies::connected{what.id, who.who.id, *who.session, who.identity,
                                 options_->max_message_bytes, options_->deduplication});
}

std::string broker_state::new_session() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  while (result.size() < 32)
    for (auto [drawn, i] = std::pair{random_(), 0}; i < 16; drawn >>= 4, ++i)
      result.push_back(digits[drawn & 0xf]);
  return result;
}

// -- ThinWS: rooms are remembered ----------------------------------------------------------------

void broker_state::recall(client& who, requests::connect& what) {
  if (!what.session || who.recalled)
    return answer(who, replies::ack{what.id, std::nullopt, false});
  who.busy = true;
  who.session = std::move(what.session);
  const auto number = who.number;
  const auto key = who.key();
  ask_backplane(
    [this, number, key, id = what.id](const channel_list& list) {
      if (auto* const found = find(number); found != nullptr && !found->gone) {
        found->recalled = true;
        on_recalled(*found, id, list.channels);
      } else {
        tell_backplane(depart_atom_v, key);
      }
    },
    [this, number, key, id = what.id](const caf::error& why) {
      if (why == caf::sec::request_timeout)
        tell_backplane(depart_atom_v, key); // it may still be taken for there
      if (auto* const found = find(number)) {
        found->session.reset();
        done(*found);
        refuse(*found, unavailable(id));
      }
    },
    recall_atom_v, key);
}

void broker_state::on_recalled(client& who, const std::optional<message_id>& id,
                               const std::vector<std::string>& names) {
  // Where it was before it said who it is: that is to be remembered, too.
  for (const auto& [channel, as] : who.channels)
    tell_backplane(remember_atom_v, who.key(), channel);
  struct recall {
    std::size_t left = 1;
    std::size_t failed = 0;
    std::vector<std::string> joined;
  };
  const auto all = std::make_shared<recall>();
  const auto one_less = [this, all, id](client& back) {
    if (--all->left > 0)
      return;
    done(back);
    if (all->failed == 0)
      return answer(back, replies::ack{id, std::nullopt, false});
    // Refused as a whole: `connect` may come again.
    for (const auto& channel : all->joined)
      leave_channel(back, channel);
    if (std::exchange(back.recalled, false))
      tell_backplane(depart_atom_v, back.key());
    back.session.reset();
    refuse(back, unavailable(id));
  };
  for (const auto& channel : names) {
    if (who.channels.contains(channel))
      continue;
    if (may_join(who, channel))
      continue; // it may be in so many only
    auto into = std::make_shared<joining>();
    into->channel = {who.who.space, channel};
    into->done = [all, one_less](client& back, const joining& how, bool good) {
      all->failed += good ? 0 : 1;
      if (good)
        all->joined.push_back(how.channel.name);
      one_less(back);
    };
    ++all->left;
    join(who, into);
  }
  one_less(who);
}

// -- the rest ------------------------------------------------------------------------------------

void broker_state::take(client& who, requests::ping& what) {
  answer(who, replies::pong{std::move(what.id)});
}

void broker_state::take(client&, requests::ack&) {
  // Commands are sent without ids: nothing waits for this.
}

void broker_state::take(client& who, requests::disconnect& what) {
  leave_everything(who);
  answer(who, replies::ack{std::move(what.id), std::nullopt, false});
  close(who, close_code::normal, {});
}

} // namespace wspool
