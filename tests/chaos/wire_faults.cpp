// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/wire_faults.hpp"

#include <vector>

namespace wspool::chaos {

std::string raw_frame(std::uint8_t first, const std::string& payload) {
  std::string result{static_cast<char>(first)};
  if (payload.size() < 126) {
    result += static_cast<char>(payload.size());
  } else {
    result += static_cast<char>(126);
    result += static_cast<char>(payload.size() >> 8 & 0xff);
    result += static_cast<char>(payload.size() & 0xff);
  }
  return result + payload;
}

std::string close_frame(std::uint16_t code, const std::string& reason) {
  std::string payload;
  if (code > 0) {
    payload += static_cast<char>(code >> 8);
    payload += static_cast<char>(code & 0xff);
    payload += reason;
  }
  return raw_frame(0x88, payload);
}

std::string broken_frame(chance& random) {
  using namespace std::string_literals;
  switch (random.number(0, 11)) {
    case 0:
      return raw_frame(0x81, "\xc3\x28"); // text that is not UTF-8
    case 1:
      return raw_frame(0x83, ""); // a reserved opcode
    case 2:
      return raw_frame(0x8b, ""); // a reserved control opcode
    case 3:
      return raw_frame(0xf1, "hi"); // reserved bits
    case 4:
      return raw_frame(0x80, "hi"); // a continuation of nothing
    case 5:
      return raw_frame(0x09, ""); // a ping in fragments
    case 6:
      return raw_frame(0x89, std::string(200, 'x')); // a ping that is too long
    case 7:
      return close_frame(1005, ""); // a code that must not be on the wire
    case 8:
      return raw_frame(0x88, "\x03"s); // half a code
    case 9:
      return close_frame(1000, "\xc3\x28"); // a reason that is not UTF-8
    case 10:
      return "\x82\x7f\xff\0\0\0\0\0\0\0"s; // a length beyond all lengths
    default:
      return "\x81\x82\x01\x02\x03\x04hi"s; // masked
  }
}

std::string truncated_frame(chance& random) {
  const auto whole = raw_frame(0x81, std::string(random.number(2, 2'000), 'x'));
  return whole.substr(0, random.number(1, whole.size() - 1));
}

std::string broken_answer(chance& random) {
  static const std::vector<std::string> answers{
    "SSH-2.0-this is not HTTP\r\n\r\n",
    "HTTP/1.1 101 Switching Proto",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: bm90IHRoZSByaWdodCBvbmU=\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
  };
  if (random.percent(20))
    return random.bytes(random.number(1, 500));
  if (random.percent(10)) // headers without an end
    return "HTTP/1.1 101 Switching Protocols\r\nX-More: " + std::string(100'000, 'x');
  return random.of(answers);
}

std::uint16_t any_close_code(chance& random) {
  static const std::vector<std::uint16_t> standard{0,    1000, 1001, 1002, 1003, 1007, 1008,
                                                   1009, 1010, 1011, 1012, 1013, 1014};
  static const std::vector<std::uint16_t> named{4400, 4401, 4402, 4499, 4500, 3499, 3500};
  switch (random.number(0, 9)) {
    case 0:
      return random.of(named);
    case 1:
      return static_cast<std::uint16_t>(random.number(3000, 3999));
    case 2:
      return static_cast<std::uint16_t>(random.number(4000, 4999));
    default:
      return random.of(standard);
  }
}

} // namespace wspool::chaos
