// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/authenticators.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace wspool::auth {

/// Judges JSON Web Tokens by a key and by claims. Pure, but for `load`, which reads the key's file.
class jwt_verifier {
public:
  /// @returns `errc::invalid_option` with the field, or `errc::io_error` with the file
  [[nodiscard]] static failure load(const jwt_options& options, jwt_verifier& result);

  /// `now` in seconds since 1970. Refusals say which rule a token broke, and quote nothing of it.
  [[nodiscard]] auth_verdict judge(const std::string& token, std::int64_t now) const;

private:
  jwt_options options_;
  std::string key_;
};

} // namespace wspool::auth
