// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"

#include <wspool/server_events.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace wspool {

/// What one turn of a broker has for its hub, in the order that must be kept: many small requests
/// would cost the hub more than what they ask for. Pure.
///
/// Messages to the same audience are merged if nothing stands between them that its members could
/// tell the order by: for single clients, anything but messages to other single clients.
class outbox {
public:
  /// More bytes than these do not share a batch: the hub takes a batch as a whole, or not at all.
  static constexpr std::size_t large_bytes = 16 * 1024;

  struct letter {
    audience to;
    message_batch messages;
  };
  struct joining {
    client_ref who;
    std::string room;
    bool enter = true; ///< or leave
  };
  struct closing {
    client_ref who;
    close_order how;
  };
  using entry = std::variant<letter, joining, closing>;

  void send(audience to, const encoded_message& message) {
    if (message.data.size() > large_bytes) {
      barrier();
      letter_to(std::move(to)).add(message);
      barrier();
      return;
    }
    batch_for(std::move(to)).add(message);
  }

  void move(client_ref who, std::string room, bool enter) {
    barrier();
    entries_.emplace_back(joining{std::move(who), std::move(room), enter});
  }

  void close(client_ref who, close_order how) {
    barrier();
    entries_.emplace_back(closing{std::move(who), std::move(how)});
  }

  [[nodiscard]] std::vector<entry> take() {
    barrier();
    return std::exchange(entries_, {});
  }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

private:
  /// A batch that can be added to.
  struct open_batch {
    message_batch* into;
    void add(const encoded_message& message) {
      send_options options;
      options.kind = message.kind;
      into->add(message.data, options);
    }
  };

  open_batch letter_to(audience to) {
    entries_.emplace_back(letter{std::move(to), {}});
    return {&std::get<letter>(entries_.back()).messages};
  }

  open_batch batch_for(audience to) {
    if (to.whom != audience::reach::one || !to.except.id.empty())
      return batch_for_many(std::move(to));
    last_many_ = nowhere;
    auto key = to.space + '\x1f' + to.name;
    const auto [at, is_new] = singles_.try_emplace(std::move(key), entries_.size());
    if (is_new)
      return letter_to(std::move(to));
    return {&std::get<letter>(entries_[at->second]).messages};
  }

  open_batch batch_for_many(audience to) {
    singles_.clear();
    if (last_many_ != nowhere && same(std::get<letter>(entries_[last_many_]).to, to))
      return {&std::get<letter>(entries_[last_many_]).messages};
    last_many_ = entries_.size();
    return letter_to(std::move(to));
  }

  static bool same(const audience& a, const audience& b) {
    return a.whom == b.whom && a.name == b.name && a.space == b.space && a.except == b.except;
  }

  void barrier() {
    singles_.clear();
    last_many_ = nowhere;
  }

  static constexpr std::size_t nowhere = -1;
  std::vector<entry> entries_;
  std::unordered_map<std::string, std::size_t> singles_; ///< where their letters are
  std::size_t last_many_ = nowhere; ///< the last entry, if it is to more than one
};

} // namespace wspool
