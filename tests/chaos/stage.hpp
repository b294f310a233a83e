// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/chance.hpp"
#include "chaos/fault_server.hpp"
#include "chaos/witness.hpp"

#include <wspool/pool.hpp>

#include <caf/all.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wspool::chaos {

/// An endpoint of the pool: a door of the server.
struct home {
  std::size_t door = 0;
  std::uint32_t connections = 1;
  std::uint32_t weight = 1;
  std::uint32_t group = 0;
  bool wanted = true; ///< the pool was asked to have it
};

/// What a fault may touch: one pool and one server, for the length of a phase. One thread.
class stage {
public:
  stage(caf::actor_system& sys, fault_server& there, pool_actor which, testimony_ptr what,
        std::uint64_t seed)
    : random(seed), server(there), pool(std::move(which)), seen(std::move(what)), system_(sys) {}

  [[nodiscard]] endpoint_options options_of(const home& x) const {
    return {server.url(x.door), x.connections, x.weight, x.group};
  }
  home& any_home() { return homes[random.number(0, homes.size() - 1)]; }
  std::size_t any_door() { return random.number(0, server.doors() - 1); }

  /// Asks the pool for something whose answer may take its time; whatever it is, it must come.
  template <class... Ts>
  void errand(Ts... xs) {
    auto open = errands_;
    ++*open;
    system_.spawn([open, to = pool, xs...](caf::event_based_actor* self) {
      compat::ask(self, to, caf::infinite, xs...)
        .then([open] { --*open; }, [open](const caf::error&) { --*open; });
    });
  }
  [[nodiscard]] std::size_t errands() const { return *errands_; }

  chance random;
  fault_server& server;
  pool_actor pool;
  testimony_ptr seen;
  std::vector<home> homes;
  std::uint64_t too_big_closes = 0;

private:
  caf::actor_system& system_;
  std::shared_ptr<std::atomic<std::size_t>> errands_ =
    std::make_shared<std::atomic<std::size_t>>(0);
};

} // namespace wspool::chaos
