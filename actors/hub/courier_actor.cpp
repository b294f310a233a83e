// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/courier_actor.hpp"

#include "runtime/strand_actor.hpp"

#include <wspool/type_ids.hpp>

#include <cstddef>
#include <utility>

namespace wspool {

namespace {

/// How many receivers are written to in one turn, which is a system call for most of them: then
/// sockets that became ready meanwhile have theirs.
constexpr std::size_t writes_per_turn = 512;

class courier_state {
public:
  using actor_base = caf::event_based_actor;
  using behavior_type = caf::behavior;
  using self_type = strand_actor<actor_base>;
  static constexpr const char* name = "wspool.courier";

  courier_state(self_type* self, std::shared_ptr<mail_seats> seats)
    : self_(self), seats_(std::move(seats)) {}

  caf::behavior make_behavior() {
    return {
      [this](const internal::parcel<mail>& what) { seats_->take(what.content); },
      [this](tick_atom) { going_on_ = false; },
    };
  }

  void turn_ended() {
    seats_->work(writes_per_turn, self_->clock().now());
    if (!seats_->done() && !std::exchange(going_on_, true))
      compat::tell(self_, caf::actor_cast<caf::actor>(self_), tick_atom_v);
  }

private:
  self_type* self_;
  std::shared_ptr<mail_seats> seats_;
  bool going_on_ = false; ///< it told itself to
};

} // namespace

courier spawn_courier(strand_seat seat) {
  auto seats = std::make_shared<mail_seats>();
  auto actor = spawn_on_strand<courier_state>(std::move(seat), seats);
  return {std::move(actor), std::move(seats)};
}

} // namespace wspool
