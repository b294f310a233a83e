// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/samples.hpp"

namespace wspool::chaos {

const pool_stats& samples::take() {
  if (auto now = ask<pool_stats>("stats", stats_atom_v)) {
    check(*now);
    last_ = std::move(*now);
  }
  return last_;
}

void samples::check(const pool_stats& now) {
  const auto before = std::exchange(last_, now);
  const auto expect = [&](bool good, const char* what) {
    verdict_.expect(good, std::string{what} + ": " + describe());
  };
  expect(now.accepted == now.sent + now.failed + now.pending, "the account does not balance");
  expect(now.queued_messages <= now.pending, "more is queued than pending");
  expect(now.accepted >= before.accepted && now.sent >= before.sent && now.failed >= before.failed
           && now.received >= before.received && now.connects >= before.connects,
         "a count fell");
  expect(now.open <= now.total && now.open + now.connecting + now.closed <= now.total,
         "more slots than wanted");
  std::uint64_t reasons = 0;
  for (const auto& [reason, count] : now.failures)
    reasons += count;
  expect(reasons == now.failed, "the failures' reasons do not add up");
}

std::string samples::describe() const {
  auto text = std::to_string(last_.accepted) + " accepted, " + std::to_string(last_.sent)
              + " sent, " + std::to_string(last_.failed) + " failed, "
              + std::to_string(last_.pending) + " pending (" + std::to_string(last_.queued_messages)
              + " queued), " + std::to_string(last_.open) + " of " + std::to_string(last_.total)
              + " open, " + std::to_string(last_.closed) + " given up;";
  for (const auto& [reason, count] : last_.failures)
    text += ' ' + reason + '=' + std::to_string(count);
  for (const auto& c : last_.connections)
    text += ' ' + to_string(c.id) + '=' + std::string{to_string(c.state)} + ':'
            + std::to_string(c.pending_messages);
  return text;
}

} // namespace wspool::chaos
