// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/http_connect.hpp"

#include "protocol/basic_credentials.hpp"
#include "protocol/endpoint_text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace wspool::net {

namespace http = boost::beast::http;

http_connect::http_connect(const std::string& host, std::uint16_t port,
                           const std::string& credentials) {
  auto target = detail::host_and_port(host, port);
  output_ = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!credentials.empty())
    output_ += "Proxy-Authorization: " + basic_credentials(credentials) + "\r\n";
  output_ += "\r\n";
}

void http_connect::proceed() {
  auto end = input_.find("\r\n\r\n");
  if (end == std::string::npos)
    return;
  auto head = input_.substr(0, end + 4);
  http::response_parser<http::empty_body> parser;
  parser.skip(true); // a refusal's body is of no use
  parser.header_limit(max_answer_bytes);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(head), error);
  if (error || !parser.is_header_done()) {
    fail(errc::proxy_failed, "its answer is not HTTP: " + detail::quote(head));
    return;
  }
  const auto& response = parser.get();
  if (response.result_int() / 100 != 2) {
    std::string reason{response.reason()};
    fail(errc::proxy_refused,
         std::to_string(response.result_int()) + (reason.empty() ? "" : " " + reason));
    return;
  }
  // A success has no body, whatever its headers say (RFC 9110 §9.3.6).
  input_.erase(0, head.size());
  finish();
}

} // namespace wspool::net
