// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "codec_opening.hpp"
#include "http_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <iterator>
#include <optional>

namespace wspool::detail {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t max_body_bytes = 4096;     // of a refusal (conventions: the first 4 KiB)
constexpr std::size_t max_interim_responses = 8; // 100, 103 (RFC 9110 §15.2)

std::string text(beast::string_view s) { return {s.data(), s.size()}; }

// Beast keeps lengths of headers in 16 bits, and throws at longer ones.
std::uint32_t head_limit(const message_limits& limits) {
  return static_cast<std::uint32_t>(std::min<std::size_t>(limits.max_header_bytes, 0xffff));
}

std::string exceeds(const char* what, const message_limits& limits) {
  return std::string{"the head of the "} + what
         + " exceeds max_header_bytes = " + std::to_string(head_limit(limits));
}

// The beginning of what came instead of HTTP, fit for a log line.
std::string excerpt(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string s = "\"";
  for (const char c : bytes.substr(0, 40)) {
    const auto u = static_cast<unsigned char>(c);
    if (u >= 0x20 && u < 0x7f && c != '"' && c != '\\')
      s.push_back(c);
    else
      s.append("\\x").append(1, digits[u >> 4]).append(1, digits[u & 15]);
  }
  s.append(bytes.size() > 40 ? "\"..." : "\"");
  // RFC 8446 §5.1: an alert (21) or a handshake (22) record, version 3.x.
  if (bytes.size() >= 2 && (bytes[0] == 21 || bytes[0] == 22) && bytes[1] == 3)
    s.append(" (TLS)");
  return s;
}

template <class Fields>
std::vector<header> headers_of(const Fields& fields) {
  std::vector<header> headers;
  headers.reserve(static_cast<std::size_t>(std::distance(fields.begin(), fields.end())));
  for (const auto& field : fields)
    headers.push_back({text(field.name_string()), text(field.value())});
  return headers;
}

std::string_view first_value(const std::vector<header>& headers, std::string_view name) noexcept {
  for (const auto& h : headers)
    if (beast::iequals(h.name, name))
      return h.value;
  return {};
}

// RFC 6455 §4.2.1: 16 bytes in base64.
bool is_key(std::string_view key) noexcept {
  const auto is_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+'
           || c == '/';
  };
  return key.size() == 24 && key.substr(22) == "=="
         && std::all_of(key.begin(), key.begin() + 22, is_digit);
}

bool is_valid_upgrade(const http::request_header<>& request, const std::vector<header>& headers) {
  const auto has_token = [&](std::string_view name, beast::string_view token) {
    return http::token_list{joined_values(headers, name)}.exists(token);
  };
  return request.method() == http::verb::get && request.version() == 11
         && request.count(http::field::host) == 1 && has_token("Upgrade", "websocket")
         && has_token("Connection", "upgrade") && request.count(http::field::sec_websocket_key) == 1
         && is_key(first_value(headers, "Sec-WebSocket-Key"))
         && joined_values(headers, "Sec-WebSocket-Version") == "13";
}

} // namespace

// -- response ------------------------------------------------------------------------------------

struct response_reader::impl {
  using parser_type = http::response_parser<http::buffer_body>;

  explicit impl(const message_limits& l) : limits(l) { start(); }

  // A fresh parser: also behind an interim answer.
  void start() {
    parser.emplace();
    parser->header_limit(head_limit(limits));
    parser->body_limit(boost::none);
    bounds = {};
  }

  reading fail(std::string detail) {
    error = {errc::upgrade_invalid, std::move(detail)};
    return reading::failed;
  }

  // What is not HTTP should be told at once: such a peer may never send an end of line.
  bool looks_like_http() const {
    constexpr std::string_view begin = "HTTP/1.";
    const auto n = std::min(begin.size(), buffer.size());
    return std::string_view{buffer}.substr(0, n) == begin.substr(0, n);
  }

  reading advance() {
    if (parser->is_header_done())
      return read_body();
    if (!looks_like_http())
      return fail("the answer is not HTTP/1.1, it begins with " + excerpt(buffer));
    return read_head();
  }

  reading read_head() {
    beast::error_code ec;
    switch (put_head(*parser, bounds, buffer, head_limit(limits), ec)) {
      case head_state::more:
        return reading::more;
      case head_state::whole:
        return classify();
      case head_state::too_long:
        return fail(exceeds("answer", limits));
      case head_state::malformed:
        break;
    }
    return fail("malformed HTTP (" + ec.message() + ") in the answer at " + excerpt(buffer));
  }

  reading classify() {
    const auto& head = parser->get();
    const auto status = head.result_int();
    if (status >= 100 && status < 200 && status != 101) {
      if (++interim > max_interim_responses)
        return fail("too many interim answers (" + std::to_string(status) + ")");
      start();
      return buffer.empty() ? reading::more : advance();
    }
    // Before the body: what a trailer says is no header (RFC 9110 §6.5.1).
    response.status = status;
    response.reason = text(head.reason());
    response.headers = headers_of(head);
    if (status == 101)
      return head.version() == 11
               ? reading::done
               : fail("the 101 answer is HTTP/1.0, not HTTP/1.1 (RFC 6455 §4.1)");
    response.body.resize(max_body_bytes);
    auto& body = parser->get().body();
    body.data = response.body.data();
    body.size = response.body.size();
    body.more = true;
    parser->eager(true);
    return read_body();
  }

