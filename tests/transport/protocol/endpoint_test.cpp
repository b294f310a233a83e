// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE endpoint

#include <wspool/endpoint.hpp>

#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

namespace endpoint_test {

using namespace wspool;

namespace {

endpoint parsed(std::string_view url) {
  endpoint result;
  auto error = parse_endpoint(url, result);
  CAF_CHECK_EQUAL(error.detail, "");
  return result;
}

/// The detail of the error that the URL must give.
std::string refused(std::string_view url) {
  endpoint untouched;
  untouched.host = "untouched";
  auto error = parse_endpoint(url, untouched);
  CAF_CHECK(error.code == errc::invalid_url);
  CAF_CHECK_EQUAL(untouched.host, "untouched");
  return error.detail;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

void expect_refused(std::string_view url, std::string_view because) {
  auto detail = refused(url);
  CAF_MESSAGE(detail);
  CAF_CHECK(contains(detail, because));
}

std::string located(std::string_view base, std::string_view location) {
  endpoint result;
  if (auto error = resolve_location(parsed(base), location, result))
    return "error: " + error.detail;
  return result.url();
}

} // namespace

CAF_TEST(a_url_is_taken_apart) {
  auto x = parsed("ws://Example.com:8080/chat/room?q=1&r=a%20b");
  CAF_CHECK(!x.secure);
  CAF_CHECK_EQUAL(x.host, "example.com");
  CAF_CHECK_EQUAL(x.port, 8080);
  CAF_CHECK_EQUAL(x.target, "/chat/room?q=1&r=a%20b");
  CAF_CHECK_EQUAL(x.origin(), "ws://example.com:8080");
  CAF_CHECK_EQUAL(x.host_header(), "example.com:8080");
  CAF_CHECK_EQUAL(x.url(), "ws://example.com:8080/chat/room?q=1&r=a%20b");
}

CAF_TEST(schemes_have_ports_and_aliases) {
  CAF_CHECK_EQUAL(parsed("ws://a").port, 80);
  CAF_CHECK_EQUAL(parsed("wss://a").port, 443);
  CAF_CHECK_EQUAL(parsed("WSS://a").secure, true);
  CAF_CHECK(parsed("http://a/x") == parsed("ws://a/x"));
  CAF_CHECK(parsed("https://a/x") == parsed("wss://a/x"));
  CAF_CHECK(parsed("ws://a:/x") == parsed("ws://a/x"));
  CAF_CHECK(parsed("ws://a:80") == parsed("ws://a"));
  CAF_CHECK_EQUAL(parsed("wss://a:443").host_header(), "a");
  CAF_CHECK_EQUAL(parsed("wss://a:80").host_header(), "a:80");
  CAF_CHECK_EQUAL(parsed("wss://a:443").origin(), "wss://a:443");
}

CAF_TEST(a_missing_path_is_the_root) {
  CAF_CHECK_EQUAL(parsed("ws://a").target, "/");
  CAF_CHECK_EQUAL(parsed("ws://a?x=1").target, "/?x=1");
  CAF_CHECK_EQUAL(parsed("ws://a/?").target, "/?");
}

CAF_TEST(ipv6_addresses_lose_their_brackets_and_get_them_back) {
  auto x = parsed("ws://[0:0:0:0:0:0:0:1]:9000/");
  CAF_CHECK_EQUAL(x.host, "::1");
  CAF_CHECK_EQUAL(x.origin(), "ws://[::1]:9000");
  CAF_CHECK_EQUAL(parsed("wss://[2001:DB8::a]").host_header(), "[2001:db8::a]");
}

CAF_TEST(credentials_are_decoded_and_never_rendered) {
  auto x = parsed("wss://us%40er:p%3Aw%2F@host/x");
  CAF_CHECK_EQUAL(x.user, "us@er");
  CAF_CHECK_EQUAL(x.password, "p:w/");
  CAF_CHECK_EQUAL(x.url(), "wss://host/x");
  CAF_CHECK_EQUAL(x.origin(), "wss://host:443");
}

CAF_TEST(hosts_are_decoded_and_paths_are_encoded) {
  CAF_CHECK_EQUAL(parsed("ws://ex%61mple/").host, "example");
  CAF_CHECK_EQUAL(parsed("ws://a/?filter={\"x\":[1]}").target, "/?filter=%7B%22x%22:%5B1%5D%7D");
  CAF_CHECK_EQUAL(parsed("ws://a/caf\xc3\xa9").target, "/caf%C3%A9");
}

CAF_TEST(what_is_wrong_is_named) {
  expect_refused("", "empty");
  expect_refused("localhost:8080", "expected ws:// or wss://");
  expect_refused("://a", "no scheme");
  expect_refused("ftp://a/", "unsupported scheme \"ftp\"");
  expect_refused("ws://a/#top", "fragment");
  expect_refused("ws://a/#", "fragment");
  expect_refused("ws://", "no host");
  expect_refused("ws:///path", "no host");
  expect_refused("ws://:80/", "no host");
  expect_refused("ws://user@/", "no host");
  expect_refused("ws://a:http/", "port that is not a number");
  expect_refused("ws://a:0/", "1 to 65535");
  expect_refused("ws://a:65536/", "1 to 65535");
  expect_refused("ws://a:99999999999999999999/", "1 to 65535");
  expect_refused("ws://a b/", "space at byte 6");
  expect_refused(" ws://a/", "space at byte 0");
  expect_refused("ws://a/\n", "control character at byte 7");
  expect_refused(std::string_view{"ws://a/\0b", 9}, "control character at byte 7");
  expect_refused("ws://a/%zz", "byte 7 that is not followed by two hexadecimal digits");
  expect_refused("ws://a%00b/", "character in its host");
  expect_refused("ws://a%3Ab/", "character in its host"); // it would be printed as an IPv6 address
  expect_refused("ws://[::1/", "without its closing bracket");
  expect_refused("ws://[::g]/", "malformed IPv6 address");
  expect_refused("ws://[::1]x/", "malformed IPv6 address");
  expect_refused("ws://[::1]:x/", "port that is not a number");
  expect_refused("ws://[v1.x]/", "address family");
  expect_refused("ws://b\xc3\xbc"
                 "cher.example/",
                 "punycode");
  expect_refused("ws://u:%0d%0a@a/", "control character in its credentials");
}

CAF_TEST(errors_quote_the_input_without_its_control_characters) {
  CAF_CHECK(contains(refused("ws://a/\r\nX: y"), "\"ws://a/\\x0d\\x0aX: y\""));
  auto huge = refused("ws://" + std::string(100'000, ' '));
  CAF_CHECK(huge.size() < 400);
}

CAF_TEST(errors_do_not_tell_passwords) {
  for (std::string url :
       {"ftp://me:s3cret@a/", "ws://me:s3cret@a:x/", "ws://me:s3cret@a/#f", "ws://me:s3cret@ a/",
        "ws://me:/s3cret@a/#f", "ws://me:s3cret#@a/", "ws://me:s3cret@@a/", "me:s3cret@a",
        "ws://me:?s3cret@a:b/#", "ws://me:s3cret/x@a/", "ws:me:s3cret@a", "//me:s3cret@a/x",
        "ws://me:s3cret@"}) {
    auto detail = refused(url);
    CAF_MESSAGE(detail);
    CAF_CHECK(!contains(detail, "s3cret"));
  }
}

CAF_TEST(every_rendered_url_parses_to_itself) {
  auto ok = rc::check("url", [] {
    static const std::string letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    auto label = rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(letters)));
    endpoint x;
    x.secure = *rc::gen::arbitrary<bool>();
    x.host = *label + "." + *label;
    x.port = *rc::gen::inRange<std::uint16_t>(1, 65535);
    x.target = "/" + *rc::gen::container<std::string>(rc::gen::elementOf(letters + "/?=&.:~_"));
    endpoint again;
    RC_ASSERT(!parse_endpoint(x.url(), again));
    RC_ASSERT(again == x);
  });
  CAF_CHECK(ok);
}

CAF_TEST(any_bytes_are_parsed_or_refused) {
  auto ok = rc::check("bytes", [] {
    auto tail = *rc::gen::arbitrary<std::string>();
    auto url = *rc::gen::element<std::string>("", "ws://", "wss://u:p@", "ws://[") + tail;
    endpoint x;
    auto error = parse_endpoint(url, x);
    if (error) {
      RC_ASSERT(error.code == errc::invalid_url);
      RC_ASSERT(!error.detail.empty());
    } else {
      endpoint again;
      RC_ASSERT(!parse_endpoint(x.url(), again));
      RC_ASSERT(again.url() == x.url());
      RC_ASSERT(std::all_of(x.target.begin(), x.target.end(),
                            [](unsigned char c) { return c > 0x20 && c < 0x7f; }));
    }
  });
  CAF_CHECK(ok);
}

CAF_TEST(locations_are_absolute_or_relative) {
  CAF_CHECK_EQUAL(located("ws://a/x/y?q", "wss://b/z"), "wss://b/z");
  CAF_CHECK_EQUAL(located("ws://a/x/y?q", "https://b/z"), "wss://b/z");
  CAF_CHECK_EQUAL(located("ws://a:81/x/y?q", "/z?r"), "ws://a:81/z?r");
  CAF_CHECK_EQUAL(located("ws://a/x/y?q", "z"), "ws://a/x/z");
  CAF_CHECK_EQUAL(located("ws://a/x/y/", "../z"), "ws://a/x/z");
  CAF_CHECK_EQUAL(located("wss://a/x", "//b:444/z"), "wss://b:444/z");
  CAF_CHECK_EQUAL(located("ws://[::1]:81/x", "?r=1"), "ws://[::1]:81/x?r=1");
}

CAF_TEST(bad_locations_are_refused) {
  endpoint base = parsed("ws://a/x");
  for (std::string location : {"", "ftp://b/", "ws://b:x/", "/a b", "http://"}) {
    endpoint result;
    auto error = resolve_location(base, location, result);
    CAF_MESSAGE(error.detail);
    CAF_CHECK(error.code == errc::invalid_url);
    CAF_CHECK(!error.detail.empty());
  }
}

CAF_TEST(credentials_stay_with_their_origin) {
  auto base = parsed("ws://me:secret@a:81/x");
  auto user_at = [&](std::string_view location) {
    endpoint result;
    CAF_REQUIRE(!resolve_location(base, location, result));
    return result.user + ":" + result.password;
  };
  CAF_CHECK_EQUAL(user_at("/y"), "me:secret");
  CAF_CHECK_EQUAL(user_at("ws://a:81/y"), "me:secret");
  CAF_CHECK_EQUAL(user_at("ws://a/y"), ":");
  CAF_CHECK_EQUAL(user_at("wss://a:81/y"), ":");
  CAF_CHECK_EQUAL(user_at("ws://b:81/y"), ":");
  CAF_CHECK_EQUAL(user_at("ws://you:other@a:81/y"), "you:other");
}

} // namespace endpoint_test
