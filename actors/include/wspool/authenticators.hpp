// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/authentication.hpp>
#include <wspool/error.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// Authenticators that come with the library. Who shows no token, or a bad one, is refused with 401
// and `WWW-Authenticate: Bearer` (RFC 6750 §3). They are hidden from the actor system's count, and
// end with the last one that holds their address.

namespace wspool {

/// One entry of a static list.
struct bearer_token {
  std::string identity; ///< who shows the token: 1 to 255 bytes without control characters
  std::string token;    ///< as of RFC 6750: letters, digits and "-._~+/", then any number of "="
};

/// Appends the entries of a file: lines "identity token"; empty ones, and those that begin with
/// "#", are left out.
/// @returns `errc::io_error` or `errc::invalid_option` with file and line, never with a token; then
///          nothing is appended
[[nodiscard]] failure load_tokens(const std::string& file, std::vector<bearer_token>& to);

/// Lets in who shows one of the tokens, of which it keeps SHA-256 only. A token that stands there
/// twice belongs to the first.
/// @throws invalid_options if there is none, or one that is malformed
[[nodiscard]] authenticator_actor spawn_token_authenticator(caf::actor_system& system,
                                                            std::vector<bearer_token> tokens);

/// Asks `strict` about those who show a token, and lets all others in as nobody. For servers whose
/// clients may show theirs later, by `connect` (`broker_options::require_token`).
[[nodiscard]] authenticator_actor spawn_lenient_authenticator(caf::actor_system& system,
                                                              authenticator_actor strict);

/// How a JSON Web Token is signed (RFC 7518 §3.1).
enum class jwt_algorithm : std::uint8_t {
  hs256, ///< HMAC with SHA-256, a shared secret
  rs256, ///< RSASSA-PKCS1-v1_5 with SHA-256
  es256, ///< ECDSA on P-256 with SHA-256
};

[[nodiscard]] std::string_view to_string(jwt_algorithm value) noexcept;
[[nodiscard]] bool from_string(std::string_view name, jwt_algorithm& value) noexcept;

/// Which JSON Web Tokens (RFC 7519) are good.
struct jwt_options {
  /// The only one that is taken, whatever a token says of itself.
  jwt_algorithm algorithm = jwt_algorithm::hs256;
  /// `hs256`: the secret, at least 32 bytes; a line feed at its end is left out. `rs256` (2,048
  /// bits or more) and `es256`: a public key, PEM.
  std::string key_file;
  std::string issuer;   ///< that `iss` must be; empty: any
  std::string audience; ///< that `aud` must be, or have among others; empty: any
  /// The claim that says who it is. A token without it is refused. Empty: nobody in particular.
  std::string identity_claim = "sub";
  bool require_expiry = true; ///< refuse tokens without `exp`
  /// How far the clocks of who signs and who verifies may be apart: for `exp` and `nbf`.
  std::chrono::seconds leeway{30};
};

/// Checks every field and loads the key. The failure's detail names the field and the file.
[[nodiscard]] failure validate(const jwt_options& options);

/// Lets in who shows a good JSON Web Token, until it expires.
/// @throws invalid_options
[[nodiscard]] authenticator_actor spawn_jwt_authenticator(caf::actor_system& system,
                                                          const jwt_options& options);

} // namespace wspool
