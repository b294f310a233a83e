// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The broker: that a query with a key runs once, on whatever node it is asked again. The backplane
// knows who has claimed a key, and what came of it:
//
//     claim ---> mine: run it, then settle
//           ---> settled: that is the answer
//           ---> neither: another node is at it; look again later, as long as somebody waits here
//           ---> failed: unavailable, and nothing has happened
//
// A node that dies lets its claim run out, with the deadline of who asked first.

#include "broker/broker_state.hpp"
#include "messaging/v1_client.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace wspool {

namespace {

constexpr char text_mark = 't', binary_mark = 'b';

std::uint64_t milliseconds_of(std::chrono::steady_clock::duration how_long) {
  const auto count = std::chrono::ceil<std::chrono::milliseconds>(how_long).count();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(count, 1));
}

/// The name of the query, and its answer as v1 has it; empty if it cannot be written.
std::string write_outcome(const std::string& name, const query_memory::answer& how) {
  const message_id nobody{std::int64_t{0}};
  server_reply reply = rejection{};
  if (const auto* why = std::get_if<rejection>(&how)) {
    auto with_id = *why;
    with_id.id = nobody;
    reply = std::move(with_id);
  } else {
    reply = replies::response{nobody, std::get<std::optional<payload>>(how)};
  }
  const auto words = dialect_of(dialect_kind::v1).encode(reply);
  if (!words)
    return {};
  const bool is_text = words->kind == message_kind::text;
  return name + "\n" + (is_text ? text_mark : binary_mark) + words->data;
}

struct outcome {
  std::string name;
  query_memory::answer how;
};

std::optional<outcome> read_outcome(const std::string& text) {
  const auto end = text.find('\n');
  if (end == text.npos || end + 1 == text.size())
    return std::nullopt;
  // It was within the limits of the node that wrote it.
  request_limits any;
  any.message_bytes = std::numeric_limits<std::size_t>::max();
  const auto kind = text[end + 1] == text_mark ? message_kind::text : message_kind::binary;
  auto said = decode_v1_reply(std::string_view{text}.substr(end + 2), kind, any);
  if (!said.reply)
    return std::nullopt;
  if (auto* answer = std::get_if<replies::response>(&*said.reply))
    return outcome{text.substr(0, end), std::move(answer->data)};
  if (auto* why = std::get_if<rejection>(&*said.reply))
    return outcome{text.substr(0, end), std::move(*why)};
  return std::nullopt;
}

} // namespace

void broker_state::claim(const shared_errand& what) {
  claims_[what->key] = what;
  // A little longer than anybody waits.
  const auto left = what->until - now() + milliseconds{1'000};
  ask_backplane([this, what](const claim_report& report) { on_claim(what, report); },
                [this, what](const caf::error&) {
                  claims_.erase(what->key);
                  finish(what->key, unavailable(std::nullopt), false);
                },
                claim_atom_v, what->key, owner_, milliseconds_of(left));
}

void broker_state::on_claim(const shared_errand& what, const claim_report& report) {
  if (report.mine || report.settled)
    claims_.erase(what->key);
  if (report.mine)
    return run(what);
  if (report.settled) {
    auto known = read_outcome(report.text);
    if (!known)
      return finish(what->key, unavailable(std::nullopt), false);
    if (known->name != what->call.name)
      return finish(
        what->key,
        refusal(message_errc::conflict, "key", "key is in use for something else", std::nullopt),
        false);
    return finish(what->key, std::move(known->how), true);
  }
  deadlines_.emplace(now() + what->pause, deadline{0, deadline::what::claim, what->key});
  what->pause = std::min(what->pause * 2, longest_pause);
}

void broker_state::claim_again(const std::string& key) {
  const auto what = claims_.at(key);
  if (memory_.is_awaited(key) && now() < what->until)
    return claim(what);
  // Everybody has had `deadline_exceeded`, or is gone: it does not begin here any more.
  claims_.erase(key);
  finish(key, unavailable(std::nullopt), false);
}

/// Nothing to remember: the next one who claims it runs it.
void broker_state::settle(const errand& what, const query_memory::answer& how, bool remember) {
  constexpr query_memory_limits as_here;
  settle(what.key,
         {remember ? write_outcome(what.call.name, how) : std::string{}, now() + as_here.age});
}

/// An answer that the backplane did not hear it is told again, as long as it is of use. Not that
/// there is none: by then the key may be claimed anew, and a claim runs out by itself.
void broker_state::settle(const std::string& key, settlement what) {
  if (what.until <= now())
    return;
  const auto left = milliseconds_of(what.until - now());
  ask_backplane([] {},
                [this, key, what](const caf::error&) {
                  if (what.text.empty() || backplane_is_gone_ || unsettled_.size() >= max_unsettled)
                    return;
                  if (unsettled_.empty())
                    tell_again_later(deadline::what::settlements);
                  unsettled_.insert_or_assign(key, what);
                },
                settle_atom_v, key, owner_, what.text, left);
}

void broker_state::settle_again() {
  for (std::size_t i = 0; i < max_settlements && !unsettled_.empty(); ++i) {
    auto one = unsettled_.extract(unsettled_.begin());
    settle(one.key(), std::move(one.mapped()));
  }
  if (!unsettled_.empty())
    tell_again_later(deadline::what::settlements);
}

} // namespace wspool
