// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/socks5.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstddef>

namespace wspool::net {

namespace ip = boost::asio::ip;

namespace {

constexpr char socks_version = 5;
constexpr char no_authentication = 0;
constexpr char user_and_password = 2;
constexpr unsigned char no_acceptable_method = 0xff;
constexpr char connect_command = 1;

enum address_type : char { ipv4 = 1, domain_name = 3, ipv6 = 4 };

/// RFC 1928 §6.
const char* describe_reply(unsigned char reply) {
  switch (reply) {
    case 1:
      return "general failure";
    case 2:
      return "not allowed by its rules";
    case 3:
      return "network unreachable";
    case 4:
      return "host unreachable";
    case 5:
      return "connection refused";
    case 6:
      return "time to live expired";
    case 7:
      return "command not supported";
    case 8:
      return "address type not supported";
    default:
      return "unknown reply";
  }
}

template <class Bytes>
void append(std::string& out, const Bytes& bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

} // namespace

socks5::socks5(const std::string& host, std::uint16_t port, std::string user, std::string password)
  : host_(host), port_(port), user_(std::move(user)), password_(std::move(password)) {
  if (user_.empty())
    output_ = {socks_version, 1, no_authentication};
  else
    output_ = {socks_version, 2, no_authentication, user_and_password};
  if (user_.size() > 255 || password_.size() > 255)
    fail(errc::proxy_failed, "user name or password is longer than 255 bytes (RFC 1929)");
  if (host_.size() > 255)
    fail(errc::proxy_failed, "the host's name is longer than 255 bytes (RFC 1928)");
}

void socks5::proceed() {
  switch (phase_) {
    case phase::greeting:
      return on_method();
    case phase::authentication:
      return on_authentication();
    case phase::request:
      return on_reply();
  }
}

void socks5::on_method() {
  if (input_.size() < 2)
    return;
  auto method = static_cast<unsigned char>(input_[1]);
  if (input_[0] != socks_version)
    return fail(errc::proxy_failed, "its answer is not SOCKS5");
  if (method == no_acceptable_method)
    return fail(errc::proxy_refused, user_.empty() ? "it wants a user name and a password"
                                                   : "it takes no user name and password");
  input_.erase(0, 2);
  if (method == user_and_password && !user_.empty()) {
    output_ = {1, static_cast<char>(user_.size())};
    output_ += user_;
    output_ += static_cast<char>(password_.size());
    output_ += password_;
    phase_ = phase::authentication;
  } else if (method == no_authentication) {
    write_request();
  } else {
    return fail(errc::proxy_failed, "it chose a method that was not offered");
  }
  if (!input_.empty())
    fail(errc::proxy_failed, "it spoke out of turn");
}

void socks5::on_authentication() {
  if (input_.size() < 2)
    return;
  if (input_[1] != 0)
    return fail(errc::proxy_refused, "it did not accept the user name and the password");
  input_.erase(0, 2);
  write_request();
  if (!input_.empty())
    fail(errc::proxy_failed, "it spoke out of turn");
}

void socks5::write_request() {
  phase_ = phase::request;
  output_ = {socks_version, connect_command, 0};
  boost::system::error_code not_literal;
  auto address = ip::make_address(host_, not_literal);
  if (not_literal) {
    output_ += domain_name;
    output_ += static_cast<char>(host_.size());
    output_ += host_;
  } else if (address.is_v4()) {
    output_ += ipv4;
    append(output_, address.to_v4().to_bytes());
  } else {
    output_ += ipv6;
    append(output_, address.to_v6().to_bytes());
  }
  output_ += static_cast<char>(port_ >> 8);
  output_ += static_cast<char>(port_ & 0xff);
}

void socks5::on_reply() {
  // VER REP RSV ATYP BND.ADDR BND.PORT (RFC 1928 §6). A refusal may be cut short.
  if (input_.size() < 2)
    return;
  if (input_[0] != socks_version)
    return fail(errc::proxy_failed, "its answer is not SOCKS5");
  if (auto reply = static_cast<unsigned char>(input_[1]); reply != 0)
    return fail(errc::proxy_refused, describe_reply(reply));
  if (input_.size() < 5)
    return;
  std::size_t address_bytes = 0;
  switch (input_[3]) {
    case ipv4:
      address_bytes = 4;
      break;
    case ipv6:
      address_bytes = 16;
      break;
    case domain_name:
      address_bytes = 1 + static_cast<unsigned char>(input_[4]);
      break;
    default:
      return fail(errc::proxy_failed, "its answer has an unknown address type");
  }
  auto size = 4 + address_bytes + 2;
  if (input_.size() < size)
    return;
  input_.erase(0, size);
  finish();
}

} // namespace wspool::net
