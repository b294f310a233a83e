// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/messaging_events.hpp>

#include <hiredis/hiredis.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wspool {

// -- bytes to and from Redis ----------------------------------------------------------------------

/// A command is its name and its arguments; the bytes of all of them live elsewhere.
using redis_command = std::vector<std::string_view>;

void append_command(std::string& to, const redis_command& command);
/// The same in parts: how many words there are, then these.
void append_head(std::string& to, std::size_t words);
void append_words(std::string& to, const redis_command& words);

struct free_reply {
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};
using reply_ptr = std::unique_ptr<redisReply, free_reply>;

/// Bytes of any number of replies, in pieces of any size.
class reply_reader {
public:
  reply_reader() : reader_(redisReaderCreate()) {}

  void feed(std::string_view bytes);
  /// The next whole reply; null if there is none yet, or never will be.
  [[nodiscard]] reply_ptr next();
  /// These are no replies of a Redis.
  [[nodiscard]] bool broken() const noexcept { return broken_; }

private:
  struct free_reader {
    void operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }
  };
  std::unique_ptr<redisReader, free_reader> reader_;
  bool broken_ = false;
};

// -- reading replies: what is not as expected is empty --------------------------------------------

[[nodiscard]] std::string_view text_of(const redisReply& reply) noexcept;
[[nodiscard]] std::int64_t number_of(const redisReply& reply) noexcept;
/// Null if it has none of that index.
[[nodiscard]] const redisReply* element(const redisReply& reply, std::size_t i) noexcept;
[[nodiscard]] bool is_error(const redisReply& reply) noexcept;
/// The kind of an error: "NOSCRIPT", "WRONGPASS". Never the rest, which may quote what was sent.
[[nodiscard]] std::string error_kind(const redisReply& reply);

/// What INFO says behind "name:"; empty if nothing.
[[nodiscard]] std::string info_field(std::string_view info, std::string_view name);
/// "epoch offset"; empty if it is none.
[[nodiscard]] channel_place read_place(std::string_view text);
[[nodiscard]] std::optional<publish_outcome> read_published(const redisReply& reply);
[[nodiscard]] std::optional<claim_report> read_claim(const redisReply& reply);
[[nodiscard]] std::optional<history_page> read_history(const redisReply& reply);
[[nodiscard]] std::optional<presence_page> read_people(const redisReply& reply,
                                                       std::uint32_t limit);
[[nodiscard]] std::vector<std::string> read_texts(const redisReply& reply);

// -- what is published in a channel ---------------------------------------------------------------

/// A person as a field of a hash.
[[nodiscard]] std::string write_person(const channel_person& person);
[[nodiscard]] std::optional<channel_person> read_person(std::string_view text);

/// A message in pub/sub, as the scripts write it.
struct redis_event {
  backplane_event::what kind = backplane_event::what::message;
  channel_place place;
  std::string_view node;  ///< who published it
  std::int64_t stamp = 0; ///< when, by that node's own clock
  std::string_view body;
  channel_person who;
};
/// Its views are into `text`.
[[nodiscard]] std::optional<redis_event> read_event(std::string_view text);

} // namespace wspool
