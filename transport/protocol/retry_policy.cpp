// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/retry_policy.hpp>

#include <algorithm>

namespace wspool {

namespace {

using std::chrono::milliseconds;

/// What 1012 spreads the clients of a restarting server over, if it names no window itself.
constexpr milliseconds default_restart_window{5'000};

struct verdict {
  retry_action action;
  bool endpoint_fault;
};

constexpr verdict try_again{retry_action::reconnect, false};
/// Another endpoint, if there is one, may do better.
constexpr verdict try_elsewhere{retry_action::reconnect, true};
constexpr verdict hopeless{retry_action::give_up, false};

/// Endings that neither a close frame nor an HTTP status explains.
verdict on_error(errc why) noexcept {
  switch (why) {
    case errc::resolve_failed:
    case errc::connect_failed:
    case errc::connect_timeout:
    case errc::tls_failed:
    case errc::heartbeat_timeout:
    // A proxy says so when it cannot reach the endpoint, too.
    case errc::proxy_refused:
    // Certificates expire and are renewed while a pool lives, and often on one host of several:
    // worth another try, somewhere else first.
    case errc::certificate_invalid:
    case errc::upgrade_refused:
      return try_elsewhere;

    // Neither the endpoint's fault nor beyond repair. `tls_configuration` is here because options
    // are checked before anything is connected: at this point a file is just being replaced.
    case errc::proxy_failed:
    case errc::tls_configuration:
    case errc::closed:
    case errc::end_of_stream:
    case errc::connection_reset:
    case errc::idle_timeout:
    case errc::close_timeout:
    case errc::message_too_big:
    case errc::crashed:
    case errc::io_error:
    case errc::address_in_use:
      return try_again;

    // The same request would meet the same answer: not a WebSocket server, not this protocol, or
    // our own options.
    case errc::upgrade_invalid:
    case errc::subprotocol_mismatch:
    case errc::too_many_redirects:
    case errc::protocol_error:
    case errc::invalid_utf8:
    case errc::invalid_url:
    case errc::invalid_option:
    case errc::invalid_header:
    case errc::invalid_scheduler:
    case errc::unknown_endpoint:
    case errc::shutdown:
    case errc::slow_consumer: // a server's own verdicts: no client meets them
    case errc::rate_exceeded:
      return hopeless;

    // Outcomes of messages end no connection. Should one be named, the slot must live on.
    case errc::none:
    case errc::queue_full:
    case errc::dropped:
    case errc::expired:
    case errc::too_big:
    case errc::invalid_message:
    case errc::pool_closed:
    case errc::connection_lost:
    case errc::no_connection:
    case errc::unreachable:
      return try_again;
  }
  return try_again;
}

/// A refused upgrade says more about the endpoint than about the request.
bool is_fault(unsigned status) noexcept { return status >= 500 && status != 501 && status != 505; }

/// A proxy that wants other credentials (407), or forbids the way (403): the header provider, which
/// speaks to the endpoint, cannot help.
retry_action on_proxy_status(retry_action action) noexcept {
  return action == retry_action::refresh_once ? retry_action::give_up : action;
}

} // namespace

std::string_view to_string(retry_action value) noexcept {
  switch (value) {
    case retry_action::reconnect:
      return "reconnect";
    case retry_action::restart_window:
      return "restart-window";
    case retry_action::long_backoff:
      return "long-backoff";
    case retry_action::refresh_once:
      return "refresh-once";
    case retry_action::give_up:
      return "give-up";
  }
  return "unknown";
}

retry_action retry_policy::on_close(std::uint16_t code) const {
  if (auto found = close_codes.find(code); found != close_codes.end())
    return found->second;
  switch (code) {
    case close_code::service_restart:
      return retry_action::restart_window;
    case close_code::try_again_later:
      return retry_action::long_backoff;
    case close_code::protocol_error:
    case close_code::unsupported_data:
    case close_code::invalid_payload:
    case close_code::mandatory_extension:
      return retry_action::give_up;
    case close_code::policy_violation:
    case close_code::unauthorized:
      return retry_action::refresh_once;
    default:
      break;
  }
  // The halves of the ranges for libraries and for private use (RFC 6455 §7.4.2).
  if ((code >= 3500 && code <= 3999) || (code >= 4500 && code <= 4999))
    return retry_action::give_up;
  return retry_action::reconnect;
}

retry_action retry_policy::on_status(unsigned status) const {
  if (auto found = statuses.find(status); found != statuses.end())
    return found->second;
  switch (status) {
    case 401:
    case 403:
      return retry_action::refresh_once;
    case 408:
    case 425:
    case 429:
      return retry_action::reconnect;
    case 501: // not implemented, HTTP version not supported: nothing that time heals
    case 505:
      return retry_action::give_up;
    default:
      // 500, 502, 503, 504 and what gateways add to them. A success, or a redirect that is not
      // followed, comes from something that does not speak WebSocket at this URL.
      return status >= 500 ? retry_action::reconnect : retry_action::give_up;
  }
}

retry_decision retry_policy::decide(const ending& how) const {
  retry_decision result;
  auto hint = how.retry_after;
  if (how.was_open && how.close) {
    const auto& close = *how.close;
    const bool by_peer = close.began == initiator::remote;
    result.action = on_close(close.code);
    result.endpoint_fault =
      on_error(how.why).endpoint_fault
      || (by_peer
          && (close.code == close_code::internal_error || close.code == close_code::bad_gateway));
    // Closed with 1009 by us, it was the peer's message that was too big.
    result.message_fault = by_peer && close.code == close_code::too_big;
    if (!hint && by_peer)
      hint = parse_close_hint(close.reason);
  } else if (how.http_status != 0) {
    result.action = on_status(how.http_status);
    if (how.why == errc::proxy_refused)
      result.action = on_proxy_status(result.action);
    result.endpoint_fault = is_fault(how.http_status);
  } else {
    auto [action, fault] = on_error(how.why);
    result.action = action;
    // A connection that breaks before it was open is a failed attempt, whatever broke it.
    result.endpoint_fault =
      fault
      || (!how.was_open && (how.why == errc::end_of_stream || how.why == errc::connection_reset));
  }
  if (hint)
    hint = std::clamp<milliseconds>(*hint, milliseconds{0}, longest_hint);
  if (result.action == retry_action::restart_window)
    result.window = hint.value_or(default_restart_window);
  else
    result.at_least = hint.value_or(milliseconds{0});
  return result;
}

} // namespace wspool
