// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/schedulers/failover_scheduler.hpp"
#include "pool/schedulers/hash_scheduler.hpp"
#include "pool/schedulers/least_pending_scheduler.hpp"
#include "pool/schedulers/lowest_rtt_scheduler.hpp"
#include "pool/schedulers/power_of_two_scheduler.hpp"
#include "pool/schedulers/random_scheduler.hpp"
#include "pool/schedulers/round_robin_scheduler.hpp"
#include "pool/schedulers/weighted_scheduler.hpp"

#include <algorithm>
#include <array>

namespace wspool {

namespace {

struct schedule_name {
  schedule value;
  std::string_view text;
};

constexpr std::array schedule_names{
  schedule_name{schedule::round_robin, "round-robin"},
  schedule_name{schedule::random, "random"},
  schedule_name{schedule::weighted, "weighted"},
  schedule_name{schedule::least_pending, "least-pending"},
  schedule_name{schedule::power_of_two, "power-of-two"},
  schedule_name{schedule::lowest_rtt, "lowest-rtt"},
  schedule_name{schedule::failover, "failover"},
  schedule_name{schedule::hash, "hash"},
};

} // namespace

std::string to_string(const connection_id& id) {
  return std::to_string(id.slot) + '.' + std::to_string(id.generation);
}

std::string_view to_string(schedule value) noexcept {
  auto found = std::find_if(schedule_names.begin(), schedule_names.end(),
                            [value](const schedule_name& x) { return x.value == value; });
  return found != schedule_names.end() ? found->text : "unknown";
}

bool from_string(std::string_view name, schedule& value) noexcept {
  auto found = std::find_if(schedule_names.begin(), schedule_names.end(),
                            [name](const schedule_name& x) { return x.text == name; });
  if (found == schedule_names.end())
    return false;
  value = found->value;
  return true;
}

std::unique_ptr<scheduler> make_scheduler(schedule kind, std::uint64_t seed) {
  switch (kind) {
    case schedule::round_robin:
      break;
    case schedule::random:
      return std::make_unique<random_scheduler>(seed);
    case schedule::weighted:
      return std::make_unique<weighted_scheduler>();
    case schedule::least_pending:
      return std::make_unique<least_pending_scheduler>();
    case schedule::power_of_two:
      return std::make_unique<power_of_two_scheduler>(seed);
    case schedule::lowest_rtt:
      return std::make_unique<lowest_rtt_scheduler>(seed);
    case schedule::failover:
      return std::make_unique<failover_scheduler>();
    case schedule::hash:
      return std::make_unique<hash_scheduler>();
  }
  return std::make_unique<round_robin_scheduler>();
}

} // namespace wspool
