// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "account/senders.hpp"

#include <algorithm>

namespace wspool::cli {

namespace {

using state_ptr = std::shared_ptr<stream_state>;

caf::behavior sender(caf::event_based_actor* self, const pool_actor& pool, const state_ptr& state) {
  return {
    [=](message_batch& batch) {
      auto messages = batch.size();
      auto bytes = batch.bytes().size();
      compat::ask(self, pool, caf::infinite, deliver_atom_v, std::move(batch))
        .then(
          [=](const batch_receipt& x) {
            state->settled(messages, bytes, x.sent, x.failed, x.first_failure);
          },
          [=](const caf::error& e) { state->settled(messages, bytes, 0, messages, error_of(e)); });
    },
  };
}

void settle_broadcast(stream_state& state, std::size_t bytes, const broadcast_report& report) {
  auto is_sent = [](const broadcast_outcome& x) { return x.outcome == errc::none; };
  auto sent = static_cast<std::uint64_t>(std::count_if(report.begin(), report.end(), is_sent));
  auto failed = std::find_if_not(report.begin(), report.end(), is_sent);
  if (report.empty())
    state.settled(1, bytes, 0, 1, errc::no_connection);
  else
    state.settled(1, bytes, sent, report.size() - sent,
                  failed != report.end() ? failed->outcome : errc::none);
}

caf::behavior broadcaster(caf::event_based_actor* self, const pool_actor& pool,
                          const state_ptr& state) {
  return {
    [=](const message_batch& batch) {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        outgoing message;
        message.data = batch.data(i);
        message.options.kind = batch[i].kind;
        auto bytes = message.data.size();
        compat::ask(self, pool, caf::infinite, broadcast_atom_v, std::move(message))
          .then([=](const broadcast_report& x) { settle_broadcast(*state, bytes, x); },
                [=](const caf::error& e) { state->settled(1, bytes, 0, 1, error_of(e)); });
      }
    },
  };
}

caf::behavior echoer(caf::event_based_actor* self, const pool_actor& pool, const state_ptr& state) {
  return {
    [=](messages_event& event) {
      auto done = self->make_response_promise();
      auto messages = event.messages.size();
      auto bytes = event.messages.bytes().size();
      state->received(messages);
      state->accepted(messages, bytes);
      compat::ask(self, pool, caf::infinite, reply_atom_v, event.connection,
                  std::move(event.messages))
        .then(
          [=](const batch_receipt& x) mutable {
            state->settled(messages, bytes, x.sent, x.failed, x.first_failure);
            done.deliver(caf::unit);
          },
          [=](const caf::error& e) mutable {
            state->settled(messages, bytes, 0, messages, error_of(e));
            done.deliver(caf::unit);
          });
      return done;
    },
  };
}

} // namespace

caf::actor spawn_sender(caf::actor_system& system, pool_actor pool, state_ptr state) {
  return system.spawn(sender, std::move(pool), std::move(state));
}

caf::actor spawn_broadcaster(caf::actor_system& system, pool_actor pool, state_ptr state) {
  return system.spawn(broadcaster, std::move(pool), std::move(state));
}

caf::actor spawn_echoer(caf::actor_system& system, pool_actor pool, state_ptr state) {
  return system.spawn(echoer, std::move(pool), std::move(state));
}

} // namespace wspool::cli
