// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE backlog

#include "support/unit_test.hpp"

#include "hub/backlog.hpp"

#include <rapidcheck.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace backlog_test {

using namespace wspool;

namespace {

using texts = std::vector<std::string>;

/// A server's codec that is open, and a client's that reads what it writes.
struct pair_of_codecs {
  explicit pair_of_codecs(const codec_options& options = {})
    : server(role::server, options), client(role::client, options) {
    decoded none;
    client.start_handshake({"x", "/", {}});
    server.feed(std::exchange(client.output(), {}), none);
    server.accept();
    client.feed(std::exchange(server.output(), {}), none);
  }

  texts read() {
    decoded in;
    client.feed(std::exchange(server.output(), {}), in);
    texts result;
    for (std::size_t i = 0; i < in.messages.size(); ++i)
      result.emplace_back(in.messages.data(i));
    return result;
  }

  codec server;
  codec client;
};

/// Each of the messages has others that receive it, too, if `shared` says so.
frame_run run_of(const texts& all, const std::vector<bool>& shared = {}) {
  auto batch = std::make_shared<frame_batch>();
  for (const auto& text : all) {
    const auto i = batch->add(text, message_kind::text, compression::automatic);
    batch->add_receiver(i);
    if (i < shared.size() && shared[i])
      batch->add_receiver(i);
  }
  return {batch, {0, batch->size()}};
}

} // namespace

CAF_TEST(what_waits_comes_out_in_order_in_pieces_of_the_budget) {
  CAF_CHECK(rc::check([](const std::vector<std::vector<unsigned>>& batches, bool deflate) {
    codec_options options;
    options.deflate.enabled = deflate;
    options.deflate.minimum_bytes = 20;
    pair_of_codecs codecs{options};
    backlog_options wide{1'000'000, 1'000'000, slow_consumer::drop_newest};
    backlog waiting{wide};
    texts expected;
    for (const auto& sizes : batches) {
      texts part;
      for (auto size : sizes)
        part.push_back(std::string(size % 300, 'a' + static_cast<char>(size % 26)));
      expected.insert(expected.end(), part.begin(), part.end());
      if (!part.empty())
        RC_ASSERT(waiting.push(run_of(part, *rc::gen::arbitrary<std::vector<bool>>())));
    }
    RC_ASSERT(waiting.messages() == expected.size());
    const auto budget = *rc::gen::inRange<std::size_t>(1, 1'000);
    texts seen;
    while (!waiting.empty()) {
      RC_ASSERT(waiting.encode(codecs.server, budget));
      RC_ASSERT(codecs.server.output().size() < budget + 310); // at most one too many
      const auto part = codecs.read();
      seen.insert(seen.end(), part.begin(), part.end());
    }
    RC_ASSERT(seen == expected);
    RC_ASSERT(waiting.messages() == 0u);
    RC_ASSERT(waiting.bytes() == 0u);
    RC_ASSERT(waiting.encoded().messages == expected.size());
  }));
}

CAF_TEST(small_neighbours_are_copied_as_they_are_to_those_that_compress_too) {
  codec_options options;
  options.deflate.enabled = true;
  options.deflate.minimum_bytes = 100;
  pair_of_codecs codecs{options};
  backlog_options wide{1'000'000, 1'000'000, slow_consumer::drop_newest};
  backlog waiting{wide};
  const std::string large(100, 'x');
  const auto run = run_of({"a", "b", large, "c", large}, {true, false, true, true, false});
  CAF_REQUIRE(waiting.push(run));
  CAF_CHECK(waiting.encode(codecs.server, 1'000'000));
  const std::string wire = codecs.server.output();
  const auto shared = run.batch->deflated(2, codecs.server.terms());
  CAF_CHECK(wire.starts_with(std::string{run.batch->frames(0, 2)} + std::string{shared}
                             + std::string{run.batch->frames(3, 4)}));
  CAF_CHECK_EQUAL(codecs.read(), (texts{"a", "b", large, "c", large}));
  CAF_CHECK_EQUAL(waiting.encoded().bytes, 203u);
}

CAF_TEST(bounds_hold_and_each_message_is_written_waiting_or_dropped) {
  CAF_CHECK(rc::check([](const std::vector<std::vector<unsigned>>& batches) {
    const backlog_options options{
      *rc::gen::inRange<std::size_t>(1, 6), *rc::gen::inRange<std::size_t>(1, 60),
      *rc::gen::element(slow_consumer::drop_oldest, slow_consumer::drop_newest,
                        slow_consumer::close_try_again)};
    backlog waiting{options};
    std::deque<std::string> expected;
    std::size_t bytes = 0;
    std::uint64_t dropped = 0;
    std::uint64_t pushed = 0;
    bool closed = false;
    auto frame = [](const std::string& text) { return text.size() + 2; };
    auto fits = [&](const std::string& text) {
      return expected.empty()
             || (expected.size() < options.max_messages
                 && bytes + frame(text) <= options.max_bytes);
    };
    for (const auto& sizes : batches) {
      texts part;
      for (auto size : sizes)
        part.push_back(std::to_string(pushed++) + std::string(size % 30, 'x'));
      if (part.empty())
        continue;
      const bool taken = waiting.push(run_of(part));
      for (const auto& text : part) {
        if (!closed && fits(text)) {
          expected.push_back(text);
          bytes += frame(text);
          continue;
        }
        if (options.policy == slow_consumer::drop_newest) {
          ++dropped;
          continue;
        }
        if (options.policy == slow_consumer::drop_oldest) {
          while (!fits(text)) {
            bytes -= frame(expected.front());
            expected.pop_front();
            ++dropped;
          }
          expected.push_back(text);
          bytes += frame(text);
          continue;
        }
        closed = true;
        expected.clear();
        bytes = 0;
      }
      if (closed)
        dropped = pushed;
      RC_ASSERT(taken == !closed);
      RC_ASSERT(waiting.messages() == expected.size());
      RC_ASSERT(waiting.bytes() == bytes);
      RC_ASSERT(waiting.dropped() == dropped);
    }
    pair_of_codecs codecs;
    while (!waiting.empty())
      waiting.encode(codecs.server, 1'000'000);
    RC_ASSERT(codecs.read() == texts(expected.begin(), expected.end()));
  }));
}

CAF_TEST(a_single_message_above_the_bound_is_let_through_alone) {
  backlog_options options{10, 100, slow_consumer::close_try_again};
  backlog waiting{options};
  CAF_CHECK(waiting.push(run_of({std::string(500, 'x')})));
  CAF_CHECK(!waiting.push(run_of({"y"})));
  CAF_CHECK_EQUAL(waiting.dropped(), 2u);
}

CAF_TEST(a_closed_one_takes_nothing_but_writes_what_waits) {
  backlog_options options;
  backlog waiting{options};
  CAF_CHECK(waiting.push(run_of({"a"})));
  waiting.close();
  CAF_CHECK(!waiting.push(run_of({"b", "c"})));
  CAF_CHECK_EQUAL(waiting.dropped(), 2u);
  pair_of_codecs codecs;
  waiting.encode(codecs.server, 1000);
  CAF_CHECK_EQUAL(codecs.read(), texts{"a"});
}

} // namespace backlog_test
