// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "bench/servers/crowd.hpp"

#include "bench/payload.hpp"
#include "bench/system_failure.hpp"

#include <boost/beast/zlib/inflate_stream.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wspool::bench {

namespace {

using std::chrono::steady_clock;
namespace zlib = boost::beast::zlib;

/// Upgrades under way at a time: as many as a kernel's queue of connections takes anyhow.
constexpr std::size_t opening_window = 64;
constexpr std::size_t crowd_read_bytes = 256 * 1024;
/// Stands before the sixteen hexadecimal digits of the time in each message.
constexpr char time_mark = '@';
constexpr std::size_t time_digits = 16;

std::int64_t now_ns() { return steady_clock::now().time_since_epoch().count(); }

std::string stamped(std::size_t size_bytes, std::string_view filler) {
  std::array<char, time_digits + 2> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(now_ns()));
  auto result = time_mark + std::string{digits.data()};
  result.append(filler.substr(0, size_bytes - std::min(size_bytes, result.size())));
  return result;
}

/// What comes before a frame's payload, and how long that is; 0 if it is not there yet.
struct frame_head {
  std::size_t size = 0;
  std::size_t payload = 0;
};

frame_head read_head(std::string_view bytes) {
  if (bytes.size() < 2)
    return {};
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const std::size_t length = at(1);
  const std::size_t more = length < 126 ? 0 : length == 126 ? 2 : 8;
  if (bytes.size() < 2 + more)
    return {};
  std::size_t payload = more == 0 ? length : 0;
  for (std::size_t i = 0; i < more; ++i)
    payload = payload << 8 | at(2 + i);
  return {2 + more, payload};
}

bool is_compressed(char first) { return (static_cast<unsigned char>(first) & 0x40) != 0; }

bool is_message(char first) {
  const auto opcode = static_cast<unsigned char>(first) & 0x0f;
  return opcode == 1 || opcode == 2;
}

} // namespace

crowd::crowd(std::uint16_t port, crowd_speech speech)
  : port_(port), speech_(std::move(speech)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0)
    fail("epoll_create1");
  request_ = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  if (!speech_.subprotocol.empty())
    request_ += "Sec-WebSocket-Protocol: " + speech_.subprotocol + "\r\n";
  if (speech_.deflate)
    request_ += "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n";
  request_ += "\r\n";
  buffer_.resize(crowd_read_bytes);
}

crowd::~crowd() {
  for (const auto& one : members_)
    ::close(one.fd);
  ::close(epoll_);
}

// -- opening -------------------------------------------------------------------------------------

void crowd::open(std::size_t count, std::chrono::milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  const auto wanted = members_.size() + count;
  while (opened_ < wanted) {
    while (members_.size() < wanted && members_.size() - opened_ < opening_window)
      connect_one();
    wait(deadline, "opening connections");
  }
}

void crowd::connect_one() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    fail("socket");
  const int yes = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  members_.push_back({fd, phase::connecting, 0, {}});
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0
      && errno != EINPROGRESS)
    fail("connect");
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLET;
  wanted.data.u64 = members_.size() - 1;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &wanted) != 0)
    fail("epoll_ctl");
}

void crowd::wait(steady_clock::time_point deadline, const char* what) {
  std::array<epoll_event, 512> ready{};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
  const auto count = left.count() <= 0
                       ? 0
                       : ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()),
                                      static_cast<int>(left.count()));
  if (count == 0)
    throw std::runtime_error(std::string{what} + " took too long: " + std::to_string(opened_)
                             + " of " + std::to_string(members_.size()) + " are open");
  for (int i = 0; i < count; ++i)
    on_ready(ready[static_cast<std::size_t>(i)].data.u64);
}

