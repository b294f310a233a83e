// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE settings

#include "support/unit_test.hpp"

#include "options/command_options.hpp"
#include "settings/address.hpp"
#include "settings/setting_targets.hpp"

#include <set>

namespace settings_test {

using namespace wspool;
using namespace wspool::cli;
using namespace std::chrono_literals;

namespace {

/// What a target says about a text; empty: taken.
std::string say(const target& to, std::string text) { return to.assign({std::move(text)}); }

bool is_refused(const char* text) {
  try {
    (void)parse_address(text, "--x");
    return false;
  } catch (const usage_error&) {
    return true;
  }
}

} // namespace

CAF_TEST(every_setting_has_a_name_of_its_own_and_a_default_that_it_takes) {
  command_options options;
  std::set<std::string> names;
  std::set<std::string> variables;
  for (auto& x : options.table.all()) {
    CAF_CHECK(names.insert(x.name()).second);
    CAF_CHECK(variables.insert(x.variable()).second);
    CAF_CHECK(!x.help.empty());
    if (x.to.initial.empty())
      CAF_CHECK(!x.example.empty());
    else
      CAF_CHECK_EQUAL(say(x.to, x.to.initial), "");
  }
}

CAF_TEST(the_defaults_of_the_command_are_those_of_its_help) {
  command_options options;
  const auto& pool = options.pool.options;
  CAF_CHECK(pool.queue.overflow == overflow::block);
  CAF_CHECK(pool.policy == delivery::at_most_once);
  CAF_CHECK(pool.heartbeat.interval == 30s && pool.heartbeat.timeout == 5s);
  CAF_CHECK(pool.reconnect.initial == 1s && pool.reconnect.maximum == 30s);
  CAF_CHECK(!pool.reconnect.attempts);
  CAF_CHECK(options.stream.drain_timeout == 10s && options.stream.linger == 2s);
}

CAF_TEST(a_variable_is_the_section_and_the_key_in_capitals) {
  setting x;
  x.section = "queue";
  x.key = "high-water";
  CAF_CHECK_EQUAL(x.variable(), "WSPOOL_QUEUE_HIGH_WATER");
}

CAF_TEST(numbers_stay_in_their_range) {
  std::uint32_t value = 7;
  auto to = to_number(value, 1u, 10u);
  for (auto bad : {"", "0", "11", "-1", "1x", "1.5", "99999999999999999999999"})
    CAF_CHECK_EQUAL(say(to, bad), "a number from 1 to 10");
  CAF_CHECK_EQUAL(value, 7u);
  CAF_CHECK_EQUAL(say(to, "10"), "");
  CAF_CHECK_EQUAL(value, 10u);
}

CAF_TEST(durations_and_sizes_carry_units) {
  std::chrono::milliseconds duration{0};
  CAF_CHECK_EQUAL(say(to_duration(duration), "1m30s"), "");
  CAF_CHECK(duration == 90s);
  CAF_CHECK_NOT_EQUAL(say(to_duration(duration), "90"), "");
  std::optional<std::chrono::milliseconds> perhaps = 2s;
  CAF_CHECK_EQUAL(say(to_duration(perhaps), "unlimited"), "");
  CAF_CHECK(!perhaps);
  std::size_t bytes = 0;
  CAF_CHECK_EQUAL(say(to_bytes(bytes), "16KiB"), "");
  CAF_CHECK_EQUAL(bytes, 16'384u);
  CAF_CHECK_NOT_EQUAL(say(to_bytes(bytes), "16QiB"), "");
}

CAF_TEST(ratios_numbers_and_limits) {
  double ratio = 0.5;
  CAF_CHECK_EQUAL(to_ratio(ratio, 0, 1).initial, "0.5");
  for (auto bad : {"1.1", "-0.1", "nan", "inf", "half", ""})
    CAF_CHECK_EQUAL(say(to_ratio(ratio, 0, 1), bad), "a number from 0 to 1");
  std::vector<std::uint32_t> list;
  CAF_CHECK_EQUAL(to_numbers(list).assign({"3,1", "2"}), "");
  CAF_CHECK(list == (std::vector<std::uint32_t>{3, 1, 2}));
  for (auto bad : {"3,", ",3", "a", "4294967296"})
    CAF_CHECK_NOT_EQUAL(say(to_numbers(list), bad), "");
  std::optional<std::uint32_t> limit;
  CAF_CHECK_EQUAL(to_limit(limit).initial, "unlimited");
  CAF_CHECK_EQUAL(say(to_limit(limit), "3"), "");
  CAF_CHECK(limit == 3u);
  CAF_CHECK_NOT_EQUAL(say(to_limit(limit), "few"), "");
}

CAF_TEST(a_switch_may_mean_the_opposite) {
  bool verify = true;
  auto insecure = to_switch(verify, true);
  CAF_CHECK_EQUAL(insecure.initial, "false");
  CAF_CHECK_EQUAL(say(insecure, "true"), "");
  CAF_CHECK(!verify);
  CAF_CHECK_EQUAL(say(insecure, "perhaps"), "true or false");
}

CAF_TEST(the_flag_for_binary_messages_may_stand_alone) {
  command_options options;
  auto& all = options.table.all();
  auto binary = std::find_if(all.begin(), all.end(),
                             [](const setting& x) { return x.name() == "stream.binary"; });
  CAF_REQUIRE(binary != all.end());
  CAF_CHECK_EQUAL(say(binary->to, "true"), "");
  CAF_CHECK(options.stream.format == framing::length_prefixed);
  CAF_CHECK_EQUAL(say(binary->to, "file"), "");
  CAF_CHECK(options.stream.format == framing::whole);
  CAF_CHECK_EQUAL(say(binary->to, "zip"), "one of off, lines, length-prefixed, file");
}

CAF_TEST(addresses_are_host_and_port) {
  auto parsed = parse_address("[::1]:80", "--x");
  CAF_CHECK_EQUAL(parsed.host, "::1");
  CAF_CHECK_EQUAL(parsed.text(), "[::1]:80");
  CAF_CHECK_EQUAL(parse_address("localhost:0", "--x").port, 0);
  for (auto bad : {"", "localhost", "localhost:", ":80", "::1:80", "h:65536", "h:-1", "h:80x"})
    CAF_CHECK(is_refused(bad));
}

} // namespace settings_test
