// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE conformance_closing

#include "support/unit_test.hpp"

#include "case_table.hpp"

namespace closing_conformance_test {

using namespace wspool;
using namespace wspool::test;

// Group 7: the closing handshake (RFC 6455 §5.5.1, §7).

namespace {

void check_all(const std::vector<conformance_case>& rows) {
  for (const auto& row : rows)
    CAF_CHECK_EQUAL(run_case(row).value_or(""), "");
}

sent_frame close_with(unsigned code, std::string_view reason = {}) {
  return {fin | close_frame, close_payload(static_cast<std::uint16_t>(code), reason)};
}

} // namespace

CAF_TEST(group_7_1_what_follows_a_close_frame_is_ignored) {
  const std::string big(256 * 1024, 'x');
  check_all({
    {"7.1.1",
     "a message, then the close frame",
     {{fin | text, "Hello"}, close_with(1000)},
     {"text:Hello"},
     {},
     closes(1000)},
    {"7.1.2", "two close frames", {close_with(1000), close_with(1000)}, {}, {}, closes(1000), 1},
    {"7.1.3",
     "a ping behind it",
     {close_with(1000), {fin | ping, "late"}},
     {},
     {},
     closes(1000),
     1},
    {"7.1.4", "text behind it", {close_with(1000), {fin | text, "late"}}, {}, {}, closes(1000), 1},
    {"7.1.5",
     "within a message",
     {{text, "fragment1"}, close_with(1000), {fin | continuation, "fragment2"}},
     {},
     {},
     closes(1000),
     2},
    {"7.1.6",
     "behind a large message, before a ping",
     {{fin | text, big}, close_with(1000), {fin | ping, "late"}},
     {"text:" + big},
     {},
     closes(1000),
     2},
    {"7.1.x",
     "what would be wrong behind it is not looked at",
     {close_with(1001), {fin | rsv1 | 7, "\xff"}},
     {},
     {},
     closes(1001),
     1},
    {"7.1.y",
     "a ping before it is answered first",
     {{fin | ping, "early"}, close_with(1000), {fin | ping, "late"}},
     {},
     {"early"},
     closes(1000),
     2},
  });
}

CAF_TEST(group_7_3_payloads_of_every_length) {
  check_all({
    {"7.3.1", "none", {{fin | close_frame, ""}}, {}, {}, closes(1000)},
    {"7.3.2", "one byte", {{fin | close_frame, "a"}}, {}, {}, fails(1002)},
    {"7.3.3", "a code", {close_with(1000)}, {}, {}, closes(1000)},
    {"7.3.4", "a code and a reason", {close_with(1000, "Hello World!")}, {}, {}, closes(1000)},
    {"7.3.5",
     "the longest reason",
     {close_with(1000, std::string(123, '*'))},
     {},
     {},
     closes(1000)},
    {"7.3.6", "a longer reason", {close_with(1000, std::string(124, '*'))}, {}, {}, fails(1002)},
  });
}

CAF_TEST(group_7_5_reasons_are_utf8) {
  check_all({
    {"7.5.1",
     "a reason with a surrogate",
     {close_with(1000, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80"
                       "edited")},
     {},
     {},
     fails(1002)},
    {"7.5.x",
     "a reason cut within a character",
     {close_with(1000, "\xe2\x82")},
     {},
     {},
     fails(1002)},
    {"7.5.y",
     "a reason of many-byte characters",
     {close_with(1000, "\xf4\x8f\xbf\xbf")},
     {},
     {},
     closes(1000)},
  });
}

CAF_TEST(group_7_7_and_7_9_every_code) {
  // §7.4.1, §7.4.2 and the registry of close codes: all others must not be sent.
  const auto may_come = [](unsigned code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
           || (code >= 3000 && code <= 4999);
  };
  std::vector<unsigned> codes{0, 1, 998, 4998, 4999, 5000, 5001, 10'000, 32'768, 65'535};
  for (unsigned code = 999; code <= 1020; ++code)
    codes.push_back(code);
  for (const unsigned code : {1100u, 1999u, 2000u, 2999u, 3000u, 3001u, 3999u, 4000u, 4500u})
    codes.push_back(code);
  for (const auto code : codes) {
    const auto what = "code " + std::to_string(code);
    const auto end = may_come(code) ? closes(code) : fails(1002);
    check_all({{may_come(code) ? "7.7" : "7.9", what.c_str(), {close_with(code)}, {}, {}, end},
               {may_come(code) ? "7.7" : "7.9",
                (what + " with a reason").c_str(),
                {close_with(code, "why")},
                {},
                {},
                end}});
  }
}

CAF_TEST(group_7_half_messages_are_no_messages) {
  // What the peer never finished is not told, however its end comes.
  for (const auto r : {role::client, role::server}) {
    auto c = opened(r);
    decoded out;
    const auto s = opposite(r);
    const auto half = frame(s, fin | text, std::string(1'000, 'x')).substr(0, 600);
    c.feed(frame(s, fin | text, "whole") + half, out);
    c.end_of_input();
    CAF_CHECK_EQUAL(texts(out.messages), std::vector<std::string>({"text:whole"}));
    CAF_CHECK_EQUAL(c.state(), codec::phase::open); // the socket's owner knows that it ended
  }
}

} // namespace closing_conformance_test
