// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "process/app_system.hpp"

#include <future>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace wspool::cli {

/// Asks an actor and waits for its answer, however long that takes: each request has one.
/// `T` is `caf::unit_t` for an answer without a value. Thread contract: the main thread.
/// @throws std::runtime_error for an error
template <class T, class Handle, class... Ts>
T ask(app_system& apps, const Handle& whom, Ts... xs) {
  // Shared: the waiting thread may be gone before the other one has left the promise.
  auto answer = std::make_shared<std::promise<T>>();
  auto asker = [=](caf::event_based_actor* self) {
    auto fail = [answer, self](const caf::error& e) {
      std::runtime_error why{render(self->home_system(), e)};
      answer->set_exception(std::make_exception_ptr(std::move(why)));
    };
    auto request = compat::ask(self, whom, caf::infinite, xs...);
    if constexpr (std::is_same_v<T, caf::unit_t>)
      std::move(request).then([answer] { answer->set_value(caf::unit); }, fail);
    else
      std::move(request).then([answer](const T& x) { answer->set_value(x); }, fail);
  };
  const auto keeper = apps.actors.spawn(asker);
  return answer->get_future().get();
}

} // namespace wspool::cli
