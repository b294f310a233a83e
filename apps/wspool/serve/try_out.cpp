// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "serve/try_out.hpp"

#include <chrono>
#include <string>

namespace wspool::cli {

namespace {

caf::result<content> answer(const client_call& call) {
  if (call.name == "echo")
    return call.data;
  if (call.name == "time") {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    return content{std::to_string(ms), message_kind::text};
  }
  return caf::make_error(errc::unknown_endpoint);
}

caf::result<void> obey(const client_call& call) {
  if (call.name == "ignore")
    return caf::unit;
  return caf::make_error(errc::unknown_endpoint);
}

application_actor::behavior_type try_out() {
  return {
    [](query_atom, const client_call& call) { return answer(call); },
    [](command_atom, const client_call& call) { return obey(call); },
  };
}

} // namespace

application_actor spawn_try_out(caf::actor_system& system) { return system.spawn(try_out); }

} // namespace wspool::cli
