// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/fan_out.hpp"

#include <algorithm>

namespace wspool {

namespace {

/// What a message costs a subscriber's mailbox besides its bytes.
constexpr std::size_t message_overhead_bytes = 64;

std::size_t cost_of(const message_batch& messages) {
  return messages.bytes().size() + messages.size() * message_overhead_bytes;
}

} // namespace

std::uint64_t fan_out::set(internal::parcel<internal::subscribers> list) {
  const auto before = subscribers_.content ? subscribers_->version : 0;
  subscribers_ = std::move(list);
  std::erase_if(unread_bytes_, [this](const auto& u) {
    return std::none_of(subscribers_->list.begin(), subscribers_->list.end(),
                        [&](const auto& s) { return s.who.address() == u.first; });
  });
  make_room();
  return before;
}

template <class From>
void fan_out::deliver(const From& from, message_batch&& messages) {
  using single_event = typename events_of<From>::single;
  using batch_event = typename events_of<From>::batch;
  if (!wants(event::message) || messages.empty())
    return;
  auto& list = subscribers_->list;
  const auto bytes = cost_of(messages);
  auto batched = [](const auto& s) { return (s.what.events & event::message) && s.what.batches; };
  auto single = [](const auto& s) { return (s.what.events & event::message) && !s.what.batches; };
  for (auto& s : list) {
    if (!single(s))
      continue;
    for (std::size_t i = 0; i + 1 < messages.size(); ++i)
      compat::anon_tell(s.who, single_event{from, std::string{messages.data(i)}, messages[i].kind});
    const auto last = messages.size() - 1;
    request(s.who, single_event{from, std::string{messages.data(last)}, messages[last].kind},
            bytes);
  }
  // The last one gets the batch itself, those before it a copy.
  const auto last = std::find_if(list.rbegin(), list.rend(), batched);
  if (last == list.rend())
    return;
  for (auto s = list.begin(); &*s != &*last; ++s)
    if (batched(*s))
      request(s->who, batch_event{from, messages}, bytes);
  request(last->who, batch_event{from, std::move(messages)}, bytes);
}

template void fan_out::deliver(const connection_id&, message_batch&&);
template void fan_out::deliver(const client_ref&, message_batch&&);

template <class Event>
void fan_out::request(const caf::actor& who, Event event, std::size_t bytes) {
  charge(who, bytes);
  auto addr = who.address();
  // A subscriber that has no handler, or is gone, answers with an error: read all the same.
  compat::ask(self_, who, caf::infinite, std::move(event))
    .then([this, addr, bytes] { credit(addr, bytes); },
          [this, addr, bytes](const caf::error&) { credit(addr, bytes); });
}

void fan_out::charge(const caf::actor& who, std::size_t bytes) {
  auto& unread = unread_bytes_[who.address()];
  unread += bytes;
  if (unread > max_unread_bytes_)
    full_ = true;
}

void fan_out::credit(const caf::actor_addr& who, std::size_t bytes) {
  auto found = unread_bytes_.find(who);
  if (found == unread_bytes_.end())
    return;
  found->second -= std::min(found->second, bytes);
  if (found->second == 0)
    unread_bytes_.erase(found);
  make_room();
}

void fan_out::make_room() {
  if (!full_)
    return;
  // Half of the bound, so that reading does not start and stop with every batch.
  const auto room = std::all_of(unread_bytes_.begin(), unread_bytes_.end(), [this](const auto& u) {
    return u.second <= max_unread_bytes_ / 2;
  });
  if (room) {
    full_ = false;
    on_room_();
  }
}

} // namespace wspool
