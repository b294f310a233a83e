// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/verdict.hpp"

#include <wspool/message.hpp>
#include <wspool/scheduler.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace wspool::chaos {

/// The client's sockets: which attempt each belongs to, from when until when it lived, and for
/// which slot. Moments are numbers that count begins and ends. Thread contract: any thread.
class life_table {
public:
  explicit life_table(verdict& judge) : verdict_(judge) {}

  /// The name of an attempt: the server is told it in a header of the upgrade request.
  [[nodiscard]] std::uint32_t new_attempt();
  static constexpr const char* header_name = "X-Attempt";

  /// No more than so many sockets to one endpoint at any moment; 0: no such limit.
  void limit(const std::string& origin, std::size_t sockets);

  /// A socket is about to be opened. @returns its number.
  [[nodiscard]] std::size_t begin(const std::string& origin);
  /// The socket is closed, or will never be. Idempotent.
  void end(std::size_t life);
  /// The socket's upgrade request has been written.
  void name(std::size_t life, std::uint32_t attempt);
  /// The attempt is a connection of the pool.
  void identify(std::uint32_t attempt, connection_id id);

  /// The client has closed the attempt's socket.
  [[nodiscard]] bool ended(std::uint32_t attempt) const;
  /// How many sockets live.
  [[nodiscard]] std::size_t live() const;
  [[nodiscard]] std::size_t attempts() const;

  /// Checks that no slot had more than `most` open sockets at once, and that lives of a slot began
  /// in the order of their generations.
  void check_overlaps(std::size_t most) const;

private:
  struct life {
    std::string origin;
    std::uint64_t began = 0;
    std::uint64_t ended = 0; ///< 0: lives
    connection_id id;
    bool identified = false;
  };
  struct origin_count {
    std::size_t live = 0;
    std::size_t limit = 0;
  };
  using lives_of_slot = std::map<std::uint32_t, std::vector<const life*>>;

  [[nodiscard]] lives_of_slot by_slot() const;

  verdict& verdict_;
  mutable std::mutex mutex_;
  std::vector<life> lives_;
  std::map<std::uint32_t, std::size_t> by_attempt_;
  std::map<std::string, origin_count> origins_;
  std::uint64_t moment_ = 0;
  std::uint32_t attempts_ = 0;
  std::size_t live_ = 0;
};
using life_table_ptr = std::shared_ptr<life_table>;

} // namespace wspool::chaos
