// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wspool {

/// Which of RFC 6455's two data frame types a message travels in (§5.6).
enum class message_kind : std::uint8_t {
  text,   ///< UTF-8, checked before it is sent and after it is received
  binary, ///< any bytes
};

/// What "sent" means for a message, and what happens to it when its connection dies.
enum class delivery : std::uint8_t {
  /// The pool's own setting (`pool_options::delivery`).
  pool_default,
  /// Sent once the kernel took all its bytes. Never written twice: what the kernel took in part
  /// when the connection died fails with `errc::connection_lost`.
  at_most_once,
  /// Sent once the peer is known to have read it. Written again on another connection while that
  /// is not known, so the peer may see it more than once.
  at_least_once,
};

/// Whether permessage-deflate (RFC 7692) applies to one message, if it was negotiated at all.
enum class compression : std::uint8_t {
  automatic, ///< as the connection's options say (minimum size)
  never,     ///< this message travels as it is
  always,    ///< this message is compressed whatever its size
};

/// Per-message choices. The defaults send text by the pool's own settings.
struct send_options {
  message_kind kind = message_kind::text;
  compression compress = compression::automatic;
  delivery policy = delivery::pool_default;
  /// How long the message may wait to be written, counted from its acceptance by the pool; it then
  /// fails with `errc::expired`. Zero: no limit.
  std::chrono::milliseconds time_to_live{0};
  /// Messages of one key go out in the order they came in, also through a reconnect. Empty: none.
  std::string key;
};

/// One message on its way out: what an actor passes to a pool.
struct outgoing {
  std::string data;
  send_options options;
};

/// A message inside a `message_batch`, valid as long as the batch is not changed.
struct message_view {
  std::string_view data;
  message_kind kind = message_kind::text;
  bool binary() const noexcept { return kind == message_kind::binary; }
};

/// Many messages in one buffer: what travels between actors, in both directions.
///
/// One buffer for the bytes of all messages and one table of their properties: a batch of any
/// size costs two allocations. Appending is amortised O(bytes). Not thread-safe to change;
/// an unchanging batch may be shared by any number of threads.
class message_batch {
public:
  /// The properties of one message. Public so that a batch can cross the network.
  struct entry {
    std::uint64_t key = 0;       ///< hash of the ordering key; 0: none
    std::int64_t expires_ns = 0; ///< time to live until accepted, then an absolute steady time
    std::uint32_t offset = 0;    ///< where its bytes begin in `bytes()`
    std::uint32_t size = 0;      ///< how many they are
    std::uint32_t ticket = 0;    ///< who waits for its outcome (a pool's own book-keeping)
    message_kind kind = message_kind::text;
    compression compress = compression::automatic;
    delivery policy = delivery::pool_default;
    std::uint8_t flags = 0; ///< a pool's own book-keeping
  };

  /// No batch grows beyond this many bytes (an entry's offset has 32 bits).
  static constexpr std::size_t max_bytes = 0xffff'ffff;

  message_batch() = default;

  /// Appends a message.
  /// @throws std::length_error if the batch would exceed `max_bytes`.
  void add(std::string_view data, const send_options& options = {});

  /// Appends a message with properties taken from `like` (all but offset and size).
  /// @throws std::length_error if the batch would exceed `max_bytes`.
  void append(std::string_view data, const entry& like);

  /// Makes a batch of one message out of a string without copying its bytes.
  static message_batch of(std::string data, const send_options& options = {});

  void reserve(std::size_t messages, std::size_t bytes);
  void clear() noexcept;

  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }
  /// The bytes of all messages together.
  const std::string& bytes() const noexcept { return bytes_; }
  const std::vector<entry>& entries() const noexcept { return entries_; }
  std::vector<entry>& entries() noexcept { return entries_; }

  std::string_view data(std::size_t i) const noexcept {
    return std::string_view{bytes_}.substr(entries_[i].offset, entries_[i].size);
  }
  message_view operator[](std::size_t i) const noexcept { return {data(i), entries_[i].kind}; }

  /// Whether every entry lies within the bytes: false for a batch forged by a remote sender.
  [[nodiscard]] bool valid() const noexcept;

  /// Gives writers in place (a decoder) the buffer: bytes appended behind the last message become
  /// a message by `commit_tail`.
  std::string& tail() noexcept { return bytes_; }
  /// Makes a message out of all bytes behind `begin` in the buffer.
  void commit_tail(std::size_t begin, message_kind kind);

  template <class Inspector>
  friend auto inspect_batch(Inspector& f, message_batch& x);

private:
  std::string bytes_;
  std::vector<entry> entries_;
};

/// The 64-bit number under which the library keeps an ordering key; never 0 for a non-empty key.
/// Stable across processes and versions, so that two nodes agree on it. FNV-1a with a final mix.
[[nodiscard]] std::uint64_t hash_key(std::string_view key) noexcept;

} // namespace wspool
