// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "account/stream_state.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace wspool::cli {

std::string to_json(const stream_account& account) {
  boost::json::object result;
  result["accepted"] = account.accepted;
  result["sent"] = account.sent;
  result["failed"] = account.failed;
  result["pending"] = account.pending();
  result["received"] = account.received;
  result["reconnects"] = account.reconnects;
  result["resent"] = account.resent;
  return boost::json::serialize(result);
}

void stream_state::accepted(std::uint64_t messages, std::uint64_t bytes) noexcept {
  accepted_ += messages;
  messages_ += messages;
  bytes_ += bytes;
}

void stream_state::settled(std::uint64_t messages, std::uint64_t bytes, std::uint64_t sent,
                           std::uint64_t failed, errc why) noexcept {
  // Outcomes beyond one per message: each is a message of its own in the account.
  if (sent + failed > messages)
    accepted_ += sent + failed - messages;
  sent_ += sent;
  failed_ += failed;
  if (failed > 0)
    failures_[std::min<std::size_t>(static_cast<std::size_t>(why), reasons - 1)] += failed;
  messages_ -= messages;
  bytes_ -= bytes;
  changes_.notify();
}

std::uint64_t stream_state::failures(errc why) const noexcept {
  return failures_[std::min<std::size_t>(static_cast<std::size_t>(why), reasons - 1)];
}

void stream_state::output_closed(const std::error_code& why) noexcept {
  output_error_ = why.value();
  changes_.notify();
}

void stream_state::opened(bool again) noexcept {
  ++open_;
  reconnects_ += again ? 1 : 0;
  hopeless_ = false;
  raise(ever_open_);
}

void stream_state::closed() noexcept {
  --open_;
  changes_.notify();
}

void stream_state::set_hopeless(bool value) noexcept {
  hopeless_ = value;
  changes_.notify();
}

void stream_state::set_pool_closed(std::uint64_t resent) noexcept {
  resent_ = resent;
  raise(pool_closed_);
}

stream_account stream_state::account() const noexcept {
  // Outcomes first: what settles in between makes the account larger, never unbalanced.
  stream_account result;
  result.sent = sent_;
  result.failed = failed_;
  result.accepted = std::max<std::uint64_t>(accepted_, result.sent + result.failed);
  result.received = received_;
  result.reconnects = reconnects_;
  result.resent = resent_;
  return result;
}

} // namespace wspool::cli
