// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "backplane/redis_wire.hpp"

#include "protocol/number_text.hpp"

#include <new>
#include <utility>

namespace wspool {

namespace {

/// What is before the next `end`, which is taken off `text`, too.
std::string_view take_until(std::string_view& text, char end) {
  const auto found = text.find(end);
  const auto result = text.substr(0, found);
  text.remove_prefix(found == std::string_view::npos ? text.size() : found + 1);
  return result;
}

} // namespace

// -- bytes ---------------------------------------------------------------------------------------

void append_command(std::string& to, const redis_command& command) {
  append_head(to, command.size());
  append_words(to, command);
}

void append_head(std::string& to, std::size_t words) {
  to.append("*").append(std::to_string(words)).append("\r\n");
}

void append_words(std::string& to, const redis_command& words) {
  for (const auto& word : words)
    to.append("$").append(std::to_string(word.size())).append("\r\n").append(word).append("\r\n");
}

void reply_reader::feed(std::string_view bytes) {
  if (!reader_)
    throw std::bad_alloc{};
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK)
    broken_ = true;
}

reply_ptr reply_reader::next() {
  void* reply = nullptr;
  if (broken_ || redisReaderGetReply(reader_.get(), &reply) != REDIS_OK)
    broken_ = true;
  return reply_ptr{static_cast<redisReply*>(reply)};
}

// -- replies -------------------------------------------------------------------------------------

std::string_view text_of(const redisReply& reply) noexcept {
  if (reply.type != REDIS_REPLY_STRING && reply.type != REDIS_REPLY_STATUS)
    return {};
  return {reply.str, reply.len};
}

std::int64_t number_of(const redisReply& reply) noexcept {
  return reply.type == REDIS_REPLY_INTEGER ? reply.integer : 0;
}

const redisReply* element(const redisReply& reply, std::size_t i) noexcept {
  if (reply.type != REDIS_REPLY_ARRAY || i >= reply.elements)
    return nullptr;
  return reply.element[i];
}

bool is_error(const redisReply& reply) noexcept { return reply.type == REDIS_REPLY_ERROR; }

std::string error_kind(const redisReply& reply) {
  if (!is_error(reply))
    return {};
  std::string_view text{reply.str, reply.len};
  return std::string{take_until(text, ' ')};
}

std::string info_field(std::string_view info, std::string_view name) {
  while (!info.empty()) {
    auto line = take_until(info, '\n');
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with(":"))
      continue;
    line.remove_prefix(name.size() + 1);
    return std::string{line.substr(0, line.find('\r'))};
  }
  return {};
}

channel_place read_place(std::string_view text) {
  channel_place result;
  result.epoch = take_until(text, ' ');
  if (!detail::read_number(text, result.offset))
    return {};
  return result;
}

std::optional<publish_outcome> read_published(const redisReply& reply) {
  const auto* const duplicate = element(reply, 0);
  const auto* const place = element(reply, 1);
  if (duplicate == nullptr || place == nullptr)
    return std::nullopt;
  return publish_outcome{errc::none, read_place(text_of(*place)), number_of(*duplicate) == 1};
}

std::optional<claim_report> read_claim(const redisReply& reply) {
  const auto* const state = element(reply, 0);
  const auto* const text = element(reply, 1);
  if (state == nullptr || text == nullptr)
    return std::nullopt;
  return claim_report{number_of(*state) == 1, number_of(*state) == 2, std::string{text_of(*text)}};
}

std::optional<history_page> read_history(const redisReply& reply) {
  const auto* const missed = element(reply, 3);
  if (missed == nullptr)
    return std::nullopt;
  history_page result;
  result.latest.epoch = text_of(*reply.element[0]);
  if (!detail::read_number(text_of(*reply.element[1]), result.latest.offset))
    return std::nullopt;
  result.recovered = number_of(*reply.element[2]) == 1;
  auto bodies = read_texts(*missed);
  auto offset = result.latest.offset - bodies.size();
  result.missed.reserve(bodies.size());
  for (auto& body : bodies)
    result.missed.push_back({++offset, std::move(body)});
  return result;
}

std::optional<presence_page> read_people(const redisReply& reply, std::uint32_t limit) {
  const auto* const fields = element(reply, 1);
  if (fields == nullptr)
    return std::nullopt;
  presence_page result;
  result.total = static_cast<std::uint64_t>(number_of(*reply.element[0]));
  for (std::size_t i = 0; result.people.size() < limit; i += 2) {
    const auto* const field = element(*fields, i);
    if (field == nullptr)
      break;
    if (auto person = read_person(text_of(*field)))
      result.people.push_back(std::move(*person));
  }
  return result;
}

std::vector<std::string> read_texts(const redisReply& reply) {
  std::vector<std::string> result;
  for (std::size_t i = 0; const auto* const one = element(reply, i); ++i)
    result.emplace_back(text_of(*one));
  return result;
}

// -- events --------------------------------------------------------------------------------------

std::string write_person(const channel_person& person) {
  return std::to_string(person.connection.size()) + ":" + person.connection + person.identity;
}

std::optional<channel_person> read_person(std::string_view text) {
  std::size_t size = 0;
  if (!detail::read_number(take_until(text, ':'), size) || size > text.size())
    return std::nullopt;
  return channel_person{std::string{text.substr(0, size)}, std::string{text.substr(size)}};
}

std::optional<redis_event> read_event(std::string_view text) {
  using what = backplane_event::what;
  if (text.empty())
    return std::nullopt;
  redis_event result;
  const auto kind = text.front();
  text.remove_prefix(1);
  if (kind == '+' || kind == '-') {
    auto person = read_person(text);
    if (!person)
      return std::nullopt;
    result.kind = kind == '+' ? what::entered : what::exited;
    result.who = std::move(*person);
    return result;
  }
  const auto line = text.find('\n');
  if (kind != 'm' || line == std::string_view::npos)
    return std::nullopt;
  auto head = text.substr(0, line);
  const auto epoch = take_until(head, ' ');
  const auto offset = take_until(head, ' ');
  result.node = take_until(head, ' ');
  result.body = text.substr(line + 1);
  if (!detail::read_number(offset, result.place.offset) || !detail::read_number(head, result.stamp))
    return std::nullopt;
  if (epoch == "-")
    result.place.offset = 0;
  else
    result.place.epoch = epoch;
  return result;
}

} // namespace wspool
