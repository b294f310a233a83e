// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/deliveries.hpp"

namespace wspool {

std::uint32_t deliveries::insert(waiter w) {
  // The numbers come round again after 2^32; 0 says that nobody waits.
  while (next_ == 0 || waiting_.count(next_) != 0)
    ++next_;
  const auto ticket = next_++;
  waiting_.emplace(ticket, std::move(w));
  return ticket;
}

std::uint32_t deliveries::open(caf::typed_response_promise<receipt> promise) {
  return insert(single{std::move(promise)});
}

std::uint32_t deliveries::open(caf::typed_response_promise<batch_receipt> promise,
                               std::size_t count) {
  if (count == 0) {
    promise.deliver(batch_receipt{});
    return 0;
  }
  return insert(batch{std::move(promise), count, {}});
}

std::uint32_t deliveries::open(std::shared_ptr<broadcast> whole, connection_id id) {
  return insert(part{std::move(whole), id});
}

std::uint32_t deliveries::open(std::shared_ptr<batch_part> whole) {
  return insert(std::move(whole));
}

void deliveries::count(batch_receipt& result, errc outcome) {
  ++(outcome == errc::none ? result.sent : result.failed);
  if (outcome != errc::none && result.first_failure == errc::none)
    result.first_failure = outcome;
}

void deliveries::settle(std::uint32_t ticket, errc outcome, connection_id by) {
  auto found = waiting_.find(ticket);
  if (found == waiting_.end())
    return; // answered when it was written
  if (auto* one = std::get_if<single>(&found->second)) {
    if (outcome == errc::none)
      one->promise.deliver(receipt{by});
    else
      one->promise.deliver(caf::make_error(outcome));
  } else if (auto* many = std::get_if<batch>(&found->second)) {
    count(many->result, outcome);
    if (--many->left > 0)
      return;
    many->promise.deliver(many->result);
  } else if (auto* each = std::get_if<std::shared_ptr<batch_part>>(&found->second)) {
    (*each)->add(outcome);
  } else {
    auto& piece = std::get<part>(found->second);
    piece.whole->add(piece.id, outcome);
  }
  waiting_.erase(found);
}

} // namespace wspool
