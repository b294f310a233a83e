// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE opening

#include "support/unit_test.hpp"

#include "pool/opening.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <vector>

namespace opening_test {

using namespace wspool;

namespace {

endpoint parsed(const std::string& url) {
  endpoint result;
  if (auto bad = parse_endpoint(url, result))
    CAF_FAIL(bad.message());
  return result;
}

opening first_attempt(const connect_options& options, const std::string& url) {
  return {options, parsed(url), 1, false};
}

handshake_request request_of(const opening& x) {
  handshake_request result;
  if (auto bad = x.make_request(result))
    CAF_FAIL(bad.message());
  return result;
}

/// All values of a header, joined by '|'.
std::string values(const handshake_request& request, std::string name) {
  auto lower = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
  };
  std::string result;
  for (const auto& h : request.headers)
    if (lower(h.name) == lower(name))
      result += (result.empty() ? "" : "|") + h.value;
  return result;
}

upgrade_response redirect(const std::string& location, unsigned status = 302) {
  upgrade_response result;
  result.status = status;
  if (!location.empty())
    result.headers.push_back({"Location", location});
  return result;
}

/// Options with something secret in every place.
connect_options full_of_secrets() {
  connect_options result;
  result.upgrade.max_redirects = 5;
  result.upgrade.basic = "user:secret";
  result.upgrade.headers = {{"Cookie", "secret"}, {"X-Api-Key", "secret"}};
  result.upgrade.provider = [](const attempt_info&) {
    return std::vector<header>{
      {"authorization", "Bearer secret"}, {"Proxy-Authorization", "secret"}, {"X-Token", "secret"}};
  };
  return result;
}

} // namespace

// -- the request ----------------------------------------------------------------------------------

CAF_TEST(a_plain_request_has_a_host_a_target_and_nothing_else) {
  connect_options options;
  const auto request = request_of(first_attempt(options, "ws://example.org:9001/chat?room=1"));
  CAF_CHECK_EQUAL(request.host, "example.org:9001");
  CAF_CHECK_EQUAL(request.target, "/chat?room=1");
  CAF_CHECK(request.headers.empty());
}

CAF_TEST(the_schemes_own_port_is_not_named) {
  connect_options options;
  CAF_CHECK_EQUAL(request_of(first_attempt(options, "wss://example.org:443/")).host, "example.org");
  CAF_CHECK_EQUAL(request_of(first_attempt(options, "ws://example.org:443/")).host,
                  "example.org:443");
}

CAF_TEST(headers_origin_and_subprotocols_are_sent) {
  connect_options options;
  options.upgrade.headers = {{"X-A", "1"}, {"X-A", "2"}, {"Origin", "https://old"}};
  options.upgrade.origin = "https://example.org";
  options.upgrade.subprotocols = {"mqtt", "wamp"};
  const auto request = request_of(first_attempt(options, "ws://example.org/"));
  CAF_CHECK_EQUAL(values(request, "X-A"), "1|2");
  CAF_CHECK_EQUAL(values(request, "Origin"), "https://example.org");
  CAF_CHECK_EQUAL(values(request, "Sec-WebSocket-Protocol"), "mqtt, wamp");
}

// -- credentials ----------------------------------------------------------------------------------

