// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
//
// What every byte_stream owes its user, over each implementation.
#define CAF_SUITE byte_stream

#include "stream_pairs.hpp"

#include "support/unit_test.hpp"

#include <string>

namespace byte_stream_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : net_fixture {
  /// Runs the body for each kind of stream, with a fresh pair.
  template <class Kinds, class Body>
  void for_each(const Kinds& kinds, Body body) {
    for (auto kind : kinds) {
      CAF_MESSAGE(name_of(kind));
      auto pair = make_pair(*this, kind);
      body(pair, kind);
      pair = {};
      pool.poll();
    }
  }
};

std::string pattern(std::size_t size) {
  std::string result(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    result[i] = static_cast<char>(i * 2654435761u >> 13);
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(byte_stream_tests, fixture)

CAF_TEST(bytes_go_both_ways) {
  for_each(all_streams, [&](stream_pair& pair, stream_kind) {
    auto there = collect(*pair.server);
    auto back = collect(*pair.client);
    auto first = start_write(*pair.client, "hello");
    auto second = start_write(*pair.server, "world!");
    CAF_REQUIRE(run_until([&] { return there->bytes == "hello" && back->bytes == "world!"; }));
    CAF_REQUIRE(run_until([&] { return first->called && second->called; }));
    CAF_CHECK(!first->error);
    CAF_CHECK_EQUAL(first->taken, 5u);
    CAF_CHECK_EQUAL(second->taken, 6u);
    CAF_CHECK(!pair.client->peer().empty());
  });
}

CAF_TEST(a_large_write_arrives_whole) {
  auto sent = pattern(5'000'000);
  for_each(all_streams, [&](stream_pair& pair, stream_kind) {
    auto got = collect(*pair.server);
    auto done = start_write(*pair.client, sent);
    CAF_REQUIRE(run_until([&] { return done->called && got->bytes.size() >= sent.size(); }));
    CAF_CHECK(!done->error);
    CAF_CHECK_EQUAL(done->taken, sent.size());
    CAF_CHECK(got->bytes == sent);
  });
}

CAF_TEST(handlers_never_run_within_the_call) {
  for_each(all_streams, [&](stream_pair& pair, stream_kind) {
    auto early = start_write(*pair.server, "x");
    CAF_CHECK(!early->called);
    CAF_REQUIRE(run_until([&] { return early->called; }));
    bool called = false;
    pair.client->async_read([&](std::error_code, std::string_view) { called = true; });
    CAF_CHECK(!called);
    CAF_CHECK(run_until([&] { return called; }));
  });
}

CAF_TEST(an_empty_write_completes) {
  for_each(all_streams, [&](stream_pair& pair, stream_kind) {
    auto done = start_write(*pair.client, "");
    CAF_CHECK(!done->called);
    CAF_REQUIRE(run_until([&] { return done->called; }));
    CAF_CHECK(!done->error);
    CAF_CHECK_EQUAL(done->taken, 0u);
  });
}

CAF_TEST(shutdown_ends_one_direction_behind_what_is_being_written) {
  auto sent = pattern(3'000'000);
  for_each(all_streams, [&](stream_pair& pair, stream_kind) {
    auto got = collect(*pair.server);
    auto back = collect(*pair.client);
    auto done = start_write(*pair.client, sent);
    if (dynamic_cast<memory_stream*>(pair.client.get()) != nullptr)
      CAF_REQUIRE(run_until([&] { return done->called; }));
    pair.client->shutdown();
    CAF_REQUIRE(run_until([&] { return static_cast<bool>(got->end); }));
    CAF_CHECK(got->end == errc::end_of_stream);
    CAF_CHECK(got->bytes == sent);
    auto reply = start_write(*pair.server, "still here");
    CAF_REQUIRE(run_until([&] { return back->bytes == "still here"; }));
    pair.server->shutdown();
    CAF_REQUIRE(run_until([&] { return static_cast<bool>(back->end); }));
    CAF_CHECK(back->end == errc::end_of_stream);
  });
}

CAF_TEST(a_closed_peer_is_the_end_of_the_stream) {
  for_each(all_streams, [&](stream_pair& pair, stream_kind) {
    auto got = collect(*pair.client);
    pair.server->close();
    CAF_REQUIRE(run_until([&] { return static_cast<bool>(got->end); }));
    CAF_CHECK(got->end == errc::end_of_stream);
    CAF_CHECK_EQUAL(got->bytes, "");
  });
}

CAF_TEST(a_reset_is_a_broken_connection) {
  for_each(all_streams, [&](stream_pair& pair, stream_kind) {
    auto got = collect(*pair.client);
    pair.server->close(true);
    CAF_REQUIRE(run_until([&] { return static_cast<bool>(got->end); }));
    CAF_CHECK(got->end == errc::connection_reset);
    auto late = start_write(*pair.client, "x");
    CAF_REQUIRE(run_until([&] { return late->called; }));
    CAF_CHECK(late->error == errc::connection_reset);
    CAF_CHECK_EQUAL(late->taken, 0u);
  });
}

CAF_TEST(close_aborts_what_is_in_flight) {
  auto sent = pattern(20'000'000);
  for_each(all_streams, [&](stream_pair& pair, stream_kind kind) {
    auto got = collect(*pair.client);
    if (kind == stream_kind::memory)
      dynamic_cast<memory_stream&>(*pair.server).stall(1000);
    auto stuck = start_write(*pair.client, sent);
    for (int i = 0; i < 100; ++i)
      pool.poll();
    CAF_REQUIRE(!stuck->called);
    pair.client->close();
    pair.client->close(); // idempotent
    CAF_REQUIRE(run_until([&] { return stuck->called && got->end; }));
    CAF_CHECK(got->end == std::errc::operation_canceled);
    CAF_CHECK(stuck->error == std::errc::operation_canceled);
    CAF_CHECK(stuck->taken > 0 && stuck->taken < sent.size());
    auto late = collect(*pair.client);
    CAF_REQUIRE(run_until([&] { return static_cast<bool>(late->end); }));
  });
}

CAF_TEST(a_failed_write_tells_what_the_kernel_took) {
  auto sent = pattern(20'000'000);
  for_each(socket_streams, [&](stream_pair& pair, stream_kind kind) {
    auto stuck = start_write(*pair.client, sent);
    for (int i = 0; i < 100; ++i)
      pool.poll();
    CAF_REQUIRE(!stuck->called);
    pair.server->close(true);
    CAF_REQUIRE(run_until([&] { return stuck->called; }));
    CAF_CHECK(stuck->error == errc::connection_reset);
    CAF_CHECK(stuck->taken > 0 && stuck->taken < sent.size());
    auto doubt = pair.client->in_doubt(stuck->taken, sent.size());
    CAF_CHECK_EQUAL(doubt, kind == stream_kind::tls ? sent.size() - stuck->taken : 0u);
  });
}

CAF_TEST(a_destroyed_stream_releases_its_handlers_without_a_call) {
  auto sent = pattern(20'000'000);
  for_each(all_streams, [&](stream_pair& pair, stream_kind kind) {
    auto owned = std::make_shared<int>(0);
    if (kind == stream_kind::memory)
      dynamic_cast<memory_stream&>(*pair.server).stall();
    pair.client->async_read([owned](std::error_code, std::string_view) { ++*owned; });
    pair.client->async_write(boost::asio::buffer(sent),
                             [owned](std::error_code, std::size_t) { ++*owned; });
    for (int i = 0; i < 10; ++i)
      pool.poll();
    auto got = collect(*pair.server);
    pair.client.reset();
    CAF_REQUIRE(run_until([&] { return owned.use_count() == 1; }));
    CAF_CHECK_EQUAL(*owned, 0);
    CAF_CHECK(run_until([&] { return static_cast<bool>(got->end); }));
  });
}

CAF_TEST(a_stream_may_be_destroyed_by_its_own_handler) {
  for_each(all_streams, [&](stream_pair& pair, stream_kind) {
    bool done = false;
    pair.client->async_read([&](std::error_code error, std::string_view bytes) {
      CAF_CHECK(!error);
      CAF_CHECK_EQUAL(std::string{bytes}, "bye");
      pair.client.reset();
      done = true;
    });
    auto wrote = start_write(*pair.server, "bye");
    CAF_REQUIRE(run_until([&] { return done; }));
    auto got = collect(*pair.server);
    CAF_CHECK(run_until([&] { return static_cast<bool>(got->end); }));
  });
}

CAF_TEST(a_handler_that_owns_its_stream_is_no_leak) {
  for_each(socket_streams, [&](stream_pair& pair, stream_kind kind) {
    auto before = open_descriptors();
    auto second = make_pair(*this, kind);
    auto owner = std::shared_ptr<byte_stream>{std::move(second.client)};
    owner->async_read([owner](std::error_code, std::string_view) {
      // nop
    });
    owner.reset();
    second.server.reset(); // the read fails, and with its handler the last owner goes
    CAF_CHECK(run_until([&] { return open_descriptors() == before; }));
    CAF_CHECK(pair.client != nullptr);
  });
}

CAF_TEST(bytes_stay_valid_while_their_handler_runs_the_pool) {
  for_each(socket_streams, [&](stream_pair& pair, stream_kind kind) {
    auto second = make_pair(*this, kind);
    auto inner = collect(*second.client);
    bool done = false;
    pair.client->async_read([&](std::error_code, std::string_view bytes) {
      auto wrote = start_write(*second.server, "second");
      CAF_CHECK(run_until([&] { return inner->bytes == "second"; }));
      CAF_CHECK_EQUAL(std::string{bytes}, "first!");
      done = true;
    });
    auto wrote = start_write(*pair.server, "first!");
    CAF_CHECK(run_until([&] { return done; }));
  });
}

CAF_TEST(a_pool_that_stops_releases_pending_streams) {
  for (auto kind : socket_streams) {
    auto owned = std::make_shared<int>(0);
    auto before = open_descriptors();
    {
      net_fixture other;
      auto pair = make_pair(other, kind);
      auto owner = std::shared_ptr<byte_stream>{std::move(pair.client)};
      owner->async_read([owner, owned](std::error_code, std::string_view) { ++*owned; });
      owner.reset();
      other.pool.stop();
      CAF_CHECK_EQUAL(owned.use_count(), 1);
    }
    CAF_CHECK_EQUAL(open_descriptors(), before);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace byte_stream_test
