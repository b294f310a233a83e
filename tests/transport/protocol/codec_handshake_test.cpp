// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE codec_handshake

#include "support/unit_test.hpp"

#include "codec_peer.hpp"

namespace codec_handshake_test {

using namespace wspool;
using namespace wspool::test;

// The opening handshake of RFC 6455 §4, with servers of every sort.

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

const std::vector<header> offers_chat{{"Sec-WebSocket-Protocol", "chat, superchat"}};

/// A client that waits for an answer, and the right answer to it, as a server of ours gives it.
struct asked {
  explicit asked(const std::vector<header>& headers = {}, const codec_options& options = {},
                 const accept_options& accept = {})
    : client(role::client, options) {
    client.start_handshake({"example.com", "/", headers});
    codec server{role::server, options};
    decoded none;
    server.feed(client.output(), none);
    server.accept(accept);
    answer = server.output();
    client.output().clear();
  }

  /// The answer with a part replaced.
  std::string with(std::string_view part, std::string_view by) const {
    auto s = answer;
    const auto at = s.find(part);
    CAF_REQUIRE(at != std::string::npos);
    return s.replace(at, part.size(), by);
  }

  std::string with_header(std::string_view line) const {
    return with("\r\n\r\n", "\r\n" + std::string{line} + "\r\n\r\n");
  }

  codec client;
  std::string answer;
  decoded out;
};

void check_failed(asked& a, std::string_view answer, errc code, std::string_view detail) {
  a.client.feed(answer, a.out);
  CAF_CHECK_EQUAL(a.client.state(), codec::phase::failed);
  CAF_CHECK_EQUAL(name_of(a.client.error().code), name_of(code));
  CAF_CHECK(contains(a.client.error().detail, detail));
  if (!contains(a.client.error().detail, detail))
    CAF_MESSAGE("detail: " << a.client.error().detail << ", expected: " << detail);
}

const std::string upgrade_request_text = "GET /chat?x=1 HTTP/1.1\r\n"
                                         "Host: example.com\r\n"
                                         "Upgrade: websocket\r\n"
                                         "Connection: keep-alive, Upgrade\r\n"
                                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                         "Sec-WebSocket-Version: 13\r\n"
                                         "\r\n";

std::string request_with(std::string_view part, std::string_view by) {
  auto s = upgrade_request_text;
  const auto at = s.find(part);
  CAF_REQUIRE(at != std::string::npos);
  return s.replace(at, part.size(), by);
}

} // namespace

// -- client --------------------------------------------------------------------------------------

CAF_TEST(a_client_asks_as_the_rfc_says) {
  codec c{role::client, {}};
  c.start_handshake({"example.com:8080", "/chat?x=1", {{"Origin", "http://o"}, {"X-A", "1"}}});
  CAF_CHECK_EQUAL(c.state(), codec::phase::opening);
  const auto& text = c.output();
  CAF_CHECK(text.starts_with("GET /chat?x=1 HTTP/1.1\r\n"));
  CAF_CHECK(text.ends_with("\r\n\r\n"));
  for (const auto* line : {"Host: example.com:8080\r\n", "Upgrade: websocket\r\n",
                           "Connection: Upgrade\r\n", "Sec-WebSocket-Version: 13\r\n",
                           "Origin: http://o\r\n", "X-A: 1\r\n", "Sec-WebSocket-Key: "})
    CAF_CHECK(contains(text, line));
  CAF_CHECK(!contains(text, "Sec-WebSocket-Extensions"));
  codec again{role::client, {}};
  again.start_handshake({"example.com:8080", "/chat?x=1", {{"Origin", "http://o"}, {"X-A", "1"}}});
  CAF_CHECK(again.output() != text); // the key is drawn afresh
}

