// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE channel_track

#include "session/channel_track.hpp"
#include "support/unit_test.hpp"

namespace channel_track_test {

using namespace wspool;
using verdict = channel_track::verdict;

namespace {

std::optional<position> at(std::uint64_t offset, std::string epoch = "e") {
  return position{std::move(epoch), offset};
}

struct fixture {
  channel_track tested;

  /// Subscribed, and has seen all up to this place.
  void be_at(std::uint64_t offset) { tested.begin(std::nullopt, at(offset), false); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(channel_track_tests, fixture)

CAF_TEST(nothing_counts_before_the_subscription_is_accepted) {
  CAF_CHECK(tested.on_event(at(1)) == verdict::ignore);
  CAF_CHECK(!tested.on_gap(at(1)));
  CAF_CHECK(!tested.begun());
}

CAF_TEST(each_offset_counts_once_and_a_jump_is_a_jump) {
  be_at(7);
  CAF_CHECK(tested.on_event(at(7)) == verdict::ignore);
  CAF_CHECK(tested.on_event(at(8)) == verdict::pass);
  CAF_CHECK(tested.on_event(at(8)) == verdict::ignore);
  CAF_CHECK(tested.on_event(at(10)) == verdict::jump);
  CAF_CHECK(tested.on_event(at(9)) == verdict::ignore);
  CAF_CHECK(tested.on_event(at(1, "f")) == verdict::jump);
  CAF_CHECK(tested.on_event(at(2, "f")) == verdict::pass);
}

CAF_TEST(without_a_history_all_pass) {
  tested.begin(std::nullopt, std::nullopt, false);
  CAF_CHECK(tested.on_event(std::nullopt) == verdict::pass);
  CAF_CHECK(tested.on_event(std::nullopt) == verdict::pass);
  tested.lose();
  CAF_CHECK(tested.on_event(std::nullopt) == verdict::ignore);
  CAF_CHECK(tested.rejoin(std::nullopt, std::nullopt, false));
}

CAF_TEST(an_earlier_life_goes_on_only_if_it_was_recovered) {
  tested.begin(at(3), at(9), true);
  CAF_CHECK(tested.place() == at(3));
  CAF_CHECK(tested.on_event(at(4)) == verdict::pass);
  channel_track other;
  other.begin(at(3), at(9), false);
  CAF_CHECK(other.place() == at(9));
}

CAF_TEST(recovery_from_here_or_before_leaves_no_gap) {
  be_at(7);
  tested.lose();
  CAF_CHECK(!tested.rejoin(at(5), at(9), true));
  CAF_CHECK(tested.on_event(at(6)) == verdict::ignore);
  CAF_CHECK(tested.on_event(at(8)) == verdict::pass);
}

CAF_TEST(any_other_recovery_leaves_one) {
  be_at(7);
  tested.lose();
  CAF_CHECK(tested.rejoin(at(8), at(9), true)); // somebody else's place, further on
  CAF_CHECK(tested.place() == at(9));
  tested.lose();
  CAF_CHECK(tested.rejoin(at(9), at(2, "f"), false));
  tested.lose();
  CAF_CHECK(tested.rejoin(at(9), at(2, "f"), true)); // of another epoch
}

CAF_TEST(a_gap_moves_the_place_but_never_back) {
  be_at(7);
  CAF_CHECK(tested.on_gap(at(20)));
  CAF_CHECK(tested.on_event(at(21)) == verdict::pass);
  CAF_CHECK(tested.on_gap(at(5)));
  CAF_CHECK(tested.on_event(at(6)) == verdict::ignore);
  CAF_CHECK(tested.on_gap(std::nullopt));
  CAF_CHECK(tested.place() == at(21));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace channel_track_test
