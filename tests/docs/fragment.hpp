// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// What stands before each fragment of C++ that cpp_blocks.py takes from the pages: a page shows the
// lines that matter, not the program around them.

#include <wspool/authentication.hpp>
#include <wspool/authenticators.hpp>
#include <wspool/backplane.hpp>
#include <wspool/broker.hpp>
#include <wspool/byte_stream.hpp>
#include <wspool/caf_generation.hpp>
#include <wspool/close_code.hpp>
#include <wspool/config.hpp>
#include <wspool/connect_options.hpp>
#include <wspool/echo_server.hpp>
#include <wspool/endpoint.hpp>
#include <wspool/error.hpp>
#include <wspool/events.hpp>
#include <wspool/histogram.hpp>
#include <wspool/io_pool.hpp>
#include <wspool/json.hpp>
#include <wspool/message.hpp>
#include <wspool/messaging_events.hpp>
#include <wspool/outcomes.hpp>
#include <wspool/pool.hpp>
#include <wspool/pool_options.hpp>
#include <wspool/redis_backplane.hpp>
#include <wspool/retry_policy.hpp>
#include <wspool/scheduler.hpp>
#include <wspool/server.hpp>
#include <wspool/server_events.hpp>
#include <wspool/server_options.hpp>
#include <wspool/session.hpp>
#include <wspool/stats.hpp>
#include <wspool/units.hpp>

#include <caf/all.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// A fragment makes things that only the reader goes on with.
#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wunused-function"
#endif

namespace docs {

/// `options` of a fragment that passes them on without a look: whatever the callee takes.
struct any_options {
  template <class Options>
  requires std::is_same_v<Options, wspool::pool_options> || std::is_same_v<
    Options, wspool::server_options> || std::is_same_v<Options, wspool::backplane_options> || std::
    is_same_v<Options, wspool::broker_options>
  operator Options() const; // never defined: fragments are compiled, not linked
};

} // namespace docs
