// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_mail

#include "support/unit_test.hpp"

#include "hub/mail.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mail_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

const mail_seats::time_point start{1h};

/// Takes `room` bytes at once; whatever a receiver writes itself is behind that.
class wire final : public byte_stream {
public:
  std::size_t write_now(boost::asio::const_buffer bytes) override {
    const auto count = std::min(room, bytes.size());
    text.append(static_cast<const char*>(bytes.data()), count);
    room -= count;
    ++writes;
    return count;
  }
  void async_read(read_handler) override {}
  void async_write(boost::asio::const_buffer, write_handler) override {}
  std::size_t in_doubt(std::size_t, std::size_t) const noexcept override { return 0; }
  void shutdown() override {}
  void close(bool) override {}
  std::string peer() const override { return {}; }

  std::string text;
  std::size_t room = 0;
  std::size_t writes = 0;
};

struct receiver final : mail_receiver {
  explicit receiver(mail_seats& seats, std::uint64_t number)
    : where(seats.add(*this, number)), of(seats) {}

  void take_mail(const std::shared_ptr<const frame_batch>& batch,
                 const frame_ranges& ranges) override {
    for (const auto& range : ranges) {
      waiting += batch->frames(range.begin, range.end);
      totals += totals_of(*batch, range);
    }
  }
  void take_rest(const frame_run& message, std::size_t written) override {
    waiting += message.batch->frames(message.range.begin, message.range.end).substr(written);
    totals += totals_of(*message.batch, message.range);
  }
  void flush_mail() override {
    ++flushes;
    out.text += std::exchange(waiting, {});
    if (at_flush)
      at_flush();
  }
  void take_close(const close_order& how) override { waiting += "close " + how.reason; }

  void open_outlet(std::size_t room) {
    out.room = room;
    of.set_outlet(where, &out);
  }

  mail_address where;
  mail_seats& of;
  wire out;
  std::string waiting;
  out_totals totals; ///< of what it took itself
  std::size_t flushes = 0;
  std::function<void()> at_flush;
};

using receivers = std::vector<std::unique_ptr<receiver>>;

receivers seated(mail_seats& seats, std::size_t count) {
  receivers result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(std::make_unique<receiver>(seats, i + 1));
  return result;
}

/// Each with room for some messages. @returns their addresses.
std::vector<mail_address> with_outlets(const receivers& there) {
  std::vector<mail_address> result;
  for (const auto& r : there) {
    r->open_outlet(1'000);
    result.push_back(r->where);
  }
  return result;
}

std::string framed(const std::string& text) {
  std::string result;
  append_server_frame(result, text, message_kind::text);
  return result;
}

std::shared_ptr<const frame_batch> batch_of(const std::vector<std::string>& texts) {
  auto result = std::make_shared<frame_batch>();
  for (const auto& text : texts)
    (void)result->add(text, message_kind::text, compression::automatic);
  return result;
}

/// A mail of one message to some.
mail letter_to(const std::vector<mail_address>& whom, const std::string& text) {
  mail result;
  result.content = std::make_shared<mail_content>(mail_content{batch_of({text}), {{{0, 1}}}});
  for (const auto& where : whom)
    result.letters.push_back({where, 0});
  return result;
}

void take(mail_seats& seats, mail what) {
  seats.take(std::make_shared<const mail>(std::move(what)));
}

/// A mail of five messages, of which receivers get all, some in one range, or some in two.
mail drawn_mail(const receivers& there, const std::vector<bool>& left,
                std::vector<std::string>& expected, std::vector<out_totals>& counts,
                std::size_t step) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 5; ++i)
    texts.push_back(std::string(*rc::gen::inRange<std::size_t>(0, 300),
                                static_cast<char>('a' + (step + i) % 26)));
  const std::vector<frame_ranges> shares{{{0, 5}}, {{1, 4}}, {{0, 1}, {3, 5}}};
  const auto batch = batch_of(texts);
  mail result;
  result.content = std::make_shared<mail_content>(mail_content{batch, shares});
  for (std::size_t r = 0; r < there.size(); ++r) {
    const auto share = *rc::gen::inRange<std::uint32_t>(0, 4);
    if (share == 3)
      continue;
    result.letters.push_back({there[r]->where, share});
    for (const auto& range : shares[share])
      if (!left[r]) {
        expected[r] += batch->frames(range.begin, range.end);
        counts[r] += totals_of(*batch, range);
      }
  }
  return result;
}

} // namespace

