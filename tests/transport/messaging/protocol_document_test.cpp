// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE protocol_document

// PROTOCOL.md and its schema say what the code does.
#include "dialect_speech.hpp"
#include "protocol_document.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace protocol_document_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace {

namespace json = boost::json;
using lines = std::vector<std::string>;

std::string_view type_of(const json::value& message) {
  const auto& type = message.at("type").as_string();
  return {type.data(), type.size()};
}

struct fixture {
  speech v1{dialect_kind::v1};
  json::object schema = json::parse(specification("wspool.v1.schema.json")).as_object();

  /// What the schema says of a message: "client" or "server", and the type.
  const json::object& definition(std::string_view side, std::string_view type) const {
    const auto name = std::string{side}.append(".").append(type);
    return schema.at("$defs").at(name).as_object();
  }

  std::set<std::string> types(std::string_view side) const {
    std::set<std::string> result;
    for (const auto& [name, ignored] : schema.at("$defs").as_object())
      if (name.starts_with(std::string{side} + "."))
        result.emplace(name.substr(side.size() + 1));
    return result;
  }

  static std::set<std::string> types(const lines& messages) {
    std::set<std::string> result;
    for (const auto& line : messages)
      result.emplace(type_of(json::parse(line)));
    return result;
  }
};

std::optional<message_id> id(std::int64_t number) { return message_id{number}; }