CAF_TEST(both_sides_open_and_tell_what_was_agreed) {
  duo d;
  CAF_REQUIRE(d.open(offers_chat, {{{"X-Server", "yes"}}, "superchat"}));
  CAF_CHECK_EQUAL(d.server.request().method, "GET");
  CAF_CHECK_EQUAL(d.server.request().target, "/chat");
  CAF_CHECK(d.server.request().header_value("sec-websocket-protocol") == "chat, superchat");
  CAF_CHECK(d.server.request().header_value("no-such").empty());
  CAF_CHECK_EQUAL(d.client.response().status, 101u);
  CAF_CHECK_EQUAL(d.client.subprotocol(), "superchat");
  CAF_CHECK_EQUAL(d.server.subprotocol(), "superchat");
  CAF_CHECK(!d.client.deflate());
  bool seen = false;
  for (const auto& h : d.client.response().headers)
    seen = seen || (h.name == "X-Server" && h.value == "yes");
  CAF_CHECK(seen);
}

CAF_TEST(an_answer_may_come_byte_by_byte_with_frames_behind_it) {
  for (const std::vector<std::size_t>& pieces : {std::vector<std::size_t>{}, {1}, {100, 3}}) {
    asked a;
    const auto wire = a.answer + frame(role::server, fin | 1, "first")
                      + frame(role::server, fin | 9, "p") + frame(role::server, fin | 2, "second");
    feed_in_pieces(a.client, wire, pieces, a.out);
    CAF_CHECK_EQUAL(a.client.state(), codec::phase::open);
    CAF_CHECK(texts(a.out.messages) == std::vector<std::string>({"text:first", "binary:second"}));
    CAF_CHECK_EQUAL(a.out.controls.size(), 1u);
  }
}

CAF_TEST(names_and_values_of_an_answer_may_be_written_in_any_case) {
  asked a;
  auto answer = a.with("Upgrade: websocket", "uPGRADE: WebSocket");
  const auto at = answer.find("Connection: Upgrade");
  CAF_REQUIRE(at != std::string::npos);
  answer.replace(at, 19, "CONNECTION: keep-alive\r\nConnection: UPGRADE");
  a.client.feed(answer, a.out);
  CAF_CHECK_EQUAL(a.client.state(), codec::phase::open);
}

