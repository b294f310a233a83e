// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The hub's text for Prometheus: its own numbers, and what others add to them.

#include "hub/hub_state.hpp"

#include "monitor/metrics.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace wspool {

namespace {

constexpr std::size_t max_sources = 16;
/// Who takes longer is left out.
constexpr std::chrono::seconds source_patience{2};

} // namespace

caf::result<void> hub_state::add_metrics(const caf::actor& source) {
  if (!source)
    return caf::make_error(errc::invalid_option, "metrics: nobody");
  if (std::find(metrics_sources_.begin(), metrics_sources_.end(), source) != metrics_sources_.end())
    return caf::unit;
  if (metrics_sources_.size() >= max_sources)
    return caf::make_error(errc::queue_full, "metrics: " + std::to_string(max_sources));
  metrics_sources_.push_back(source);
  monitors_.add(self_, source, [this, addr = source.address()](const caf::error&) {
    std::erase_if(metrics_sources_, [&addr](const auto& x) { return x.address() == addr; });
  });
  return caf::unit;
}

/// Whoever asks while an answer is being made gets that one: for each, all clients are asked.
caf::result<std::string> hub_state::metrics() {
  auto answer = self_->make_response_promise<std::string>();
  auto round = metrics_round_.lock();
  if (round) {
    round->answers.push_back(keep(answer));
    return answer;
  }
  round = std::make_shared<metrics_round>();
  metrics_round_ = round;
  round->answers.push_back(keep(answer));
  round->parts.resize(1 + metrics_sources_.size());
  compat::ask(self_, caf::actor_cast<caf::actor>(self_), caf::infinite, stats_atom_v)
    .then([round](const server_stats& numbers) { round->parts[0] = render_metrics(numbers); },
          [round](const caf::error&) {});
  for (std::size_t i = 0; i < metrics_sources_.size(); ++i)
    compat::ask(self_, metrics_sources_[i], source_patience, metrics_atom_v)
      .then([round, i](std::string& text) { round->parts[i + 1] = std::move(text); },
            [round](const caf::error&) {});
  return answer;
}

/// The last who knew of it is done. Without numbers of its own the server is ending: whoever asked
/// gets an error.
hub_state::metrics_round::~metrics_round() {
  if (parts.empty() || parts[0].empty())
    return;
  std::string text;
  for (const auto& part : parts)
    text += part;
  for (auto& answer : answers)
    if (answer->pending())
      answer->deliver(text);
}

} // namespace wspool
