// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE name_resolver

#include "net/name_resolver.hpp"

#include "support/unit_test.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace name_resolver_test {

using namespace wspool::net;
using namespace std::chrono_literals;

namespace ip = boost::asio::ip;

namespace {

resolved wait_for(std::future<resolved>& result) {
  if (result.wait_for(10s) != std::future_status::ready)
    CAF_FAIL("no answer within ten seconds");
  return result.get();
}

std::future<resolved> start(name_resolver& resolver, const std::string& host) {
  auto promise = std::make_shared<std::promise<resolved>>();
  resolver.resolve(host, [promise](const resolved& result) { promise->set_value(result); });
  return promise->get_future();
}

std::vector<ip::address> addresses(std::initializer_list<const char*> texts) {
  std::vector<ip::address> result;
  for (const auto* text : texts)
    result.push_back(ip::make_address(text));
  return result;
}

} // namespace

CAF_TEST(the_system_knows_localhost) {
  name_resolver resolver;
  auto pending = start(resolver, "localhost");
  auto result = wait_for(pending);
  CAF_CHECK_EQUAL(result.error, "");
  CAF_REQUIRE(!result.addresses.empty());
  for (const auto& address : result.addresses)
    CAF_CHECK(address.is_loopback());
}

CAF_TEST(addresses_need_no_look_up) {
  name_resolver resolver{[](const std::string&) -> resolved { return {{}, "must not be asked"}; }};
  for (const auto* text : {"127.0.0.1", "::1", "2001:db8::1"}) {
    auto pending = start(resolver, text);
    CAF_CHECK(wait_for(pending).addresses == addresses({text}));
  }
}

CAF_TEST(a_failure_has_words) {
  name_resolver resolver{[](const std::string&) -> resolved { return {{}, "unknown name"}; }};
  auto pending = start(resolver, "a");
  CAF_CHECK_EQUAL(wait_for(pending).error, "unknown name");
}

CAF_TEST(look_ups_of_one_name_at_the_same_time_are_one) {
  std::promise<void> release;
  auto released = release.get_future().share();
  std::atomic<int> look_ups{0};
  name_resolver resolver{[&](const std::string&) -> resolved {
    ++look_ups;
    released.wait();
    return {addresses({"127.0.0.1"}), {}};
  }};
  auto first = start(resolver, "a");
  auto second = start(resolver, "a");
  auto other = start(resolver, "b");
  release.set_value();
  CAF_CHECK_EQUAL(wait_for(first).addresses.size(), 1u);
  CAF_CHECK_EQUAL(wait_for(second).addresses.size(), 1u);
  CAF_CHECK_EQUAL(wait_for(other).addresses.size(), 1u);
  CAF_CHECK_EQUAL(look_ups.load(), 2);
  auto later = start(resolver, "a"); // afresh
  CAF_CHECK_EQUAL(wait_for(later).addresses.size(), 1u);
  CAF_CHECK_EQUAL(look_ups.load(), 3);
}

CAF_TEST(a_name_that_hangs_does_not_hold_up_others_nor_the_end) {
  // Shared with a look-up that outlives the resolver.
  auto release = std::make_shared<std::promise<void>>();
  auto released = release->get_future().share();
  auto owned = std::make_shared<int>();
  {
    name_resolver resolver{[released](const std::string& host) -> resolved {
      if (host == "hangs")
        released.wait();
      return {addresses({"127.0.0.1"}), {}};
    }};
    resolver.resolve("hangs", [owned](const resolved&) { ++*owned; });
    auto other = start(resolver, "other");
    CAF_CHECK_EQUAL(wait_for(other).addresses.size(), 1u);
  }
  CAF_CHECK_EQUAL(owned.use_count(), 1);
  release->set_value();
  CAF_CHECK_EQUAL(*owned, 0);
}

CAF_TEST(families_take_turns_beginning_with_the_first) {
  CAF_CHECK(interleave({}).empty());
  CAF_CHECK(interleave(addresses({"::1", "::2", "::3", "1.1.1.1", "2.2.2.2"}))
            == addresses({"::1", "1.1.1.1", "::2", "2.2.2.2", "::3"}));
  CAF_CHECK(interleave(addresses({"1.1.1.1", "2.2.2.2", "::1"}))
            == addresses({"1.1.1.1", "::1", "2.2.2.2"}));
  CAF_CHECK(interleave(addresses({"1.1.1.1", "2.2.2.2"})) == addresses({"1.1.1.1", "2.2.2.2"}));
}

} // namespace name_resolver_test
