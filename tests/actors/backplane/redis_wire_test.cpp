// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE redis_wire

#include "backplane/redis_keys.hpp"
#include "backplane/redis_wire.hpp"
#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace redis_wire_test {

using namespace wspool;

namespace {

/// The only reply in these bytes.
reply_ptr reply_of(std::string_view bytes) {
  reply_reader reader;
  reader.feed(bytes);
  auto result = reader.next();
  CAF_REQUIRE(result != nullptr);
  return result;
}

} // namespace

CAF_TEST(a_command_is_the_number_of_its_words_and_these) {
  std::string out;
  append_command(out, {"SET", std::string_view{"a\r\n\0b", 5}, ""});
  CAF_CHECK_EQUAL(out, (std::string{"*3\r\n$3\r\nSET\r\n$5\r\na\r\n\0b\r\n$0\r\n\r\n", 30}));
}

CAF_TEST(commands_read_back_as_they_were_in_pieces_of_any_size) {
  // Redis and its clients write arrays of strings in the same way.
  const auto good = rc::check([](const std::vector<std::vector<std::string>>& commands) {
    std::string out;
    std::size_t wanted = 0;
    for (const auto& one : commands) {
      if (one.empty())
        continue;
      append_command(out, {one.begin(), one.end()});
      ++wanted;
    }
    reply_reader reader;
    std::vector<std::vector<std::string>> got;
    for (std::size_t i = 0; i < out.size();) {
      const auto size = 1 + *rc::gen::inRange<std::size_t>(0, 20);
      reader.feed(std::string_view{out}.substr(i, size));
      i += size;
      while (auto reply = reader.next())
        got.push_back(read_texts(*reply));
    }
    RC_ASSERT(!reader.broken());
    RC_ASSERT(got.size() == wanted);
    std::size_t i = 0;
    for (const auto& one : commands)
      if (!one.empty())
        RC_ASSERT(got[i++] == one);
  });
  CAF_CHECK(good);
}

CAF_TEST(what_no_redis_says_breaks_the_reader) {
  reply_reader reader;
  reader.feed("HTTP/1.1 400 Bad Request\r\n\r\n");
  CAF_CHECK(reader.next() == nullptr);
  CAF_CHECK(reader.broken());
  reader.feed("+OK\r\n");
  CAF_CHECK(reader.next() == nullptr);
}

CAF_TEST(of_errors_only_the_kind_is_told) {
  const auto reply = reply_of("-ERR unknown command `AUTH`, args: `secret`\r\n");
  CAF_CHECK(is_error(*reply));
  CAF_CHECK_EQUAL(error_kind(*reply), "ERR");
  CAF_CHECK_EQUAL(error_kind(*reply_of("-LOADING\r\n")), "LOADING");
  CAF_CHECK_EQUAL(error_kind(*reply_of("+OK\r\n")), "");
}

CAF_TEST(fields_are_found_in_what_redis_says_of_itself) {
  const std::string info = "# Server\r\nprerun_id:no\r\nrun_id:4f\r\nrun_idle:1\r\n";
  CAF_CHECK_EQUAL(info_field(info, "run_id"), "4f");
  CAF_CHECK_EQUAL(info_field(info, "run"), "");
  CAF_CHECK_EQUAL(info_field("", "run_id"), "");
  CAF_CHECK_EQUAL(info_field("run_id:4f", "run_id"), "4f");
}

CAF_TEST(outcomes_have_a_place_or_none) {
  auto outcome = read_published(*reply_of("*2\r\n:0\r\n$5\r\nf3 17\r\n"));
  CAF_REQUIRE(outcome);
  CAF_CHECK(!outcome->duplicate);
  CAF_CHECK(outcome->place == (channel_place{"f3", 17}));
  outcome = read_published(*reply_of("*2\r\n:1\r\n$0\r\n\r\n"));
  CAF_REQUIRE(outcome);
  CAF_CHECK(outcome->duplicate);
  CAF_CHECK(!outcome->place.known());
  CAF_CHECK(!read_published(*reply_of("+OK\r\n")));
  CAF_CHECK(!read_published(*reply_of("*1\r\n:1\r\n")));
}