CAF_TEST(credentials_of_the_url_win_over_those_of_the_options) {
  connect_options options;
  options.upgrade.basic = "user:password";
  // RFC 7617, section 2.
  const auto of_url = request_of(first_attempt(options, "ws://Aladdin:open%20sesame@example.org/"));
  CAF_CHECK_EQUAL(values(of_url, "Authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  const auto of_options = request_of(first_attempt(options, "ws://example.org/"));
  CAF_CHECK_EQUAL(values(of_options, "Authorization"), "Basic dXNlcjpwYXNzd29yZA==");
}

CAF_TEST(a_bearer_token_is_sent_as_it_is) {
  connect_options options;
  options.upgrade.bearer = "abc.def";
  CAF_CHECK_EQUAL(values(request_of(first_attempt(options, "wss://example.org/")), "Authorization"),
                  "Bearer abc.def");
}

CAF_TEST(credentials_replace_a_fixed_header_of_that_name) {
  connect_options options;
  options.upgrade.headers = {{"authorization", "old"}};
  options.upgrade.bearer = "new";
  CAF_CHECK_EQUAL(values(request_of(first_attempt(options, "wss://example.org/")), "Authorization"),
                  "Bearer new");
}

CAF_TEST(any_credentials_are_encoded_so_that_they_can_be_decoded) {
  CAF_CHECK(rc::check("base64 of every length and byte", [] {
    connect_options options;
    options.upgrade.basic = *rc::gen::arbitrary<std::string>() + ":";
    const auto request = request_of(first_attempt(options, "ws://example.org/"));
    const auto value = values(request, "Authorization");
    RC_ASSERT(value.rfind("Basic ", 0) == 0);
    static const std::string alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string decoded;
    unsigned bits = 0;
    int held = 0;
    for (auto c : value.substr(6)) {
      if (c == '=')
        break;
      bits = bits << 6 | static_cast<unsigned>(alphabet.find(c));
      if ((held += 6) >= 8) {
        held -= 8;
        decoded += static_cast<char>(bits >> held & 0xff);
      }
    }
    RC_ASSERT(decoded == options.upgrade.basic);
    RC_ASSERT(value.substr(6).size() % 4 == 0u);
  }));
}

// -- the provider ---------------------------------------------------------------------------------

CAF_TEST(a_provider_is_asked_for_every_attempt_and_told_about_it) {
  std::vector<attempt_info> asked;
  connect_options options;
  options.upgrade.provider = [&](const attempt_info& info) {
    asked.push_back(info);
    return std::vector<header>{{"X-Attempt", std::to_string(asked.size())}};
  };
  const opening x{options, parsed("wss://example.org/chat"), 3, true};
  CAF_CHECK_EQUAL(values(request_of(x), "X-Attempt"), "1");
  CAF_CHECK_EQUAL(values(request_of(x), "X-Attempt"), "2");
  CAF_REQUIRE_EQUAL(asked.size(), 2u);
  CAF_CHECK_EQUAL(asked[1].target.url(), "wss://example.org/chat");
  CAF_CHECK_EQUAL(asked[1].attempt, 3u);
  CAF_CHECK(asked[1].refresh);
}

CAF_TEST(a_providers_headers_replace_all_fixed_ones_of_their_names) {
  connect_options options;
  options.upgrade.headers = {{"x-token", "old"}, {"X-Token", "older"}, {"X-Other", "stays"}};
  options.upgrade.basic = "user:old";
  options.upgrade.provider = [](const attempt_info&) {
    return std::vector<header>{{"X-TOKEN", "new"}, {"AUTHORIZATION", "Bearer new"}};
  };
  const auto request = request_of(first_attempt(options, "wss://example.org/"));
  CAF_CHECK_EQUAL(values(request, "X-Token"), "new");
  CAF_CHECK_EQUAL(values(request, "X-Other"), "stays");
  CAF_CHECK_EQUAL(values(request, "Authorization"), "Bearer new");
}

CAF_TEST(headers_that_must_not_be_sent_are_errors_whoever_gives_them) {
  for (const header& bad : {header{"Host", "x"}, header{"upgrade", "x"}, header{"Connection", "x"},
                            header{"Sec-WebSocket-Key", "x"}, header{"Sec-WebSocket-Protocol", "x"},
                            header{"X-A", "a\r\nX-B: b"}, header{"X-A", "a\nb"}, header{"X A", "x"},
                            header{"", "x"}, header{"X-A:", "x"}, header{"X-\xc3\xa4", "x"}}) {
    CAF_MESSAGE(bad.name);
    connect_options fixed;
    fixed.upgrade.headers = {bad};
    connect_options provided;
    provided.upgrade.provider = [&](const attempt_info&) { return std::vector<header>{bad}; };
    for (const auto* options : {&fixed, &provided}) {
      handshake_request request;
      const auto why = first_attempt(*options, "ws://example.org/").make_request(request);
      CAF_CHECK(why.code == errc::invalid_header);
    }
  }
}

// -- redirects ------------------------------------------------------------------------------------

CAF_TEST(five_statuses_are_redirects) {
  for (unsigned status : {301u, 302u, 303u, 307u, 308u})
    CAF_CHECK(opening::is_redirect(status));
  for (unsigned status : {101u, 200u, 300u, 304u, 305u, 306u, 309u, 400u, 401u, 503u})
    CAF_CHECK(!opening::is_redirect(status));
}

CAF_TEST(redirects_are_off_by_default) {
  connect_options options;
  auto x = first_attempt(options, "ws://example.org/");
  CAF_CHECK(x.follow(redirect("/other")).code == errc::too_many_redirects);
  CAF_CHECK_EQUAL(x.target().target, "/");
}

CAF_TEST(as_many_redirects_are_followed_as_the_options_allow) {
  connect_options options;
  options.upgrade.max_redirects = 2;
  auto x = first_attempt(options, "ws://example.org/");
  CAF_CHECK(!x.follow(redirect("/1")));
  CAF_CHECK(!x.follow(redirect("ws://example.com/2")));
  CAF_CHECK_EQUAL(x.target().url(), "ws://example.com/2");
  CAF_CHECK(x.follow(redirect("/3")).code == errc::too_many_redirects);
  CAF_CHECK_EQUAL(x.target().url(), "ws://example.com/2");
}

CAF_TEST(a_redirect_may_be_relative_and_may_use_the_schemes_of_http) {
  connect_options options;
  options.upgrade.max_redirects = 9;
  auto x = first_attempt(options, "ws://example.org/a/b?c");
  CAF_CHECK(!x.follow(redirect("d")));
  CAF_CHECK_EQUAL(x.target().url(), "ws://example.org/a/d");
  CAF_CHECK(!x.follow(redirect("https://example.com/e")));
  CAF_CHECK_EQUAL(x.target().url(), "wss://example.com/e");
  CAF_CHECK_EQUAL(request_of(x).host, "example.com");
}

CAF_TEST(a_redirect_to_nowhere_is_an_error_that_changes_nothing) {
  connect_options options;
  options.upgrade.max_redirects = 9;
  auto x = first_attempt(options, "wss://example.org/a");
  for (const char* location : {"", "ftp://example.org/", "wss://", "wss://exa mple.org/"}) {
    CAF_MESSAGE(location);
    CAF_CHECK(x.follow(redirect(location)).code == errc::invalid_url);
  }
  // Never from an encrypted connection to one that is not.
  CAF_CHECK(x.follow(redirect("ws://example.org/a")).code == errc::upgrade_refused);
  CAF_CHECK(x.follow(redirect("http://example.org/a")).code == errc::upgrade_refused);
  CAF_CHECK_EQUAL(x.target().url(), "wss://example.org/a");
}

CAF_TEST(credentials_follow_a_redirect_within_their_origin) {
  const auto options = full_of_secrets();
  auto x = first_attempt(options, "wss://example.org/a");
  CAF_CHECK(!x.follow(redirect("/b")));
  const auto request = request_of(x);
  CAF_CHECK_EQUAL(values(request, "Authorization"), "Bearer secret");
  CAF_CHECK_EQUAL(values(request, "Cookie"), "secret");

  connect_options plain;
  plain.upgrade.max_redirects = 1;
  auto y = first_attempt(plain, "wss://Aladdin:open%20sesame@example.org/a");
  CAF_CHECK(!y.follow(redirect("https://example.org/b")));
  CAF_CHECK_EQUAL(values(request_of(y), "Authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

CAF_TEST(no_credentials_go_to_another_origin) {
  const auto options = full_of_secrets();
  // Another host, port or scheme; a name that looks alike; credentials that the server would put
  // in our mouth.
  for (const char* location : {"wss://example.com/", "wss://example.org:444/", "//example.com/x",
                               "wss://example.org.evil.com/", "wss://example.org@evil.com/",
                               "wss://mallory:secret@evil.com/"}) {
    CAF_MESSAGE(location);
    auto x = first_attempt(options, "wss://user:secret@example.org/");
    CAF_CHECK(!x.follow(redirect(location)));
    const auto request = request_of(x);
    for (const auto& h : request.headers)
      CAF_CHECK(h.value.find("secret") == std::string::npos);
    CAF_CHECK_EQUAL(values(request, "Authorization"), "");
    CAF_CHECK(x.target().user.empty() && x.target().password.empty());
  }
  // From ws to wss of the same host: another origin too.
  auto y = first_attempt(options, "ws://example.org/");
  CAF_CHECK(!y.follow(redirect("wss://example.org/")));
  CAF_CHECK_EQUAL(values(request_of(y), "Authorization"), "");
}

CAF_TEST(credentials_are_back_when_a_detour_leads_home) {
  connect_options options;
  options.upgrade.max_redirects = 2;
  auto x = first_attempt(options, "wss://Aladdin:open%20sesame@example.org/a");
  CAF_CHECK(!x.follow(redirect("wss://example.com/b")));
  CAF_CHECK_EQUAL(values(request_of(x), "Authorization"), "");
  CAF_CHECK(!x.follow(redirect("wss://example.org/c")));
  CAF_CHECK_EQUAL(values(request_of(x), "Authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

CAF_TEST(the_provider_learns_where_a_redirect_led_within_its_origin) {
  std::vector<std::string> asked_for;
  connect_options options;
  options.upgrade.max_redirects = 2;
  options.upgrade.provider = [&](const attempt_info& info) {
    asked_for.push_back(info.target.url());
    return std::vector<header>{};
  };
  auto x = first_attempt(options, "wss://example.org/");
  CAF_CHECK(!x.follow(redirect("/there")));
  (void)request_of(x);
  CAF_CHECK(!x.follow(redirect("wss://example.com/")));
  (void)request_of(x);
  CAF_REQUIRE_EQUAL(asked_for.size(), 1u);
  CAF_CHECK(asked_for[0].ends_with("example.org/there"));
}

} // namespace opening_test
