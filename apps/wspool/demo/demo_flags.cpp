// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "demo/demo_flags.hpp"

#include "settings/setting_targets.hpp"

namespace wspool::cli {

void describe(settings& table, demo_flags& flags) {
  table.section("demo", "Demonstration");
  table.add("duration", "--duration", "DURATION", "How long messages are sent",
            to_duration(flags.duration));
  table.add("connections", "-n,--connections", "N", "Connections of the pool",
            to_number(flags.connections, 1u, 1'000u));
  table.add("rate", "--rate", "N", "Messages per second", to_number(flags.rate, 1u, 1'000'000u));
  table.add("kill-every", "--kill-every", "DURATION", "How often a connection is cut",
            to_duration(flags.kill_every));
}

} // namespace wspool::cli
