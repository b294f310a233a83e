// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE session_lines

#include "support/unit_test.hpp"

#include "session/session_lines.hpp"

namespace session_lines_test {

using namespace wspool;
using namespace wspool::cli;

namespace {

bool is_refused(const char* text) {
  try {
    (void)parse_place(text);
    return false;
  } catch (const usage_error&) {
    return true;
  }
}

} // namespace

CAF_TEST(a_line_of_text_is_a_string_and_comes_back_as_it_was) {
  for (const char* line : {"", "hello", "say \"so\"\\", "5", "{\"a\":1}", "\xc3\xa4\t"}) {
    const auto sent = content_of_line(line, data_format::text);
    CAF_CHECK(sent.kind == message_kind::text);
    CAF_CHECK_EQUAL(sent.data.front(), '"');
    CAF_CHECK_EQUAL(line_of(sent, data_format::text), line);
  }
}

CAF_TEST(a_line_of_json_stays_what_it_is) {
  const auto sent = content_of_line(R"({"a": 1})", data_format::json);
  CAF_CHECK_EQUAL(sent.data, R"({"a": 1})");
  CAF_CHECK_EQUAL(line_of({R"("hello")"}, data_format::json), R"("hello")");
}

CAF_TEST(no_message_becomes_two_lines) {
  CAF_CHECK_EQUAL(line_of({R"("a\nb")"}, data_format::text), R"("a\nb")");
  CAF_CHECK_EQUAL(line_of({R"("a\rb")"}, data_format::text), R"("a\rb")");
}

CAF_TEST(what_is_no_string_is_json) {
  for (const char* data : {"5", "null", R"({"a":[1,"b"]})", ""})
    CAF_CHECK_EQUAL(line_of({data}, data_format::text), data);
}

CAF_TEST(bytes_are_bytes_and_base64_in_a_whole_message) {
  const content bytes{std::string{"\0\1\xff", 3}, message_kind::binary};
  CAF_CHECK_EQUAL(line_of(bytes, data_format::text), bytes.data);
  CAF_CHECK_EQUAL(whole_line_of({"c", bytes, {}, {}, {}}), R"({"channel":"c","base64":"AAH/"})");
}

CAF_TEST(a_whole_message_has_its_place_its_publisher_and_what_else_it_says) {
  CAF_CHECK_EQUAL(whole_line_of({"c", {"[1]"}, R"({"lang":"en"})", {"e", 7}, {"n1", "ann"}}),
                  R"({"channel":"c","epoch":"e","offset":7,)"
                  R"("from":{"connection":"n1","identity":"ann"},"meta":{"lang":"en"},)"
                  R"("data":[1]})");
}

CAF_TEST(a_place_is_an_epoch_and_an_offset) {
  CAF_CHECK(parse_place("f3a9:41") == (channel_place{"f3a9", 41}));
  CAF_CHECK(parse_place("a:b:0") == (channel_place{"a:b", 0}));
  for (const char* wrong : {"", ":1", "f3a9", "f3a9:", "f3a9:-1", "f3a9:1x"})
    CAF_CHECK(is_refused(wrong));
}

CAF_TEST(events_are_json_objects) {
  CAF_CHECK_EQUAL(to_json(channel_gap_event{"c", {"e", 7}}),
                  R"({"event":"gap","channel":"c","epoch":"e","offset":7})");
  CAF_CHECK_EQUAL(to_json(channel_presence_event{"c", {"n1", ""}, false}),
                  R"({"event":"leave","channel":"c","member":{"connection":"n1"}})");
  CAF_CHECK_EQUAL(to_json(session_open_event{"s", "n1", "ann"}),
                  R"({"event":"session_open","session":"s","connection":"n1","identity":"ann"})");
  CAF_CHECK_EQUAL(to_json(session_lost_event{"why\n"}),
                  R"({"event":"session_lost","reason":"why "})");
  CAF_CHECK_EQUAL(to_json(session_command_event{"reload", {"1"}}),
                  R"({"event":"command","name":"reload","data":1})");
}

} // namespace session_lines_test
