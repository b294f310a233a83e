// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// How CAF's own configuration is written, in each of its generations.

#include <wspool/caf_generation.hpp>

#include <string>

namespace wspool::test {

/// A file with one group of options, `key = value` in a line.
inline std::string group_in_file(const std::string& name, const std::string& lines) {
#if WSPOOL_CAF_0_17
  return "[" + name + "]\n" + lines + "\n";
#else
  return name + " {\n" + lines + "\n}\n";
#endif
}

/// A flag for the scheduler's policy.
inline std::string policy_flag(const std::string& policy) {
#if WSPOOL_CAF_0_17
  return "--scheduler.policy='" + policy + "'";
#else
  return "--caf.scheduler.policy=" + policy;
#endif
}

/// The scheduler's policy; empty where nothing was said of it.
inline std::string policy_of(const caf::actor_system_config& cfg) {
  const auto key = compat::caf_key("scheduler.policy");
#if WSPOOL_CAF_0_17
  const auto policy = caf::get_if<caf::atom_value>(&cfg, key);
  return policy ? caf::to_string(*policy) : std::string{};
#else
  return caf::get_or(cfg, key, std::string{});
#endif
}

} // namespace wspool::test
