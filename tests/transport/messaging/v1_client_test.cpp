// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE v1_client

// What the client's side of v1 writes and reads is what the server's side reads and writes.
#include "dialect_speech.hpp"
#include "messaging/v1_client.hpp"
#include "protocol_document.hpp"

#include <map>

namespace v1_client_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::string_literals;

namespace {

namespace json = boost::json;

/// The fields in an order of their own, so that texts can be compared.
std::string canonical(std::string_view text) {
  const auto parsed = json::parse(json::string_view{text.data(), text.size()}).as_object();
  std::map<std::string, json::value> sorted;
  for (const auto& field : parsed)
    sorted.emplace(field.key(), field.value());
  return json::serialize(json::value_from(sorted));
}

struct fixture {
  speech server{dialect_kind::v1};

  heard_reply hear(std::string_view text, message_kind kind = message_kind::text) const {
    return decode_v1_reply(text, kind, server.limits);
  }

  /// What is wrong with it; "-" if nothing is.
  std::string fault(std::string_view text) const {
    const auto heard = hear(text);
    return heard.reply ? "-" : heard.fault;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(v1_client_tests, fixture)

CAF_TEST(requests_are_written_as_servers_read_them) {
  const auto messages = examples("client");
  CAF_REQUIRE(!messages.empty());
  for (const auto& line : messages) {
    const auto request = std::get<client_request>(server.hear(line));
    CAF_CHECK_EQUAL(canonical(encode_v1_request(request).data), canonical(line));
  }
}

CAF_TEST(replies_are_read_as_servers_write_them) {
  const auto messages = examples("server");
  CAF_REQUIRE(!messages.empty());
  for (const auto& line : messages) {
    const auto heard = hear(line);
    CAF_CHECK_EQUAL(heard.fault, "");
    CAF_REQUIRE(heard.reply);
    CAF_CHECK_EQUAL(canonical(server.say(*heard.reply)), canonical(line));
  }
}

CAF_TEST(bytes_travel_both_ways) {
  const auto bytes = "a\n\0\xff"s;
  requests::publish publish;
  publish.message.channel = "c";
  publish.message.data = binary_data{bytes};
  const auto sent = encode_v1_request(publish);
  CAF_CHECK(sent.kind == message_kind::binary);
  CAF_CHECK_EQUAL(text_of(server.heard<requests::publish>(sent.data, sent.kind).message.data),
                  "bytes " + bytes);

  const auto answer =
    dialect_of(dialect_kind::v1).encode(replies::response{message_id{1}, binary_data{bytes}});
  CAF_REQUIRE(answer);
  const auto heard = hear(answer->data, answer->kind);
  CAF_REQUIRE(heard.reply);
  CAF_CHECK_EQUAL(text_of(std::get<replies::response>(*heard.reply).data), "bytes " + bytes);
}

CAF_TEST(what_only_newer_clients_know_is_ignored) {
  const auto unknown = hear(R"({"type":"hologram","id":1})");
  CAF_CHECK(!unknown.reply);
  CAF_CHECK_EQUAL(unknown.fault, "");
  const auto extended = hear(R"({"type":"pong","id":1,"load":0.5})");
  CAF_REQUIRE(extended.reply);
  CAF_CHECK_EQUAL(server.say(*extended.reply), R"({"type":"pong","id":1})");
}

CAF_TEST(an_unknown_error_is_the_servers_own) {
  const auto heard = hear(R"({"type":"error","code":"on_fire","message":"two\nlines"})");
  CAF_REQUIRE(heard.reply);
  const auto& why = std::get<rejection>(*heard.reply);
  CAF_CHECK(why.code == message_errc::internal);
  CAF_CHECK_EQUAL(why.message, "two\nlines");
}

CAF_TEST(what_a_server_must_not_say_is_a_fault) {
  CAF_CHECK_EQUAL(fault("{}"), "type is missing");
  CAF_CHECK_EQUAL(fault("[]"), "the message must be an object");
  CAF_CHECK_EQUAL(fault(R"({"type":"ack"})"), "id is missing");
  CAF_CHECK_EQUAL(fault(R"({"type":"event","data":1})"), "channel is missing");
  CAF_CHECK_EQUAL(fault(R"({"type":"event","channel":"c","epoch":"e","offset":-1})"),
                  "offset must be a whole number from 0 to 9007199254740991");
  CAF_CHECK_EQUAL(fault(R"({"type":"join","channel":"c"})"), "member is missing");
  CAF_CHECK_EQUAL(fault(R"({"type":"join","channel":"c","member":{}})"),
                  "member connection is missing");
  CAF_CHECK_EQUAL(fault(R"({"type":"presence","id":1,"channel":"c","total":1,"members":["ann"]})"),
                  "members must be objects");
  CAF_CHECK_EQUAL(fault(R"({"type":"error","code":"internal","message":1})"),
                  "message must be a string");
  CAF_CHECK_EQUAL(fault(R"({"type":"drain","deadline_ms":1,"reconnect_after_ms":0})"),
                  "reconnect_window_ms is missing");
  CAF_CHECK_EQUAL(hear("{}", message_kind::binary).fault,
                  "the message is binary, but has no line feed behind its fields");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace v1_client_test
