// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/life_table.hpp"

#include <wspool/pool.hpp>

#include <caf/all.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace wspool::chaos {

/// What the pool's events tell, as far as the checks need it. Thread contract: any thread.
class testimony {
public:
  testimony(life_table_ptr lives, verdict& judge) : lives_(std::move(lives)), verdict_(judge) {}

  void saw(const upgrade_event& e);
  void saw(const open_event& e);
  void saw(const close_event& e);
  void saw(const given_up_event& e);
  void saw(const retry_event& e);
  void saw_messages(connection_id id, std::uint64_t count);

  [[nodiscard]] std::vector<connection_id> open() const;
  [[nodiscard]] std::uint64_t received() const;
  [[nodiscard]] std::uint64_t given_up() const;
  /// Closes that were not the pool's own idea.
  [[nodiscard]] std::uint64_t deaths() const;
  [[nodiscard]] std::vector<retry_event> retries() const;

private:
  enum class stage : std::uint8_t { upgraded, open, closed };

  life_table_ptr lives_;
  verdict& verdict_;
  mutable std::mutex mutex_;
  std::map<connection_id, stage> stages_;
  std::vector<retry_event> retries_;
  std::uint64_t received_ = 0;
  std::uint64_t given_up_ = 0;
  std::uint64_t deaths_ = 0;
};
using testimony_ptr = std::shared_ptr<testimony>;

/// A subscriber that notes everything.
[[nodiscard]] caf::behavior witness(caf::event_based_actor* self, testimony_ptr what);

/// A subscriber that answers each message only so much later.
[[nodiscard]] caf::behavior slow_reader(caf::event_based_actor* self, caf::timespan delay);

} // namespace wspool::chaos
