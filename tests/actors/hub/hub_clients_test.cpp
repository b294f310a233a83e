// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_clients

#include "support/hub_fixture.hpp"

namespace hub_clients_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : hub_fixture {
  fixture() {
    options.entrance.space = {request_part::path, "/", "default", false};
    options.entrance.identity = {request_part::header, "X-User", {}, false};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hub_clients_tests, fixture)

// -- coming and going -----------------------------------------------------------------------------

CAF_TEST(a_client_arrives_speaks_and_leaves_in_this_order) {
  start();
  auto& client = connect("/chat?x=1", {{"X-User", "ann"}}, "192.0.2.7:4000");
  CAF_REQUIRE(client.is_open());
  client.send_text("hello");
  settle();
  client.close(4000, "bye");
  settle();
  CAF_CHECK_EQUAL(log->order, (texts{"arrived", "message hello", "left 4000", "empty chat"}));
  const auto& info = log->arrived.at(0).info;
  CAF_CHECK_EQUAL(info.client.space, "chat");
  CAF_CHECK_EQUAL(info.client.id.size(), 16u);
  CAF_CHECK_EQUAL(info.identity, "ann");
  CAF_CHECK_EQUAL(info.peer, "192.0.2.7:4000");
  CAF_CHECK_EQUAL(info.target, "/chat"); // a query may hold secrets
  const auto& left = log->left.at(0);
  CAF_CHECK(left.client == info.client);
  CAF_CHECK_EQUAL(left.reason, "bye");
  CAF_CHECK(left.began == initiator::remote);
  CAF_CHECK(left.clean);
  CAF_CHECK_EQUAL(left.why, errc::closed);
  CAF_CHECK(client.is_gone());
}

CAF_TEST(the_last_one_of_a_namespace_leaves_it_empty_and_no_other) {
  start();
  auto& one = connect("/a");
  auto& two = connect("/a");
  connect("/b");
  one.close(1000);
  settle();
  CAF_CHECK(log->emptied.empty());
  two.drop();
  settle();
  CAF_CHECK_EQUAL(log->emptied, texts{"a"});
  CAF_CHECK_EQUAL(log->left.at(1).why, errc::end_of_stream);
  CAF_CHECK_EQUAL(log->left.at(1).code, close_code::abnormal);
  CAF_CHECK_EQUAL(ask<std::uint64_t>(count_atom_v, to_all()), 1u);
}

CAF_TEST(frames_that_came_with_the_request_are_messages) {
  start();
  auto& client = knock();
  client.send_raw("GET /early HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                  "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                  "\x81\x82\x01\x01\x01\x01ih"); // "hi", masked with 1s
  settle();
  CAF_CHECK_EQUAL(log->order, (texts{"arrived", "message hi"}));
}

CAF_TEST(a_new_subscriber_is_told_of_those_that_are_there_and_a_gone_one_holds_up_nobody) {
  start();
  auto& client = connect("/a");
  auto late = subscribe();
  client.send_text("x");
  settle();
  CAF_CHECK_EQUAL(late->order, (texts{"arrived", "message x"}));
  CAF_CHECK(late->arrived.at(0).info.client == newest());
  CAF_CHECK_EQUAL(log->order, (texts{"arrived", "message x"})); // and nobody twice
}

CAF_TEST(who_asked_for_batches_gets_all_that_one_read_brought) {
  start();
  auto batches = subscribe({event::all, true});
  auto& client = connect();
  for (int i = 0; i < 5; ++i)
    client.send_text(std::to_string(i));
  settle();
  CAF_REQUIRE_EQUAL(batches->batches.size(), 1u);
  CAF_CHECK_EQUAL(batches->batches[0].messages.size(), 5u);
  CAF_CHECK(batches->batches[0].client == newest());
  CAF_CHECK_EQUAL(log->messages.size(), 5u);
}

CAF_TEST(a_subscriber_that_is_behind_slows_the_socket) {
  options.max_unread_bytes = 1000;
  start();
  auto& client = connect();
  client.stream().split_reads(600);
  log->hold = true;
  for (int i = 0; i < 20; ++i) {
    client.send_text(std::string(500, 'x'));
    settle();
  }
  const auto heard = log->messages.size();
  CAF_CHECK_LESS(heard, 5u);
  log->hold = false;
  while (!log->held.empty()) {
    auto held = std::exchange(log->held, {});
    for (auto& answer : held)
      answer.deliver();
    settle();
  }
  CAF_CHECK_EQUAL(log->messages.size(), 20u);
}

CAF_TEST(a_client_that_breaks_the_protocol_is_told_so) {
  start();
  auto& client = connect();
  client.send_raw("\x83\x80\x01\x02\x03\x04"); // a reserved opcode (RFC 6455 §5.2)
  settle();
  CAF_REQUIRE(client.closed().has_value());
  CAF_CHECK_EQUAL(client.closed()->code, close_code::protocol_error);
  CAF_CHECK_EQUAL(log->left.at(0).why, errc::protocol_error);
}

// -- finding --------------------------------------------------------------------------------------

CAF_TEST(clients_are_found_listed_in_pages_and_counted) {
  start();
  std::vector<client_ref> refs;
  for (int i = 0; i < 5; ++i) {
    connect("/many?token=secret");
    refs.push_back(newest());
  }
  connect("/few");
  std::sort(refs.begin(), refs.end());
  const auto found = ask<client_info>(find_atom_v, refs[3]);
  CAF_CHECK(found.client == refs[3]);
  CAF_CHECK_EQUAL(found.target, "/many");
  auto page = ask<client_page>(list_atom_v, std::string{"many"}, std::string{}, 3u);
  CAF_REQUIRE_EQUAL(page.clients.size(), 3u);
  CAF_CHECK(page.more);
  CAF_CHECK(page.clients[2].client == refs[2]);
  CAF_CHECK_EQUAL(page.clients[2].target, "/many");
  page = ask<client_page>(list_atom_v, std::string{"many"}, refs[2].id, 3u);
  CAF_REQUIRE_EQUAL(page.clients.size(), 2u);
  CAF_CHECK(!page.more);
  CAF_CHECK(page.clients[1].client == refs[4]);
  CAF_CHECK_EQUAL(ask<std::uint64_t>(count_atom_v, to_space("many")), 5u);
  CAF_CHECK_EQUAL(ask<std::uint64_t>(count_atom_v, to_space("none")), 0u);
  CAF_CHECK_EQUAL(ask<std::uint64_t>(count_atom_v, to_all(refs[0])), 5u);
  auto missing = begin<client_info>(find_atom_v, client_ref{"many", "nobody"});
  CAF_CHECK(missing->error == errc::no_connection);
}

// -- sending --------------------------------------------------------------------------------------

CAF_TEST(a_message_reaches_one_a_namespace_all_or_all_but_one) {
  start();
  auto& a1 = connect("/a");
  const auto ref_a1 = newest();
  auto& a2 = connect("/a");
  const auto ref_a2 = newest();
  auto& b = connect("/b");
  CAF_CHECK_EQUAL(send(to_one(ref_a1), "one"), 1u);
  CAF_CHECK_EQUAL(send(to_space("a"), "space"), 2u);
  CAF_CHECK_EQUAL(send(to_all(), "all"), 3u);
  CAF_CHECK_EQUAL(send(to_all(ref_a2), "but"), 2u);
  CAF_CHECK_EQUAL(send(to_one({"a", "nobody"}), "nobody"), 0u);
  CAF_CHECK_EQUAL(a1.texts(), (texts{"one", "space", "all", "but"}));
  CAF_CHECK_EQUAL(a2.texts(), (texts{"space", "all"}));
  CAF_CHECK_EQUAL(b.texts(), (texts{"all", "but"}));
}

CAF_TEST(rooms_are_those_of_their_namespace_and_end_with_their_members) {
  start();
  auto& one = connect("/a");
  const auto ref_one = newest();
  auto& two = connect("/a");
  const auto ref_two = newest();
  auto& other = connect("/b");
  const auto ref_other = newest();
  join(ref_one, "r");
  join(ref_one, "r"); // once
  join(ref_one, "s");
  join(ref_two, "r");
  join(ref_other, "r");
  CAF_CHECK_EQUAL(send(to_room("a", "r"), "room"), 2u);
  CAF_CHECK_EQUAL(send(to_room("a", "r", ref_one), "others"), 1u);
  CAF_CHECK_EQUAL(one.texts(), texts{"room"});
  CAF_CHECK_EQUAL(two.texts(), (texts{"room", "others"}));
  CAF_CHECK(other.texts().empty());
  CAF_CHECK_EQUAL(ask<client_info>(find_atom_v, ref_one).rooms, (texts{"r", "s"}));
  CAF_CHECK_EQUAL(stats().rooms, 3u);
  ask<caf::unit_t>(leave_atom_v, ref_one, std::string{"r"});
  CAF_CHECK_EQUAL(send(to_room("a", "r"), "left"), 1u);
  two.close(1000);
  settle();
  CAF_CHECK_EQUAL(send(to_room("a", "r"), "nobody"), 0u);
  CAF_CHECK_EQUAL(stats().rooms, 2u);
  CAF_CHECK(begin<caf::unit_t>(join_atom_v, ref_two, std::string{"r"})->error
            == errc::no_connection);
}

CAF_TEST(a_client_cannot_be_in_more_rooms_than_the_bound) {
  options.max_rooms = 2;
  start();
  connect();
  join(newest(), "1");
  join(newest(), "2");
  auto third = begin<caf::unit_t>(join_atom_v, newest(), std::string{"3"});
  CAF_CHECK(third->error == errc::queue_full);
  CAF_CHECK(third->text.find("max_rooms") != std::string::npos);
  CAF_CHECK_EQUAL(ask<client_info>(find_atom_v, newest()).rooms, (texts{"1", "2"}));
}

CAF_TEST(what_no_client_may_get_is_refused_as_a_whole) {
  options.limits.max_message_bytes = 10;
  start();
  auto& client = connect();
  auto big = begin<std::uint64_t>(send_atom_v, to_all(), outgoing{std::string(11, 'x'), {}});
  CAF_CHECK(big->error == errc::too_big);
  auto broken = begin<std::uint64_t>(send_atom_v, to_all(), outgoing{"\xff", {}});
  CAF_CHECK(broken->error == errc::invalid_message);
  message_batch batch;
  batch.add("good");
  batch.add("\xff");
  CAF_CHECK(begin<std::uint64_t>(send_atom_v, to_all(), batch)->error == errc::invalid_message);
  CAF_CHECK(client.texts().empty());
}

CAF_TEST(a_batch_and_what_is_sent_in_one_turn_arrive_in_order_between_own_frames) {
  start();
  auto& one = connect();
  const auto ref_one = newest();
  auto& two = connect();
  message_batch batch;
  batch.add("b1");
  batch.add("b2");
  // All in the hub's mailbox before it has a turn.
  compat::anon_tell(hub, send_atom_v, to_all(), batch);
  compat::anon_tell(hub, send_atom_v, to_one(ref_one), outgoing{"only one", {}});
  compat::anon_tell(hub, send_atom_v, to_all(), outgoing{"last", {}});
  settle();
  CAF_CHECK_EQUAL(one.texts(), (texts{"b1", "b2", "only one", "last"}));
  CAF_CHECK_EQUAL(two.texts(), (texts{"b1", "b2", "last"}));
}

CAF_TEST(a_compressing_client_gets_broadcasts_too) {
  options.deflate.enabled = true;
  options.deflate.minimum_bytes = 10;
  start();
  codec_options compressing;
  compressing.deflate.enabled = true;
  auto& packed = connect("/", {}, "192.0.2.1:1", compressing);
  auto& plain = connect();
  const std::string text(5000, 'z');
  CAF_CHECK_EQUAL(send(to_all(), text), 2u);
  CAF_CHECK_EQUAL(packed.texts(), texts{text});
  CAF_CHECK_EQUAL(plain.texts(), texts{text});
}

// -- closing --------------------------------------------------------------------------------------

CAF_TEST(send_then_close_writes_before_it_closes) {
  start();
  auto& client = connect();
  CAF_CHECK_EQUAL(ask<std::uint64_t>(send_atom_v, to_one(newest()), outgoing{"last word", {}},
                                     close_order{4001, "done"}),
                  1u);
  CAF_CHECK_EQUAL(client.texts(), texts{"last word"});
  CAF_REQUIRE(client.closed().has_value());
  CAF_CHECK_EQUAL(client.closed()->code, 4001);
  CAF_CHECK_EQUAL(client.closed()->reason, "done");
  CAF_CHECK_EQUAL(log->left.at(0).code, 4001);
  CAF_CHECK(log->left.at(0).began == initiator::local);
  CAF_CHECK(log->left.at(0).clean);
  CAF_CHECK_EQUAL(log->left.at(0).why, errc::shutdown);
}

CAF_TEST(a_namespace_is_closed_with_code_and_reason_and_others_stay) {
  start();
  auto& a = connect("/a");
  auto& b = connect("/b");
  CAF_CHECK_EQUAL(ask<std::uint64_t>(close_atom_v, to_space("a"), close_order{4002, "out"}), 1u);
  CAF_CHECK_EQUAL(a.closed()->code, 4002);
  CAF_CHECK(b.is_open());
  CAF_CHECK_EQUAL(ask<std::uint64_t>(close_atom_v, to_all(), close_order{}), 1u);
  CAF_CHECK_EQUAL(b.closed()->code, 1000);
}

CAF_TEST(a_client_that_does_not_answer_a_close_is_cut_off) {
  start();
  auto& client = connect();
  client.fall_silent();
  ask<std::uint64_t>(close_atom_v, to_all(), close_order{});
  CAF_CHECK(log->left.empty());
  advance(options.stay.close);
  CAF_REQUIRE_EQUAL(log->left.size(), 1u);
  CAF_CHECK_EQUAL(log->left[0].why, errc::close_timeout);
  CAF_CHECK(!log->left[0].clean);
  CAF_CHECK(client.stream().peer_closed());
}

CAF_TEST(the_server_ends_with_all_its_clients) {
  start();
  auto& open = connect();
  auto& knocking = knock();
  ask<caf::unit_t>(destroy_atom_v);
  CAF_CHECK(open.stream().peer_closed());
  CAF_CHECK(knocking.stream().peer_closed());
  CAF_CHECK_EQUAL(log->left.at(0).why, errc::shutdown);
}

// -- numbers --------------------------------------------------------------------------------------

CAF_TEST(statistics_count_all_lives) {
  start();
  auto& gone = connect("/a");
  gone.send_text("abc");
  settle();
  send(to_all(), "12");
  gone.close(1000);
  settle();
  auto& there = connect("/b");
  there.send_text("de");
  there.send_ping("p");
  settle();
  send(to_all(), "345");
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.sockets, 1u);
  CAF_CHECK_EQUAL(numbers.clients, 1u);
  CAF_CHECK_EQUAL(numbers.spaces, 1u);
  CAF_CHECK_EQUAL(numbers.arrived, 2u);
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_in, 2u);
  CAF_CHECK_EQUAL(numbers.total_traffic.bytes_in, 5u);
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_out, 2u);
  CAF_CHECK_EQUAL(numbers.total_traffic.bytes_out, 5u);
  CAF_CHECK_EQUAL(numbers.total_traffic.pings_in, 1u);
  CAF_REQUIRE_EQUAL(numbers.closes.size(), 1u);
  CAF_CHECK_EQUAL(numbers.closes[0].code, 1000);
  CAF_CHECK_EQUAL(numbers.ends.at("closed"), 1u);
  CAF_CHECK_EQUAL(numbers.dropped_messages, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hub_clients_test
