// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/auth/jwt_verifier.hpp"

#include "hub/auth/challenge.hpp"
#include "hub/auth/jwt_key.hpp"
#include "hub/request_target.hpp"
#include "runtime/option_checker.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <jwt.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace wspool {

namespace {

struct algorithm_name {
  jwt_algorithm value;
  std::string_view text;
  jwt_alg_t number; ///< libjwt's
};
constexpr std::array algorithms{
  algorithm_name{jwt_algorithm::hs256, "HS256", JWT_ALG_HS256},
  algorithm_name{jwt_algorithm::rs256, "RS256", JWT_ALG_RS256},
  algorithm_name{jwt_algorithm::es256, "ES256", JWT_ALG_ES256},
};

const algorithm_name* find_name(jwt_algorithm value) noexcept {
  const auto found = std::find_if(algorithms.begin(), algorithms.end(),
                                  [value](const auto& x) { return x.value == value; });
  return found != algorithms.end() ? found : nullptr;
}

} // namespace

std::string_view to_string(jwt_algorithm value) noexcept {
  const auto* found = find_name(value);
  return found != nullptr ? found->text : "unknown";
}

bool from_string(std::string_view name, jwt_algorithm& value) noexcept {
  const auto found = std::find_if(algorithms.begin(), algorithms.end(),
                                  [name](const auto& x) { return x.text == name; });
  if (found == algorithms.end())
    return false;
  value = found->value;
  return true;
}

failure validate(const jwt_options& options) {
  auth::jwt_verifier ignored;
  return auth::jwt_verifier::load(options, ignored);
}

namespace auth {

namespace {

namespace json = boost::json;
using seconds = std::int64_t;
using jwt = std::unique_ptr<jwt_t, decltype(&jwt_free)>;

/// Beyond these a clock has other troubles.
constexpr seconds earliest = std::numeric_limits<seconds>::min() / 4;
constexpr seconds latest = std::numeric_limits<seconds>::max() / 4;
constexpr std::size_t longest_token = 16 * 1024;

/// Three parts of base64url, none of them empty (RFC 7515 §3.1): libjwt is lenient, and reads up to
/// a zero byte.
bool is_compact(const std::string& token) {
  const auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'
           || c == '_' || c == '.';
  };
  return token.size() <= longest_token && !token.starts_with('.') && !token.ends_with('.')
         && token.find("..") == std::string::npos
         && std::count(token.begin(), token.end(), '.') == 2
         && std::all_of(token.begin(), token.end(), is_digit);
}

json::object parse(char* text) {
  const std::unique_ptr<char, decltype(&std::free)> owner{text, std::free};
  if (text == nullptr)
    return {};
  json::error_code ec;
  auto result = json::parse(text, ec);
  return ec || !result.is_object() ? json::object{} : std::move(result.get_object());
}

std::string_view text_in(const json::object& claims, std::string_view name) {
  const auto* found = claims.if_contains(name);
  if (found == nullptr || !found->is_string())
    return {};
  return {found->get_string().data(), found->get_string().size()};
}

/// A NumericDate (RFC 7519 §2), which may have a fraction. None if it is something else.
std::optional<seconds> time_of(const json::value& value) {
  if (value.is_int64())
    return std::clamp(value.get_int64(), earliest, latest);
  if (value.is_uint64())
    return latest; // or it would be the other one
  if (!value.is_double())
    return std::nullopt;
  const auto x = value.get_double();
  return static_cast<seconds>(
    std::clamp(x, static_cast<double>(earliest), static_cast<double>(latest)));
}

bool is_for(const json::value* audience, std::string_view us) {
  const auto same = [us](const json::value& x) {
    return x.is_string() && std::string_view{x.get_string().data(), x.get_string().size()} == us;
  };
  if (audience == nullptr)
    return false;
  if (!audience->is_array())
    return same(*audience);
  return std::any_of(audience->get_array().begin(), audience->get_array().end(), same);
}

/// When it is, and whether it is for us. @returns what is wrong, and sets `expires`.
std::string_view check(const json::object& claims, const jwt_options& options, seconds now,
                       seconds& expires) {
  const auto leeway = static_cast<seconds>(options.leeway.count());
  if (const auto* exp = claims.if_contains("exp")) {
    const auto until = time_of(*exp);
    if (!until)
      return "The token's expiry is malformed.";
    if (*until + leeway <= now)
      return "The token expired.";
    expires = *until + leeway;
  } else if (options.require_expiry) {
    return "The token has no expiry.";
  }
  if (const auto* nbf = claims.if_contains("nbf")) {
    const auto since = time_of(*nbf);
    if (!since || *since - leeway > now)
      return "The token is not valid yet.";
  }
  if (!options.issuer.empty() && text_in(claims, "iss") != options.issuer)
    return "The token is of another issuer.";
  if (!options.audience.empty() && !is_for(claims.if_contains("aud"), options.audience))
    return "The token is for another audience.";
  return {};
}

} // namespace

failure jwt_verifier::load(const jwt_options& options, jwt_verifier& result) {
  detail::option_checker check;
  check.expect(find_name(options.algorithm) != nullptr, "algorithm",
               detail::text_of(static_cast<int>(options.algorithm)), "one of HS256, RS256, ES256");
  check.expect(!options.key_file.empty(), "key_file", "", "a file");
  check.within<std::int64_t>("leeway", options.leeway.count(), 0, 24 * 3'600);
  if (auto wrong = check.take())
    return wrong;
  if (auto wrong = load_jwt_key(options.key_file, options.algorithm, result.key_))
    return wrong;
  result.options_ = options;
  return {};
}

auth_verdict jwt_verifier::judge(const std::string& token, std::int64_t now) const {
  if (token.empty())
    return ask_for_token();
  if (!is_compact(token))
    return refuse_token("This is no JSON Web Token.");
  jwt_t* decoded = nullptr;
  const auto status =
    jwt_decode(&decoded, token.c_str(), reinterpret_cast<const unsigned char*>(key_.data()),
               static_cast<int>(key_.size()));
  const jwt owner{decoded, jwt_free};
  // What a token says of its algorithm decides nothing: another one is a bad signature, even if the
  // key's bytes would fit.
  if (status != 0 || decoded == nullptr
      || jwt_get_alg(decoded) != find_name(options_.algorithm)->number)
    return refuse_token("The token's signature is not valid.");
  // RFC 7515 §4.1.11: what must be understood is not.
  if (parse(jwt_get_headers_json(decoded, nullptr)).contains("crit"))
    return refuse_token("The token needs extensions that are not known here.");
  const auto claims = parse(jwt_get_grants_json(decoded, nullptr));
  std::int64_t expires = 0;
  if (const auto wrong = check(claims, options_, now, expires); !wrong.empty())
    return refuse_token(std::string{wrong});
  if (options_.identity_claim.empty())
    return accept_as({}, expires);
  const auto identity = text_in(claims, options_.identity_claim);
  if (identity.empty() || !is_plain_name(identity))
    return refuse_token("The token names nobody.");
  return accept_as(std::string{identity}, expires);
}

} // namespace auth

} // namespace wspool
