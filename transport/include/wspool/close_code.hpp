// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wspool {

/// Close codes of RFC 6455 §7.4.1 and the IANA registry. Any other number travels as itself.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t unsupported_data = 1003;
inline constexpr std::uint16_t no_status = 1005; ///< never on the wire
inline constexpr std::uint16_t abnormal = 1006;  ///< never on the wire
inline constexpr std::uint16_t invalid_payload = 1007;
inline constexpr std::uint16_t policy_violation = 1008;
inline constexpr std::uint16_t too_big = 1009;
inline constexpr std::uint16_t mandatory_extension = 1010;
inline constexpr std::uint16_t internal_error = 1011;
inline constexpr std::uint16_t service_restart = 1012;
inline constexpr std::uint16_t try_again_later = 1013;
inline constexpr std::uint16_t bad_gateway = 1014;
inline constexpr std::uint16_t tls_handshake = 1015; ///< never on the wire
inline constexpr std::uint16_t unauthorized = 4401;
} // namespace close_code

/// Whether an endpoint may put `code` into a close frame (RFC 6455 §7.4.2).
[[nodiscard]] bool may_be_sent(std::uint16_t code) noexcept;

/// The registry's name of a code, e.g. "going away"; empty for one it does not name.
[[nodiscard]] std::string_view name_of_close(std::uint16_t code) noexcept;

/// Who began the closing.
enum class initiator : std::uint8_t { local, remote };

/// Why and how a connection closed.
struct close_info {
  std::uint16_t code = close_code::abnormal;
  std::string reason;
  initiator began = initiator::remote;
  /// Both close frames were exchanged (RFC 6455 §7.1.4).
  bool clean = false;
};

} // namespace wspool