  reading read_body() {
    // Beast asserts that a chunked body without chunks, "0\r\n\r\n", is all there when it looks at
    // its beginning again.
    if (!parser->is_done() && !body_begun && parser->chunked() && buffer.size() < 5)
      return reading::more;
    beast::error_code ec;
    if (!parser->is_done() && !buffer.empty()) {
      const auto n = parser->put(boost::asio::buffer(buffer), ec);
      body_begun = body_begun || n > 0;
      buffer.erase(0, n);
    }
    const bool full = ec == http::error::need_buffer;
    const bool broken = ec && !full && ec != http::error::need_more;
    if (!full && !broken && !parser->is_done())
      return reading::more;
    return finish_body();
  }

  reading finish_body() {
    response.body.resize(max_body_bytes - parser->get().body().size);
    buffer.clear();
    return reading::refusal;
  }

  message_limits limits;
  std::optional<parser_type> parser;
  head_bounds bounds;
  bool body_begun = false;
  std::string buffer;
  std::size_t interim = 0;
  upgrade_response response;
  failure error;
};

response_reader::response_reader(const message_limits& limits)
  : impl_(std::make_unique<impl>(limits)) {}

response_reader::~response_reader() = default;

reading response_reader::feed(std::string_view bytes) {
  impl_->buffer.append(bytes);
  return impl_->buffer.empty() ? reading::more : impl_->advance();
}

reading response_reader::end_of_input() {
  auto& x = *impl_;
  if (x.response.status != 0)
    return x.finish_body();
  x.error = {errc::end_of_stream, x.buffer.empty()
                                    ? "no answer to the upgrade request"
                                    : "in the middle of the answer to the upgrade request"};
  return reading::failed;
}

upgrade_response& response_reader::response() noexcept { return impl_->response; }
const failure& response_reader::error() const noexcept { return impl_->error; }
std::string& response_reader::rest() noexcept { return impl_->buffer; }

// -- request -------------------------------------------------------------------------------------

struct request_reader::impl {
  explicit impl(const message_limits& l) : limits(l) {
    parser.emplace();
    parser->header_limit(head_limit(limits));
    parser->body_limit(boost::none); // the owner's business: no body is read here
  }

  reading fail(unsigned with_status, std::string detail) {
    status = with_status;
    error = {errc::protocol_error, std::move(detail)};
    return reading::failed;
  }

  reading advance() {
    // A method is a word of letters; TLS and other protocols betray themselves by their first byte.
    if (bounds.first_line() == 0 && !buffer.empty() && (buffer[0] < 'A' || buffer[0] > 'z'))
      return fail(400, "the request is not HTTP, it begins with " + excerpt(buffer));
    beast::error_code ec;
    switch (put_head(*parser, bounds, buffer, head_limit(limits), ec)) {
      case head_state::more:
        return reading::more;
      case head_state::whole:
        return take_request();
      case head_state::too_long:
        return fail(431, exceeds("request", limits));
      case head_state::malformed:
        break;
    }
    return fail(400, "malformed HTTP (" + ec.message() + ") in the request at " + excerpt(buffer));
  }

  reading take_request() {
    const auto& head = parser->get();
    request.method = text(head.method_string());
    request.target = text(head.target());
    request.headers = headers_of(head);
    request.is_upgrade = is_valid_upgrade(head, request.headers);
    parser.reset();
    return keep_rest();
  }

  // Nothing may follow the request before it is answered (RFC 6455 §4.1): a little is forgiven.
  reading keep_rest() {
    if (buffer.size() > head_limit(limits))
      return fail(400, "frames before the answer to the upgrade request (RFC 6455 §4.1)");
    return reading::done;
  }

  message_limits limits;
  std::optional<http::request_parser<http::empty_body>> parser;
  head_bounds bounds;
  std::string buffer;
  upgrade_request request;
  unsigned status = 400;
  failure error;
};

request_reader::request_reader(const message_limits& limits)
  : impl_(std::make_unique<impl>(limits)) {}

request_reader::~request_reader() = default;

reading request_reader::feed(std::string_view bytes) {
  auto& x = *impl_;
  x.buffer.append(bytes);
  if (!x.parser)
    return x.keep_rest();
  return x.buffer.empty() ? reading::more : x.advance();
}

upgrade_request& request_reader::request() noexcept { return impl_->request; }
const failure& request_reader::error() const noexcept { return impl_->error; }
unsigned request_reader::error_status() const noexcept { return impl_->status; }
std::string& request_reader::rest() noexcept { return impl_->buffer; }

} // namespace wspool::detail
