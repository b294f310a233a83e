// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What an HTTP proxy answers to CONNECT: the sizes of the pieces, then the answer.
#include "proxy_observer.hpp"

#include "net/http_connect.hpp"

namespace http_connect_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

WSPOOL_FUZZ_TARGET(http_connect) {
  source in{input};
  const auto sizes = in.splits();
  net::http_connect split{"example.com", 443, "user:secret"};
  require(split.take_output().ends_with("\r\n\r\n"), "a request is complete");
  const auto consumed = talk(split, in.rest(), sizes);
  check_talk(split);
  // Up to where the answer was complete, it is the same in one piece.
  net::http_connect whole{"example.com", 443, "user:secret"};
  (void)whole.take_output();
  (void)talk(whole, in.rest().substr(0, consumed), {});
  require(whole.done() == split.done() && whole.error().code == split.error().code
            && whole.error().detail == split.error().detail,
          "pieces make no difference", whole.error().detail + " --- " + split.error().detail);
  require(split.take_output().empty(), "one request is enough");
  if (split.done()) {
    const auto head = in.rest().substr(0, consumed);
    require(head.starts_with("HTTP/1.") && head.ends_with("\r\n\r\n"), "a success is HTTP");
  }
}

} // namespace http_connect_fuzz
