// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE units

#include "support/unit_test.hpp"

#include <wspool/units.hpp>

#include <rapidcheck.h>

#include <limits>

namespace units_test {

using namespace wspool;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

std::string duration_of(std::string_view text) {
  auto parsed = parse_duration(text);
  return parsed ? std::to_string(parsed->count()) : "none";
}

std::string bytes_of(std::string_view text) {
  auto parsed = parse_bytes(text);
  return parsed ? std::to_string(*parsed) : "none";
}

} // namespace

CAF_TEST(durations_carry_units) {
  CAF_CHECK_EQUAL(duration_of("30s"), "30000");
  CAF_CHECK_EQUAL(duration_of("500ms"), "500");
  CAF_CHECK_EQUAL(duration_of("2m"), "120000");
  CAF_CHECK_EQUAL(duration_of("1h30m"), "5400000");
  CAF_CHECK_EQUAL(duration_of("1.5s"), "1500");
  CAF_CHECK_EQUAL(duration_of("1d12h0m1s5ms"), "129601005");
  CAF_CHECK_EQUAL(duration_of("0.001s"), "1");
  CAF_CHECK_EQUAL(duration_of("007s"), "7000");
}

CAF_TEST(zero_needs_no_unit) {
  CAF_CHECK_EQUAL(duration_of("0"), "0");
  CAF_CHECK_EQUAL(duration_of("0s"), "0");
}

CAF_TEST(what_is_no_duration_is_refused) {
  for (auto text :
       {"",    "5",      "s",    "-5s",   "+5s",  "5 s", " 5s",  "5s ",  "5x",   "5S",  "1.s",
        ".5s", "1.2.3s", "1m1m", "30m1h", "1s1m", "5us", "1h30", "1e3s", "0x5s", "1,5s"})
    CAF_CHECK_EQUAL(duration_of(text), "none");
}

CAF_TEST(fractions_of_a_millisecond_are_refused_instead_of_rounded) {
  CAF_CHECK_EQUAL(duration_of("0.5ms"), "none");
  CAF_CHECK_EQUAL(duration_of("0.0005s"), "none");
  CAF_CHECK_EQUAL(duration_of("1.50000s"), "1500");
}

CAF_TEST(durations_beyond_the_range_are_refused) {
  CAF_CHECK_EQUAL(duration_of("9223372036854775807ms"), "9223372036854775807");
  CAF_CHECK_EQUAL(duration_of("9223372036854775808ms"), "none");
  CAF_CHECK_EQUAL(duration_of("9223372036854775807s"), "none");
  CAF_CHECK_EQUAL(duration_of("1s9223372036854775807ms"), "none");
  CAF_CHECK_EQUAL(duration_of("99999999999999999999999d"), "none");
}

CAF_TEST(durations_are_written_in_their_largest_whole_unit) {
  CAF_CHECK_EQUAL(format_duration(30s), "30s");
  CAF_CHECK_EQUAL(format_duration(1'500ms), "1500ms");
  CAF_CHECK_EQUAL(format_duration(90min), "90m");
  CAF_CHECK_EQUAL(format_duration(24h), "1d");
  CAF_CHECK_EQUAL(format_duration(0ms), "0s");
  CAF_CHECK_EQUAL(format_duration(-5s), "-5s");
  CAF_CHECK_EQUAL(format_duration(milliseconds::min()), "-9223372036854775808ms");
}

CAF_TEST(durations_survive_writing_and_reading) {
  CAF_CHECK(rc::check([] {
    auto unit = *rc::gen::element<std::int64_t>(1, 1'000, 60'000, 3'600'000, 86'400'000);
    auto value = milliseconds{unit * *rc::gen::inRange<std::int64_t>(0, 1'000'000'000)};
    RC_ASSERT(parse_duration(format_duration(value)) == value);
  }));
}

CAF_TEST(bytes_come_in_binary_and_decimal_units) {
  CAF_CHECK_EQUAL(bytes_of("64MiB"), "67108864");
  CAF_CHECK_EQUAL(bytes_of("16KiB"), "16384");
  CAF_CHECK_EQUAL(bytes_of("1GB"), "1000000000");
  CAF_CHECK_EQUAL(bytes_of("512B"), "512");
  CAF_CHECK_EQUAL(bytes_of("512"), "512");
  CAF_CHECK_EQUAL(bytes_of("1.5kib"), "1536");
  CAF_CHECK_EQUAL(bytes_of("2kB"), "2000");
  CAF_CHECK_EQUAL(bytes_of("0"), "0");
}

CAF_TEST(what_is_no_number_of_bytes_is_refused) {
  for (auto text : {"", "B", "-1", "+1", "1 KiB", "1K", "1M", "1X", "1KiBB", "1KiB2", "0.5B", "0.5",
                    "1.0001KB2", "0.0001KB", "1e3", "0x10", "1."})
    CAF_CHECK_EQUAL(bytes_of(text), "none");
}

CAF_TEST(bytes_beyond_the_range_are_refused) {
  CAF_CHECK_EQUAL(bytes_of("18446744073709551615"), "18446744073709551615");
  CAF_CHECK_EQUAL(bytes_of("18446744073709551616"), "none");
  CAF_CHECK_EQUAL(bytes_of("18014398509481984KiB"), "none");
  CAF_CHECK_EQUAL(bytes_of("99999999TiB"), "none");
}

CAF_TEST(bytes_are_written_in_their_shortest_exact_form) {
  CAF_CHECK_EQUAL(format_bytes(64ull << 20), "64MiB");
  CAF_CHECK_EQUAL(format_bytes(16'384), "16KiB");
  CAF_CHECK_EQUAL(format_bytes(1'000'000'000), "1GB");
  CAF_CHECK_EQUAL(format_bytes(512), "512B");
  CAF_CHECK_EQUAL(format_bytes(0), "0B");
  CAF_CHECK_EQUAL(format_bytes(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615B");
}

CAF_TEST(bytes_survive_writing_and_reading) {
  CAF_CHECK(rc::check([] {
    auto unit = std::uint64_t{1} << *rc::gen::element(0, 3, 10, 20, 30, 40);
    auto value = unit * *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
    RC_ASSERT(parse_bytes(format_bytes(value)) == value);
  }));
}

CAF_TEST(no_input_is_too_strange_for_the_parsers) {
  CAF_CHECK(rc::check([](const std::string& text) {
    auto duration = parse_duration(text);
    RC_ASSERT((!duration || *duration >= 0ms));
    auto is_plain = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
    if (is_plain && text.size() <= 19)
      RC_ASSERT(bytes_of(text) == std::to_string(std::stoull(text)));
  }));
}

} // namespace units_test
