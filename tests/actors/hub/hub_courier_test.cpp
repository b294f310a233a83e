// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_courier

// The hub's mail among all else that is said to a client.

#include "support/hub_fixture.hpp"

namespace hub_courier_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : hub_fixture {
  fixture() {
    spawn = [this](const auto& where, client_setup setup) {
      courier = setup.courier.actor;
      return spawn_client(strand_host::of(sys, io), where, std::move(setup));
    };
  }

  void say(const std::string& text) {
    compat::anon_tell(hub, send_atom_v, to_all(), outgoing{text, {}});
  }

  caf::actor courier;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hub_courier_tests, fixture)

CAF_TEST(mail_keeps_its_place_among_what_waits_for_a_client) {
  // Whatever of it is handled first: one step at a time, more of them in each round.
  for (std::size_t steps = 0; steps < 12; ++steps) {
    if (!hub)
      start();
    auto& client = connect();
    const auto step = [&] {
      for (std::size_t i = 0; i < steps; ++i)
        consume_message();
      io.poll();
    };
    say("a");
    step();
    auto listener = std::make_shared<server_log>();
    const auto late = sys.spawn(log_server, listener); // the client hears of each new one
    compat::anon_tell(hub, subscribe_atom_v, late, subscription{});
    step();
    say("b");
    step();
    compat::anon_tell(hub, subscribe_atom_v, late, subscription{});
    say("c");
    step();
    compat::anon_tell(hub, close_atom_v, to_all(), close_order{4000, "enough"});
    say("d"); // behind its close frame
    settle();
    CAF_CHECK_EQUAL(client.texts(), (texts{"a", "b", "c"}));
    CAF_REQUIRE(client.closed().has_value());
    CAF_CHECK_EQUAL(client.closed()->code, 4000u);
    caf::anon_send_exit(late, caf::exit_reason::kill);
    listener->held.clear();
    settle();
  }
}

CAF_TEST(a_client_that_just_came_gets_what_is_sent_next_and_nothing_before) {
  start();
  for (std::size_t steps = 0; steps < 12; ++steps) {
    auto& client = knock();
    client.start({"server.test", "/", {}});
    client.pump();
    for (std::size_t i = 0; i < steps; ++i) {
      io.poll();
      consume_message();
    }
    const auto count = ask<std::uint64_t>(send_atom_v, to_all(), outgoing{"x", {}});
    settle();
    CAF_REQUIRE(client.is_open());
    CAF_CHECK_EQUAL(client.texts().size(), count - steps); // those of the rounds before are there
  }
}

CAF_TEST(a_server_without_a_courier_ends_and_says_so) {
  start();
  auto& client = connect();
  CAF_REQUIRE(courier);
  caf::anon_send_exit(courier, caf::exit_reason::kill);
  settle();
  CAF_CHECK(client.is_gone());
  CAF_CHECK_EQUAL(log->left.size(), 1u);
  CAF_CHECK(begin<server_stats>(stats_atom_v)->error.has_value());
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hub_courier_test
