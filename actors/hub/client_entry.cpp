// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// A client's way in: the upgrade request, who that is, and the answer.

#include "hub/client_state.hpp"

#include "hub/http_plan.hpp"
#include "hub/request_target.hpp"
#include "hub/verdict.hpp"
#include "runtime/wall_clock.hpp"

#include <spdlog/logger.h>

#include <chrono>
#include <utility>

namespace wspool {

namespace {

/// A number drawn from [0, 1).
double share_of(std::uint64_t drawn) { return static_cast<double>(drawn >> 11) * 0x1p-53; }

} // namespace

void client_state::on_request(time_point at) {
  if (is_plain_http(codec_.request()))
    return on_http_request(at);
  switch (verdict_) {
    case door::verdict::enter:
      break;
    case door::verdict::address_full:
      return refuse(
        {429, {{"Retry-After", "5"}}, "Too many connections from this address.\n", {}, {}, {}}, at);
    case door::verdict::full:
    case door::verdict::turn_away:
      return refuse({503, {{"Retry-After", "5"}}, "Too many connections.\n", {}, {}, {}}, at);
  }
  auto judged = judge(codec_.request(), options_->entrance);
  if (judged.status != 0)
    return refuse(judged, at);
  info_.client.space = std::move(judged.space);
  certificate_ = stream_->certificate();
  if (!take_identity(judged.identity, at))
    return;
  info_.subprotocol = std::move(judged.subprotocol);
  // What follows the path may be a password, and this goes to all subscribers.
  const auto& target = codec_.request().target;
  info_.target = target.substr(0, target.find('?'));
  if (authenticator_)
    authenticate();
  else
    enter();
}

/// Who waits for a verdict has its deadline for that, which is ours: a timeout of CAF's would be
/// one more timer for each client.
void client_state::authenticate() {
  phase_ = phase::authenticating;
  const auto& request = codec_.request();
  auth_request question;
  question.space = info_.client.space;
  question.target = request.target;
  question.headers = request.headers;
  question.peer = info_.peer;
  question.certificate = certificate_;
  question.token = token_of(request);
  compat::ask(self_, authenticator_, caf::infinite, authenticate_atom_v, std::move(question))
    .then([this](auth_verdict& verdict) { on_verdict(verdict); },
          [this](const caf::error&) { // whose text may quote what it was asked about
            if (phase_ != phase::authenticating || finale_)
              return;
            refuse_without_verdict(now());
            read();
          });
}

void client_state::on_verdict(auth_verdict& verdict) {
  if (phase_ != phase::authenticating || finale_)
    return;
  const auto at = now();
  auto refused = refusal_of(verdict, unix_seconds());
  if (refused.status != 0) {
    refuse(refused, at);
    return read();
  }
  if (!verdict.identity.empty())
    info_.identity = std::move(verdict.identity);
  expire_at(verdict.expires, at);
  enter();
}

/// Somebody has judged it again since the upgrade.
void client_state::renew(std::int64_t expires) {
  const auto at = now();
  expire_at(expires, at);
  arm(at);
}

/// In seconds since 1970, 0: never. What has expired by then does so at once.
void client_state::expire_at(std::int64_t expires, time_point at) {
  expires_at_.reset();
  const auto today = unix_seconds();
  if (expires != 0)
    expires_at_ = expires > today ? at + time_left(expires, today) : at;
}

void client_state::refuse_without_verdict(time_point at) {
  if (options_->logger)
    options_->logger->warn("no verdict about a client server={} peer={}", options_->name,
                           info_.peer);
  refuse({503, {{"Retry-After", "5"}}, "Nobody can tell who you are just now.\n", {}, {}, {}}, at);
}

void client_state::enter() {
  asked_hub_ = true;
  phase_ = phase::entering;
  mail_ = courier_.seats->add(*this, number_);
  const bool offers_deflate =
    options_->deflate.enabled && !codec_.request().header_value("Sec-WebSocket-Extensions").empty();
  compat::tell(self_, hub_,
               internal::pack(internal::entering{number_, caf::actor_cast<caf::actor>(self_),
                                                 courier_.actor, mail_, info_, offers_deflate}));
}

/// Of the request, or of the certificate. @returns false if it was refused.
bool client_state::take_identity(std::string& judged, time_point at) {
  const auto& field = options_->entrance.identity;
  info_.identity = std::move(judged);
  if (field.part != request_part::certificate)
    return true;
  if (!certificate_.empty())
    info_.identity = certificate_;
  else if (field.required)
    return refuse({403, {}, "A certificate is needed.\n", {}, {}, {}}, at), false;
  if (is_plain_name(info_.identity))
    return true;
  refuse({403, {}, "The certificate's subject cannot be used.\n", {}, {}, {}}, at);
  return false;
}

void client_state::refuse(const entrance& judged, time_point at) {
  refused_ = true;
  codec_.refuse(judged.status, judged.headers, judged.body);
  compat::tell(self_, gate_, internal::pack(internal::refused{judged.status}));
  finish_after_flush({errc::upgrade_refused, "HTTP " + std::to_string(judged.status), {}}, at);
}

void client_state::on_admission(internal::admission& in) {
  if (phase_ != phase::entering || finale_)
    return;
  const auto at = now();
  if (in.id.empty()) {
    refuse({503, {{"Retry-After", "5"}}, "The server is going away.\n", {}, {}, {}}, at);
    return read();
  }
  info_.client.id = std::move(in.id);
  fan_out_.set(std::move(in.subscribers));
  accept_options accepted;
  accepted.subprotocol = info_.subprotocol;
  accepted.deflate = in.deflate;
  codec_.accept(accepted);
  codec_.forget_request();
  head_ = {codec_.output().size(), {}};
  open(at);
  codec_.feed({}, decoded_); // frames that came in with the request
  after_feed(at);
  read();
}

void client_state::open(time_point at) {
  phase_ = phase::open;
  was_open_ = true;
  deadline_.reset();
  const auto& stay = options_->stay;
  liveness_.emplace(stay.heartbeat, stay.idle, at);
  if (stay.max_age.count() > 0)
    leaves_at_ = at
                 + std::chrono::duration_cast<std::chrono::nanoseconds>(
                   stay.max_age * (1.0 - stay.jitter * share_of(seed_)));
  if (options_->logger)
    options_->logger->debug("client arrived server={} client={} peer={}", options_->name,
                            to_string(info_.client), info_.peer);
  fan_out_.publish(server_event::arrived, client_arrived_event{info_});
  arm(at);
}

} // namespace wspool
