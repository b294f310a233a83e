// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE conformance_deflate

#include "support/unit_test.hpp"

#include "case_table.hpp"

#include <random>

namespace deflate_conformance_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::string_literals;

// Groups 12 and 13: permessage-deflate (RFC 7692), by the kinds of content, the sizes and the
// parameters.

namespace {

using content = std::string (*)(std::size_t);

std::string words(std::size_t n) {
  std::string s;
  std::minstd_rand random{7};
  static constexpr std::string_view dictionary[] = {"lorem ", "ipsum ", "dolor ", "sit ",
                                                    "amet, ", "grün ",  "\n"};
  while (s.size() < n)
    s += dictionary[random() % std::size(dictionary)];
  s.resize(n);
  while (!s.empty() && (s.back() & 0x80) != 0) // a character may have been cut
    s.pop_back();
  return s;
}

std::string json(std::size_t n) {
  std::string s = "[";
  for (int i = 0; s.size() < n; ++i)
    s += "{\"id\": " + std::to_string(i) + ", \"name\": \"n" + std::to_string(i * 7919) + "\"},";
  return s;
}

std::string noise(std::size_t n) {
  std::minstd_rand random{11};
  std::string s(n, '\0');
  for (auto& c : s)
    c = static_cast<char>(random() >> 8);
  return s;
}

std::string zeros(std::size_t n) { return std::string(n, '\0'); }

deflate_options parameters(bool takeover, int bits) {
  deflate_options o;
  o.enabled = true;
  o.client_context_takeover = o.server_context_takeover = takeover;
  o.client_window_bits = o.server_window_bits = bits;
  o.minimum_bytes = 0;
  return o;
}

void check_echoes(const deflate_options& client, const deflate_options& server, content make,
                  std::size_t n, int count) {
  duo both{{client, {}}, {server, {}}};
  CAF_REQUIRE(both.open());
  CAF_REQUIRE(both.client.deflate() && both.server.deflate());
  const auto payload = make(n);
  const auto kind = make == noise ? message_kind::binary : message_kind::text;
  std::size_t at_most = 0;
  for (int i = 0; i < count; ++i) {
    CAF_REQUIRE(both.client.write(payload, kind) == errc::none);
    at_most += payload.size() + payload.size() / 100 + 64;
    CAF_CHECK((static_cast<unsigned char>(both.client.output()[0]) & rsv1) != 0 || n == 0);
    both.to_server();
    CAF_REQUIRE_EQUAL(both.at_server.messages.size(), 1u);
    CAF_CHECK(both.at_server.messages.data(0) == payload);
    CAF_REQUIRE(both.server.write(both.at_server.messages.data(0), kind) == errc::none);
    CAF_CHECK(both.server.output().size() <= at_most);
    both.at_server.clear();
    both.to_client();
    CAF_REQUIRE_EQUAL(both.at_client.messages.size(), 1u);
    CAF_CHECK(both.at_client.messages.data(0) == payload);
    CAF_CHECK(both.at_client.messages[0].kind == kind);
    both.at_client.clear();
  }
}

} // namespace

CAF_TEST(group_12_every_kind_of_content_in_every_size) {
  const auto o = parameters(true, 15);
  for (const content make : {words, json, noise, zeros}) {
    for (const std::size_t n : {0, 1, 16, 64, 256, 1024, 4096})
      check_echoes(o, o, make, n, 50);
    for (const std::size_t n : {8192, 16'384, 32'768, 65'536, 131'072})
      check_echoes(o, o, make, n, 5);
  }
}

CAF_TEST(group_13_every_agreement) {
  for (const bool client_takeover : {true, false})
    for (const bool server_takeover : {true, false})
      for (const int client_bits : {9, 12, 15})
        for (const int server_bits : {9, 15}) {
          auto o = parameters(true, 15);
          o.client_context_takeover = client_takeover;
          o.server_context_takeover = server_takeover;
          o.client_window_bits = client_bits;
          o.server_window_bits = server_bits;
          const auto plain = parameters(true, 15);
          // Asked for by the client, by the server, by both.
          check_echoes(o, plain, json, 3'000, 3);
          check_echoes(plain, o, json, 3'000, 3);
          check_echoes(o, o, words, 20'000, 2);
        }
}

CAF_TEST(group_12_compressed_messages_in_fragments_with_pings_between) {
  // RFC 7692 §7.2.3.1: "Hello"; RSV1 is set on the first frame only.
  const auto hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"s;
  codec_options options;
  options.deflate = parameters(true, 15);
  const conformance_case rows[] = {
    {"12.x", "in one frame", {{fin | rsv1 | text, hello}}, {"text:Hello"}, {}},
    {"12.x",
     "in two",
     {{rsv1 | text, hello.substr(0, 3)}, {fin | continuation, hello.substr(3)}},
     {"text:Hello"},
     {}},
    {"12.x",
     "a ping between",
     {{rsv1 | text, hello.substr(0, 3)}, {fin | ping, "p"}, {fin | continuation, hello.substr(3)}},
     {"text:Hello"},
     {"p"}},
    {"12.x",
     "empty fragments around",
     {{rsv1 | text, ""}, {continuation, hello}, {continuation, ""}, {fin | continuation, ""}},
     {"text:Hello"},
     {}},
    {"12.x",
     "byte by byte, then one that is not compressed",
     {{rsv1 | text, hello.substr(0, 1)},
      {continuation, hello.substr(1, 1)},
      {continuation, hello.substr(2, 1)},
      {continuation, hello.substr(3, 1)},
      {fin | continuation, hello.substr(4)},
      {fin | text, "plain"}},
     {"text:Hello", "text:plain"},
     {}},
  };
  for (const auto& row : rows)
    CAF_CHECK_EQUAL(run_case(row, options).value_or(""), "");
}

CAF_TEST(group_12_the_examples_of_rfc_7692) {
  const auto hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"s;
  codec_options options;
  options.deflate = parameters(true, 15);
  const conformance_case rows[] = {
    {"12.x",
     "the window of the message before (§7.2.3.2)",
     {{fin | rsv1 | text, hello}, {fin | rsv1 | text, "\xf2\x00\x11\x00\x00"s}},
     {"text:Hello", "text:Hello"},
     {}},
    {"12.x",
     "a block without compression (§7.2.3.3)",
     {{fin | rsv1 | text, "\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s}},
     {"text:Hello"},
     {}},
    // What Beast's inflater does not read, though it may be sent; hardly anybody does.
    {"12.x",
     "a block that says it is the last (§7.2.3.4)",
     {{fin | rsv1 | text, "\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s}},
     {},
     {},
     fails(1007)},
    {"12.x",
     "two blocks (§7.2.3.5)",
     {{fin | rsv1 | text, "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s}},
     {"text:Hello"},
     {}},
    {"12.x", "an empty message (§7.2.3.6)", {{fin | rsv1 | text, "\x00"s}}, {"text:"}, {}},
    {"12.x",
     "what is no UTF-8 once it is inflated",
     {{fin | rsv1 | text, "\x00\x02\x00\xfd\xff\xc3\x28\x00"s}},
     {},
     {},
     fails(1007)},
    {"12.x",
     "a close frame within a message",
     {{rsv1 | text, hello.substr(0, 3)}, {fin | close_frame, close_payload(1000)}},
     {},
     {},
     closes(1000)},
  };
  for (const auto& row : rows)
    CAF_CHECK_EQUAL(run_case(row, options).value_or(""), "");
}

} // namespace deflate_conformance_test
