// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wspool::detail {

class lane;

/// Where the outstanding messages of each ordering key are: in the main queue, or bound to one
/// connection, or the older ones bound to a connection and the younger ones still in the queue.
/// Never on two connections. Knows only keys with outstanding messages, so it is as large as they
/// are many.
///
/// Keys are hashes already: an open table with linear probing, one look-up in one cache line.
class key_table {
public:
  /// The connection that the key's outstanding messages are bound to; null: none.
  [[nodiscard]] lane* bound_to(std::uint64_t key) const noexcept;
  /// Whether messages of the key wait in the main queue.
  [[nodiscard]] bool is_queued(std::uint64_t key) const noexcept;
  /// The number of keys with outstanding messages.
  [[nodiscard]] std::size_t size() const noexcept { return used_; }

  // One message of the key ...
  void queued(std::uint64_t key);          ///< ... went to the main queue.
  void dequeued(std::uint64_t key);        ///< ... left the main queue.
  void bound(std::uint64_t key, lane& to); ///< ... went to a connection: that of the others, if any
  void released(std::uint64_t key);        ///< ... is no longer with its connection.
  void clear() noexcept;

private:
  struct place {
    std::uint64_t key = 0; ///< 0: free
    lane* where = nullptr;
    std::uint32_t in_lane = 0;
    std::uint32_t in_queue = 0;
  };

  [[nodiscard]] std::size_t home(std::uint64_t key) const noexcept;
  [[nodiscard]] std::size_t next(std::size_t i) const noexcept { return (i + 1) & mask_; }
  [[nodiscard]] const place* find(std::uint64_t key) const noexcept;
  [[nodiscard]] place* find(std::uint64_t key) noexcept;
  place& find_or_add(std::uint64_t key);
  void forget_if_unused(place& p) noexcept;
  void grow();

  std::vector<place> places_; ///< a power of two of them, at most three quarters in use
  std::size_t mask_ = 0;
  std::size_t used_ = 0;
};

} // namespace wspool::detail
