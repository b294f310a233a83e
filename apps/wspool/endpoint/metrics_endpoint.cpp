// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "endpoint/metrics_endpoint.hpp"

#include <spdlog/spdlog.h>

namespace wspool::cli {

namespace {

constexpr auto prometheus_type = "text/plain; version=0.0.4; charset=utf-8";

/// One short-lived actor per request: nothing to keep in step.
void ask_metrics(caf::actor_system& system, const pool_actor& pool,
                 const http_endpoint::responder& respond) {
  system.spawn([=](caf::event_based_actor* self) {
    compat::ask(self, pool, caf::infinite, metrics_atom_v)
      .then(
        [=](std::string& text) {
          respond({200, std::move(text), prometheus_type});
        },
        [=](const caf::error&) {
          respond({503, "the pool is gone\n"});
        });
  });
}

} // namespace

metrics_endpoint::metrics_endpoint(app_system& apps, const std::string& where,
                                   spdlog::logger& logger)
  : apps_(apps) {
  if (where.empty())
    return;
  auto bound = parse_address(where, "--metrics");
  http_ = std::make_unique<http_endpoint>(apps_.io, bound);
  bound.port = http_->port();
  // Whoever asked for any free port must be told which one it is.
  auto level =
    parse_address(where, "--metrics").port == 0 ? spdlog::level::warn : spdlog::level::info;
  logger.log(level, "metrics on http://{}/metrics", bound.text());
}

void metrics_endpoint::serve(const pool_actor& pool, std::shared_ptr<stream_state> state) {
  if (!http_)
    return;
  http_->serve([&system = apps_.actors, pool, state](const std::string& path,
                                                     const http_endpoint::responder& respond) {
    if (path == "/metrics")
      ask_metrics(system, pool, respond);
    else if (path == "/healthz")
      respond({200, "alive\n"});
    else if (path == "/readyz")
      respond(state->is_ready() ? http_endpoint::response{200, "ready\n"}
                                : http_endpoint::response{503, "not ready\n"});
    else
      respond({404, "here are /metrics, /healthz and /readyz\n"});
  });
}

} // namespace wspool::cli
