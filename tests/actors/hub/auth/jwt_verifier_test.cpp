// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE jwt_verifier

#include "support/jwt_maker.hpp"
#include "support/scratch_file.hpp"
#include "support/unit_test.hpp"

#include "hub/auth/jwt_verifier.hpp"

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace jwt_verifier_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t now = 1'700'000'000;
const std::string secret = "a secret that nobody guesses, ever";
const std::string good_claims =
  R"({"sub":"alice","iss":"us","aud":"wspool","exp":1700000100,"nbf":1699999900})";

std::string head_of(const std::string& algorithm) {
  return R"({"alg":")" + algorithm + R"(","typ":"JWT"})";
}

std::string by_secret(const std::string& claims, const std::string& header = head_of("HS256")) {
  return sign_hs256(unsigned_jwt(header, claims), secret);
}

jwt_options options_for(jwt_algorithm algorithm, const scratch_file& key) {
  jwt_options result;
  result.algorithm = algorithm;
  result.key_file = key.path();
  result.issuer = "us";
  result.audience = "wspool";
  result.leeway = 10s;
  return result;
}

struct fixture {
  auth::jwt_verifier verifier(const jwt_options& given) {
    auth::jwt_verifier result;
    CAF_REQUIRE_EQUAL(auth::jwt_verifier::load(given, result).message(), failure{}.message());
    return result;
  }

  scratch_file secret_file{secret + "\n"};
  jwt_options options = options_for(jwt_algorithm::hs256, secret_file);
};

