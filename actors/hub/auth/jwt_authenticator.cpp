// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/authenticators.hpp>

#include "hub/auth/jwt_verifier.hpp"
#include "runtime/wall_clock.hpp"

#include <wspool/pool.hpp>

#include <memory>

namespace wspool {

namespace {

authenticator_actor::behavior_type
judge_by_signature(std::shared_ptr<const auth::jwt_verifier> verifier) {
  return {
    [verifier](authenticate_atom, const auth_request& request) {
      return verifier->judge(request.token, unix_seconds());
    },
  };
}

} // namespace

authenticator_actor spawn_jwt_authenticator(caf::actor_system& system, const jwt_options& options) {
  auto verifier = std::make_shared<auth::jwt_verifier>();
  if (auto wrong = auth::jwt_verifier::load(options, *verifier))
    throw invalid_options{wrong};
  return system.spawn<caf::hidden>(judge_by_signature,
                                   std::shared_ptr<const auth::jwt_verifier>{verifier});
}

} // namespace wspool
