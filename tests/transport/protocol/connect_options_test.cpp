// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE connect_options

#include <wspool/connect_options.hpp>
#include <wspool/message.hpp>

#include "support/certificates.hpp"

#include "support/unit_test.hpp"

#include <functional>
#include <string>
#include <vector>

namespace connect_options_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

using change = std::function<void(connect_options&)>;

/// The detail of the error that the defaults give with one change, or nothing.
std::string complaint(const change& apply, errc expected = errc::invalid_option) {
  connect_options options;
  apply(options);
  auto error = validate(options);
  CAF_MESSAGE(error.detail);
  if (error)
    CAF_CHECK_EQUAL(to_string(error.code), to_string(expected));
  return error.detail;
}

std::string header_complaint(const std::string& name, const std::string& value) {
  auto error = validate(header{name, value});
  if (error)
    CAF_CHECK(error.code == errc::invalid_header);
  return error.detail;
}

} // namespace

CAF_TEST(the_defaults_are_valid) { CAF_CHECK(!validate(connect_options{})); }

CAF_TEST(ordinary_headers_are_valid) {
  CAF_CHECK_EQUAL(header_complaint("X-Trace", "a b\tc"), "");
  CAF_CHECK_EQUAL(header_complaint("Authorization", "Bearer x"), "");
  CAF_CHECK_EQUAL(header_complaint("X-Empty", ""), "");
  CAF_CHECK_EQUAL(header_complaint("X-Name", "caf\xc3\xa9"), "");
}

CAF_TEST(a_header_is_refused_by_its_name) {
  for (std::string name : {"", "a b", "a:", "a\r\nb", "caf\xc3\xa9", "(x)"})
    CAF_CHECK(header_complaint(name, "v").find("is not a header's name") != std::string::npos);
  for (std::string name : {"Host", "UPGRADE", "connection", "Sec-WebSocket-Key",
                           "sec-websocket-protocol", "Content-Length", "Transfer-Encoding"})
    CAF_CHECK_EQUAL(header_complaint(name, "v"), "\"" + name + "\" is set by the handshake itself");
}

CAF_TEST(a_header_with_a_line_break_is_refused_without_its_value) {
  CAF_CHECK_EQUAL(header_complaint("X-Token", "s3cret\r\nHost: evil"),
                  "\"X-Token\": the value has a line break at byte 6");
  CAF_CHECK_EQUAL(header_complaint("X-Token", "\n"),
                  "\"X-Token\": the value has a line break at byte 0");
  CAF_CHECK_EQUAL(header_complaint("X-Token", std::string{"a\0b", 3}),
                  "\"X-Token\": the value has a control character at byte 1");
}

CAF_TEST(headers_are_checked_with_the_options) {
  CAF_CHECK_EQUAL(complaint(
                    [](auto& x) {
                      x.upgrade.headers = {{"A", "b"}, {"Host", "x"}};
                    },
                    errc::invalid_header),
                  "\"Host\" is set by the handshake itself");
}

CAF_TEST(the_upgrade_is_checked) {
  CAF_CHECK(complaint([](auto& x) {
              x.upgrade.subprotocols = {"chat", "a b"};
            }).starts_with("upgrade.subprotocols: \"a b\" is not a token"));
  CAF_CHECK(complaint([](auto& x) {
              x.upgrade.subprotocols = {"chat", "x", "chat"};
            }).starts_with("upgrade.subprotocols: \"chat\" is there twice"));
  CAF_CHECK(complaint([](auto& x) {
              x.upgrade.origin = "http://a\r\nb";
            }).starts_with("upgrade.origin: \"http://a\\x0d\\x0ab\""));
  CAF_CHECK_EQUAL(complaint([](auto& x) { x.upgrade.origin = "https://example.com"; }), "");
  CAF_CHECK_EQUAL(complaint([](auto& x) { x.upgrade.origin = "null"; }), "");
}

CAF_TEST(credentials_are_checked_and_never_quoted) {
  auto both = complaint([](auto& x) {
    x.upgrade.basic = "u:s3cret";
    x.upgrade.bearer = "s3cret";
  });
  CAF_CHECK_EQUAL(both, "upgrade.basic: cannot be given together with upgrade.bearer");
  CAF_CHECK_EQUAL(complaint([](auto& x) { x.upgrade.basic = "s3cret"; }),
                  "upgrade.basic: has no colon: expected user:password");
  CAF_CHECK_EQUAL(complaint([](auto& x) { x.upgrade.basic = "u:s3cret\n"; }),
                  "upgrade.basic: has a control character");
  CAF_CHECK_EQUAL(complaint([](auto& x) { x.upgrade.bearer = "s3cret "; }),
                  "upgrade.bearer: has a character that no token can have");
  CAF_CHECK_EQUAL(complaint([](auto& x) { x.upgrade.bearer = "a.b-c_d~e+f/g=="; }), "");
}

