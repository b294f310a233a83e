// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

namespace wspool::bench {

/// The other end of all competitors: a server that does little, so that it is not what is measured.
/// The path of the upgrade request says what: `/discard`, `/echo`, or `/flood/SIZE`.
///
/// Prints its two ports, for plain and for TLS, and runs until it is killed.
/// @throws std::exception if it cannot start.
void run_peer();

} // namespace wspool::bench
