// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "session/channel_track.hpp"

namespace wspool {

void channel_track::begin(const std::optional<position>& from, const std::optional<position>& where,
                          bool recovered) {
  state_ = state::live;
  place_ = from && recovered ? from : where;
}

void channel_track::begin_beside(const channel_track& other) {
  state_ = state::live;
  place_ = other.place_;
}

void channel_track::lose() noexcept {
  if (state_ == state::live)
    state_ = state::lost;
}

bool channel_track::rejoin(const std::optional<position>& asked,
                           const std::optional<position>& where, bool recovered) {
  state_ = state::live;
  // What follows begins behind `asked`: for who is there already, or further, nothing is missing.
  if (recovered && asked && place_ && asked->epoch == place_->epoch
      && asked->offset <= place_->offset)
    return false;
  place_ = where;
  return true;
}

channel_track::verdict channel_track::on_event(const std::optional<position>& where) {
  if (state_ != state::live)
    return verdict::ignore;
  if (!where)
    return verdict::pass;
  if (!place_) {
    place_ = where;
    return verdict::pass;
  }
  const bool same_epoch = where->epoch == place_->epoch;
  if (same_epoch && where->offset <= place_->offset)
    return verdict::ignore;
  const bool next = same_epoch && where->offset == place_->offset + 1;
  place_ = where;
  return next ? verdict::pass : verdict::jump;
}

bool channel_track::on_gap(const std::optional<position>& where) {
  if (state_ != state::live)
    return false; // to be told, or not, when the subscription is accepted again
  const bool behind =
    where && place_ && where->epoch == place_->epoch && where->offset < place_->offset;
  if (where && !behind)
    place_ = where;
  return true;
}

} // namespace wspool
