// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE key_field

#include "support/unit_test.hpp"

#include "settings/settings.hpp"
#include "stream/key_field.hpp"

#include <wspool/message.hpp>

namespace key_field_test {

using namespace wspool;
using namespace wspool::cli;

CAF_TEST(a_name_means_a_field_of_the_outermost_object) {
  auto key = make_key_function("user");
  CAF_CHECK_EQUAL(key(R"({"at":1,"user":"ann"})"), hash_key("ann"));
  CAF_CHECK_EQUAL(key(R"({"user":17})"), hash_key("17"));
  CAF_CHECK_EQUAL(key(R"({"user":true})"), hash_key("true"));
}

CAF_TEST(a_pointer_reaches_further_down) {
  auto key = make_key_function("/user/ids/1");
  CAF_CHECK_EQUAL(key(R"({"user":{"ids":["a","b"]}})"), hash_key("b"));
  CAF_CHECK_EQUAL(key(R"({"user":{"ids":["a"]}})"), 0u);
}

CAF_TEST(messages_without_the_field_have_no_key) {
  auto key = make_key_function("user");
  for (auto text : {R"({"id":1})", R"({"user":null})", R"({"user":{}})", R"(["user"])", "user",
                    R"({"user":"ann")", ""})
    CAF_CHECK_EQUAL(key(text), 0u);
}

CAF_TEST(large_messages_do_not_outgrow_anything) {
  auto key = make_key_function("user");
  auto text = R"({"data":")" + std::string(1'000'000, 'x') + R"(","user":"ann"})";
  CAF_CHECK_EQUAL(key(text), hash_key("ann"));
}

CAF_TEST(no_field_means_no_function_and_a_bad_pointer_is_refused) {
  CAF_CHECK(!make_key_function(""));
  CAF_CHECK_EQUAL(expected_key_field("/a~b"), "~ to be followed by 0 or 1 in a JSON pointer");
  CAF_CHECK_EQUAL(expected_key_field("/a~1b"), "");
  CAF_CHECK_EQUAL(expected_key_field("a~b"), ""); // a name, not a pointer
}

} // namespace key_field_test
