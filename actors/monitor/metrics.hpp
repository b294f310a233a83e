// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/messaging_events.hpp>
#include <wspool/server_events.hpp>
#include <wspool/stats.hpp>

#include <string>

namespace wspool {

/// A snapshot in Prometheus' text format. Names, labels, units and help texts of all metrics are
/// here and nowhere else; labels carry no connection ids, keys or credentials.
[[nodiscard]] std::string render_metrics(const pool_stats& stats);
[[nodiscard]] std::string render_metrics(const server_stats& stats);
/// Of a broker, and of the backplane that it has.
[[nodiscard]] std::string render_metrics(const broker_stats& stats, const std::string& broker);
[[nodiscard]] std::string render_metrics(const backplane_stats& stats, const std::string& broker);

} // namespace wspool