/// The body of the refusal; empty: let in.
std::string refusal(const auth_verdict& verdict) {
  if (verdict.status == 0)
    return {};
  CAF_CHECK_EQUAL(verdict.status, 401u);
  CAF_CHECK_EQUAL(verdict.headers.at(0).value, "Bearer error=\"invalid_token\"");
  return verdict.body;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(jwt_verifier_tests, fixture)

CAF_TEST(a_good_token_names_its_bearer_until_it_expires) {
  const auto verdict = verifier(options).judge(by_secret(good_claims), now);
  CAF_CHECK_EQUAL(verdict.status, 0u);
  CAF_CHECK_EQUAL(verdict.identity, "alice");
  CAF_CHECK_EQUAL(verdict.expires, 1'700'000'110);
}

CAF_TEST(each_algorithm_takes_its_own_signatures_and_no_others) {
  const auto rsa = make_rsa_key();
  const auto ec = make_ec_key();
  const scratch_file rsa_file{public_pem(rsa)};
  const scratch_file ec_file{public_pem(ec)};
  const std::vector<std::pair<auth::jwt_verifier, std::string>> cases{
    {verifier(options), by_secret(good_claims)},
    {verifier(options_for(jwt_algorithm::rs256, rsa_file)),
     sign_rs256(unsigned_jwt(head_of("RS256"), good_claims), rsa)},
    {verifier(options_for(jwt_algorithm::es256, ec_file)),
     sign_es256(unsigned_jwt(head_of("ES256"), good_claims), ec)},
  };
  for (std::size_t i = 0; i < cases.size(); ++i)
    for (std::size_t j = 0; j < cases.size(); ++j)
      CAF_CHECK_EQUAL(refusal(cases[i].first.judge(cases[j].second, now)),
                      i == j ? "" : "The token's signature is not valid.\n");
}

CAF_TEST(a_signature_of_another_key_is_none) {
  const auto rsa = make_rsa_key();
  const auto ec = make_ec_key();
  const scratch_file rsa_file{public_pem(rsa)};
  const scratch_file ec_file{public_pem(ec)};
  const auto invalid = "The token's signature is not valid.\n";
  CAF_CHECK_EQUAL(refusal(verifier(options).judge(
                    sign_hs256(unsigned_jwt(head_of("HS256"), good_claims), secret + "!"), now)),
                  invalid);
  CAF_CHECK_EQUAL(
    refusal(verifier(options_for(jwt_algorithm::rs256, rsa_file))
              .judge(sign_rs256(unsigned_jwt(head_of("RS256"), good_claims), make_rsa_key()), now)),
    invalid);
  CAF_CHECK_EQUAL(
    refusal(verifier(options_for(jwt_algorithm::es256, ec_file))
              .judge(sign_es256(unsigned_jwt(head_of("ES256"), good_claims), make_ec_key()), now)),
    invalid);
}

CAF_TEST(a_public_key_is_no_shared_secret) {
  const auto rsa = make_rsa_key();
  const auto pem = public_pem(rsa);
  const scratch_file file{pem};
  // What the token says would make everybody who has the public key an issuer.
  const auto forged = sign_hs256(unsigned_jwt(head_of("HS256"), good_claims), pem);
  CAF_CHECK_EQUAL(refusal(verifier(options_for(jwt_algorithm::rs256, file)).judge(forged, now)),
                  "The token's signature is not valid.\n");
}

CAF_TEST(a_token_without_a_signature_is_refused) {
  for (const auto* name : {"none", "None", "NONE", "nOnE", ""}) {
    const auto head = unsigned_jwt(head_of(name), good_claims);
    for (const auto& token : {head, head + ".", head + ".AAAA", sign_hs256(head, secret)})
      CAF_CHECK(!refusal(verifier(options).judge(token, now)).empty());
  }
  const auto bare = unsigned_jwt(R"({"typ":"JWT"})", good_claims);
  CAF_CHECK(!refusal(verifier(options).judge(sign_hs256(bare, secret), now)).empty());
}

CAF_TEST(claims_are_checked) {
  struct {
    const char* claims;
    const char* refusal;
  } const cases[] = {
    // -- exp, with ten seconds of leeway
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":1699999991})", ""},
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":1699999990})", "The token expired.\n"},
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":1700000000.75})", ""},
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":1e300})", ""},
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":-1e300})", "The token expired.\n"},
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":0})", "The token expired.\n"},
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":"1800000000"})",
     "The token's expiry is malformed.\n"},
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":null})", "The token's expiry is malformed.\n"},
    {R"({"sub":"a","iss":"us","aud":"wspool"})", "The token has no expiry.\n"},
    // -- nbf
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":1800000000,"nbf":1700000010})", ""},
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":1800000000,"nbf":1700000011})",
     "The token is not valid yet.\n"},
    {R"({"sub":"a","iss":"us","aud":"wspool","exp":1800000000,"nbf":"0"})",
     "The token is not valid yet.\n"},
    // -- iss and aud
    {R"({"sub":"a","iss":"them","aud":"wspool","exp":1800000000})",
     "The token is of another issuer.\n"},
    {R"({"sub":"a","aud":"wspool","exp":1800000000})", "The token is of another issuer.\n"},
    {R"({"sub":"a","iss":"us","aud":"other","exp":1800000000})",
     "The token is for another audience.\n"},
    {R"({"sub":"a","iss":"us","exp":1800000000})", "The token is for another audience.\n"},
    {R"({"sub":"a","iss":"us","aud":["other","wspool"],"exp":1800000000})", ""},
    {R"({"sub":"a","iss":"us","aud":["other",5],"exp":1800000000})",
     "The token is for another audience.\n"},
    {R"({"sub":"a","iss":"us","aud":{"wspool":1},"exp":1800000000})",
     "The token is for another audience.\n"},
    // -- who it is
    {R"({"iss":"us","aud":"wspool","exp":1800000000})", "The token names nobody.\n"},
    {R"({"sub":"","iss":"us","aud":"wspool","exp":1800000000})", "The token names nobody.\n"},
    {R"({"sub":7,"iss":"us","aud":"wspool","exp":1800000000})", "The token names nobody.\n"},
    {R"({"sub":"a\nb","iss":"us","aud":"wspool","exp":1800000000})", "The token names nobody.\n"},
  };
  const auto strict = verifier(options);
  for (const auto& one : cases) {
    CAF_MESSAGE(one.claims);
    CAF_CHECK_EQUAL(refusal(strict.judge(by_secret(one.claims), now)), one.refusal);
  }
}

