// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/frame_batch.hpp"

#include <wspool/server_events.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace wspool {

/// Where a receiver sits, and its number, which no other one ever has.
struct mail_address {
  std::uint32_t seat = 0;
  std::uint64_t number = 0;
};

/// What the hub's mail of one turn has in common.
struct mail_content {
  std::shared_ptr<const frame_batch> batch;
  std::vector<frame_ranges> shares; ///< that there are of it; most receivers have the same
};

/// What the clients of one I/O thread get of a turn of the hub, behind the mail before.
struct mail {
  struct letter {
    mail_address to;
    std::uint32_t share = 0; ///< of the content
  };
  std::shared_ptr<const mail_content> content; ///< null without letters
  std::vector<letter> letters;
  std::vector<mail_address> leaving; ///< are to close behind that
  close_order how;
};

/// Whom mail is brought. Called on the receiver's own thread.
class mail_receiver {
public:
  /// Takes messages, to be written when `flush_mail` comes, at the latest.
  virtual void take_mail(const std::shared_ptr<const frame_batch>& batch,
                         const frame_ranges& ranges) = 0;
  /// That was all for now.
  virtual void flush_mail() = 0;
  /// Is to write what it took before, then close.
  virtual void take_close(const close_order& how) = 0;

protected:
  ~mail_receiver() = default;
};

/// The receivers of one I/O thread, and which of them are to be flushed. Without an actor; only for
/// that thread.
class mail_seats {
public:
  mail_address add(mail_receiver& who, std::uint64_t number);
  /// What comes for it is nobody's from now on: its end says what it did not get.
  void remove(const mail_address& where);

  void bring(const mail& what);
  /// Flushes who got mail, at most so many, in the order in which mail came.
  void flush(std::size_t most);
  [[nodiscard]] bool flushed() const noexcept { return due_.empty(); }

private:
  struct place {
    mail_receiver* who = nullptr;
    std::uint64_t number = 0;
    bool due = false; ///< is in the list of those to flush
  };

  [[nodiscard]] place* find(const mail_address& where) noexcept;

  std::vector<place> places_;
  std::vector<std::uint32_t> free_;
  std::deque<mail_address> due_;
};

} // namespace wspool
