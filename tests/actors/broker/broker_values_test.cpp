// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker_values

#include "broker/abuse_meter.hpp"
#include "broker/answer_line.hpp"
#include "broker/conversions.hpp"
#include "broker/names.hpp"
#include "broker/outbox.hpp"
#include "broker/told.hpp"
#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace broker_values_test {

using namespace wspool;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

server_reply pong(std::int64_t number) { return replies::pong{message_id{number}}; }
std::int64_t number_of(const server_reply& reply) {
  return std::get<std::int64_t>(*std::get<replies::pong>(reply).id);
}

encoded_message text(std::string data) { return {message_kind::text, std::move(data)}; }
client_ref one(const std::string& id) { return {"s", id}; }

/// An outbox's entries in one line each: "c1: a b", "+c1 room", "-c1 room", "c1 closed 1000".
std::vector<std::string> lines(outbox& box) {
  std::vector<std::string> result;
  for (const auto& entry : box.take()) {
    if (auto* letter = std::get_if<outbox::letter>(&entry)) {
      auto line = letter->to.name + ":";
      for (std::size_t i = 0; i < letter->messages.size(); ++i)
        line.append(" ").append(letter->messages.data(i).substr(0, 8));
      result.push_back(line);
    } else if (auto* move = std::get_if<outbox::joining>(&entry)) {
      result.push_back((move->enter ? "+" : "-") + move->who.id + " " + move->room);
    } else {
      const auto& closing = std::get<outbox::closing>(entry);
      result.push_back(closing.who.id + " closed " + std::to_string(closing.how.code));
    }
  }
  return result;
}
using strings = std::vector<std::string>;

} // namespace

// -- answer_line ---------------------------------------------------------------------------------

CAF_TEST(answers_go_in_the_order_of_the_requests_in_whichever_order_they_come) {
  CAF_CHECK(rc::check("answer_line", [] {
    answer_line line;
    std::vector<answer_line::ticket> open;
    std::vector<std::int64_t> got, expected;
    std::int64_t reserved = 0;
    std::map<answer_line::ticket, std::int64_t> numbers;
    const auto fill = [&](std::size_t which) {
      const auto ticket = open[which];
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(which));
      for (const auto& reply : line.fill(ticket, pong(numbers[ticket])))
        got.push_back(number_of(reply));
    };
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 10));
    for (const auto step : steps) {
      if (step < 5 || open.empty()) {
        open.push_back(line.reserve());
        numbers[open.back()] = reserved;
        expected.push_back(reserved++);
      } else {
        fill(static_cast<std::size_t>(step) % open.size());
      }
    }
    while (!open.empty())
      fill(open.size() - 1);
    RC_ASSERT(got == expected);
    RC_ASSERT(line.empty());
  }));
}

CAF_TEST(a_place_without_an_answer_holds_up_nobody) {
  answer_line line;
  const auto first = line.reserve();
  const auto second = line.reserve();
  CAF_CHECK(line.fill(second, pong(2)).empty());
  const auto told = line.fill(first, std::nullopt);
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(number_of(told.front()), 2);
  CAF_CHECK(line.fill(first, pong(1)).empty()); // it is over
}

// -- abuse_meter ---------------------------------------------------------------------------------

CAF_TEST(one_refusal_too_many_within_ten_seconds_is_abuse) {
  CAF_CHECK(rc::check("abuse_meter", [] {
    const auto most = static_cast<std::size_t>(*rc::gen::inRange(1, 5));
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6'000));
    abuse_meter meter;
    abuse_meter::time_point now{1h};
    std::deque<abuse_meter::time_point> model;
    for (const auto step : steps) {
      now += std::chrono::milliseconds{step};
      model.push_back(now);
      std::erase_if(model, [now](auto t) { return now - t >= 10s; });
      RC_ASSERT(meter.refuse(now, most) == (model.size() > most));
    }
  }));
}

CAF_TEST(without_a_limit_nothing_is_abuse) {
  abuse_meter meter;
  for (int i = 0; i < 100; ++i)
    CAF_CHECK(!meter.refuse(abuse_meter::time_point{1h}, 0));
}

CAF_TEST(what_the_server_cannot_do_is_nobodys_fault) {
  CAF_CHECK(is_clients_fault(message_errc::invalid_json));
  CAF_CHECK(is_clients_fault(message_errc::not_connected));
  CAF_CHECK(is_clients_fault(message_errc::limit_exceeded));
  CAF_CHECK(!is_clients_fault(message_errc::unavailable));
  CAF_CHECK(!is_clients_fault(message_errc::internal));
  CAF_CHECK(!is_clients_fault(message_errc::deadline_exceeded));
}

// -- outbox --------------------------------------------------------------------------------------

CAF_TEST(neighbours_with_one_audience_share_a_batch) {
  outbox box;
  box.send(to_room("s", "r"), text("a"));
  box.send(to_room("s", "r"), text("b"));
  box.send(to_room("s", "q"), text("c"));
  box.send(to_room("s", "r"), text("d"));
  CAF_CHECK_EQUAL(lines(box), (strings{"r: a b", "q: c", "r: d"}));
  CAF_CHECK(box.empty());
}

CAF_TEST(messages_to_single_clients_are_merged_over_those_to_others) {
  outbox box;
  box.send(to_one(one("1")), text("a"));
  box.send(to_one(one("2")), text("b"));
  box.send(to_one(one("1")), text("c"));
  box.send(to_room("s", "r"), text("d"));
  box.send(to_one(one("1")), text("e"));
  CAF_CHECK_EQUAL(lines(box), (strings{"1: a c", "2: b", "r: d", "1: e"}));
}

