// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE proxy_settings

#include "protocol/proxy_settings.hpp"

#include "support/unit_test.hpp"

#include <map>
#include <string>

namespace proxy_settings_test {

using namespace wspool;

namespace {

using variables = std::map<std::string, std::string>;

endpoint to(std::string_view url) {
  endpoint result;
  CAF_REQUIRE(!parse_endpoint(url, result));
  return result;
}

/// The proxy on the way to a URL: its origin, "direct", or the error's detail.
std::string chosen(std::string_view url, const variables& set, const std::string& option = "") {
  proxy_settings result;
  auto getenv = [&](const char* name) -> const char* {
    auto found = set.find(name);
    return found == set.end() ? nullptr : found->second.c_str();
  };
  if (auto error = choose_proxy({option}, to(url), getenv, result))
    return error.detail;
  return result.kind == proxy_kind::none ? "direct" : result.origin();
}

bool exempt(std::string_view list, std::string_view url) { return is_exempt(list, to(url)); }

} // namespace

CAF_TEST(a_proxy_url_is_taken_apart) {
  proxy_settings x;
  CAF_REQUIRE(!parse_proxy("socks5h://me:pa%40ss@Proxy.example:9/", "proxy.url", x));
  CAF_CHECK(x.kind == proxy_kind::socks5h);
  CAF_CHECK_EQUAL(x.host, "proxy.example");
  CAF_CHECK_EQUAL(x.port, 9);
  CAF_CHECK_EQUAL(x.user, "me");
  CAF_CHECK_EQUAL(x.password, "pa@ss");
  CAF_CHECK_EQUAL(x.origin(), "socks5h://proxy.example:9");
}

CAF_TEST(proxies_have_default_ports_and_a_default_scheme) {
  CAF_CHECK_EQUAL(chosen("ws://a", {}, "http://p"), "http://p:3128");
  CAF_CHECK_EQUAL(chosen("ws://a", {}, "socks5://p"), "socks5://p:1080");
  CAF_CHECK_EQUAL(chosen("ws://a", {}, "p:8080"), "http://p:8080");
  CAF_CHECK_EQUAL(chosen("ws://a", {}, "socks5://[::1]:1"), "socks5://[::1]:1");
}

CAF_TEST(a_bad_proxy_is_named_without_its_password) {
  for (std::string url : {"https://me:s3cret@p", "socks4://me:s3cret@p", "http://me:s3cret@p:x",
                          "http://me:s3cret@", "http://me:s3cret@p/path", "http://me:s3cret@p?q",
                          "me:s3cret@p:0", "socks5://me:s3cret@p p"}) {
    proxy_settings x;
    auto error = parse_proxy(url, "proxy.url", x);
    CAF_MESSAGE(error.detail);
    CAF_CHECK(error.code == errc::invalid_option);
    CAF_CHECK(error.detail.starts_with("proxy.url: "));
    CAF_CHECK(error.detail.find("s3cret") == std::string::npos);
    CAF_CHECK(x.kind == proxy_kind::none);
  }
}

CAF_TEST(the_option_wins_over_the_environment) {
  variables set{{"ws_proxy", "http://env"}, {"no_proxy", "*"}};
  CAF_CHECK_EQUAL(chosen("ws://a", set, "http://option:1"), "http://option:1");
  CAF_CHECK_EQUAL(chosen("ws://a", {{"ws_proxy", "http://env"}}, "none"), "direct");
  CAF_CHECK_EQUAL(chosen("ws://a", {}), "direct");
}

CAF_TEST(the_environment_is_searched_in_order) {
  variables set{{"http_proxy", "http://h"}, {"https_proxy", "http://s"}};
  CAF_CHECK_EQUAL(chosen("ws://a", set), "http://h:3128");
  CAF_CHECK_EQUAL(chosen("wss://a", set), "http://s:3128");
  set["WS_PROXY"] = "http://W";
  set["wss_proxy"] = "socks5://ws";
  CAF_CHECK_EQUAL(chosen("ws://a", set), "http://w:3128");
  CAF_CHECK_EQUAL(chosen("wss://a", set), "socks5://ws:1080");
  set["ws_proxy"] = "http://lower";
  CAF_CHECK_EQUAL(chosen("ws://a", set), "http://lower:3128");
  set["ws_proxy"] = "";
  CAF_CHECK_EQUAL(chosen("ws://a", set), "http://w:3128");
  CAF_CHECK_EQUAL(chosen("wss://a", {{"HTTPS_PROXY", "p:1"}}), "http://p:1");
  CAF_CHECK_EQUAL(chosen("wss://a", {{"http_proxy", "p:1"}}), "direct");
}

CAF_TEST(a_cgi_program_does_not_take_a_requests_header_for_its_proxy) {
  CAF_CHECK_EQUAL(chosen("ws://a", {{"HTTP_PROXY", "p:1"}}), "http://p:1");
  CAF_CHECK_EQUAL(chosen("ws://a", {{"HTTP_PROXY", "p:1"}, {"REQUEST_METHOD", "GET"}}), "direct");
}

CAF_TEST(a_bad_variable_is_named) {
  auto detail = chosen("wss://a", {{"WSS_PROXY", "gopher://p"}});
  CAF_MESSAGE(detail);
  CAF_CHECK(detail.starts_with("environment variable WSS_PROXY: "));
  CAF_CHECK(detail.find("gopher") != std::string::npos);
}

CAF_TEST(no_proxy_exempts_domains_and_addresses) {
  CAF_CHECK(exempt("example.com", "ws://example.com"));
  CAF_CHECK(exempt("example.com", "ws://a.EXAMPLE.com"));
  CAF_CHECK(exempt(".example.com", "ws://example.com"));
  CAF_CHECK(exempt("*.example.com", "ws://a.example.com"));
  CAF_CHECK(exempt("a.b, Example.COM.", "ws://example.com"));
  CAF_CHECK(exempt("a.b example.com", "ws://example.com"));
  CAF_CHECK(exempt("*", "ws://anything"));
  CAF_CHECK(exempt("127.0.0.1", "ws://127.0.0.1:8080"));
  CAF_CHECK(exempt("::1", "ws://[::1]:8080"));
  CAF_CHECK(exempt("[0:0::1]", "ws://[::1]:8080"));
  CAF_CHECK(!exempt("", "ws://example.com"));
  CAF_CHECK(!exempt("example.com", "ws://notexample.com"));
  CAF_CHECK(!exempt("example.com", "ws://example.com.org"));
  CAF_CHECK(!exempt("a.example.com", "ws://example.com"));
  CAF_CHECK(!exempt("0.0.1", "ws://127.0.0.1"));
  CAF_CHECK(!exempt(".", "ws://example.com"));
  CAF_CHECK(!exempt(",, ,", "ws://example.com"));
}

CAF_TEST(no_proxy_entries_may_name_a_port) {
  CAF_CHECK(exempt("example.com:8080", "ws://example.com:8080"));
  CAF_CHECK(exempt("example.com:443", "wss://example.com"));
  CAF_CHECK(exempt("[::1]:81", "ws://[::1]:81"));
  CAF_CHECK(exempt("*:81", "ws://a:81"));
  CAF_CHECK(!exempt("example.com:8080", "ws://example.com"));
  CAF_CHECK(!exempt("[::1]:81", "ws://[::1]:82"));
  CAF_CHECK(!exempt("example.com:x", "ws://example.com"));
  CAF_CHECK(!exempt("example.com:99999", "ws://example.com"));
}

CAF_TEST(no_proxy_applies_to_the_environment) {
  variables set{{"ws_proxy", "http://p"}, {"NO_PROXY", "localhost,.internal"}};
  CAF_CHECK_EQUAL(chosen("ws://localhost:1", set), "direct");
  CAF_CHECK_EQUAL(chosen("ws://a.internal", set), "direct");
  CAF_CHECK_EQUAL(chosen("ws://a.external", set), "http://p:3128");
}

} // namespace proxy_settings_test
