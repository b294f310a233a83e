// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "monitor/monitor_actor.hpp"

#include "monitor/metrics.hpp"
#include "monitor/snapshots.hpp"
#include "pool/internal_messages.hpp"
#include "runtime/strand_actor.hpp"

#include <utility>

namespace wspool {

namespace {

class monitor_state {
public:
  using actor_base = caf::event_based_actor;
  using behavior_type = caf::behavior;
  using self_type = strand_actor<actor_base>;
  static constexpr const char* name = "wspool.monitor";

  monitor_state(self_type* self, std::shared_ptr<const pool_options> options, pool_actor pool)
    : self_(self), options_(std::move(options)), pool_(std::move(pool)),
      snapshots_(options_->monitor) {}

  caf::behavior make_behavior() {
    if (options_->monitor.interval.count() > 0)
      look_later();
    return {
      [this](tick_atom) { look(); },
      [this](history_atom) { return snapshots_.history(); },
      [this](metrics_atom) { return metrics(); },
    };
  }

private:
  void look_later() {
    compat::tell_after(self_, options_->monitor.interval, caf::actor_cast<caf::actor>(self_),
                       tick_atom_v);
  }

  void look() {
    compat::ask(self_, pool_, caf::infinite, stats_atom_v)
      .then(
        [this](pool_stats& now) {
          const auto& latest = snapshots_.add(std::move(now));
          compat::tell(
            self_, caf::actor_cast<caf::actor>(pool_),
            internal::pack(internal::publication{event::stats, caf::make_message(latest)}));
          look_later();
        },
        [](const caf::error&) {}); // the pool is gone; so will this actor be
  }

  caf::result<std::string> metrics() {
    auto answer = self_->make_response_promise<std::string>();
    compat::ask(self_, pool_, caf::infinite, stats_atom_v)
      .then([answer](const pool_stats& now) mutable { answer.deliver(render_metrics(now)); },
            [answer](caf::error& why) mutable { answer.deliver(std::move(why)); });
    return answer;
  }

  self_type* self_;
  std::shared_ptr<const pool_options> options_;
  pool_actor pool_;
  snapshots snapshots_;
};

} // namespace

caf::actor spawn_monitor(const std::shared_ptr<strand_host>& host,
                         std::shared_ptr<const pool_options> options, pool_actor pool) {
  return spawn_on_strand<monitor_state>(host, std::move(options), std::move(pool));
}

} // namespace wspool
