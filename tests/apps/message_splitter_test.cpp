// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE message_splitter

#include "support/unit_test.hpp"

#include "stream/message_splitter.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace message_splitter_test {

using namespace wspool;
using namespace wspool::cli;

namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

void feed(message_splitter& splitter, std::string_view bytes) {
  std::memcpy(splitter.prepare(bytes.size()), bytes.data(), bytes.size());
  splitter.commit(bytes.size());
}

std::vector<std::string> take(message_splitter& splitter, std::size_t max_messages = no_limit,
                              std::size_t max_bytes = no_limit) {
  message_batch batch;
  splitter.take(batch, max_messages, max_bytes);
  std::vector<std::string> result;
  for (std::size_t i = 0; i < batch.size(); ++i)
    result.emplace_back(batch.data(i));
  return result;
}

/// Feeds in pieces, takes after each.
std::vector<std::string> run(message_splitter& splitter, std::string_view bytes,
                             const std::vector<std::size_t>& pieces) {
  std::vector<std::string> result;
  auto collect = [&] {
    for (auto& x : take(splitter))
      result.push_back(std::move(x));
  };
  for (auto size : pieces) {
    auto piece = bytes.substr(0, size);
    feed(splitter, piece);
    bytes.remove_prefix(piece.size());
    collect();
  }
  feed(splitter, bytes);
  splitter.finish();
  collect();
  return result;
}

std::string prefixed(const std::string& data) {
  auto size = data.size();
  return std::string{static_cast<char>(size >> 24 & 0xff), static_cast<char>(size >> 16 & 0xff),
                     static_cast<char>(size >> 8 & 0xff), static_cast<char>(size & 0xff)}
         + data;
}

std::vector<std::size_t> any_pieces() {
  return *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 20));
}

using strings = std::vector<std::string>;

} // namespace

CAF_TEST(lines_come_out_whatever_the_pieces_they_came_in) {
  CAF_CHECK(rc::check([] {
    auto lines = *rc::gen::container<strings>(
      rc::gen::container<std::string>(rc::gen::element('a', 'b', '\r', '\0', ' ')));
    std::string bytes;
    for (auto& line : lines)
      bytes += line + '\n';
    message_splitter splitter{framing::text_lines, 1'000};
    RC_ASSERT(run(splitter, bytes, any_pieces()) == lines);
    RC_ASSERT(splitter.done());
  }));
}

CAF_TEST(prefixed_messages_come_out_whatever_the_pieces_they_came_in) {
  CAF_CHECK(rc::check([] {
    auto messages = *rc::gen::container<strings>(rc::gen::arbitrary<std::string>());
    std::string bytes;
    for (auto& x : messages)
      bytes += prefixed(x);
    message_splitter splitter{framing::length_prefixed, 100'000};
    RC_ASSERT(run(splitter, bytes, any_pieces()) == messages);
    RC_ASSERT(splitter.done() && !splitter.truncated());
  }));
}

CAF_TEST(messages_that_are_too_large_are_counted_and_the_others_come_out) {
  CAF_CHECK(rc::check([](bool is_lines) {
    auto messages =
      *rc::gen::container<strings>(rc::gen::container<std::string>(rc::gen::element('a', 'b')));
    std::string bytes;
    for (auto& x : messages)
      bytes += is_lines ? x + '\n' : prefixed(x);
    message_splitter splitter{is_lines ? framing::text_lines : framing::length_prefixed, 5};
    auto found = run(splitter, bytes, any_pieces());
    auto small = messages;
    std::erase_if(small, [](const std::string& x) { return x.size() > 5; });
    RC_ASSERT(found == small);
    RC_ASSERT(splitter.oversized() == messages.size() - small.size());
    RC_ASSERT(splitter.done() && !splitter.truncated());
  }));
}

CAF_TEST(what_stands_behind_the_last_line_end_is_a_line) {
  message_splitter splitter{framing::text_lines, 100};
  CAF_CHECK_EQUAL(run(splitter, "a\nb", {}), (strings{"a", "b"}));
  message_splitter empty{framing::text_lines, 100};
  CAF_CHECK_EQUAL(run(empty, "", {}), strings{});
}

CAF_TEST(an_endless_line_is_not_kept) {
  message_splitter splitter{framing::text_lines, 10};
  auto first = splitter.prepare(1'000);
  for (int i = 0; i < 1'000; ++i) {
    std::memset(splitter.prepare(1'000), 'x', 1'000);
    splitter.commit(1'000);
    CAF_CHECK(take(splitter).empty());
  }
  CAF_CHECK(splitter.prepare(1'000) == first); // the same memory all the time
  feed(splitter, "\nshort\n");
  CAF_CHECK_EQUAL(take(splitter), strings{"short"});
  CAF_CHECK_EQUAL(splitter.oversized(), 1u);
}

CAF_TEST(a_message_that_breaks_off_is_told) {
  for (auto bytes : {std::string{"\0\0", 2}, prefixed("abc").substr(0, 6)}) {
    message_splitter splitter{framing::length_prefixed, 100};
    CAF_CHECK_EQUAL(run(splitter, bytes, {}), strings{});
    CAF_CHECK(splitter.truncated());
    CAF_CHECK(splitter.done());
  }
}

CAF_TEST(a_whole_file_is_one_message_even_if_it_is_empty) {
  for (auto bytes : {"", "a\nb\n"}) {
    message_splitter splitter{framing::whole, 100};
    CAF_CHECK(!splitter.done());
    CAF_CHECK_EQUAL(run(splitter, bytes, {2}), strings{bytes});
    CAF_CHECK(splitter.done());
  }
  message_splitter splitter{framing::whole, 3};
  CAF_CHECK_EQUAL(run(splitter, "abcdefgh", {4, 1}), strings{});
  CAF_CHECK_EQUAL(splitter.oversized(), 1u);
  CAF_CHECK(splitter.done() && !splitter.truncated());
}

CAF_TEST(a_batch_takes_no_more_than_there_is_room_for) {
  message_splitter splitter{framing::text_lines, 100};
  feed(splitter, "aaaa\nbb\ncc\nd\n");
  CAF_CHECK_EQUAL(take(splitter, 10, 1), strings{"aaaa"}); // one of any size
  CAF_CHECK_EQUAL(take(splitter, 10, 3), strings{"bb"});
  CAF_CHECK_EQUAL(take(splitter, 1, 100), strings{"cc"});
  CAF_CHECK_EQUAL(take(splitter), strings{"d"});
}

CAF_TEST(a_message_has_the_kind_of_its_framing_and_the_key_it_is_given) {
  message_splitter splitter{framing::binary_lines, 100,
                            [](std::string_view text) { return text.size(); }};
  feed(splitter, "abc\n");
  message_batch batch;
  splitter.take(batch, 1, 100);
  CAF_REQUIRE_EQUAL(batch.size(), 1u);
  CAF_CHECK(batch[0].binary());
  CAF_CHECK_EQUAL(batch.entries()[0].key, 3u);
}

} // namespace message_splitter_test
