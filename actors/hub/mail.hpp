// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/frame_batch.hpp"

#include <wspool/byte_stream.hpp>
#include <wspool/server_events.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
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
  /// Takes a message whose frame's first `written` bytes are out, straight by the outlet, which is
  /// shut: the rest goes before whatever it takes next.
  virtual void take_rest(const frame_run& message, std::size_t written) = 0;
  /// That was all for now.
  virtual void flush_mail() = 0;
  /// Is to write what it took before, then close.
  virtual void take_close(const close_order& how) = 0;

protected:
  ~mail_receiver() = default;
};

/// What a receiver got past itself.
struct straight_mail {
  out_totals written;
  std::chrono::steady_clock::time_point last; ///< when
};

/// The receivers of one I/O thread, and the mail that is on its way to them. Without an actor; only
/// for that thread.
///
/// A receiver that has nothing to write itself leaves its stream here as an outlet. Mail for it is
/// written straight from the batch that all receivers share: it is neither copied nor is anything
/// of the receiver touched. Whenever several mails wait, or an outlet does not take all at once,
/// receivers take their mail themselves, and are flushed when there is no more.
class mail_seats {
public:
  using time_point = std::chrono::steady_clock::time_point;

  mail_address add(mail_receiver& who, std::uint64_t number);
  /// What comes for it is nobody's from now on: its end says what it did not get.
  void remove(const mail_address& where);

  /// Where mail for a receiver may be written straight, in its place; null: nowhere. It is shut by
  /// a write that is not whole.
  void set_outlet(const mail_address& where, byte_stream* outlet) noexcept;
  /// What it got by its outlets.
  [[nodiscard]] straight_mail straight(const mail_address& where) const noexcept;

  /// Adds a mail, behind those that wait.
  void take(std::shared_ptr<const mail> what) { waiting_.push_back(std::move(what)); }
  /// Goes on with the mail: at most so many receivers are written to.
  void work(std::size_t most, time_point now);
  [[nodiscard]] bool done() const noexcept { return waiting_.empty() && due_.empty(); }

private:
  struct place {
    mail_receiver* who = nullptr;
    byte_stream* outlet = nullptr;
    std::uint64_t number = 0;
    straight_mail straight;
    bool due = false; ///< is in the list of those to flush
  };

  [[nodiscard]] const place* find(const mail_address& where) const noexcept;
  [[nodiscard]] place* find(const mail_address& where) noexcept;
  void bring(const mail& what, std::size_t begin);
  void bring_one(place& to, const mail_address& where, const mail_content& content,
                 std::uint32_t share);
  void order_to_close(const mail& what);
  [[nodiscard]] std::size_t write_straight(std::size_t most, time_point now);
  void write_straight(place& to, const mail_address& where, const frame_run& run,
                      const out_totals& totals, time_point now);
  void go_on_without_outlet(place& to, const mail_address& where, const frame_run& run,
                            std::size_t written);
  void flush(std::size_t most);

  std::vector<place> places_;
  std::vector<std::uint32_t> free_;
  std::deque<std::shared_ptr<const mail>> waiting_;
  std::size_t begun_ = 0; ///< letters of the first mail that are out
  std::deque<mail_address> due_;
};

} // namespace wspool