CAF_TEST(each_receiver_gets_each_byte_of_its_mail_in_order_and_it_is_counted) {
  CAF_CHECK(rc::check([](const std::vector<std::uint8_t>& steps) {
    mail_seats seats;
    receivers there;
    std::vector<std::string> expected;
    std::vector<out_totals> counts;
    std::vector<bool> left;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const auto which = there.empty() ? 0 : (steps[i] >> 3) % there.size();
      switch (steps[i] & 7) {
        case 0:
          there.push_back(std::make_unique<receiver>(seats, there.size() + 1));
          expected.emplace_back();
          counts.emplace_back();
          left.push_back(false);
          break;
        case 1:
        case 2: // nothing waits in it: it may leave its stream
          if (!there.empty() && there[which]->waiting.empty() && !left[which])
            there[which]->open_outlet(*rc::gen::inRange<std::size_t>(0, 2'000));
          break;
        case 3:
          if (!there.empty() && seats.done() && !left[which]) {
            RC_ASSERT(there[which]->totals.messages
                        + seats.straight(there[which]->where).written.messages
                      == counts[which].messages);
            seats.remove(there[which]->where);
            left[which] = true;
          }
          break;
        case 4:
        case 5:
          take(seats, drawn_mail(there, left, expected, counts, i));
          break;
        default:
          seats.work((steps[i] >> 3) % 8, start);
      }
    }
    seats.work(1'000'000, start);
    RC_ASSERT(seats.done());
    for (std::size_t r = 0; r < there.size(); ++r) {
      RC_ASSERT(there[r]->waiting.empty());
      RC_ASSERT(there[r]->out.text == expected[r]);
      auto all = there[r]->totals;
      all += seats.straight(there[r]->where).written;
      RC_ASSERT(left[r] || all == counts[r]);
    }
  }));
}

CAF_TEST(a_single_mail_is_written_straight_and_nobody_is_flushed) {
  mail_seats seats;
  const auto there = seated(seats, 3);
  take(seats, letter_to(with_outlets(there), "hello"));
  seats.work(2, start + 1s);
  CAF_CHECK(!seats.done()); // a turn has its bound
  CAF_CHECK(there[2]->out.text.empty());
  seats.work(2, start + 2s);
  CAF_CHECK(seats.done());
  for (const auto& r : there) {
    CAF_CHECK_EQUAL(r->out.text, framed("hello"));
    CAF_CHECK_EQUAL(r->flushes, 0u);
  }
  const auto got = seats.straight(there[2]->where);
  CAF_CHECK(got.written == (out_totals{1, 5, 0}));
  CAF_CHECK(got.last == start + 2s);
}

CAF_TEST(several_mails_are_one_write_of_the_receiver_and_a_turn_has_its_bound) {
  mail_seats seats;
  const auto there = seated(seats, 5);
  const auto all = with_outlets(there);
  take(seats, letter_to(all, "a"));
  take(seats, letter_to(all, "b"));
  seats.work(3, start);
  CAF_CHECK(!seats.done());
  CAF_CHECK_EQUAL(
    std::count_if(there.begin(), there.end(), [](const auto& r) { return r->flushes == 1; }), 3);
  seats.work(100, start);
  CAF_CHECK(seats.done());
  for (const auto& r : there) {
    CAF_CHECK_EQUAL(r->out.text, framed("a") + framed("b"));
    CAF_CHECK_EQUAL(r->flushes, 1u);
    CAF_CHECK_EQUAL(r->out.writes, 0u);
  }
}

CAF_TEST(one_that_stalls_does_not_slow_down_the_others) {
  mail_seats seats;
  const auto there = seated(seats, 3);
  const auto all = with_outlets(there);
  there[1]->out.room = 3;
  take(seats, letter_to(all, "first"));
  seats.work(100, start);
  CAF_CHECK_EQUAL(there[1]->flushes, 1u);
  CAF_CHECK_EQUAL(there[1]->out.text, framed("first"));
  CAF_CHECK(seats.straight(there[1]->where).written == out_totals{});
  CAF_CHECK(there[1]->totals == (out_totals{1, 5, 0}));
  take(seats, letter_to(all, "second"));
  seats.work(100, start);
  CAF_CHECK_EQUAL(there[1]->out.writes, 1u); // its outlet is shut
  CAF_CHECK_EQUAL(there[0]->flushes + there[2]->flushes, 0u);
  CAF_CHECK_EQUAL(there[2]->out.text, framed("first") + framed("second"));
}

CAF_TEST(an_order_to_close_is_behind_the_letters_of_its_mail) {
  mail_seats seats;
  const auto there = seated(seats, 2);
  auto mail = letter_to({there[0]->where, there[1]->where}, "last");
  mail.leaving = {there[1]->where};
  mail.how = {1001, "bye"};
  take(seats, std::move(mail));
  seats.work(10, start);
  CAF_CHECK_EQUAL(there[0]->out.text, framed("last"));
  CAF_CHECK_EQUAL(there[1]->out.text, framed("last") + "close bye");
}

CAF_TEST(who_leaves_takes_nothing_of_who_sits_there_next) {
  mail_seats seats;
  const auto there = seated(seats, 2);
  const auto before = there[0]->where;
  take(seats, letter_to({before}, "for the first"));
  take(seats, letter_to({before}, "for the first, too"));
  seats.work(0, start);
  seats.remove(before);
  receiver next{seats, 77};
  CAF_REQUIRE_EQUAL(next.where.seat, before.seat);
  take(seats, letter_to({before}, "too late"));
  take(seats, letter_to({next.where}, "for the next"));
  seats.work(10, start);
  CAF_CHECK_EQUAL(there[0]->flushes, 0u);
  CAF_CHECK_EQUAL(next.out.text, framed("for the next"));
  CAF_CHECK_EQUAL(next.flushes, 1u);
}

CAF_TEST(a_flush_may_be_the_end_of_the_last_one_there) {
  mail_seats seats;
  const auto there = seated(seats, 2);
  for (const auto& r : there)
    r->at_flush = [&seats, who = r.get()] { seats.remove(who->where); };
  take(seats, letter_to({there[0]->where, there[1]->where}, "x"));
  seats.work(10, start);
  CAF_CHECK(seats.done());
  CAF_CHECK_EQUAL(there[1]->out.text, framed("x"));
  const receiver next{seats, 3}; // the seats are all free again
  CAF_CHECK_EQUAL(next.where.seat, 0u);
}

} // namespace mail_test
