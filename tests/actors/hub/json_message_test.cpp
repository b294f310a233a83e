// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE json_message

#include "support/unit_test.hpp"

#include <wspool/json.hpp>

#include <string>

namespace json_message_test {

using namespace wspool;

CAF_TEST(a_value_becomes_a_text_message_that_says_the_same) {
  const boost::json::value value{{"id", 7}, {"names", {"grüße", nullptr, 1.5}}};
  const auto message = json_message(value);
  CAF_CHECK(message.options.kind == message_kind::text);
  CAF_CHECK_EQUAL(message.data, R"({"id":7,"names":["grüße",null,1.5E0]})");
  CAF_CHECK(read_json(message.data) == value);
}

CAF_TEST(the_options_of_the_message_are_those_given) {
  send_options options;
  options.key = "one after the other";
  CAF_CHECK_EQUAL(json_message({1, 2}, options).options.key, "one after the other");
}

CAF_TEST(what_is_no_json_is_no_value) {
  CAF_CHECK(!read_json(""));
  CAF_CHECK(!read_json("{"));
  CAF_CHECK(!read_json("1 2"));
  CAF_CHECK(!read_json(std::string(40, '[') + std::string(40, ']')));
  CAF_CHECK(read_json("null")->is_null());
}

} // namespace json_message_test