CAF_TEST(histories_count_back_from_the_latest) {
  const auto page =
    read_history(*reply_of("*4\r\n$1\r\ne\r\n$1\r\n9\r\n:1\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n"));
  CAF_REQUIRE(page);
  CAF_CHECK(page->recovered);
  CAF_CHECK(page->latest == (channel_place{"e", 9}));
  CAF_REQUIRE_EQUAL(page->missed.size(), 2u);
  CAF_CHECK_EQUAL(page->missed[0].offset, 8u);
  CAF_CHECK_EQUAL(page->missed[1].offset, 9u);
  CAF_CHECK_EQUAL(page->missed[1].body, "b");
  CAF_CHECK(!read_history(*reply_of("*1\r\n$1\r\ne\r\n")));
  CAF_CHECK(!read_history(*reply_of("*4\r\n$1\r\ne\r\n$1\r\nx\r\n:1\r\n*0\r\n")));
}

CAF_TEST(people_are_fields_and_their_values_left_out) {
  const auto reply =
    reply_of("*2\r\n:3\r\n*6\r\n$4\r\n1:ax\r\n$1\r\nn\r\n$3\r\nbad\r\n$1\r\nn\r\n$3\r\n1:b\r\n"
             "$1\r\nn\r\n");
  auto page = read_people(*reply, 5);
  CAF_REQUIRE(page);
  CAF_CHECK_EQUAL(page->total, 3u);
  CAF_REQUIRE_EQUAL(page->people.size(), 2u);
  CAF_CHECK(page->people[0] == (channel_person{"a", "x"}));
  CAF_CHECK(page->people[1] == (channel_person{"b", ""}));
  CAF_CHECK_EQUAL(read_people(*reply, 1)->people.size(), 1u);
}

CAF_TEST(persons_read_back_as_they_were) {
  const auto good = rc::check([](const std::string& connection, const std::string& identity) {
    const channel_person person{connection, identity};
    const auto back = read_person(write_person(person));
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == person);
  });
  CAF_CHECK(good);
  for (const char* bad : {"", ":", "x:a", "2:a", "-1:a", "99999999999999999999:a"})
    CAF_CHECK(!read_person(bad));
}

CAF_TEST(events_are_messages_and_people) {
  auto event = read_event("mf3 17 home 4711\nbody\nof lines");
  CAF_REQUIRE(event);
  CAF_CHECK(event->kind == backplane_event::what::message);
  CAF_CHECK(event->place == (channel_place{"f3", 17}));
  CAF_CHECK_EQUAL(event->node, "home");
  CAF_CHECK_EQUAL(event->stamp, 4711);
  CAF_CHECK_EQUAL(event->body, "body\nof lines");
  event = read_event("m- 0 home 4711\n");
  CAF_REQUIRE(event);
  CAF_CHECK(!event->place.known());
  CAF_CHECK_EQUAL(event->body, "");
  event = read_event("+3:annid");
  CAF_REQUIRE(event);
  CAF_CHECK(event->kind == backplane_event::what::entered);
  CAF_CHECK(event->who == (channel_person{"ann", "id"}));
  CAF_CHECK(read_event("-3:ann")->kind == backplane_event::what::exited);
}

CAF_TEST(what_somebody_else_publishes_is_no_event) {
  for (const char* bad : {"", "m", "hello", "m\n", "mf3 17 home\nx", "mf3 x home 1\nx", "+", "-x"})
    CAF_CHECK(!read_event(bad));
}

CAF_TEST(keys_of_a_channel_share_their_tag_and_no_others_do) {
  const redis_keys keys{"p:"};
  const auto tag = redis_keys::tag({"a/b", "c}{%\n"});
  CAF_CHECK_EQUAL(tag, "a%2fb/c%7d%7b%25%0a");
  CAF_CHECK_EQUAL(keys.meta(tag), "p:{a%2fb/c%7d%7b%25%0a}:meta");
  CAF_CHECK_NOT_EQUAL(keys.seen("t", {"a", "bc"}), keys.seen("t", {"ab", "c"}));
  const auto good = rc::check(
    [](const std::string& a, const std::string& b, const std::string& c, const std::string& d) {
      const channel_ref one{a, b};
      const channel_ref other{c, d};
      RC_ASSERT((redis_keys::tag(one) == redis_keys::tag(other)) == (one == other));
      RC_ASSERT(redis_keys::tag(one).find_first_of("{}") == std::string::npos);
    });
  CAF_CHECK(good);
}

} // namespace redis_wire_test
