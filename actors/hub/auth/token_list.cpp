// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/auth/token_list.hpp"

#include "hub/auth/challenge.hpp"
#include "hub/request_target.hpp"
#include "hub/verdict.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <fstream>
#include <sstream>
#include <utility>

namespace wspool {

namespace auth {

failure token_list::add(const bearer_token& one) {
  const auto field = "tokens[" + std::to_string(entries_.size()) + "].";
  if (one.identity.empty() || !is_plain_name(one.identity))
    return {errc::invalid_option,
            field + "identity: expected 1 to 255 bytes without control characters"};
  if (!is_bearer_token(one.token))
    return {errc::invalid_option, field + "token: is no bearer token (RFC 6750 section 2.1)"};
  entries_.push_back({digest_of(one.token), one.identity});
  return {};
}

token_list::digest token_list::digest_of(std::string_view token) {
  digest result;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), result.data());
  return result;
}

std::string token_list::find(std::string_view token) const {
  const auto wanted = digest_of(token);
  const entry* found = nullptr;
  for (const auto& one : entries_) // all of them
    if (CRYPTO_memcmp(one.of_token.data(), wanted.data(), wanted.size()) == 0 && found == nullptr)
      found = &one;
  return found != nullptr ? found->identity : std::string{};
}

auth_verdict token_list::judge(std::string_view token) const {
  if (token.empty())
    return ask_for_token();
  auto identity = find(token);
  return identity.empty() ? refuse_token("The token is not known.")
                          : accept_as(std::move(identity));
}

} // namespace auth

failure load_tokens(const std::string& file, std::vector<bearer_token>& to) {
  std::ifstream in{file};
  if (!in)
    return {errc::io_error, '"' + file + "\": cannot be read"};
  std::vector<bearer_token> result;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    auth::token_list checked;
    std::istringstream words{line};
    bearer_token one;
    std::string more;
    if (!(words >> one.identity) || one.identity.starts_with('#'))
      continue;
    const auto where = '"' + file + "\" line " + std::to_string(number) + ": ";
    if (!(words >> one.token) || words >> more)
      return {errc::invalid_option, where + "expected an identity and a token"};
    if (auto wrong = checked.add(one)) {
      const auto colon = wrong.detail.find('.');
      return {errc::invalid_option, where + wrong.detail.substr(colon + 1)};
    }
    result.push_back(std::move(one));
  }
  if (in.bad())
    return {errc::io_error, '"' + file + "\": cannot be read to its end"};
  to.insert(to.end(), std::make_move_iterator(result.begin()),
            std::make_move_iterator(result.end()));
  return {};
}

} // namespace wspool
