// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE publication_text

#include "messaging/publication_text.hpp"
#include "support/unit_test.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <rapidcheck.h>

#include <string>

namespace publication_text_test {

using namespace wspool;
using namespace std::string_literals;

namespace {

namespace json = boost::json;

std::string printable() {
  return *rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~'));
}

/// No doubles: Boost.JSON reads some of them a last digit off.
json::value arbitrary_value(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 6 : 4)) {
    case 0:
      return nullptr;
    case 1:
      return *rc::gen::arbitrary<bool>();
    case 2:
      return *rc::gen::arbitrary<std::int64_t>();
    case 3:
      return json::value(printable());
    case 4: {
      json::array result;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        result.push_back(arbitrary_value(depth - 1));
      return result;
    }
    default: {
      json::object result;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        result[printable()] = arbitrary_value(depth - 1);
      return result;
    }
  }
}

publication arbitrary_publication() {
  publication result;
  result.channel = "news";
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      break;
    case 1:
      result.data = binary_data{*rc::gen::arbitrary<std::string>()};
      break;
    default:
      result.data = arbitrary_value(3);
  }
  if (*rc::gen::arbitrary<bool>())
    result.from = channel_member{printable(), printable()};
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
    result.meta[printable()] = arbitrary_value(1);
  return result;
}

bool is_same(const publication& a, const publication& b) {
  return a.channel == b.channel && a.data == b.data && a.meta == b.meta && a.from == b.from;
}

} // namespace

CAF_TEST(what_is_written_reads_as_the_same) {
  CAF_CHECK(rc::check("round trip", [] {
    const auto message = arbitrary_publication();
    const auto read = read_publication("news", write_publication(message));
    RC_ASSERT(read.has_value());
    RC_ASSERT(is_same(*read, message));
  }));
}

CAF_TEST(the_form_is_what_other_nodes_expect) {
  publication message;
  CAF_CHECK_EQUAL(write_publication(message), "1n\n"s);
  message.data = json::value(5);
  CAF_CHECK_EQUAL(write_publication(message), "1j\n5"s);
  message.from = channel_member{"n1-42", "ann"};
  message.meta["lang"] = "en";
  CAF_CHECK_EQUAL(write_publication(message),
                  "1j{\"from\":[\"n1-42\",\"ann\"],\"meta\":{\"lang\":\"en\"}}\n5"s);
  message.from->identity.clear();
  message.meta.clear();
  message.data = binary_data{"\n\0"s};
  CAF_CHECK_EQUAL(write_publication(message), "1b{\"from\":[\"n1-42\"]}\n\n\0"s);
}

CAF_TEST(what_is_no_publication_is_refused) {
  for (const auto& text :
       {""s, "1"s, "1j"s, "1j\n"s, "2j\n5"s, "1x\n5"s, "1j5"s, "1n\n5"s, "1j[]\n5"s, "1j{\n5"s,
        "1j{\"from\":\"ann\"}\n5"s, "1j{\"from\":[]}\n5"s, "1j{\"from\":[1]}\n5"s,
        "1j{\"from\":[\"a\",\"b\",\"c\"]}\n5"s, "1j{\"meta\":[]}\n5"s, "1j\n\"\xff\""s,
        "1j\n"s + std::string(100, '[') + std::string(100, ']')})
    CAF_CHECK(!read_publication("news", text).has_value());
}

CAF_TEST(what_a_newer_node_adds_is_ignored) {
  const auto read = read_publication("news", "1j{\"new\":1}\n5");
  CAF_REQUIRE(read.has_value());
  CAF_CHECK(read->data == payload{json::value(5)});
}

} // namespace publication_text_test
