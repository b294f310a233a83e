// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>

namespace wspool {

/// A timer on the strand of an actor: made of the actor's `io_context`, with handlers that went
/// through `bind`. Nothing wakes another thread for it. Under a manual host use CAF's delayed
/// messages: there time is what the test says.
using strand_timer =
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>,
                                    boost::asio::io_context::executor_type>;

} // namespace wspool
