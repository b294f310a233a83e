// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE v1_client_property

// Whatever one side of v1 may say, the other understands, and would say in the same words.
#include "dialect_speech.hpp"
#include "messaging/v1_client.hpp"

#include <rapidcheck.h>

namespace v1_client_property_test {

using namespace wspool;
using namespace wspool::test;

namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

/// One to eight characters, some of which JSON has to escape.
std::string word() {
  const auto size = 1 + *rc::gen::inRange<std::size_t>(0, 8);
  return *rc::gen::container<std::string>(size, rc::gen::elementOf(std::string{"ab \"\\/{}:,0"}));
}

std::optional<std::string> maybe_word() {
  return *rc::gen::arbitrary<bool>() ? std::optional{word()} : std::nullopt;
}

message_id any_id() {
  if (*rc::gen::arbitrary<bool>())
    return word();
  return static_cast<std::int64_t>(*rc::gen::inRange<std::int64_t>(0, 1'000'000));
}

std::optional<message_id> maybe_id() {
  return *rc::gen::arbitrary<bool>() ? std::optional{any_id()} : std::nullopt;
}

std::optional<position> maybe_place() {
  if (*rc::gen::arbitrary<bool>())
    return std::nullopt;
  return position{word(), *rc::gen::arbitrary<std::uint32_t>()};
}

json::value any_json(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 7 : 5)) {
    case 0:
      return nullptr;
    case 1:
      return *rc::gen::arbitrary<bool>();
    case 2:
      return *rc::gen::arbitrary<std::int64_t>();
    case 3:
      return json::value_from(word());
    case 4:
      return 0.5;
    case 5:
      return json::array{any_json(depth - 1), any_json(depth - 1)};
    default:
      return json::object{{word(), any_json(depth - 1)}};
  }
}

payload any_data() {
  if (*rc::gen::arbitrary<bool>())
    return any_json(3);
  return binary_data{*rc::gen::arbitrary<std::string>()};
}

std::optional<payload> maybe_data() {
  return *rc::gen::arbitrary<bool>() ? std::optional{any_data()} : std::nullopt;
}

json::object any_meta() {
  return *rc::gen::arbitrary<bool>() ? json::object{{word(), any_json(2)}} : json::object{};
}

channel_member any_member() { return {word(), maybe_word().value_or(std::string{})}; }

publication any_publication() {
  publication result;
  result.channel = word();
  result.data = any_data();
  result.meta = any_meta();
  return result;
}

