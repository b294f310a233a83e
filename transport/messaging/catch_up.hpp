// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/publication.hpp"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace wspool {

/// Joins what a channel keeps to what is new in it, for one who begins to listen: nothing is lost
/// between the two and nothing comes twice, although the answer with the history and the live
/// messages may come by different ways, either of them late.
///
///     waiting --(answer: the history's end is known)--> following --(live got there)--> done
///        live messages are held                 those that the history had are skipped
///        '----------------------(answer, live is there already)--------------------------^
///
/// `Message` is whatever the owner hands on; a value that is cheap to copy.
template <class Message>
class catch_up {
public:
  enum class phase { waiting, following, done };

  /// A live message at its place (none: the channel keeps no history), or a gap in them: messages
  /// up to that place may be missing.
  struct item {
    std::optional<position> where;
    std::optional<Message> message; ///< none: a gap
    friend bool operator==(const item&, const item&) = default;
  };
  using items = std::vector<item>;

  /// Holds at most so many: with one more, all of them become a gap.
  explicit catch_up(std::size_t max_held) : max_held_(max_held) {}

  [[nodiscard]] phase state() const noexcept { return phase_; }
  /// Up to where the answer was.
  [[nodiscard]] const std::optional<position>& latest() const noexcept { return latest_; }

  /// Something live came. @returns what is to be handed on now, in this order.
  [[nodiscard]] items arrive(item one) {
    if (phase_ == phase::waiting) {
      hold(std::move(one));
      return {};
    }
    items result;
    pass(std::move(one), result);
    return result;
  }

  /// The history came, up to `latest`: what it has is handed on before what this returns. `seen` is
  /// where the live messages are, as far as that is known.
  [[nodiscard]] items answer(std::optional<position> latest, const std::optional<position>& seen) {
    latest_ = std::move(latest);
    phase_ = phase::following;
    // Live messages of an earlier epoch are before those of the history's.
    auto begin = held_.size();
    while (begin > 0 && !is_of_epoch(held_[begin - 1].where))
      --begin;
    const bool epoch_came = begin > 0;
    items result;
    for (std::size_t i = 0; i < held_.size(); ++i)
      if (!epoch_came || i >= begin || is_of_epoch(held_[i].where) || !held_[i].where)
        pass(std::move(held_[i]), result);
    held_.clear();
    if (!latest_ || is_there(seen))
      phase_ = phase::done;
    return result;
  }

  /// There will be no history. @returns what was held.
  [[nodiscard]] items abandon() {
    phase_ = phase::done;
    return std::exchange(held_, {});
  }

private:
  [[nodiscard]] bool is_of_epoch(const std::optional<position>& where) const {
    return latest_ && where && where->epoch == latest_->epoch;
  }
  [[nodiscard]] bool is_there(const std::optional<position>& where) const {
    return is_of_epoch(where) && where->offset >= latest_->offset;
  }

  void hold(item one) {
    if (held_.size() >= max_held_) {
      held_.clear();
      held_.push_back({one.where, std::nullopt});
      return;
    }
    held_.push_back(std::move(one));
  }

  void pass(item one, items& to) {
    if (phase_ == phase::following && latest_ && one.where) {
      if (!is_of_epoch(one.where)) {
        // A new epoch, or an old one that is late: nobody can tell which. So it is said.
        if (one.message)
          to.push_back({before(*one.where), std::nullopt});
        phase_ = phase::done;
      } else {
        if (one.where->offset >= latest_->offset)
          phase_ = phase::done;
        if (one.where->offset <= latest_->offset)
          return;
      }
    }
    to.push_back(std::move(one));
  }

  static position before(position where) {
    if (where.offset > 0)
      --where.offset;
    return where;
  }

  std::size_t max_held_;
  phase phase_ = phase::waiting;
  std::optional<position> latest_;
  items held_;
};

} // namespace wspool