void crowd::on_ready(std::size_t index) {
  auto& who = members_[index];
  if (who.at == phase::connecting) {
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(who.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
      throw std::system_error(error, std::generic_category(), "connect");
    who.at = phase::upgrading;
    send_all(who, request_);
  }
  for (;;) {
    const auto got = ::recv(who.fd, buffer_.data(), buffer_.size(), 0);
    if (got == 0)
      throw std::runtime_error("the server closed a connection");
    if (got < 0 && errno != EAGAIN)
      fail("recv");
    if (got < 0)
      return;
    on_bytes(who, {buffer_.data(), static_cast<std::size_t>(got)});
    if (static_cast<std::size_t>(got) < buffer_.size())
      return; // what comes later is a new edge
  }
}

// -- what comes in -------------------------------------------------------------------------------

void crowd::on_bytes(member& who, std::string_view bytes) {
  const bool joined = !who.rest.empty();
  if (joined) {
    who.rest.append(bytes);
    bytes = who.rest;
  }
  std::size_t taken = 0;
  if (who.at == phase::upgrading) {
    const auto end = bytes.find("\r\n\r\n");
    if (end != bytes.npos) {
      if (!bytes.starts_with("HTTP/1.1 101"))
        throw std::runtime_error("the upgrade was refused: "
                                 + std::string{bytes.substr(0, bytes.find('\r'))});
      taken = end + 4;
      who.at = speech_.answers == 0 ? phase::open : phase::greeting;
      opened_ += who.at == phase::open ? 1 : 0;
      for (const auto& text : speech_.hello)
        send_all(who, frame(text));
    }
  }
  if (who.at != phase::upgrading)
    taken += take_frames(who, bytes.substr(taken));
  if (joined)
    who.rest.erase(0, taken);
  else
    who.rest.assign(bytes.substr(taken));
  if (who.rest.empty() && who.rest.capacity() > 64)
    std::string{}.swap(who.rest);
}

std::size_t crowd::take_frames(member& who, std::string_view bytes) {
  std::size_t taken = 0;
  for (;;) {
    const auto rest = bytes.substr(taken);
    const auto head = read_head(rest);
    if (head.size == 0 || rest.size() < head.size + head.payload)
      return taken;
    if (is_message(rest[0]))
      on_message(who, is_compressed(rest[0]) ? inflated(rest.substr(head.size, head.payload))
                                             : rest.substr(head.size, head.payload));
    taken += head.size + head.payload;
  }
}

/// The message by itself (RFC 7692 §7.2.2). Most are, byte by byte, what somebody else got before.
std::string_view crowd::inflated(std::string_view payload) {
  if (payload == deflated_)
    return inflated_;
  deflated_ = payload;
  const auto whole = deflated_ + std::string{"\0\0\xff\xff", 4};
  inflated_.resize(2 * crowd_read_bytes);
  zlib::inflate_stream stream;
  zlib::z_params io;
  io.next_in = whole.data();
  io.avail_in = whole.size();
  io.next_out = inflated_.data();
  io.avail_out = inflated_.size();
  boost::beast::error_code error;
  stream.write(io, zlib::Flush::sync, error);
  if (io.avail_in > 0 || io.avail_out == 0)
    throw std::runtime_error("a message cannot be inflated: " + error.message());
  inflated_.resize(inflated_.size() - io.avail_out);
  return inflated_;
}

void crowd::on_message(member& who, std::string_view payload) {
  if (who.at == phase::greeting) {
    if (++who.answers == speech_.answers) {
      who.at = phase::open;
      ++opened_;
    }
    return;
  }
  const auto mark = payload.find(time_mark);
  if (mark == payload.npos || payload.size() < mark + 1 + time_digits)
    return; // an answer to the publisher
  ++received_;
  if (delays_ == nullptr)
    return;
  std::int64_t sent = 0;
  const auto* digits = payload.data() + mark + 1;
  std::from_chars(digits, digits + time_digits, sent, 16);
  delays_->push_back(static_cast<float>(now_ns() - sent));
}

// -- what goes out -------------------------------------------------------------------------------

void crowd::send_all(const member& who, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(who.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) {
      pollfd room{who.fd, POLLOUT, 0};
      ::poll(&room, 1, 1'000);
      continue;
    }
    if (sent < 0)
      fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// A client's frame (RFC 6455 §5.3), masked by zeros: that is legal, and costs nothing.
std::string crowd::frame(std::string_view text) const {
  std::string result{'\x81'};
  if (text.size() < 126) {
    result += static_cast<char>(0x80 | text.size());
  } else {
    result += static_cast<char>(0x80 | 126);
    result += static_cast<char>(text.size() >> 8 & 0xff);
    result += static_cast<char>(text.size() & 0xff);
  }
  result.append(4, '\0');
  return result.append(text);
}

std::string crowd::filler(std::size_t size_bytes) const {
  if (!speech_.deflate)
    return std::string(size_bytes, 'x');
  auto result = payload(size_bytes);
  std::replace(result.begin(), result.end(), '"', '\''); // it may have to travel within JSON
  return result;
}

void crowd::publish(std::size_t burst, std::size_t size_bytes, std::vector<float>* delays,
                    std::chrono::milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  delays_ = delays;
  const auto wanted = received_ + burst * members_.size();
  std::string out;
  if (filler_.size() < size_bytes)
    filler_ = filler(size_bytes);
  for (std::size_t i = 0; i < burst; ++i)
    out += frame(speech_.before + stamped(size_bytes, filler_) + speech_.after);
  send_all(members_.front(), out);
  while (received_ < wanted)
    wait(deadline, "a burst");
}

} // namespace wspool::bench
