// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "backplane/redis_address.hpp"
#include "backplane/redis_interface.hpp"
#include "backplane/redis_scripts.hpp"
#include "backplane/redis_wire.hpp"
#include "backplane/reply_patience.hpp"

#include <wspool/byte_stream.hpp>
#include <wspool/redis_backplane.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wspool {

/// One connection to Redis: what is said goes out in order and in one write for all of a turn, each
/// command has one answer, in time or not.
///
///     closed --open()--> connecting --> greeting (AUTH, SELECT, …) --> open --> closed
///                             '-------------'--- told by `lost` ---------'
///
/// hiredis reads the replies; its own connections are not used, as those of Debian's have no TLS
/// and no deadline. Lives in its actor, on that actor's thread.
class redis_link {
public:
  using time_point = std::chrono::steady_clock::time_point;
  /// Called once for each command: with the reply, which may be an error of Redis, or with
  /// why there is none.
  using answer = std::function<void(errc, const redisReply*)>;

  struct hooks {
    std::function<void()> opened;
    std::function<void(const failure&)> lost; ///< after all commands were answered
    std::function<void()> turned; ///< after replies were handled: what they brought may go out
    std::function<void(const redisReply&)> pushed; ///< set for pub/sub: what comes by itself
  };

  redis_link(redis_self* self, std::shared_ptr<const redis_options> options,
             const redis_address& address, hooks call);

  void open();
  /// Without a call of `lost`.
  void close(errc why = errc::connection_lost);

  /// Has room for one more command.
  [[nodiscard]] bool has_room() const noexcept;
  /// Written with the next `flush`. On a pub/sub link answers come by `pushed`; `replies` says how
  /// many are to come, each with a deadline.
  void send(const redis_command& command, answer then = {}, std::size_t replies = 1);
  /// Calls a script, by its digest. `keys` and `arguments` together, behind the number of keys.
  void call(redis_script which, std::size_t keys, const redis_command& words, answer then);
  void flush();

  [[nodiscard]] bool is_open() const noexcept { return phase_ == phase::open; }
  /// Of the process that Redis is: another one after each restart. Not on a pub/sub link.
  [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }
  /// Until when the oldest command must be answered.
  [[nodiscard]] std::optional<time_point> deadline() const;
  /// Gives the link up if that is over.
  void check(time_point now);

private:
  enum class phase : std::uint8_t { closed, connecting, greeting, open };
  struct pending {
    answer then;
    time_point sent;
  };
  /// A script's call, to be repeated should Redis have forgotten the script.
  struct script_call {
    redis_script which;
    std::size_t count;
    std::string words; ///< as they are written
    answer then;
  };

  void on_stream(failure why, std::unique_ptr<byte_stream> stream);
  void greet();
  void greet(const redis_command& command, const char* what,
             std::function<void(const redisReply&)> next = {});
  void read();
  void on_read(std::error_code why, std::string_view bytes);
  void on_reply(const redisReply& reply);
  void on_written(std::error_code why);
  void lose(failure why);
  void expect_answer(answer then);
  void put_off(std::shared_ptr<script_call> what);
  void evaluate(const std::shared_ptr<script_call>& what, bool by_digest);

  [[nodiscard]] time_point now() const { return self_->clock().now(); }

  redis_self* self_;
  std::shared_ptr<const redis_options> options_;
  redis_address address_;
  hooks call_;
  phase phase_ = phase::closed;
  std::uint64_t life_ = 0; ///< what comes for an earlier one is late
  std::shared_ptr<connect_operation> connecting_;
  std::unique_ptr<byte_stream> stream_;
  std::optional<reply_reader> reader_;
  std::string out_;
  std::string writing_;
  bool write_under_way_ = false;
  std::deque<pending> pending_;
  reply_patience patience_;
  std::array<std::string, redis_script_count> digests_;
  std::string run_id_;
  /// Redis forgot a script: calls are put off until all before them were answered, or those that
  /// are repeated would come behind them.
  std::size_t behind_ = 0;
  std::vector<std::shared_ptr<script_call>> put_off_;
};

} // namespace wspool
