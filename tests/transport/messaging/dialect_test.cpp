// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE dialect

#include "dialect_speech.hpp"

#include <array>
#include <set>

namespace dialect_test {

using namespace wspool;
using namespace wspool::test;

namespace {

namespace json = boost::json;

constexpr std::array all_kinds{dialect_kind::v1, dialect_kind::thinws, dialect_kind::channels};

/// What a member who speaks `to` gets of what a client says in `from`.
std::string passed_on(dialect_kind from, std::string_view text, dialect_kind to) {
  auto published = speech{from}.heard<requests::publish>(text);
  return speech{to}.say(
    replies::event{std::make_shared<const publication>(std::move(published.message)), {}});
}

} // namespace

CAF_TEST(a_subprotocol_chooses_the_dialect) {
  CAF_CHECK(dialect_by_subprotocol("wspool.v1.json") == dialect_kind::v1);
  CAF_CHECK(dialect_by_subprotocol("thinws") == dialect_kind::thinws);
  CAF_CHECK(dialect_by_subprotocol("channels") == dialect_kind::channels);
  for (auto name : {"", "v1", "wspool.v2.json", "wspool.v1.JSON", "Channels"})
    CAF_CHECK(!dialect_by_subprotocol(name));
}

CAF_TEST(names_and_dialects_belong_together) {
  for (auto kind : all_kinds) {
    CAF_CHECK(dialect_by_name(name_of(kind)) == kind);
    CAF_CHECK(dialect_by_subprotocol(subprotocol_of(kind)) == kind);
  }
  CAF_CHECK(!dialect_by_name("wspool.v1.json"));
}

CAF_TEST(clients_of_different_dialects_meet) {
  const auto v1 = R"({"type":"publish","channel":"c","data":1,"meta":{"payload":2,"type":"x"}})";
  CAF_CHECK_EQUAL(passed_on(dialect_kind::v1, v1, dialect_kind::thinws),
                  R"({"type":"message","message":1,"roomID":"c","payload":2})");
  CAF_CHECK_EQUAL(passed_on(dialect_kind::v1, v1, dialect_kind::channels),
                  R"({"channel":"c","data":1})");
  const auto thinws = R"({"messageID":1,"type":"message","message":1,"roomID":7,"payload":2})";
  CAF_CHECK_EQUAL(passed_on(dialect_kind::thinws, thinws, dialect_kind::v1),
                  R"({"type":"event","channel":"7","meta":{"payload":2,"roomID":7},"data":1})");
  CAF_CHECK_EQUAL(passed_on(dialect_kind::thinws, thinws, dialect_kind::channels),
                  R"({"channel":"7","data":1})");
  const auto channels = R"({"action":"publish","channel":"c","data":[1]})";
  CAF_CHECK_EQUAL(passed_on(dialect_kind::channels, channels, dialect_kind::v1),
                  R"({"type":"event","channel":"c","data":[1]})");
  CAF_CHECK_EQUAL(passed_on(dialect_kind::channels, channels, dialect_kind::thinws),
                  R"({"type":"message","message":[1],"roomID":"c"})");
}

CAF_TEST(what_has_no_data_says_the_rest_instead) {
  const auto thinws = R"({"messageID":1,"type":"message","roomID":"r","payload":2})";
  CAF_CHECK_EQUAL(passed_on(dialect_kind::thinws, thinws, dialect_kind::channels),
                  R"({"channel":"r","data":{"payload":2}})");
  CAF_CHECK_EQUAL(passed_on(dialect_kind::thinws, thinws, dialect_kind::v1),
                  R"({"type":"event","channel":"r","meta":{"payload":2}})");
}

CAF_TEST(bytes_are_base64_where_there_is_only_text) {
  const replies::event event{make_publication("c", binary_data{std::string("\0\xff\n", 3)}), {}};
  CAF_CHECK_EQUAL(speech{dialect_kind::thinws}.say(event),
                  R"({"type":"message","message":"AP8K","roomID":"c"})");
  CAF_CHECK_EQUAL(speech{dialect_kind::channels}.say(event), R"({"channel":"c","data":"AP8K"})");
}

CAF_TEST(every_code_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  const auto last = static_cast<int>(message_errc::internal);
  for (int code = 0; code <= last; ++code)
    names.insert(name_of(static_cast<message_errc>(code)));
  CAF_CHECK_EQUAL(names.size(), static_cast<std::size_t>(last) + 1);
}

} // namespace dialect_test
