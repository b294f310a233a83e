// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/life_table.hpp"

#include <wspool/byte_stream.hpp>

#include <functional>
#include <memory>

namespace wspool::chaos {

/// The connector over real sockets, with each socket's life written into the table: a socket ends
/// there before anybody can be told that it did. `on_attempt`, if set, is called first, from any
/// thread.
[[nodiscard]] std::shared_ptr<connector>
make_watched_connector(life_table_ptr lives, std::function<void()> on_attempt = {});

} // namespace wspool::chaos