CAF_TEST(files_must_be_readable) {
  const auto client = test::identity("client");
  CAF_CHECK_EQUAL(complaint([&](auto& x) {
                    x.tls = client;
                    x.tls.ca_file = test::authority_file();
                  }),
                  "");
  CAF_CHECK_EQUAL(
    complaint([](auto& x) { x.tls.ca_file = "/nowhere/ca.pem"; }, errc::tls_configuration),
    "tls.ca_file: \"/nowhere/ca.pem\": No such file or directory");
  CAF_CHECK_EQUAL(complaint([](auto& x) { x.tls.certificate_file = "/"; }, errc::tls_configuration),
                  "tls.certificate_file: \"/\": is a directory");
  CAF_CHECK(complaint(
              [&](auto& x) {
                x.tls = client;
                x.tls.key_file = "/nowhere/key.pem";
              },
              errc::tls_configuration)
              .starts_with("tls.key_file: \"/nowhere/key.pem\""));
  CAF_CHECK(complaint([&](auto& x) {
              x.tls.key_file = client.key_file;
            }).ends_with("is of no use without tls.certificate_file"));
  CAF_CHECK(
    complaint([](auto& x) { x.tls.server_name = "a b"; }).starts_with("tls.server_name: \"a b\""));
}

CAF_TEST(numbers_must_be_in_their_ranges) {
  struct row {
    change apply;
    std::string field;
  };
  std::vector<row> table{
    {[](auto& x) { x.deflate.client_window_bits = 8; }, "deflate.client_window_bits: 8 "},
    {[](auto& x) { x.deflate.client_window_bits = 16; }, "deflate.client_window_bits: 16 "},
    {[](auto& x) { x.deflate.server_window_bits = 8; }, "deflate.server_window_bits: 8 "},
    {[](auto& x) { x.deflate.level = 10; }, "deflate.level: 10 "},
    {[](auto& x) { x.deflate.level = -1; }, "deflate.level: -1 "},
    {[](auto& x) { x.limits.max_message_bytes = 0; }, "limits.max_message_bytes: 0 "},
    {[](auto& x) { x.limits.max_message_bytes = message_batch::max_bytes + 1; },
     "limits.max_message_bytes: 4294967296 "},
    {[](auto& x) { x.limits.max_header_bytes = 255; }, "limits.max_header_bytes: 255 "},
    {[](auto& x) { x.deadlines.address = -1ms; }, "deadlines.address: -1 ms "},
    {[](auto& x) { x.deadlines.handshake = -1ms; }, "deadlines.handshake: -1 ms "},
    {[](auto& x) { x.deadlines.idle = -1ms; }, "deadlines.idle: -1 ms "},
    {[](auto& x) { x.deadlines.close = -1ms; }, "deadlines.close: -1 ms "},
    {[](auto& x) { x.deadlines.close = std::chrono::milliseconds::max(); }, "deadlines.close: "},
  };
  for (const auto& [apply, field] : table)
    CAF_CHECK(complaint(apply).starts_with(field));
  for (const auto& apply : std::vector<change>{
         [](auto& x) { x.deflate.client_window_bits = 9; },
         [](auto& x) { x.deflate.server_window_bits = 15; },
         [](auto& x) { x.deflate.level = 0; },
         [](auto& x) { x.limits.max_message_bytes = message_batch::max_bytes; },
         [](auto& x) { x.deadlines.address = 0ms; },
       })
    CAF_CHECK_EQUAL(complaint(apply), "");
}

CAF_TEST(the_proxy_is_checked) {
  CAF_CHECK_EQUAL(complaint([](auto& x) { x.proxy.url = "none"; }), "");
  CAF_CHECK_EQUAL(complaint([](auto& x) { x.proxy.url = "socks5h://u:p@h:1"; }), "");
  auto detail = complaint([](auto& x) { x.proxy.url = "ftp://u:s3cret@h"; });
  CAF_CHECK(detail.starts_with("proxy.url: \"ftp://u:***@h\" has the unsupported scheme"));
}

CAF_TEST(response_headers_are_found_whatever_their_case) {
  upgrade_response response;
  response.headers = {{"Retry-After", "5"}, {"X-A", "1"}, {"x-a", "2"}};
  CAF_CHECK_EQUAL(std::string{response.header_value("retry-AFTER")}, "5");
  CAF_CHECK_EQUAL(std::string{response.header_value("X-A")}, "1");
  CAF_CHECK_EQUAL(std::string{response.header_value("X-B")}, "");
}

} // namespace connect_options_test
