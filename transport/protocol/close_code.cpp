// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/close_code.hpp>

namespace wspool {

bool may_be_sent(std::uint16_t code) noexcept {
  // RFC 6455 §7.4.2: 3000 to 3999 are registered, 4000 to 4999 private; nothing lies above.
  if (code >= 3000)
    return code <= 4999;
  // §7.4.1 and the registry: 1004 is reserved; 1005, 1006 and 1015 only ever name an absence.
  if (code >= 1000 && code <= 1003)
    return true;
  return code >= 1007 && code <= 1014;
}

std::string_view name_of_close(std::uint16_t code) noexcept {
  switch (code) {
    case close_code::normal:
      return "normal closure";
    case close_code::going_away:
      return "going away";
    case close_code::protocol_error:
      return "protocol error";
    case close_code::unsupported_data:
      return "unsupported data";
    case close_code::no_status:
      return "no status received";
    case close_code::abnormal:
      return "abnormal closure";
    case close_code::invalid_payload:
      return "invalid frame payload data";
    case close_code::policy_violation:
      return "policy violation";
    case close_code::too_big:
      return "message too big";
    case close_code::mandatory_extension:
      return "mandatory extension";
    case close_code::internal_error:
      return "internal error";
    case close_code::service_restart:
      return "service restart";
    case close_code::try_again_later:
      return "try again later";
    case close_code::bad_gateway:
      return "bad gateway";
    case close_code::tls_handshake:
      return "TLS handshake failure";
    case 3000: // 3000 and up: registered with IANA since (RFC 6455 §11.7)
      return "unauthorized";
    case 3003:
      return "forbidden";
    case 3008:
      return "timeout";
    default:
      return {};
  }
}

} // namespace wspool
