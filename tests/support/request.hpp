// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/caf_generation.hpp>

#include <caf/all.hpp>

#include <type_traits>
#include <utility>

namespace wspool::test {

/// Spawns an actor that asks once, without waiting: `on_value` gets the answer (`caf::unit` for one
/// without a value), or `on_error` the error and its system. Keep the actor until then.
template <class T, class Handle, class OnValue, class OnError, class... Ts>
[[nodiscard]] caf::actor spawn_asker(caf::actor_system& sys, const Handle& to, OnValue on_value,
                                     OnError on_error, Ts... xs) {
  return sys.spawn([=](caf::event_based_actor* self) {
    auto fail = [on_error, self](const caf::error& e) { on_error(e, self->home_system()); };
    auto request = compat::ask(self, to, caf::infinite, xs...);
    if constexpr (std::is_same_v<T, caf::unit_t>)
      std::move(request).then([on_value] { on_value(caf::unit); }, fail);
    else
      std::move(request).then([on_value](const T& x) { on_value(x); }, fail);
  });
}

} // namespace wspool::test
