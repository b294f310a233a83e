// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What a SOCKS5 proxy answers. The first byte's bits: 1: there are a user and a password; 2, 4: the
// host is an IPv4, an IPv6 address. Then the sizes of the pieces, and the answers.
#include "proxy_observer.hpp"

#include "net/socks5.hpp"

namespace socks5_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

namespace {

net::socks5 begin(unsigned bits) {
  const bool known = (bits & 1) != 0;
  return {(bits & 2) != 0   ? "192.0.2.1"
          : (bits & 4) != 0 ? "2001:db8::1"
                            : "example.com",
          443, known ? "user" : "", known ? "secret" : ""};
}

/// Whether the answers are those of a proxy that lets us through (RFC 1928 §3, §6, RFC 1929 §2).
bool is_success(std::string_view answers, bool known) {
  const auto take = [&](std::string_view expected) {
    const bool fits = answers.starts_with(expected);
    answers.remove_prefix(fits ? expected.size() : 0);
    return fits;
  };
  using namespace std::string_view_literals;
  if (known && take("\5\2"sv)) {
    if (answers.size() < 2 || answers[1] != 0)
      return false;
    answers.remove_prefix(2);
  } else if (!take("\5\0"sv)) {
    return false;
  }
  if (!take("\5\0"sv) || answers.size() < 3)
    return false;
  const auto length = static_cast<unsigned char>(answers[2]);
  const auto type = answers[1];
  if (type != 1 && type != 3 && type != 4)
    return false;
  const auto address = type == 1 ? 4u : type == 4 ? 16u : 1u + length;
  return answers.size() == 2 + address + 2;
}

} // namespace

WSPOOL_FUZZ_TARGET(socks5) {
  source in{input};
  const auto bits = in.byte();
  const auto sizes = in.splits();
  auto split = begin(bits);
  auto asked = split.take_output();
  require(asked.starts_with('\5'), "it greets");
  const auto consumed = talk(split, in.rest(), sizes, &asked);
  check_talk(split);
  if (split.done())
    require(is_success(in.rest().substr(0, consumed), (bits & 1) != 0), "a success is one", asked);
  // Byte by byte nobody speaks out of turn: what is a success in pieces is one in these, too.
  auto slow = begin(bits);
  const auto bytes = talk(slow, in.rest(), {1});
  check_talk(slow);
  if (split.done())
    require(slow.done() && bytes == consumed, "smaller pieces make no difference");
  if (is_success(in.rest(), (bits & 1) != 0))
    require(slow.done(), "a proxy that lets us through does", slow.error().detail);
}

} // namespace socks5_fuzz
