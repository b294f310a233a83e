// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "echo/echo_flags.hpp"

#include "settings/setting_targets.hpp"

namespace wspool::cli {

void describe(settings& table, echo_flags& flags) {
  table.section("echo", "Echo server");
  table.add("listen", "-l,--listen", "HOST:PORT", "Where to listen; port 0: any free one",
            to_address(flags.listen));
  table.add("discard", "--discard", "", "Count messages instead of sending them back",
            to_switch(flags.discard));
  table.add("compress", "--compress", "", "Accept permessage-deflate", to_switch(flags.compress));
  table.add("cert", "--cert", "FILE", "Serve wss:// with this certificate, PEM",
            to_text(flags.certificate), "\"server.pem\"");
  table.add("key", "--key", "FILE", "Its key, PEM (default: in the certificate's file)",
            to_text(flags.key), "\"server.key\"");
  table.add("max-message", "--max-message", "BYTES", "Largest message taken",
            to_bytes(flags.max_message_bytes));
  table.add("kill-every", "--kill-every", "DURATION",
            "A fault on demand: cut one connection so often; 0s: never",
            to_duration(flags.kill_every));
  table.add("kill-for", "--kill-for", "DURATION", "No more after that; 0s: without end",
            to_duration(flags.kill_for));
}

} // namespace wspool::cli
