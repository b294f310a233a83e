// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_mail

#include "support/unit_test.hpp"

#include "hub/mail.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace wspool;

namespace {

struct receiver final : mail_receiver {
  void take_mail(const std::shared_ptr<const frame_batch>& batch,
                 const frame_ranges& ranges) override {
    for (const auto& range : ranges)
      for (auto i = range.begin; i < range.end; ++i)
        waiting.emplace_back(batch->data(i));
  }
  void flush_mail() override {
    ++flushes;
    written.insert(written.end(), waiting.begin(), waiting.end());
    waiting.clear();
    if (at_flush)
      at_flush();
  }
  void take_close(const close_order& how) override { waiting.push_back("close " + how.reason); }

  mail_address where;
  std::vector<std::string> waiting;
  std::vector<std::string> written;
  std::size_t flushes = 0;
  std::function<void()> at_flush;
};

using receivers = std::vector<std::unique_ptr<receiver>>;

receivers seated(mail_seats& seats, std::size_t count) {
  receivers result;
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back(std::make_unique<receiver>());
    result.back()->where = seats.add(*result.back(), i);
  }
  return result;
}

/// A mail of one message to some.
mail letter_to(const std::vector<mail_address>& whom, const std::string& text) {
  auto batch = std::make_shared<frame_batch>();
  (void)batch->add(text, message_kind::text, compression::automatic);
  mail result;
  result.content = std::make_shared<mail_content>(mail_content{batch, {{{0, 1}}}});
  for (const auto& where : whom)
    result.letters.push_back({where, 0});
  return result;
}

} // namespace

CAF_TEST(each_receiver_gets_its_mail_in_order_whoever_comes_goes_and_is_flushed_meanwhile) {
  CAF_CHECK(rc::check([](const std::vector<std::uint8_t>& steps) {
    mail_seats seats;
    receivers there;
    std::vector<std::vector<std::string>> expected;
    std::vector<bool> left;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const auto which = there.empty() ? 0 : (steps[i] >> 3) % there.size();
      switch (steps[i] & 7) {
        case 0:
        case 1:
          there.push_back(std::make_unique<receiver>());
          there.back()->where = seats.add(*there.back(), there.size());
          expected.emplace_back();
          left.push_back(false);
          break;
        case 2:
          if (!there.empty()) {
            seats.remove(there[which]->where);
            left[which] = true;
          }
          break;
        case 3:
          seats.flush((steps[i] >> 3) % 4);
          break;
        default: {
          std::vector<mail_address> whom;
          for (std::size_t r = 0; r < there.size(); ++r)
            if ((r + i) % (1 + (steps[i] & 3)) == 0) {
              whom.push_back(there[r]->where);
              if (!left[r])
                expected[r].push_back(std::to_string(i));
            }
          seats.bring(letter_to(whom, std::to_string(i)));
        }
      }
    }
    seats.flush(1'000'000);
    RC_ASSERT(seats.flushed());
    for (std::size_t r = 0; r < there.size(); ++r) {
      auto got = there[r]->written;
      got.insert(got.end(), there[r]->waiting.begin(), there[r]->waiting.end());
      RC_ASSERT(got == expected[r]);
      RC_ASSERT(left[r] || there[r]->waiting.empty());
    }
  }));
}

CAF_TEST(several_mails_are_one_flush_and_a_turn_has_its_bound) {
  mail_seats seats;
  const auto there = seated(seats, 5);
  std::vector<mail_address> all;
  for (const auto& r : there)
    all.push_back(r->where);
  seats.bring(letter_to(all, "a"));
  seats.bring(letter_to(all, "b"));
  seats.flush(3);
  CAF_CHECK(!seats.flushed());
  CAF_CHECK_EQUAL(std::count_if(there.begin(), there.end(),
                                [](const auto& r) { return r->flushes == 1; }),
                  3);
  seats.bring(letter_to(all, "c"));
  seats.flush(100);
  CAF_CHECK(seats.flushed());
  for (const auto& r : there)
    CAF_CHECK_EQUAL(r->written, (std::vector<std::string>{"a", "b", "c"}));
  CAF_CHECK_EQUAL(there[0]->flushes, 2u); // "c" came too late for its first one
  CAF_CHECK_EQUAL(there[4]->flushes, 1u);
}

CAF_TEST(an_order_to_close_is_behind_the_letters_of_its_mail) {
  mail_seats seats;
  const auto there = seated(seats, 2);
  auto mail = letter_to({there[0]->where, there[1]->where}, "last");
  mail.leaving = {there[1]->where};
  mail.how = {1001, "bye"};
  seats.bring(mail);
  seats.flush(10);
  CAF_CHECK_EQUAL(there[0]->written, std::vector<std::string>{"last"});
  CAF_CHECK_EQUAL(there[1]->written, (std::vector<std::string>{"last", "close bye"}));
}

CAF_TEST(who_leaves_takes_nothing_of_who_sits_there_next) {
  mail_seats seats;
  auto there = seated(seats, 2);
  const auto before = there[0]->where;
  seats.bring(letter_to({before}, "for the first"));
  seats.remove(before);
  receiver next;
  next.where = seats.add(next, 77);
  CAF_REQUIRE_EQUAL(next.where.seat, before.seat);
  seats.bring(letter_to({before}, "too late"));
  seats.bring(letter_to({next.where}, "for the next"));
  seats.flush(10);
  CAF_CHECK_EQUAL(there[0]->flushes, 0u);
  CAF_CHECK_EQUAL(next.written, std::vector<std::string>{"for the next"});
  CAF_CHECK_EQUAL(next.flushes, 1u);
}

CAF_TEST(a_flush_may_be_the_end_of_the_last_one_there) {
  mail_seats seats;
  auto there = seated(seats, 2);
  for (auto& r : there)
    r->at_flush = [&seats, who = r.get()] { seats.remove(who->where); };
  seats.bring(letter_to({there[0]->where, there[1]->where}, "x"));
  seats.flush(10);
  CAF_CHECK(seats.flushed());
  CAF_CHECK_EQUAL(there[1]->written, std::vector<std::string>{"x"});
  receiver next;
  next.where = seats.add(next, 3); // the seats are all free again
  CAF_CHECK_EQUAL(next.where.seat, 0u);
}
