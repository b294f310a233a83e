// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_totals

// The hub's numbers while clients come and go: clients here say only what the test lets them say.

#include "support/hub_fixture.hpp"

namespace hub_totals_test {

using namespace wspool;
using namespace wspool::test;

namespace {

using sample_parcel = internal::parcel<internal::client_sample>;

struct mute_client {
  std::optional<std::uint64_t> messages_in; ///< answers at once if there
  std::vector<caf::typed_response_promise<sample_parcel>> held;
};
using mute_client_ptr = std::shared_ptr<mute_client>;

caf::behavior mute(caf::event_based_actor* self, mute_client_ptr state) {
  return {
    [](const internal::parcel<internal::admission>&) {},
    [](const internal::parcel<internal::subscribers>&) {},
    [](const internal::parcel<internal::handed>&) {},
    [self, state](sample_atom) -> caf::result<sample_parcel> {
      if (state->messages_in) {
        internal::client_sample sample;
        sample.total.messages_in = *state->messages_in;
        return internal::pack(std::move(sample));
      }
      state->held.push_back(self->make_response_promise<sample_parcel>());
      return state->held.back();
    },
  };
}

struct fixture : hub_fixture {
  ~fixture() override {
    for (auto& each : there)
      caf::anon_send_exit(each.actor, caf::exit_reason::kill);
  }

  /// Its number is 1000 and how many came before.
  void come(std::optional<std::uint64_t> messages_in = {}) {
    auto state = std::make_shared<mute_client>(mute_client{messages_in, {}});
    there.push_back({sys.spawn(mute, state), state});
    internal::entering news;
    news.number = 999 + there.size();
    news.client = there.back().actor;
    news.info.client.space = "s";
    compat::anon_tell(hub, internal::pack(std::move(news)));
    settle();
  }
  void go(std::size_t which, std::uint64_t in, std::uint64_t out = 0) {
    internal::left news;
    news.number = 1000 + which;
    news.was_open = true;
    news.why = errc::closed;
    news.counts.total.messages_in = in;
    news.counts.total.messages_out = out;
    compat::anon_tell(hub, internal::pack(std::move(news)));
    settle();
    for (auto& answer : std::exchange(there[which].state->held, {}))
      answer.deliver(caf::make_error(errc::connection_lost)); // as its end does
    settle();
  }

  struct one {
    caf::actor actor;
    mute_client_ptr state;
  };
  std::vector<one> there;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hub_totals_tests, fixture)

CAF_TEST(who_leaves_while_others_are_asked_is_in_the_totals_once) {
  start();
  const std::size_t silent = 70; // more than are asked at a time
  for (std::size_t i = 0; i < silent; ++i)
    come();
  come(3);
  auto answer = begin<server_stats>(stats_atom_v);
  CAF_REQUIRE(!answer->value.has_value());
  for (std::size_t i = 0; i < silent; ++i)
    go(i, 1);
  CAF_REQUIRE(answer->value.has_value());
  CAF_CHECK_EQUAL(answer->value->total_traffic.messages_in, silent + 3);
  go(silent, 4);
  CAF_CHECK_EQUAL(stats().total_traffic.messages_in, silent + 4);
}

CAF_TEST(what_was_handed_to_a_client_that_did_not_read_it_any_more_was_dropped) {
  start();
  come();
  for (int i = 0; i < 5; ++i)
    send(to_all(), "x");
  go(0, 0, 2);
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_out, 2u);
  CAF_CHECK_EQUAL(numbers.dropped_messages, 3u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hub_totals_test
