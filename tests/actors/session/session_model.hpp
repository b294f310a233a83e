// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"
#include "session/session_core.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace wspool::test {

/// A server of v1, in the plainest way: no actor, no socket, and faults when it is told to.
class model_server {
public:
  using time_point = session_core::time_point;
  static constexpr std::chrono::milliseconds deduplication{20'000};
  static constexpr std::size_t kept = 5; ///< messages of a channel with a history

  struct channel {
    bool history = true;
    std::uint64_t epoch = 1;
    std::vector<position> places;       ///< of all messages since ever
    std::vector<std::uint64_t> numbers; ///< what they say
    std::uint64_t offset = 0;           ///< of the latest one in this epoch
  };

  explicit model_server(std::mt19937_64& random) : random_(random) {}

  void open();
  void cut();
  /// Takes the next message from the client. @returns whether there was one.
  bool take(time_point now);
  void publish(const std::string& name, std::uint64_t number);
  void begin_epoch(const std::string& name);
  /// Loses the latest message on its way to the client, and says so.
  void lose_one(const std::string& name);

  struct sent {
    encoded_message message;
    time_point when;
  };
  /// Heartbeats find a connection dead on which nothing arrives for so long.
  static constexpr std::chrono::seconds longest_way{5};
  [[nodiscard]] bool stuck(time_point now) const {
    return !from_client.empty() && now - from_client.front().when > longest_way;
  }

  std::deque<sent> from_client;
  std::deque<encoded_message> to_client;
  std::map<std::string, channel> channels;
  unsigned refusals = 0;                         ///< refuses this many requests for now
  bool repeats = false;                          ///< says events twice
  std::uint64_t violations = 0;                  ///< what a client must not do
  std::map<std::string, std::uint64_t> commands; ///< how often each was done

private:
  void say(const server_reply& what);
  void say_event(const std::string& name, std::size_t index);
  [[nodiscard]] std::optional<position> latest(const channel& of) const;
  bool refuse(const std::optional<message_id>& id);
  void on(const requests::connect& x, time_point now);
  void on(const requests::subscribe& x, time_point now);
  void on(const requests::unsubscribe& x, time_point now);
  void on(const requests::publish& x, time_point now);
  void on(const requests::query& x, time_point now);
  void on(const requests::command& x, time_point now);
  void on(const requests::presence& x, time_point now);
  void on(const requests::disconnect& x, time_point now);
  void on(const requests::ping&, time_point) {}
  void on(const requests::cancel&, time_point) {}
  void on(const requests::ack&, time_point) {}

  struct remembered {
    std::string channel;
    std::optional<position> where;
    time_point when;
  };
  std::mt19937_64& random_;
  bool connected_ = false;
  std::set<std::string> members_;
  std::map<std::string, remembered> published_; ///< by id
};

/// A session's core with subscribers, before that server, on connections that fail.
class session_story final : public session_effects {
public:
  explicit session_story(std::uint64_t seed);

  void play(std::size_t steps);
  /// What is wrong, in words; empty: nothing.
  [[nodiscard]] std::string verdict();

private:
  using time_point = session_core::time_point;
  struct seen {
    bool active = false;
    std::optional<std::size_t> last; ///< index of the last message; none: any may be next
    bool gap = false;                ///< told since then
  };

  // -- the script
  void act();
  void disturb();
  void subscribe();
  void open();
  void cut();
  bool carry();
  void pass(std::chrono::milliseconds time);
  void settle();
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  [[nodiscard]] std::string any_channel() {
    return std::string(1, static_cast<char>('a' + below(3)));
  }
  session_ticket new_ticket() { return ++last_ticket_; }
  void complain(const std::string& what);
  void check_publications();
  void check_subscribers();

  // -- effects
  void write(encoded_message message) override;
  void restart(const std::string& why) override;
  void give_up(const session_failure& why) override;
  void finished() override { ++finished_; }
  void answer(session_ticket ticket, session_outcome outcome) override;
  void tell(session_subscriber who, const channel_event& what) override;
  void tell(session_subscriber who, const channel_gap_event& what) override;
  void tell(session_subscriber, const channel_presence_event&) override {}
  void observe(const session_open_event&) override {}
  void observe(const session_lost_event&) override {}
  void observe(const session_command_event&) override {}

  std::mt19937_64 random_;
  model_server server_;
  session_core core_;
  time_point now_{std::chrono::hours{1}};
  bool open_ = false;
  bool to_be_cut_ = false;
  std::uint64_t written_ = 0; ///< on this connection
  session_ticket last_ticket_ = 0;
  std::uint64_t last_number_ = 0;
  std::uint64_t finished_ = 0;
  std::map<session_ticket, std::size_t> answers_;
  std::map<session_ticket, std::uint64_t> publishing_; ///< to the number in it
  std::set<std::uint64_t> acknowledged_;
  struct subscription_request {
    session_subscriber who;
    std::string channel;
  };
  std::map<session_ticket, subscription_request> subscribing_;
  std::map<std::pair<session_subscriber, std::string>, seen> seen_;
  std::string wrong_;
};

} // namespace wspool::test
