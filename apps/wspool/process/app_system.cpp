// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "process/app_system.hpp"

#include <caf/io/middleman.hpp>

namespace wspool::cli {

known_types::known_types() {
  compat::register_modules<caf::io::middleman>();
  compat::register_types<caf::id_block::wspool>();
  compat::register_types<caf::id_block::wspool_cli>();
}

app_config::app_config(std::optional<std::chrono::milliseconds> network) {
  prepare(*this);
  compat::register_types<caf::id_block::wspool_cli>(*this);
  compat::prefer_sharing(*this);
  if (!network)
    return;
  load<caf::io::middleman>();
  // Both, or a node that has vanished without a word is never noticed.
  auto interval = caf::timespan{*network};
  set(compat::caf_key("middleman.heartbeat-interval"), caf::config_value{interval});
  set(compat::caf_key("middleman.connection-timeout"), caf::config_value{3 * interval});
  // The end of a system waits for each actor with a thread of its own until the last reference to
  // it is gone, and CAF's network layer may drop its own too late for that: so there is none.
  set(compat::caf_key("middleman.attach-utility-actors"), caf::config_value{true});
}

void connect(const pool_actor& pool, const std::vector<endpoint_options>& endpoints) {
  for (auto& x : endpoints)
    compat::anon_tell(pool, add_atom_v, x);
}

} // namespace wspool::cli