std::optional<milliseconds> maybe_time() {
  return *rc::gen::arbitrary<bool>() ? std::optional{milliseconds{*rc::gen::inRange(1, 600'000)}}
                                     : std::nullopt;
}

client_request any_request() {
  switch (*rc::gen::inRange(0, 11)) {
    case 0:
      return requests::connect{any_id(), maybe_word(), maybe_word()};
    case 1:
      return requests::ping{maybe_id()};
    case 2:
      return requests::subscribe{any_id(), word(), maybe_place(), *rc::gen::arbitrary<bool>()};
    case 3:
      return requests::unsubscribe{any_id(), word()};
    case 4:
      return requests::publish{maybe_id(), any_publication(), true};
    case 5:
      return requests::query{any_id(), word(), maybe_data(), maybe_time(), maybe_word()};
    case 6:
      return requests::command{maybe_id(), word(), maybe_data()};
    case 7:
      return requests::cancel{any_id()};
    case 8:
      return requests::ack{any_id()};
    case 9:
      return requests::presence{any_id(), word()};
    default:
      return requests::disconnect{maybe_id()};
  }
}

rejection any_rejection() {
  rejection result;
  result.code =
    static_cast<message_errc>(*rc::gen::inRange(0, static_cast<int>(message_errc::internal) + 1));
  result.field = maybe_word().value_or(std::string{});
  result.message = word();
  result.id = maybe_id();
  result.retry_after = maybe_time();
  return result;
}

server_reply any_event() {
  auto message = any_publication();
  if (*rc::gen::arbitrary<bool>())
    message.from = any_member();
  if (*rc::gen::arbitrary<bool>())
    message.data = std::nullopt;
  return replies::event{std::make_shared<const publication>(std::move(message)), maybe_place()};
}

server_reply any_presence() {
  replies::presence result{any_id(), word(), {}, *rc::gen::inRange<std::size_t>(0, 5'000)};
  for (auto left = *rc::gen::inRange(0, 5); left > 0; --left)
    result.members.push_back(any_member());
  return result;
}

server_reply any_subscribed() {
  replies::subscribed result{any_id(), word(), maybe_place(), std::nullopt};
  if (*rc::gen::arbitrary<bool>())
    result.recovered = *rc::gen::arbitrary<bool>();
  return result;
}

server_reply any_reply() {
  switch (*rc::gen::inRange(0, 13)) {
    case 0:
      return replies::connected{any_id(),
                                word(),
                                word(),
                                maybe_word().value_or(std::string{}),
                                *rc::gen::inRange<std::size_t>(1, 1'000'000),
                                milliseconds{*rc::gen::inRange(0, 1'000'000)}};
    case 1:
      return replies::pong{maybe_id()};
    case 2:
      return any_subscribed();
    case 3:
      return replies::ack{any_id(), maybe_place(), *rc::gen::arbitrary<bool>()};
    case 4:
      return any_event();
    case 5:
      return replies::response{any_id(), maybe_data()};
    case 6:
      return any_rejection();
    case 7:
      return any_presence();
    case 8:
      return replies::joined{word(), any_member()};
    case 9:
      return replies::left{word(), any_member()};
    case 10:
      if (*rc::gen::inRange(0, 4) == 0)
        return replies::gap{};
      return replies::gap{word(), maybe_place()};
    case 11:
      return replies::command{maybe_id(), word(), maybe_data()};
    default:
      return replies::drain{milliseconds{*rc::gen::inRange(0, 100'000)},
                            milliseconds{*rc::gen::inRange(0, 100'000)},
                            milliseconds{*rc::gen::inRange(0, 100'000)}};
  }
}

struct fixture {
  const dialect& server = dialect_of(dialect_kind::v1);
  request_limits limits;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(v1_client_property_tests, fixture)

CAF_TEST(a_server_understands_whatever_a_client_may_ask) {
  CAF_CHECK(rc::check([this] {
    const auto asked = encode_v1_request(any_request());
    const auto understood = server.decode(asked.data, asked.kind, limits);
    RC_LOG() << asked.data << ": " << why(understood);
    RC_ASSERT(std::holds_alternative<client_request>(understood));
    RC_ASSERT(encode_v1_request(std::get<client_request>(understood)) == asked);
  }));
}

CAF_TEST(a_client_understands_whatever_a_server_may_say) {
  CAF_CHECK(rc::check([this] {
    const auto said = server.encode(any_reply());
    RC_ASSERT(said.has_value());
    const auto heard = decode_v1_reply(said->data, said->kind, limits);
    RC_LOG() << said->data << ": " << heard.fault;
    RC_ASSERT(heard.reply.has_value());
    RC_ASSERT(server.encode(*heard.reply) == said);
  }));
}

CAF_TEST(what_was_cut_or_changed_on_the_way_is_no_crash) {
  CAF_CHECK(rc::check([this] {
    auto said = *server.encode(any_reply());
    said.data.resize(*rc::gen::inRange<std::size_t>(0, said.data.size() + 1));
    if (!said.data.empty())
      said.data[*rc::gen::inRange<std::size_t>(0, said.data.size())] = *rc::gen::arbitrary<char>();
    const auto heard = decode_v1_reply(said.data, said.kind, limits);
    if (heard.reply) // understood in some way: then it can be said
      RC_ASSERT(server.encode(*heard.reply).has_value());
  }));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace v1_client_property_test
