// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What peers say about when to come back: `Retry-After`, and hints in close reasons. The first two
// bytes are the close code, the rest is the text.
#include "fuzz_target.hpp"

#include <wspool/retry_policy.hpp>

namespace retry_hints_fuzz {

using namespace wspool;
using namespace wspool::fuzz;
using namespace std::chrono_literals;

namespace {

void check(const ending& how) {
  const auto decision = retry_policy{}.decide(how);
  require(decision.at_least >= 0ms && decision.at_least <= longest_hint, "a hint is bounded",
          std::to_string(decision.at_least.count()));
  require(decision.window >= 0ms && decision.window <= longest_hint, "a window is bounded");
  require(!to_string(decision.action).empty(), "an action has a name");
}

} // namespace

WSPOOL_FUZZ_TARGET(retry_hints) {
  source in{input};
  const auto number = in.word();
  const std::string text{in.rest()};

  const auto hint = parse_close_hint(text);
  require(!hint || *hint >= 0ms, "a hint is not negative", text);
  ending closed;
  closed.why = errc::closed;
  closed.was_open = true;
  closed.close = close_info{number, text};
  check(closed);

  // Dates are relative: now, and at both ends of the clock.
  const auto now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h;
  for (const auto& at :
       {std::chrono::system_clock::time_point{now}, std::chrono::system_clock::time_point::min(),
        std::chrono::system_clock::time_point::max()}) {
    const auto after = parse_retry_after(text, at);
    require(!after || *after >= 0ms, "Retry-After is not negative", text);
    ending refused;
    refused.why = errc::upgrade_refused;
    refused.http_status = number;
    refused.retry_after = after;
    check(refused);
  }
}

} // namespace retry_hints_fuzz