CAF_TEST(what_is_not_asked_for_is_not_checked) {
  options.issuer.clear();
  options.audience.clear();
  options.identity_claim.clear();
  options.require_expiry = false;
  const auto verdict = verifier(options).judge(by_secret(R"({"jti":"1"})"), now);
  CAF_CHECK_EQUAL(refusal(verdict), "");
  CAF_CHECK_EQUAL(verdict.identity, "");
  CAF_CHECK_EQUAL(verdict.expires, 0);
  CAF_CHECK_EQUAL(refusal(verifier(options).judge(by_secret(R"({"exp":1})"), now)),
                  "The token expired.\n");
  options.identity_claim = "email";
  CAF_CHECK_EQUAL(verifier(options).judge(by_secret(R"({"email":"a@b.c"})"), now).identity,
                  "a@b.c");
}

CAF_TEST(a_token_that_needs_extensions_is_refused) {
  const auto token =
    by_secret(good_claims, R"({"alg":"HS256","typ":"JWT","crit":["b64"],"b64":false})");
  CAF_CHECK_EQUAL(refusal(verifier(options).judge(token, now)),
                  "The token needs extensions that are not known here.\n");
}

CAF_TEST(no_token_is_asked_for_one) {
  const auto verdict = verifier(options).judge("", now);
  CAF_CHECK_EQUAL(verdict.status, 401u);
  CAF_CHECK_EQUAL(verdict.headers.at(0).value, "Bearer");
}

CAF_TEST(whatever_is_cut_off_is_refused) {
  const auto token = by_secret(good_claims);
  const auto strict = verifier(options);
  for (std::size_t length = 1; length < token.size(); ++length)
    CAF_CHECK(!refusal(strict.judge(token.substr(0, length), now)).empty());
}

CAF_TEST(whatever_is_changed_is_refused) {
  const auto token = by_secret(good_claims);
  const auto strict = verifier(options);
  // The last digit of the signature has two bits that stand for nothing.
  for (std::size_t at = 0; at + 1 < token.size(); ++at) {
    auto other = token;
    other[at] = other[at] == 'A' ? 'B' : 'A';
    CAF_CHECK(!refusal(strict.judge(other, now)).empty());
  }
}

CAF_TEST(garbage_is_refused) {
  const auto token = by_secret(good_claims);
  const auto strict = verifier(options);
  for (const auto& bad :
       {std::string{"."}, std::string{".."}, std::string{"..."}, std::string{"a.b.c"},
        std::string{"a.b"}, std::string{"garbage"}, token + ".x", token + std::string(1, '\0'),
        token + "=", " " + token, token + std::string(20'000, 'A'),
        unsigned_jwt("[]", "[]") + ".AAAA", by_secret("[1]"), by_secret("no json"),
        by_secret(good_claims, "no json")})
    CAF_CHECK(!refusal(strict.judge(bad, now)).empty());
  CAF_CHECK(rc::check(
    [&strict](const std::string& text) { RC_ASSERT(strict.judge(text, now).status == 401); }));
}

CAF_TEST(keys_that_do_not_fit_are_named_by_their_file) {
  const scratch_file short_secret{"too short"};
  const scratch_file pem{public_pem(make_rsa_key())};
  const scratch_file weak{public_pem(make_rsa_key(1'024))};
  const scratch_file p256{public_pem(make_ec_key())};
  const scratch_file p384{public_pem(make_ec_key("P-384"))};
  const scratch_file empty{""};
  const std::vector<std::pair<jwt_algorithm, const scratch_file*>> bad{
    {jwt_algorithm::hs256, &short_secret}, {jwt_algorithm::hs256, &pem},
    {jwt_algorithm::hs256, &empty},        {jwt_algorithm::rs256, &weak},
    {jwt_algorithm::rs256, &p256},         {jwt_algorithm::rs256, &secret_file},
    {jwt_algorithm::es256, &pem},          {jwt_algorithm::es256, &p384},
  };
  for (const auto& [algorithm, file] : bad) {
    const auto wrong = validate(options_for(algorithm, *file));
    CAF_CHECK(wrong);
    CAF_CHECK(wrong.detail.find("key_file: \"" + file->path()) == 0);
    CAF_CHECK(wrong.detail.find("secret that nobody") == std::string::npos);
  }
  options.key_file = "/nowhere/at/all";
  CAF_CHECK_EQUAL(validate(options).code, errc::io_error);
  options.key_file.clear();
  CAF_CHECK_EQUAL(validate(options).code, errc::invalid_option);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace jwt_verifier_test
