// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/authenticators.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::auth {

/// Who has which bearer token. Keeps no token, only what SHA-256 makes of it. Pure.
class token_list {
public:
  /// @returns `errc::invalid_option` with the entry's number and what is wrong, never the token.
  [[nodiscard]] failure add(const bearer_token& one);

  /// Takes as long for one entry as for another. Empty: the token is nobody's.
  [[nodiscard]] std::string find(std::string_view token) const;

  [[nodiscard]] auth_verdict judge(std::string_view token) const;
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

private:
  using digest = std::array<unsigned char, 32>;
  struct entry {
    digest of_token;
    std::string identity;
  };
  [[nodiscard]] static digest digest_of(std::string_view token);

  std::vector<entry> entries_;
};

} // namespace wspool::auth
