// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "settings/thread_settings.hpp"

#include "settings/setting_targets.hpp"

namespace wspool::cli {

void describe_threads(settings& table, std::size_t& io_threads) {
  table.section("threads", "Threads");
  table.add("io", "--io-threads", "N",
            "Threads that all sockets share; 0: half as many as cores, 1 to 4",
            to_number(io_threads, std::size_t{0}, std::size_t{1'024}));
}

} // namespace wspool::cli
