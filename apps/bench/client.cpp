// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "client.hpp"

namespace wspool::bench {

std::string url_of(const client_job& job) {
  return (job.what.tls ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + std::to_string(job.port)
         + job.what.path();
}

} // namespace wspool::bench
