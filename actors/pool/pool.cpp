// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/messaging_type_ids.hpp>
#include <wspool/pool.hpp>

#include "pool/dispatcher_actor.hpp"
#include "runtime/strand_host.hpp"

#include <memory>
#include <random>
#include <utility>

namespace wspool {

namespace {

constexpr const char* error_category_name = "wspool";

} // namespace

pool_actor spawn_pool(caf::actor_system& system, io_pool& io, pool_options options) {
  if (auto why = validate(options))
    throw invalid_options{why};
  if (!options.connector)
    options.connector = make_connector();
  while (options.seed == 0)
    options.seed = std::random_device{}();
  return spawn_dispatcher(strand_host::of(system, io),
                          std::make_shared<const pool_options>(std::move(options)));
}

void prepare(caf::actor_system_config& cfg) {
  compat::register_types<caf::id_block::wspool>();
  compat::register_types<caf::id_block::wspool>(cfg);
  compat::register_types<caf::id_block::wspool_messaging>();
  compat::register_types<caf::id_block::wspool_messaging>(cfg);
  compat::register_errors<errc>(cfg, error_category_name);
}

errc error_of(const caf::error& e) noexcept {
  auto value = errc::io_error;
  compat::error_value(e, error_category_name, value);
  return value;
}

std::string render(const caf::actor_system& system, const caf::error& e) {
  auto value = errc::none;
  if (!compat::error_value(e, error_category_name, value))
    return compat::render(system, e);
  auto text = to_string(value) + ": " + std::string{describe(value)};
  const auto context = to_string(e.context());
  return e.context().empty() ? text : text + " " + context;
}

} // namespace wspool