/// All that the document has the server say, refusals by the decoder aside.
std::vector<server_reply> replies_of_the_document() {
  const channel_member ann{"n1-42", "ann"};
  const channel_member somebody{"n2-7", {}};
  const auto at = [](std::uint64_t offset) { return std::optional{position{"f3a9", offset}}; };
  const auto title = make_publication("news", json_payload(R"({"title":"It works"})"));
  auto from = *make_publication("news", json_payload("\"so it does\""), {{"lang", "en"}});
  from.from = ann;
  return {
    replies::connected{id(1), "n1-42", "b1f5c7a0", "ann", 65'536, 120s},
    replies::pong{},
    replies::pong{message_id{"are you there?"}},
    replies::subscribed{id(2), "news", at(41), {}},
    replies::ack{id(3), {}, false},
    replies::event{title, at(42)},
    replies::event{std::make_shared<const publication>(from), at(43)},
    replies::subscribed{id(1), "news", at(45), true},
    replies::subscribed{id(1), "news", position{"07d2", 9}, false},
    replies::gap{"news", at(60)},
    replies::gap{"chat", {}},
    replies::gap{},
    replies::presence{message_id{5}, "room 5", {ann, somebody}, 2},
    replies::joined{"room 5", somebody},
    replies::left{"room 5", somebody},
    replies::ack{id(6), at(43), false},
    replies::ack{id(6), at(43), true},
    replies::response{message_id{7}, json_payload(R"({"eur":4.5})")},
    rejection{message_errc::cancelled, {}, "the query was cancelled", id(8), {}},
    rejection{message_errc::deadline_exceeded, {}, "the query took longer than 10s", id(7), {}},
    replies::ack{id(9), {}, false},
    replies::command{message_id{"s1"}, "reload", json_payload(R"({"why":"new version"})")},
    replies::command{{}, "hurry", {}},
    replies::drain{30s, 0ms, 5s},
  };
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(protocol_document_tests, fixture)

CAF_TEST(what_clients_say_in_it_is_understood) {
  const auto messages = examples("client");
  for (const auto& line : messages)
    CAF_CHECK_EQUAL(line + ": " + verdict(v1.hear(line)), line + ": accepted");
  // None is left out.
  CAF_CHECK_EQUAL(types(messages), types("client"));
}

CAF_TEST(what_the_server_says_in_it_is_what_it_writes) {
  const auto messages = examples("server");
  lines written;
  for (const auto& reply : replies_of_the_document())
    written.push_back(v1.say(reply));
  // The order of fields and the way to write a number are nobody's business.
  auto canonical = [](const lines& from) {
    std::vector<json::value> result;
    for (const auto& line : from)
      result.push_back(json::parse(line));
    return result;
  };
  const auto expected = canonical(messages);
  const auto seen = canonical(written);
  CAF_REQUIRE_EQUAL(seen.size(), expected.size());
  for (std::size_t i = 0; i < seen.size(); ++i)
    CAF_CHECK_EQUAL(json::serialize(seen[i] == expected[i] ? expected[i] : seen[i]),
                    json::serialize(expected[i]));
  CAF_CHECK_EQUAL(types(messages), types("server"));
}

CAF_TEST(what_it_says_is_refused_is_refused_with_these_words) {
  const auto messages = examples("refused");
  CAF_REQUIRE(messages.size() >= 2 && messages.size() % 2 == 0);
  for (std::size_t i = 0; i < messages.size(); i += 2) {
    const auto heard = v1.hear(messages[i]);
    CAF_REQUIRE(std::holds_alternative<rejection>(heard));
    CAF_CHECK_EQUAL(v1.say(std::get<rejection>(heard)), messages[i + 1]);
  }
}

CAF_TEST(the_schema_and_the_decoder_know_the_same_fields) {
  for (const auto& line : examples("client")) {
    const auto message = json::parse(line).as_object();
    const auto& known = definition("client", type_of(message)).at("properties").as_object();
    for (const auto& name : {"id", "channel", "data", "meta", "name", "key", "deadline_ms",
                             "session", "token", "recover", "presence", "from", "code"}) {
      auto with = message;
      with[name] = nullptr;
      const bool is_unknown = verdict(v1.hear(json::serialize(with))).starts_with("unknown_field");
      CAF_CHECK_EQUAL(line + name + (is_unknown ? " unknown" : " known"),
                      line + name + (known.contains(name) ? " known" : " unknown"));
    }
  }
}

CAF_TEST(the_schema_and_the_decoder_require_the_same_fields) {
  for (const auto& line : examples("client")) {
    const auto message = json::parse(line).as_object();
    const auto& required = definition("client", type_of(message)).at("required").as_array();
    for (const auto& field : message) {
      const auto name = field.key();
      auto without = message;
      without.erase(name);
      const auto said = verdict(v1.hear(json::serialize(without)));
      const bool is_missed = said.starts_with("missing_field " + std::string{name} + " ");
      const bool is_required =
        std::any_of(required.begin(), required.end(), [&](const auto& x) { return x == name; });
      CAF_CHECK_EQUAL(line + " without " + std::string{name} + (is_missed ? " missed" : ""),
                      line + " without " + std::string{name} + (is_required ? " missed" : ""));
    }
  }
}

CAF_TEST(the_server_writes_what_the_schema_knows) {
  for (const auto& reply : replies_of_the_document()) {
    const auto message = json::parse(v1.say(reply)).as_object();
    const auto& defined = definition("server", type_of(message));
    for (const auto& [name, ignored] : message)
      CAF_CHECK(defined.at("properties").as_object().contains(name));
    for (const auto& name : defined.at("required").as_array())
      CAF_CHECK(message.contains(name.as_string()));
  }
}

CAF_TEST(all_errors_are_listed) {
  const auto& codes = definition("server", "error").at("properties").at("code").at("enum");
  std::set<std::string> known;
  for (const auto& code : codes.as_array())
    known.emplace(code.as_string());
  const auto document = specification("PROTOCOL.md");
  const auto last = static_cast<int>(message_errc::internal);
  CAF_CHECK_EQUAL(known.size(), static_cast<std::size_t>(last) + 1);
  for (int i = 0; i <= last; ++i) {
    const auto name = std::string{name_of(static_cast<message_errc>(i))};
    CAF_CHECK(known.contains(name));
    CAF_CHECK(document.find("\n| `" + name + "` |") != std::string::npos);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace protocol_document_test