CAF_TEST(a_head_larger_than_beasts_own_limit_is_read) {
  asked a;
  a.client.feed(a.with_header("X-Long: " + std::string(12'000, 'x')), a.out);
  CAF_CHECK_EQUAL(a.client.state(), codec::phase::open);
}

CAF_TEST(an_answer_that_is_not_an_upgrade_fails) {
  {
    asked a;
    check_failed(a, a.with("Sec-WebSocket-Accept: ", "Sec-WebSocket-Accept: x"),
                 errc::upgrade_invalid, "Sec-WebSocket-Accept");
  }
  {
    asked a;
    check_failed(a, a.with("Sec-WebSocket-Accept", "X-Accept"), errc::upgrade_invalid,
                 "Sec-WebSocket-Accept");
  }
  {
    asked a;
    check_failed(a, a.with("Upgrade: websocket", "Upgrade: h2c"), errc::upgrade_invalid, "\"h2c\"");
  }
  {
    asked a;
    check_failed(a, a.with("Upgrade: websocket\r\n", ""), errc::upgrade_invalid, "nothing");
  }
  {
    asked a;
    check_failed(a, a.with("Connection: Upgrade", "Connection: close"), errc::upgrade_invalid,
                 "Connection: Upgrade");
  }
  {
    asked a;
    check_failed(a, a.with("HTTP/1.1", "HTTP/1.0"), errc::upgrade_invalid, "HTTP/1.0");
  }
}

CAF_TEST(a_subprotocol_that_was_not_offered_fails) {
  {
    asked a;
    check_failed(a, a.with_header("Sec-WebSocket-Protocol: chat"), errc::subprotocol_mismatch,
                 "\"chat\", offered was nothing");
  }
  {
    asked a{offers_chat};
    check_failed(a, a.with_header("Sec-WebSocket-Protocol: Chat"), errc::subprotocol_mismatch,
                 "\"Chat\", offered was \"chat, superchat\"");
  }
  {
    asked a{offers_chat}; // one, not a list (RFC 6455 §4.2.2)
    check_failed(a, a.with_header("Sec-WebSocket-Protocol: chat, superchat"),
                 errc::subprotocol_mismatch, "\"chat, superchat\"");
  }
  asked none{offers_chat};
  none.client.feed(none.answer, none.out);
  CAF_CHECK_EQUAL(none.client.state(), codec::phase::open);
  CAF_CHECK(none.client.subprotocol().empty());
}

CAF_TEST(an_extension_that_was_not_offered_fails) {
  {
    asked a;
    check_failed(a, a.with_header("Sec-WebSocket-Extensions: permessage-deflate"),
                 errc::upgrade_invalid, "permessage-deflate");
  }
  {
    asked a;
    check_failed(a, a.with_header("Sec-WebSocket-Extensions: x-mux; a=b"), errc::upgrade_invalid,
                 "x-mux");
  }
  {
    asked a;
    check_failed(a, a.with_header("Sec-WebSocket-Extensions: ;;;"), errc::upgrade_invalid, "\"\"");
  }
}

CAF_TEST(what_is_not_http_fails_at_once_and_is_quoted) {
  {
    asked a;
    check_failed(a, "SSH-2.0-OpenSSH_9.2p1\r\n", errc::upgrade_invalid, "\"SSH-2.0-OpenSSH");
  }
  {
    asked a;
    check_failed(a, "H\x01", errc::upgrade_invalid, "\"H\\x01\"");
  }
  {
    asked a;
    check_failed(a, std::string_view{"\x15\x03\x01\x00\x02\x02\x46", 7}, errc::upgrade_invalid,
                 "TLS");
  }
  {
    asked a;
    check_failed(a, "HTTP/2 101 Switching\r\n\r\n", errc::upgrade_invalid, "HTTP/2");
  }
  {
    asked a;
    check_failed(a, "HTTP/1.1 abc\r\n\r\n", errc::upgrade_invalid, "malformed HTTP");
  }
  {
    asked a;
    check_failed(a, "HTTP/1.1 101 OK\r\nno colon\r\n\r\n", errc::upgrade_invalid, "malformed HTTP");
  }
}

CAF_TEST(a_head_above_the_limit_fails) {
  codec_options options;
  options.limits.max_header_bytes = 1'000;
  for (const bool whole : {true, false}) {
    asked a{{}, options};
    auto answer = a.with_header("X-Long: " + std::string(1'000, 'x'));
    if (!whole) // also while it has no end
      answer.resize(1'100);
    check_failed(a, answer, errc::upgrade_invalid, "max_header_bytes = 1000");
  }
}

CAF_TEST(headers_longer_than_beast_can_hold_fail_whatever_the_limit) {
  codec_options options;
  options.limits.max_header_bytes = 10'000'000;
  const auto line = "X-Long: " + std::string(70'000, 'x');
  asked a{{}, options};
  check_failed(a, a.with_header(line), errc::upgrade_invalid, "max_header_bytes = 65535");
  codec s{role::server, options};
  s.feed(request_with("\r\n\r\n", "\r\n" + line + "\r\n\r\n"), a.out);
  CAF_CHECK_EQUAL(s.state(), codec::phase::failed);
}

CAF_TEST(a_refusal_is_told_with_its_body) {
  for (const std::vector<std::size_t>& pieces : {std::vector<std::size_t>{}, {1}}) {
    asked a;
    feed_in_pieces(a.client,
                   "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 4\r\n"
                   "\r\nbusy",
                   pieces, a.out);
    CAF_CHECK_EQUAL(a.client.state(), codec::phase::refused);
    CAF_CHECK_EQUAL(a.client.response().status, 503u);
    CAF_CHECK_EQUAL(a.client.response().reason, "Service Unavailable");
    CAF_CHECK_EQUAL(a.client.response().body, "busy");
    CAF_REQUIRE_EQUAL(a.client.response().headers.size(), 2u);
    CAF_CHECK_EQUAL(a.client.response().headers[0].name, "Retry-After");
    CAF_CHECK_EQUAL(a.client.response().headers[0].value, "7");
    CAF_CHECK_EQUAL(name_of(a.client.error().code), "upgrade_refused");
    CAF_CHECK_EQUAL(a.client.error().detail, "HTTP 503 Service Unavailable");
  }
}

CAF_TEST(a_refusal_without_a_body_is_told_at_once) {
  asked a;
  a.client.feed("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", a.out);
  CAF_CHECK_EQUAL(a.client.state(), codec::phase::refused);
  asked b;
  b.client.feed("HTTP/1.1 204 No Content\r\n\r\n", b.out);
  CAF_CHECK_EQUAL(b.client.state(), codec::phase::refused);
}

CAF_TEST(a_refusal_in_chunks_is_put_together) {
  asked a;
  feed_in_pieces(a.client,
                 "HTTP/1.1 429 Too Many Requests\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "3\r\nslo\r\n2\r\nw!\r\n0\r\n\r\n",
                 {1}, a.out);
  CAF_CHECK_EQUAL(a.client.state(), codec::phase::refused);
  CAF_CHECK_EQUAL(a.client.response().body, "slow!");
}

CAF_TEST(a_refusal_may_have_no_chunks_but_the_last) {
  for (const std::vector<std::size_t>& pieces : {std::vector<std::size_t>{}, {1}, {3}, {4}}) {
    asked a;
    feed_in_pieces(a.client,
                   "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", pieces,
                   a.out);
    CAF_CHECK_EQUAL(a.client.state(), codec::phase::refused);
    CAF_CHECK_EQUAL(a.client.response().body, "");
  }
}

CAF_TEST(a_trailer_of_a_refusal_is_no_header) {
  // RFC 9110 §6.5.1; it was one where all came in one read.
  for (const std::vector<std::size_t>& pieces : {std::vector<std::size_t>{}, {1}}) {
    asked a;
    feed_in_pieces(a.client,
                   "HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n"
                   "Trailer: Retry-After\r\n\r\n5\r\nlater\r\n0\r\nRetry-After: 1\r\n\r\n",
                   pieces, a.out);
    CAF_CHECK_EQUAL(a.client.state(), codec::phase::refused);
    CAF_CHECK_EQUAL(a.client.response().body, "later");
    CAF_CHECK_EQUAL(a.client.response().header_value("Retry-After"), "");
    CAF_CHECK_EQUAL(a.client.response().headers.size(), 2u);
  }
}

CAF_TEST(a_refusal_lasts_until_the_end_of_the_stream_where_it_has_no_length) {
  asked a;
  a.client.feed("HTTP/1.0 500 Oops\r\n\r\nall is", a.out);
  CAF_CHECK_EQUAL(a.client.state(), codec::phase::opening);
  a.client.feed(" lost", a.out);
  a.client.end_of_input();
  CAF_CHECK_EQUAL(a.client.state(), codec::phase::refused);
  CAF_CHECK_EQUAL(a.client.response().body, "all is lost");
}

CAF_TEST(of_a_large_refusal_the_first_4_kib_are_kept) {
  for (const auto* length : {"", "Content-Length: 10000000000\r\n", "Content-Length: 5000\r\n"}) {
    asked a;
    a.client.feed("HTTP/1.1 404 Not Found\r\n" + std::string{length} + "\r\n", a.out);
    CAF_CHECK_EQUAL(a.client.state(), codec::phase::opening);
    a.client.feed(std::string(3'000, 'a'), a.out);
    CAF_CHECK_EQUAL(a.client.state(), codec::phase::opening);
    a.client.feed(std::string(2'000, 'b'), a.out);
    CAF_CHECK_EQUAL(a.client.state(), codec::phase::refused);
    CAF_CHECK_EQUAL(a.client.response().body, std::string(3'000, 'a') + std::string(1'096, 'b'));
  }
}

CAF_TEST(a_stream_that_ends_before_the_answer_fails) {
  asked a;
  a.client.end_of_input();
  CAF_CHECK_EQUAL(a.client.state(), codec::phase::failed);
  CAF_CHECK_EQUAL(name_of(a.client.error().code), "end_of_stream");
  asked b;
  b.client.feed("HTTP/1.1 101 Swi", b.out);
  b.client.end_of_input();
  CAF_CHECK_EQUAL(b.client.state(), codec::phase::failed);
  CAF_CHECK(contains(b.client.error().detail, "in the middle"));
}

CAF_TEST(interim_answers_are_passed_over) {
  for (const std::vector<std::size_t>& pieces : {std::vector<std::size_t>{}, {1}}) {
    asked a;
    feed_in_pieces(a.client,
                   "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                     + a.answer + frame(role::server, fin | 1, "x"),
                   pieces, a.out);
    CAF_CHECK_EQUAL(a.client.state(), codec::phase::open);
    CAF_CHECK_EQUAL(a.out.messages.size(), 1u);
  }
  asked b;
  std::string endless;
  for (int i = 0; i < 100; ++i)
    endless += "HTTP/1.1 100 Continue\r\n\r\n";
  check_failed(b, endless, errc::upgrade_invalid, "interim");
}

CAF_TEST(headers_that_would_break_the_request_are_not_sent) {
  const std::vector<header> bad[] = {{{"X-A", "1\r\nX-B: 2"}},
                                     {{"X-A", "1\n"}},
                                     {{"X A", "1"}},
                                     {{"", "1"}},
                                     {{"X-A:", "1"}},
                                     {{"X-A", std::string(1, '\0')}},
                                     {{"X-A", std::string(70'000, 'x')}}};
  for (const auto& headers : bad) {
    codec c{role::client, {}};
    c.start_handshake({"h", "/", headers});
    CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
    CAF_CHECK_EQUAL(name_of(c.error().code), "invalid_header");
    CAF_CHECK(c.output().empty());
  }
  for (const auto* target : {"/ x", "/\r\n", ""}) {
    codec c{role::client, {}};
    c.start_handshake({"h", target, {}});
    CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
    CAF_CHECK(c.output().empty());
  }
}

// -- server --------------------------------------------------------------------------------------

CAF_TEST(a_server_answers_the_example_of_the_rfc) {
  for (const std::vector<std::size_t>& pieces : {std::vector<std::size_t>{}, {1}, {40}}) {
    codec s{role::server, {}};
    decoded out;
    feed_in_pieces(s, upgrade_request_text, pieces, out);
    CAF_CHECK_EQUAL(s.state(), codec::phase::opening);
    CAF_CHECK(s.request().is_upgrade);
    CAF_CHECK_EQUAL(s.request().target, "/chat?x=1");
    s.accept();
    CAF_CHECK_EQUAL(s.state(), codec::phase::open);
    CAF_CHECK(s.output().starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    CAF_CHECK(contains(s.output(), "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    CAF_CHECK(s.output().ends_with("\r\n\r\n"));
  }
}

CAF_TEST(requests_that_are_no_upgrade_are_told_apart) {
  const std::string requests[] = {
    "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    request_with("GET", "POST"),
    request_with("HTTP/1.1", "HTTP/1.0"),
    request_with("Host: example.com\r\n", ""),
    request_with("Upgrade: websocket", "Upgrade: h2c"),
    request_with("keep-alive, Upgrade", "keep-alive"),
    request_with("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ"),
    request_with("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25!ZQ=="),
    request_with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""),
    request_with("Version: 13", "Version: 8"),
    request_with("Sec-WebSocket-Version: 13\r\n", ""),
  };
  for (const auto& text : requests) {
    codec s{role::server, {}};
    decoded out;
    s.feed(text, out);
    CAF_CHECK_EQUAL(s.state(), codec::phase::opening);
    CAF_CHECK(!s.request().is_upgrade);
    s.accept(); // against its precondition: nothing happens
    CAF_CHECK_EQUAL(s.state(), codec::phase::opening);
    CAF_CHECK(s.output().empty());
  }
}

CAF_TEST(a_refusal_reaches_the_client) {
  duo d;
  d.client.start_handshake({"h", "/", {}});
  d.to_server();
  d.server.refuse(429, {{"Retry-After", "3"}, {"Content-Length", "99"}, {"X\r\nY", "z"}}, "slow");
  CAF_CHECK_EQUAL(d.server.state(), codec::phase::refused);
  d.to_client();
  CAF_CHECK_EQUAL(d.client.state(), codec::phase::refused);
  CAF_CHECK_EQUAL(d.client.response().status, 429u);
  CAF_CHECK_EQUAL(d.client.response().reason, "Too Many Requests");
  CAF_CHECK_EQUAL(d.client.response().body, "slow");
  CAF_CHECK_EQUAL(d.client.response().headers.size(), 3u);
}

CAF_TEST(a_request_that_is_not_http_is_answered_and_fails) {
  const std::pair<std::string, const char*> cases[] = {
    {std::string{"\x16\x03\x01\x02\x00\x01", 6}, "TLS"},
    {"GET / HTTP/1.1\r\nbroken header\r\n\r\n", "malformed HTTP"},
    {"GET / SPDY/3\r\n\r\n", "malformed HTTP"},
  };
  for (const auto& [text, detail] : cases) {
    codec s{role::server, {}};
    decoded out;
    s.feed(text, out);
    CAF_CHECK_EQUAL(s.state(), codec::phase::failed);
    CAF_CHECK_EQUAL(name_of(s.error().code), "protocol_error");
    CAF_CHECK(contains(s.error().detail, detail));
    CAF_CHECK(s.output().starts_with("HTTP/1.1 400 "));
  }
}

CAF_TEST(a_request_with_too_large_a_head_is_answered_with_431) {
  codec_options options;
  options.limits.max_header_bytes = 500;
  codec s{role::server, options};
  decoded out;
  s.feed(request_with("\r\n\r\n", "\r\nX: " + std::string(600, 'x') + "\r\n\r\n"), out);
  CAF_CHECK_EQUAL(s.state(), codec::phase::failed);
  CAF_CHECK(s.output().starts_with("HTTP/1.1 431 "));
}

CAF_TEST(a_request_is_judged_alike_however_it_comes_in_pieces) {
  const auto with_header = [](std::size_t size) {
    return request_with("\r\n\r\n", "\r\nX: " + std::string(size, 'x') + "\r\n\r\n");
  };
  const auto room = 500 - with_header(0).size();
  std::string many = "GET / HTTP/1.1\r\n"; // no line of which is long
  for (int i = 0; i < 100; ++i)
    many += "Host: h\r\n";
  const std::pair<std::string, const char*> cases[] = {
    {with_header(room), ""},
    {with_header(room + 1), "HTTP/1.1 431 "},
    {with_header(room + 600), "HTTP/1.1 431 "},
    {many, "HTTP/1.1 431 "},
    {many + "\r\n", "HTTP/1.1 431 "},
    {"GET /" + std::string(600, 'x'), "HTTP/1.1 431 "},
    {"GET / SPDY/3\r\n", "HTTP/1.1 400 "},
    {"GET / HTTP/1.1\nHost: h\n\n", "HTTP/1.1 400 "},
    {"GET / SPDY/3\r\nX: " + std::string(600, 'x'), "HTTP/1.1 400 "},
    {"GET / HTTP/1.1\r\nbroken header\r\n\r\n", "HTTP/1.1 400 "},
    {"GET / HTTP/1.1\r\nbroken header\r\nX: " + std::string(600, 'x'), "HTTP/1.1 431 "},
    {"GET / HTTP/1.1\r\nHost: h\n\n", "HTTP/1.1 400 "},
    {"GET / HTTP/1.1\r\nbroken header\r\n", ""}, // waits for the rest
  };
  codec_options options;
  options.limits.max_header_bytes = 500;
  for (const auto& [text, begin] : cases)
    for (const std::vector<std::size_t>& pieces :
         {std::vector<std::size_t>{}, {1}, {7}, {499, 1}, {500}, {501}}) {
      codec s{role::server, options};
      decoded out;
      feed_in_pieces(s, text, pieces, out);
      CAF_CHECK_EQUAL(s.output().substr(0, std::string_view{begin}.size()), begin);
      CAF_CHECK_EQUAL(s.output().empty(), std::string_view{begin}.empty());
    }
}

CAF_TEST(frames_that_come_before_the_answer_are_read_after_it) {
  codec s{role::server, {}};
  decoded out;
  s.feed(upgrade_request_text + frame(role::client, fin | 1, "hasty"), out);
  s.feed(frame(role::client, fin | 1, "too"), out);
  CAF_CHECK_EQUAL(s.state(), codec::phase::opening);
  s.accept();
  s.feed({}, out);
  CAF_CHECK(texts(out.messages) == std::vector<std::string>({"text:hasty", "text:too"}));
  // But not without bound, whether they come with the request or later.
  const std::string much(20'000, 'x');
  for (const std::vector<std::size_t>& pieces :
       {std::vector<std::size_t>{}, {upgrade_request_text.size(), much.size()}, {1'000}}) {
    codec t{role::server, {}};
    feed_in_pieces(t, upgrade_request_text + much, pieces, out);
    CAF_CHECK_EQUAL(t.state(), codec::phase::failed);
    CAF_CHECK(t.request().is_upgrade);
    CAF_CHECK(t.output().starts_with("HTTP/1.1 400 "));
  }
}

CAF_TEST(compression_is_agreed_on_only_if_the_owner_has_room_for_it) {
  codec_options options;
  options.deflate.enabled = true;
  for (const bool room : {false, true}) {
    codec client{role::client, options};
    codec s{role::server, options};
    decoded out;
    client.start_handshake({"host", "/", {}});
    s.feed(client.output(), out);
    accept_options how;
    how.deflate = room;
    s.accept(how);
    client.feed(s.output(), out);
    CAF_REQUIRE_EQUAL(client.state(), codec::phase::open);
    CAF_CHECK_EQUAL(client.deflate(), room);
    CAF_CHECK_EQUAL(s.deflate(), room);
  }
}

CAF_TEST(a_request_that_was_answered_can_be_given_back) {
  codec s{role::server, {}};
  decoded out;
  s.feed(upgrade_request_text, out);
  s.forget_request(); // too early: what was asked is still to be answered
  CAF_CHECK(!s.request().headers.empty());
  s.accept();
  s.forget_request();
  CAF_CHECK(s.request().headers.empty());
  CAF_CHECK_EQUAL(s.request().headers.capacity(), 0u);
  CAF_CHECK(s.request().target.empty());
}

CAF_TEST(the_body_of_an_answer_may_come_later) {
  codec s{role::server, {}};
  decoded out;
  s.feed("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n", out);
  CAF_REQUIRE_EQUAL(s.state(), codec::phase::opening);
  CAF_CHECK_EQUAL(s.request().method, "HEAD");
  s.respond(200, {{"Content-Length", "1"}, {"X-A", "b"}}, 5'000'000'000);
  CAF_CHECK_EQUAL(s.state(), codec::phase::refused);
  CAF_CHECK_EQUAL(s.output(), "HTTP/1.1 200 OK\r\nX-A: b\r\nConnection: close\r\n"
                              "Content-Length: 5000000000\r\n\r\n");
  CAF_CHECK_EQUAL(s.request().method, "HEAD");
  s.respond(404, {}, 0); // there is one answer
  CAF_CHECK(s.output().find("404") == std::string::npos);
}

CAF_TEST(answers_that_would_break_the_head_are_not_sent) {
  codec s{role::server, {}};
  decoded out;
  s.feed(upgrade_request_text, out);
  s.accept({{{"X-A", "1\r\n\r\n"}}, ""});
  CAF_CHECK_EQUAL(s.state(), codec::phase::failed);
  CAF_CHECK(s.output().empty());
}

} // namespace codec_handshake_test
