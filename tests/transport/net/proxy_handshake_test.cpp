// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE proxy_handshake

#include "net/http_connect.hpp"
#include "net/socks5.hpp"

#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <memory>
#include <string>
#include <vector>

namespace proxy_handshake_test {

using namespace wspool;
using namespace wspool::net;

namespace {

using bytes = std::string;

template <std::size_t N>
bytes raw(const char (&text)[N]) {
  return {text, N - 1};
}

/// What the answer makes of a handshake that waits for it.
std::string verdict(proxy_handshake& x, const bytes& answer) {
  (void)x.take_output();
  x.feed(answer);
  if (x.error())
    return to_string(x.error().code) + ": " + x.error().detail;
  return x.done() ? "done" : "more";
}

std::string http_verdict(const bytes& answer) {
  http_connect x{"host", 80, ""};
  return verdict(x, answer);
}

/// Feeds one answer after the other, checking what is said in between.
struct socks_talk {
  socks5 x;

  socks_talk& says(const bytes& expected) {
    CAF_CHECK_EQUAL(x.take_output(), expected);
    CAF_CHECK(x.take_output().empty());
    return *this;
  }

  socks_talk& hears(const bytes& answer) {
    x.feed(answer);
    return *this;
  }

  std::string end() { return verdict(x, ""); }
};

} // namespace

CAF_TEST(http_asks_for_the_host) {
  http_connect plain{"example.com", 443, ""};
  CAF_CHECK_EQUAL(plain.take_output(),
                  "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n");
  http_connect secret{"::1", 80, "Aladdin:open sesame"};
  CAF_CHECK_EQUAL(secret.take_output(),
                  "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n"
                  "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
}

CAF_TEST(http_success_is_any_200) {
  CAF_CHECK_EQUAL(http_verdict("HTTP/1.1 200 OK\r\n\r\n"), "done");
  CAF_CHECK_EQUAL(http_verdict("HTTP/1.0 200 Connection established\r\n\r\n"), "done");
  CAF_CHECK_EQUAL(http_verdict("HTTP/1.1 204 Fine\r\nContent-Length: 5\r\n\r\n"), "done");
  CAF_CHECK_EQUAL(http_verdict("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), "done");
  CAF_CHECK_EQUAL(http_verdict("HTTP/1.1 200 OK\r\n"), "more");
}

CAF_TEST(http_refusals_have_status_and_reason) {
  CAF_CHECK_EQUAL(http_verdict("HTTP/1.1 407 Proxy Authentication Required\r\n"
                               "Content-Length: 4\r\n\r\nbody"),
                  "proxy_refused: 407 Proxy Authentication Required");
  CAF_CHECK_EQUAL(http_verdict("HTTP/1.1 502 \r\n\r\n"), "proxy_refused: 502 Bad Gateway");
  CAF_CHECK_EQUAL(http_verdict("HTTP/1.1 301 Moved\r\nLocation: x\r\n\r\n"),
                  "proxy_refused: 301 Moved");
}

CAF_TEST(http_answers_that_are_not_http_are_told) {
  CAF_CHECK(http_verdict("220 mail.example ESMTP\r\n\r\n").starts_with("proxy_failed: "));
  CAF_CHECK(http_verdict("HTTP/1.1 xxx\r\n\r\n").starts_with("proxy_failed: "));
  CAF_CHECK_EQUAL(http_verdict("HTTP/1.1 200 OK\r\n\r\nextra"),
                  "proxy_failed: it sent more than its answer");
}

CAF_TEST(answers_are_bounded) {
  http_connect x{"host", 80, ""};
  x.feed("HTTP/1.1 200 OK\r\n");
  std::size_t fed = 0;
  while (!x.error() && fed < 1'000'000) {
    x.feed("X-Padding: 1234567890\r\n");
    fed += 23;
  }
  CAF_CHECK(x.error().code == errc::proxy_failed);
  CAF_CHECK(fed <= 17 * 1024);
}

CAF_TEST(socks_passes_a_name_on) {
  socks_talk talk{socks5{"example.com", 443, "", ""}};
  talk.says(raw("\5\1\0"))
    .hears(raw("\5\0"))
    .says(raw("\5\1\0\3\x0b"
              "example.com\x01\xbb"))
    .hears(raw("\5\0\0\1\1\2\3\4\0\x50"));
  CAF_CHECK_EQUAL(talk.end(), "done");
}

CAF_TEST(socks_passes_addresses_on) {
  socks_talk v4{socks5{"1.2.3.4", 80, "", ""}};
  v4.says(raw("\5\1\0")).hears(raw("\5\0")).says(raw("\5\1\0\1\1\2\3\4\0\x50"));
  v4.hears(raw("\5\0\0\4"
               "0123456789abcdef"
               "\0\x50"));
  CAF_CHECK_EQUAL(v4.end(), "done");
  socks_talk v6{socks5{"::1", 80, "", ""}};
  v6.says(raw("\5\1\0")).hears(raw("\5\0"));
  v6.says(raw("\5\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\x50"));
  v6.hears(raw("\5\0\0\3\4host\0\x50"));
  CAF_CHECK_EQUAL(v6.end(), "done");
}

CAF_TEST(socks_authenticates_when_asked) {
  socks_talk talk{socks5{"h", 80, "me", "secret"}};
  talk.says(raw("\5\2\0\2"))
    .hears(raw("\5\2"))
    .says(raw("\1\2me\6secret"))
    .hears(raw("\1\0"))
    .says(raw("\5\1\0\3\1h\0\x50"))
    .hears(raw("\5\0\0\1\0\0\0\0\0\0"));
  CAF_CHECK_EQUAL(talk.end(), "done");
  socks_talk open{socks5{"h", 80, "me", "secret"}}; // a proxy may do without
  open.says(raw("\5\2\0\2")).hears(raw("\5\0")).says(raw("\5\1\0\3\1h\0\x50"));
}

CAF_TEST(socks_refusals_have_reasons) {
  auto after = [](const std::vector<bytes>& answers, const std::string& user = "") {
    socks5 x{"h", 80, user, "p"};
    for (const auto& answer : answers) {
      (void)x.take_output();
      x.feed(answer);
    }
    return verdict(x, "");
  };
  CAF_CHECK_EQUAL(after({raw("\5\xff")}), "proxy_refused: it wants a user name and a password");
  CAF_CHECK_EQUAL(after({raw("\5\xff")}, "u"), "proxy_refused: it takes no user name and password");
  CAF_CHECK_EQUAL(after({raw("\5\2"), raw("\1\1")}, "u"),
                  "proxy_refused: it did not accept the user name and the password");
  CAF_CHECK_EQUAL(after({raw("\5\0"), raw("\5\5")}), "proxy_refused: connection refused");
  CAF_CHECK_EQUAL(after({raw("\5\0"), raw("\5\2\0\1")}), "proxy_refused: not allowed by its rules");
  CAF_CHECK_EQUAL(after({raw("\5\0"), raw("\5\x63")}), "proxy_refused: unknown reply");
}

CAF_TEST(socks_answers_that_make_no_sense_are_told) {
  auto after = [](const std::vector<bytes>& answers) {
    socks5 x{"h", 80, "", ""};
    for (const auto& answer : answers) {
      (void)x.take_output();
      x.feed(answer);
    }
    return to_string(x.error().code);
  };
  CAF_CHECK_EQUAL(after({"HTTP/1.1 400 Bad Request\r\n\r\n"}), "proxy_failed");
  CAF_CHECK_EQUAL(after({raw("\5\2")}), "proxy_failed"); // not offered
  CAF_CHECK_EQUAL(after({raw("\5\0\5")}), "proxy_failed");
  CAF_CHECK_EQUAL(after({raw("\5\0"), raw("\4\0")}), "proxy_failed");
  CAF_CHECK_EQUAL(after({raw("\5\0"), raw("\5\0\0\2\0\0\0\0\0\0")}), "proxy_failed");
  CAF_CHECK_EQUAL(after({raw("\5\0"), raw("\5\0\0\1\0\0\0\0\0\0more")}), "proxy_failed");
  socks5 long_name{std::string(256, 'a'), 80, "", ""};
  CAF_CHECK(long_name.error().code == errc::proxy_failed);
}

CAF_TEST(answers_may_come_in_any_pieces) {
  auto ok = rc::check("pieces", [] {
    std::unique_ptr<proxy_handshake> x;
    std::vector<bytes> answers;
    if (*rc::gen::arbitrary<bool>()) {
      x = std::make_unique<http_connect>("h", 80, "");
      answers = {"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"};
    } else {
      x = std::make_unique<socks5>("h", 80, "u", "p");
      answers = {raw("\5\2"), raw("\1\0"), raw("\5\0\0\3\4host\0\x50")};
    }
    for (const auto& answer : answers) {
      RC_ASSERT(!x->take_output().empty());
      std::size_t at = 0;
      while (at < answer.size()) {
        RC_ASSERT(!x->done());
        auto size = *rc::gen::inRange<std::size_t>(1, answer.size() - at + 1);
        x->feed(std::string_view{answer}.substr(at, size));
        at += size;
      }
    }
    RC_ASSERT(x->done());
  });
  CAF_CHECK(ok);
}

CAF_TEST(any_bytes_end_in_a_verdict_or_wait) {
  auto ok = rc::check("bytes", [] {
    std::unique_ptr<proxy_handshake> x;
    if (*rc::gen::arbitrary<bool>())
      x = std::make_unique<http_connect>("h", 80, "");
    else
      x = std::make_unique<socks5>("h", 80, "u", "p");
    for (const auto& piece : *rc::gen::arbitrary<std::vector<std::string>>()) {
      (void)x->take_output();
      x->feed(piece);
    }
    RC_ASSERT(!(x->done() && x->error()));
  });
  CAF_CHECK(ok);
}

} // namespace proxy_handshake_test