CAF_TEST(nothing_is_merged_over_a_joining_or_a_closing) {
  outbox box;
  box.send(to_one(one("1")), text("a"));
  box.move(one("1"), "r", true);
  box.send(to_one(one("1")), text("b"));
  box.move(one("1"), "r", false);
  box.send(to_room("s", "r"), text("c"));
  box.close(one("1"), {1000, ""});
  box.send(to_room("s", "r"), text("d"));
  CAF_CHECK_EQUAL(lines(box),
                  (strings{"1: a", "+1 r", "1: b", "-1 r", "r: c", "1 closed 1000", "r: d"}));
}

CAF_TEST(rooms_that_leave_out_somebody_are_others) {
  outbox box;
  box.send(to_room("s", "r", one("1")), text("a"));
  box.send(to_room("s", "r", one("2")), text("b"));
  box.send(to_room("s", "r", one("2")), text("c"));
  CAF_CHECK_EQUAL(lines(box), (strings{"r: a", "r: b c"}));
}

CAF_TEST(a_large_message_shares_its_fate_with_no_other) {
  outbox box;
  box.send(to_room("s", "r"), text("a"));
  box.send(to_room("s", "r"), text(std::string(outbox::large_bytes + 1, 'x')));
  box.send(to_room("s", "r"), text("b"));
  CAF_CHECK_EQUAL(lines(box), (strings{"r: a", "r: xxxxxxxx", "r: b"}));
}

CAF_TEST(whatever_is_merged_each_client_sees_its_messages_in_order) {
  CAF_CHECK(rc::check("outbox", [] {
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5));
    outbox box;
    // Clients 0 and 1 are in the room, 2 is not; 3 is the room, 4 the room without client 0.
    std::map<int, strings> expected, got;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const auto word = std::to_string(i);
      const auto to = steps[i];
      box.send(to < 3 ? to_one(one(std::to_string(to)))
                      : to_room("s", "r", to == 4 ? one("0") : client_ref{}),
               text(word));
      for (int who = 0; who < 3; ++who)
        if (to == who || (to == 3 && who < 2) || (to == 4 && who == 1))
          expected[who].push_back(word);
    }
    for (const auto& entry : box.take()) {
      const auto& letter = std::get<outbox::letter>(entry);
      for (int who = 0; who < 3; ++who) {
        const auto name = std::to_string(who);
        const bool is_for = letter.to.whom == audience::reach::one
                              ? letter.to.name == name
                              : who < 2 && letter.to.except.id != name;
        for (std::size_t i = 0; is_for && i < letter.messages.size(); ++i)
          got[who].emplace_back(letter.messages.data(i));
      }
    }
    RC_ASSERT(got == expected);
  }));
}

// -- conversions, names, told --------------------------------------------------------------------

CAF_TEST(payloads_and_contents_are_the_same_in_other_words) {
  std::optional<payload> read;
  CAF_CHECK(to_content(std::nullopt) == content{});
  CAF_CHECK(from_content({}, read));
  CAF_CHECK(!read.has_value());
  CAF_CHECK(from_content({"{\"a\":1}", message_kind::text}, read));
  CAF_CHECK_EQUAL(to_content(read).data, "{\"a\":1}"s);
  CAF_CHECK(from_content({"", message_kind::binary}, read));
  CAF_CHECK((to_content(read) == content{"", message_kind::binary}));
  CAF_CHECK(!from_content({"{", message_kind::text}, read));
  CAF_CHECK(!from_content({"\"\xff\"", message_kind::text}, read));
}

CAF_TEST(ids_of_different_types_have_different_texts) {
  CAF_CHECK_EQUAL(text_of(message_id{std::int64_t{7}}), "7"s);
  CAF_CHECK_EQUAL(text_of(message_id{"7"s}), "\"7\""s);
}

CAF_TEST(rooms_of_one_channel_differ_and_tell_the_channel) {
  const auto v1 = message_room(dialect_kind::v1, "news");
  const auto presence = presence_room("news");
  CAF_CHECK(v1 != message_room(dialect_kind::thinws, "news"));
  CAF_CHECK(v1 != presence);
  CAF_CHECK_EQUAL(channel_of_room(v1), "news"s);
  CAF_CHECK_EQUAL(channel_of_room(presence), "news"s);
  CAF_CHECK(is_presence_room(presence));
  CAF_CHECK(!is_presence_room(message_room(dialect_kind::v1, "presence")));
}

CAF_TEST(the_same_session_of_another_identity_is_another_client) {
  CAF_CHECK(client_key("s", "ann", "1") != client_key("s", "bob", "1"));
  CAF_CHECK(client_key("s", "a", "1") != client_key("s", "", "a1"));
}

CAF_TEST(channels_have_names_that_can_be_printed) {
  const request_limits limits;
  CAF_CHECK(is_channel_name("news", limits));
  CAF_CHECK(!is_channel_name("", limits));
  CAF_CHECK(!is_channel_name("a\nb", limits));
  CAF_CHECK(!is_channel_name("\xff", limits));
  CAF_CHECK(!is_channel_name(std::string(256, 'a'), limits));
}

CAF_TEST(what_is_told_is_told_in_each_dialect_that_has_a_word_for_it) {
  told news{replies::gap{"news", std::nullopt}};
  CAF_REQUIRE(news.in(dialect_kind::v1).has_value());
  CAF_CHECK_EQUAL(news.in(dialect_kind::v1)->data, "{\"type\":\"gap\",\"channel\":\"news\"}"s);
  CAF_CHECK(!news.in(dialect_kind::thinws).has_value());
}

} // namespace broker_values_test
