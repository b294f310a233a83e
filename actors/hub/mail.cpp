// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/mail.hpp"

#include <utility>

namespace wspool {

mail_address mail_seats::add(mail_receiver& who, std::uint64_t number) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(places_.size()));
    places_.emplace_back();
  }
  const auto seat = free_.back();
  free_.pop_back();
  places_[seat] = {&who, number, false};
  return {seat, number};
}

void mail_seats::remove(const mail_address& where) {
  auto* const taken = find(where);
  if (taken == nullptr)
    return;
  *taken = {};
  free_.push_back(where.seat);
  if (free_.size() == places_.size()) { // a crowd that left takes its memory along
    std::vector<place>{}.swap(places_);
    std::vector<std::uint32_t>{}.swap(free_);
  }
}

void mail_seats::bring(const mail& what) {
  for (const auto& [to, share] : what.letters) {
    auto* const taken = find(to);
    if (taken == nullptr)
      continue;
    if (!std::exchange(taken->due, true))
      due_.push_back(to);
    taken->who->take_mail(what.content->batch, what.content->shares[share]); // may be its end
  }
  for (const auto& where : what.leaving)
    if (auto* const taken = find(where))
      taken->who->take_close(what.how);
}

void mail_seats::flush(std::size_t most) {
  for (std::size_t i = 0; i < most && !due_.empty(); ++i) {
    const auto where = due_.front();
    due_.pop_front();
    if (auto* const taken = find(where)) {
      taken->due = false;
      taken->who->flush_mail(); // may be its end
    }
  }
}

mail_seats::place* mail_seats::find(const mail_address& where) noexcept {
  if (where.seat >= places_.size())
    return nullptr;
  auto& found = places_[where.seat];
  return found.who != nullptr && found.number == where.number ? &found : nullptr;
}

} // namespace wspool
