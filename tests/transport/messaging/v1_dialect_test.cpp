// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE v1_dialect

#include "dialect_speech.hpp"

#include <rapidcheck.h>

#include <cmath>

namespace v1_dialect_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

namespace json = boost::json;

struct fixture {
  speech client{dialect_kind::v1};
};

/// RapidCheck's strings are bytes; these are text.
std::string any_word(std::size_t max_bytes) {
  auto size = *rc::gen::inRange<std::size_t>(1, max_bytes + 1);
  return *rc::gen::container<std::string>(size, rc::gen::inRange<char>(0x20, 0x7f));
}

/// With what must be escaped in JSON, or is more than a byte.
std::string any_text() {
  std::string result;
  for (auto n = *rc::gen::inRange(0, 5); n > 0; --n)
    result += *rc::gen::element("a"s, " "s, "\""s, "\\"s, "\n"s, "\0"s, "\x1b"s, "\x7f"s, "\u00fc"s,
                                "\u20ac"s, "\U0001f600"s);
  return result;
}

/// Any JSON, of a few levels.
json::value any_json(int levels) {
  switch (*rc::gen::inRange(0, levels > 0 ? 8 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return *rc::gen::arbitrary<bool>();
    case 2:
      return *rc::gen::arbitrary<std::int64_t>();
    case 3:
      return *rc::gen::arbitrary<std::uint64_t>();
    case 4:
      return json::string(any_text());
    case 5:
      // Halves are doubles for sure: a whole one is written like a double, too, but may be read
      // as an integer by others.
      return std::ldexp(static_cast<double>(*rc::gen::arbitrary<std::int32_t>()), -1);
    case 6: {
      json::array result;
      for (auto n = *rc::gen::inRange(0, 4); n > 0; --n)
        result.push_back(any_json(levels - 1));
      return result;
    }
    default: {
      json::object result;
      for (auto n = *rc::gen::inRange(0, 4); n > 0; --n)
        result[std::to_string(n)] = any_json(levels - 1);
      return result;
    }
  }
}

message_id any_id() {
  if (*rc::gen::arbitrary<bool>())
    return any_word(128);
  return *rc::gen::inRange<std::int64_t>(0, 9'007'199'254'740'992);
}

/// A message, and how it is refused: code, field, id.
const std::vector<std::pair<std::string, std::string>> wrong_messages{
  {"", "invalid_json - -"},
  {"{", "invalid_json - -"},
  {"nonsense", "invalid_json - -"},
  {R"({"type":"ping"} {"type":"ping"})", "invalid_json - -"},
  {R"({"type":"ping",})", "invalid_json - -"},
  {R"({"type":"ping"/* no comments */})", "invalid_json - -"},
  {R"({"type":"\ud800"})", "invalid_json - -"},
  {"{\"type\":\"\xff\"}", "invalid_json - -"},
  {"[]", "invalid_message - -"},
  {R"("ping")", "invalid_message - -"},
  {"{}", "missing_field type -"},
  {R"({"id":7})", "missing_field type 7"},
  {R"({"type":7,"id":7})", "invalid_field type 7"},
  {R"({"type":"","id":7})", "unknown_type type 7"},
  {R"({"type":"PING","id":7})", "unknown_type type 7"},
  {R"({"type":"event","id":7,"channel":"c"})", "unknown_type type 7"},
  {R"({"type":"ping","id":null})", "invalid_field id -"},
  {R"({"type":"ping","id":-1})", "invalid_field id -"},
  {R"({"type":"ping","id":1.5})", "invalid_field id -"},
  {R"({"type":"ping","id":9007199254740992})", "invalid_field id -"},
  {R"({"type":"ping","id":18446744073709551615})", "invalid_field id -"},
  {R"({"type":"ping","id":""})", "invalid_field id -"},
  {R"({"type":"ping","id":"a\nb"})", "invalid_field id -"},
  {R"({"type":"ping","id":{}})", "invalid_field id -"},
  {R"({"type":"ping","id":7,"data":1})", "unknown_field data 7"},
  {R"({"type":"ping","id":7,"":1})", "unknown_field \"\" 7"},
  {R"({"type":"connect"})", "missing_field id -"},
  {R"({"type":"connect","id":7,"token":7})", "invalid_field token 7"},
  {R"({"type":"connect","id":7,"session":null})", "invalid_field session 7"},
  {R"({"type":"subscribe","id":7})", "missing_field channel 7"},
  {R"({"type":"subscribe","channel":"c"})", "missing_field id -"},
  {R"({"type":"subscribe","id":7,"channel":""})", "invalid_field channel 7"},
  {R"({"type":"subscribe","id":7,"channel":"a\u0000b"})", "invalid_field channel 7"},
  {R"({"type":"subscribe","id":7,"channel":"a\u007fb"})", "invalid_field channel 7"},
  {R"({"type":"subscribe","id":7,"channel":["c"]})", "invalid_field channel 7"},
  {R"({"type":"subscribe","id":7,"chanel":"c"})", "unknown_field chanel 7"},
  {R"({"type":"subscribe","id":7,"channel":"c","presence":1})", "invalid_field presence 7"},
  {R"({"type":"subscribe","id":7,"channel":"c","recover":"e"})", "invalid_field recover 7"},
  {R"({"type":"subscribe","id":7,"channel":"c","recover":{"epoch":"e"}})",
   "missing_field recover.offset 7"},
  {R"({"type":"subscribe","id":7,"channel":"c","recover":{"offset":1}})",
   "missing_field recover.epoch 7"},
  {R"({"type":"subscribe","id":7,"channel":"c","recover":{"epoch":"e","offset":-1}})",
   "invalid_field recover.offset 7"},
  {R"({"type":"subscribe","id":7,"channel":"c","recover":{"epoch":"e","offset":1.0}})",
   "invalid_field recover.offset 7"},
  {R"({"type":"subscribe","id":7,"channel":"c","recover":{"epoch":1,"offset":1}})",
   "invalid_field recover.epoch 7"},
  {R"({"type":"subscribe","id":7,"channel":"c","recover":{"epoch":"e","offset":1,"x":1}})",
   "unknown_field recover.x 7"},
  {R"({"type":"unsubscribe","id":7,"channel":false})", "invalid_field channel 7"},
  {R"({"type":"publish","id":7,"channel":"c"})", "missing_field data 7"},
  {R"({"type":"publish","id":7,"data":1})", "missing_field channel 7"},
  {R"({"type":"publish","id":7,"channel":"c","data":1,"meta":[]})", "invalid_field meta 7"},
  {R"({"type":"publish","id":7,"channel":"c","data":1,"from":"me"})", "unknown_field from 7"},
  {R"({"type":"query","id":7})", "missing_field name 7"},
  {R"({"type":"query","name":"n"})", "missing_field id -"},
  {R"({"type":"query","id":7,"name":"n","deadline_ms":0})", "invalid_field deadline_ms 7"},
  {R"({"type":"query","id":7,"name":"n","deadline_ms":600001})", "invalid_field deadline_ms 7"},
  {R"({"type":"query","id":7,"name":"n","deadline_ms":"1s"})", "invalid_field deadline_ms 7"},
  {R"({"type":"query","id":7,"name":"n","key":7})", "invalid_field key 7"},
  {R"({"type":"command","id":7})", "missing_field name 7"},
  {R"({"type":"command","id":7,"name":"n","channel":"c"})", "unknown_field channel 7"},
  {R"({"type":"cancel"})", "missing_field id -"},
  {R"({"type":"ack"})", "missing_field id -"},
  {R"({"type":"presence","id":7})", "missing_field channel 7"},
  {R"({"type":"disconnect","id":7,"code":1000})", "unknown_field code 7"},
};

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(v1_dialect_tests, fixture)

CAF_TEST(connecting_names_session_and_token) {
  auto all =
    client.heard<requests::connect>(R"({"type":"connect","id":1,"session":"s-1","token":"t.o.k"})");
  CAF_CHECK_EQUAL(text_of(all.id), "1");
  CAF_CHECK_EQUAL(all.session.value_or("-"), "s-1");
  CAF_CHECK_EQUAL(all.token.value_or("-"), "t.o.k");
  auto least = client.heard<requests::connect>(R"({"id":"a","type":"connect"})");
  CAF_CHECK_EQUAL(text_of(least.id), "\"a\"");
  CAF_CHECK(!least.session);
  CAF_CHECK(!least.token);
}

CAF_TEST(subscribing_says_where_the_client_was) {
  auto plain = client.heard<requests::subscribe>(R"({"type":"subscribe","id":1,"channel":"c"})");
  CAF_CHECK_EQUAL(plain.channel, "c");
  CAF_CHECK_EQUAL(text_of(plain.recover), "-");
  CAF_CHECK(!plain.presence);
  auto back = client.heard<requests::subscribe>(
    R"({"type":"subscribe","id":1,"channel":"c","recover":{"epoch":"e","offset":7},)"
    R"("presence":true})");
  CAF_CHECK_EQUAL(text_of(back.recover), "e/7");
  CAF_CHECK(back.presence);
}

CAF_TEST(publications_with_an_id_are_looked_at_for_duplicates) {
  auto once = client.heard<requests::publish>(
    R"({"type":"publish","id":"p1","channel":"c","data":{"a":[1]},"meta":{"k":"v"}})");
  CAF_CHECK(once.deduplicate);
  CAF_CHECK_EQUAL(text_of(once.id), "\"p1\"");
  CAF_CHECK_EQUAL(once.message.channel, "c");
  CAF_CHECK_EQUAL(text_of(once.message.data), R"({"a":[1]})");
  CAF_CHECK_EQUAL(json::serialize(once.message.meta), R"({"k":"v"})");
  auto perhaps = client.heard<requests::publish>(R"({"type":"publish","channel":"c","data":null})");
  CAF_CHECK(!perhaps.deduplicate);
  CAF_CHECK_EQUAL(text_of(perhaps.message.data), "null");
}

CAF_TEST(queries_have_a_deadline_and_a_key) {
  auto all = client.heard<requests::query>(
    R"({"type":"query","id":1,"name":"n","data":[],"deadline_ms":1500,"key":"k"})");
  CAF_CHECK_EQUAL(all.name, "n");
  CAF_CHECK_EQUAL(text_of(all.data), "[]");
  CAF_CHECK(all.deadline == 1500ms);
  CAF_CHECK_EQUAL(all.key.value_or("-"), "k");
  auto least = client.heard<requests::query>(R"({"type":"query","id":1,"name":"n"})");
  CAF_CHECK(!least.data);
  CAF_CHECK(!least.deadline);
  CAF_CHECK(!least.key);
}

CAF_TEST(the_other_requests_are_as_simple_as_they_look) {
  CAF_CHECK_EQUAL(text_of(client.heard<requests::ping>(R"({"type":"ping"})").id), "-");
  CAF_CHECK_EQUAL(text_of(client.heard<requests::ping>(R"({"type":"ping","id":3})").id), "3");
  CAF_CHECK_EQUAL(
    client.heard<requests::unsubscribe>(R"({"type":"unsubscribe","id":1,"channel":"c"})").channel,
    "c");
  auto command = client.heard<requests::command>(R"({"type":"command","name":"n","data":0})");
  CAF_CHECK_EQUAL(command.name + text_of(command.data) + text_of(command.id), "n0-");
  CAF_CHECK(client.heard<requests::cancel>(R"({"type":"cancel","id":4})").id == message_id{4});
  CAF_CHECK(client.heard<requests::ack>(R"({"type":"ack","id":"s"})").id == message_id{"s"s});
  CAF_CHECK_EQUAL(
    client.heard<requests::presence>(R"({"type":"presence","id":1,"channel":"c"})").channel, "c");
  CAF_CHECK_EQUAL(text_of(client.heard<requests::disconnect>(R"({"type":"disconnect"})").id), "-");
}

CAF_TEST(what_is_wrong_is_named) {
  for (const auto& [text, expected] : wrong_messages)
    CAF_CHECK_EQUAL(text + " " + verdict(client.hear(text)), text + " " + expected);
}

CAF_TEST(the_sentence_names_the_field_too) {
  CAF_CHECK_EQUAL(why(client.hear(R"({"type":"publish","channel":"c"})")), "data is missing");
  CAF_CHECK_EQUAL(why(client.hear(R"({"type":"ping","x\u0000\u001by":1})")),
                  "x??y is not a field of this message");
  CAF_CHECK_EQUAL(why(client.hear(R"({"type":"shout"})")), "type is unknown: shout");
  CAF_CHECK_EQUAL(why(client.hear(R"({"type":")" + std::string(1'000, 'x') + R"("})")),
                  "type is unknown: " + std::string(64, 'x') + "...");
}

CAF_TEST(of_several_faults_the_first_one_found_is_told) {
  CAF_CHECK_EQUAL(verdict(client.hear(R"({"type":"query","id":{},"name":1,"key":2})")),
                  "invalid_field id -");
  CAF_CHECK_EQUAL(verdict(client.hear(R"({"type":"query","id":1,"name":1,"key":2})")),
                  "invalid_field name 1");
}

CAF_TEST(lengths_are_limited) {
  auto subscribe = [](std::size_t bytes) {
    return R"({"type":"subscribe","id":1,"channel":")" + std::string(bytes, 'c') + R"("})";
  };
  CAF_CHECK_EQUAL(verdict(client.hear(subscribe(255))), "accepted");
  CAF_CHECK_EQUAL(verdict(client.hear(subscribe(256))), "invalid_field channel 1");
  auto ping = [](std::size_t bytes) {
    return R"({"type":"ping","id":")" + std::string(bytes, 'i') + R"("})";
  };
  CAF_CHECK_EQUAL(verdict(client.hear(ping(128))), "accepted");
  CAF_CHECK_EQUAL(verdict(client.hear(ping(129))), "invalid_field id -");
  auto query = [](std::size_t name, std::size_t key) {
    return R"({"type":"query","id":1,"name":")" + std::string(name, 'n') + R"(","key":")"
           + std::string(key, 'k') + R"("})";
  };
  CAF_CHECK_EQUAL(verdict(client.hear(query(128, 128))), "accepted");
  CAF_CHECK_EQUAL(verdict(client.hear(query(129, 128))), "invalid_field name 1");
  CAF_CHECK_EQUAL(verdict(client.hear(query(128, 129))), "invalid_field key 1");
  auto connect = [](std::size_t bytes) {
    return R"({"type":"connect","id":1,"token":")" + std::string(bytes, 't') + R"("})";
  };
  CAF_CHECK_EQUAL(verdict(client.hear(connect(8'192))), "accepted");
  CAF_CHECK_EQUAL(verdict(client.hear(connect(8'193))), "invalid_field token 1");
}

CAF_TEST(a_message_has_a_largest_size) {
  const auto text = R"({"type":"publish","channel":"c","data":1})"s;
  client.limits.message_bytes = text.size();
  CAF_CHECK_EQUAL(verdict(client.hear(text)), "accepted");
  CAF_CHECK_EQUAL(verdict(client.hear(text + " ")), "too_big - -");
  CAF_CHECK_EQUAL(verdict(client.hear(text + " ", message_kind::binary)), "too_big - -");
}

CAF_TEST(what_is_too_deep_is_found_by_the_name_of_its_field) {
  auto publish = [](std::size_t levels) {
    return R"({"type":"publish","meta":{"a":{}},"data":)" + nested(levels) + R"(,"channel":"c"})";
  };
  CAF_CHECK_EQUAL(verdict(client.hear(publish(15))), "accepted");
  CAF_CHECK_EQUAL(verdict(client.hear(publish(16))), "too_deep data -");
  CAF_CHECK_EQUAL(verdict(client.hear(publish(10'000))), "too_deep data -");
  CAF_CHECK_EQUAL(verdict(client.hear(nested(30'000))), "too_deep - -");
  CAF_CHECK_EQUAL(verdict(client.hear(R"({"type":"command","data":{"x":{"y":)" + nested(20))),
                  "too_deep data -");
}

CAF_TEST(numbers_that_no_text_stands_for_are_refused) {
  for (auto number : {"1e400", "-1e999"}) {
    const auto text =
      R"({"type":"publish","id":7,"channel":"c","data":[{"x":)" + std::string{number} + "}]}";
    CAF_CHECK_EQUAL(verdict(client.hear(text)), "invalid_field data 7");
  }
  CAF_CHECK_EQUAL(verdict(client.hear(R"({"type":"ping","":1e400})")), "invalid_field \"\" -");
  CAF_CHECK_EQUAL(verdict(client.hear(R"({"type":"publish","channel":"c","data":1e308})")),
                  "accepted");
}

CAF_TEST(bytes_travel_behind_the_fields) {
  const auto bytes = "a\nb\0c\xff"s;
  auto published = client.heard<requests::publish>(
    R"({"type":"publish","id":1,"channel":"c"})"s + "\n" + bytes, message_kind::binary);
  CAF_CHECK_EQUAL(text_of(published.message.data), "bytes " + bytes);
  auto none = client.heard<requests::query>(R"({"type":"query","id":1,"name":"n"})"s + "\n",
                                            message_kind::binary);
  CAF_CHECK_EQUAL(text_of(none.data), "bytes ");

  const auto event = dialect_of(dialect_kind::v1)
                       .encode(replies::event{make_publication("c", binary_data{bytes}), {}});
  CAF_REQUIRE(event);
  CAF_CHECK(event->kind == message_kind::binary);
  CAF_CHECK_EQUAL(event->data, R"({"type":"event","channel":"c"})"s + "\n" + bytes);
}

CAF_TEST(binary_messages_that_are_none_are_refused) {
  auto hear = [this](std::string_view data) {
    return verdict(client.hear(data, message_kind::binary));
  };
  CAF_CHECK_EQUAL(hear(R"({"type":"ping"})"), "invalid_message - -");
  CAF_CHECK_EQUAL(hear("{\"type\":\"ping\",\"id\":7}\n"), "invalid_message type 7");
  CAF_CHECK_EQUAL(hear("\n"), "invalid_json - -");
  CAF_CHECK_EQUAL(hear("{\"type\":\"command\",\n\"name\":\"n\"}\nx"), "invalid_json - -");
  CAF_CHECK_EQUAL(hear("{\"type\":\"command\",\"id\":7,\"name\":\"n\",\"data\":1}\nx"),
                  "invalid_field data 7");
}

CAF_TEST(an_answer_without_an_id_to_answer_is_not_sent) {
  CAF_CHECK_EQUAL(client.say(replies::ack{}), "-");
  CAF_CHECK_EQUAL(client.say(replies::pong{}), R"({"type":"pong"})");
}

CAF_TEST(a_rejection_can_say_when_to_come_again) {
  rejection busy{message_errc::unavailable, {}, "too many messages", message_id{1}, 250ms};
  CAF_CHECK_EQUAL(client.say(busy), R"({"type":"error","id":1,"code":"unavailable",)"
                                    R"("message":"too many messages","retry_after_ms":250})");
}

CAF_TEST(what_is_published_arrives_as_it_was) {
  CAF_CHECK(rc::check([this] {
    const auto data = any_json(3);
    const auto id = any_id();
    const auto channel = any_word(255);
    const json::object sent{
      {"type", "publish"}, {"id", to_json(id)}, {"channel", channel}, {"data", data}};
    const auto decoded = client.hear(json::serialize(sent));
    RC_ASSERT(verdict(decoded) == "accepted");
    const auto request = std::get<requests::publish>(std::get<client_request>(decoded));
    RC_ASSERT(request.id == id);
    const auto event =
      client.say(replies::event{std::make_shared<const publication>(request.message), {}});
    RC_ASSERT(json::parse(event)
              == json::parse(json::serialize(
                json::object{{"type", "event"}, {"channel", channel}, {"data", data}})));
    const auto ack = json::parse(client.say(replies::ack{request.id, {}, false}));
    RC_ASSERT(ack.at("id") == json::parse(json::serialize(to_json(id))));
  }));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace v1_dialect_test
