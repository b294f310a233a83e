// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

namespace wspool {

/// Lets the process's table of descriptors have room for 4,096, or as many as it may open.
///
/// Linux doubles that table when it is full, and in a process with several threads whoever needs
/// the descriptor waits until no other core can be reading the old one: 16 ms each time, in which a
/// thread of the pool would serve none of its connections. A thousand connections that open at once
/// would meet that three times. Here it costs that time once, before there are any.
void reserve_descriptors() noexcept;

} // namespace wspool
