// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/authenticators.hpp>

#include "hub/auth/token_list.hpp"
#include "runtime/kept_promise.hpp"

#include <wspool/pool.hpp>

#include <memory>
#include <utility>

namespace wspool {

namespace {

authenticator_actor::behavior_type judge_by_list(std::shared_ptr<const auth::token_list> list) {
  return {
    [list](authenticate_atom, const auth_request& request) { return list->judge(request.token); },
  };
}

authenticator_actor::behavior_type judge_those_who_show(authenticator_actor::pointer self,
                                                        authenticator_actor strict) {
  return {
    [self, strict](authenticate_atom, auth_request& request) -> caf::result<auth_verdict> {
      if (request.token.empty())
        return accept_as({});
      auto answer = self->make_response_promise<auth_verdict>();
      auto kept = keep(answer);
      // As long as `strict` takes: whoever asks has a deadline.
      compat::ask(self, strict, caf::infinite, authenticate_atom_v, std::move(request))
        .then([kept](auth_verdict& verdict) { kept->deliver(std::move(verdict)); },
              [kept](caf::error& why) { kept->deliver(std::move(why)); });
      return answer;
    },
  };
}

} // namespace

authenticator_actor spawn_token_authenticator(caf::actor_system& system,
                                              std::vector<bearer_token> tokens) {
  auto list = std::make_shared<auth::token_list>();
  for (const auto& one : tokens)
    if (auto wrong = list->add(one))
      throw invalid_options{wrong};
  if (list->size() == 0)
    throw invalid_options{{errc::invalid_option, "tokens: there is none"}};
  return system.spawn<caf::hidden>(judge_by_list, std::shared_ptr<const auth::token_list>{list});
}

authenticator_actor spawn_lenient_authenticator(caf::actor_system& system,
                                                authenticator_actor strict) {
  return system.spawn<caf::hidden>(judge_those_who_show, std::move(strict));
}

} // namespace wspool
