// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE redis_address

#include "backplane/redis_address.hpp"
#include "support/unit_test.hpp"

#include <wspool/redis_backplane.hpp>

#include <string>

namespace redis_address_test {

using namespace wspool;

namespace {

redis_address parsed(std::string_view url) {
  redis_address result;
  const auto why = parse_redis_url(url, result);
  CAF_CHECK_EQUAL(why.message(), failure{}.message());
  return result;
}

std::string refused(std::string_view url) {
  redis_address result;
  const auto why = parse_redis_url(url, result);
  CAF_CHECK(why.code == errc::invalid_option);
  return why.detail;
}

} // namespace

CAF_TEST(what_is_not_said_is_the_usual) {
  const auto x = parsed("redis://localhost");
  CAF_CHECK(!x.secure);
  CAF_CHECK_EQUAL(x.host, "localhost");
  CAF_CHECK_EQUAL(x.port, 6379u);
  CAF_CHECK_EQUAL(x.user, "");
  CAF_CHECK_EQUAL(x.password, "");
  CAF_CHECK_EQUAL(x.database, 0u);
  CAF_CHECK_EQUAL(parsed("redis://localhost/").database, 0u);
}

CAF_TEST(everything_can_be_said) {
  const auto x = parsed("rediss://ann:p%40ss%3Aword@[::1]:7000/12");
  CAF_CHECK(x.secure);
  CAF_CHECK_EQUAL(x.host, "::1");
  CAF_CHECK_EQUAL(x.port, 7000u);
  CAF_CHECK_EQUAL(x.user, "ann");
  CAF_CHECK_EQUAL(x.password, "p@ss:word");
  CAF_CHECK_EQUAL(x.database, 12u);
  const auto anybody = parsed("redis://:secret@host");
  CAF_CHECK_EQUAL(anybody.user, "");
  CAF_CHECK_EQUAL(anybody.password, "secret");
}

CAF_TEST(logs_get_no_credentials) {
  CAF_CHECK_EQUAL(parsed("rediss://ann:secret@[::1]:7000/12").text(), "rediss://[::1]:7000/12");
  CAF_CHECK_EQUAL(parsed("redis://:secret@host").text(), "redis://host:6379/0");
}

CAF_TEST(what_is_wrong_is_told_without_the_password) {
  for (const char* url :
       {"", "host", "redis://", "redis://:secret@", "http://:secret@host", "redis://:secret@host:0",
        "redis://:secret@host:65536", "redis://:secret@host/x", "redis://:secret@host/1/2",
        "redis://:secret@host/-1", "redis://:secret@host/?db=1", "redis://:secret@host#1",
        "redis://:sec ret@host", "redis://secret@host"}) {
    CAF_MESSAGE(url);
    const auto detail = refused(url);
    CAF_CHECK(!detail.empty());
    CAF_CHECK_EQUAL(detail.find("secret"), std::string::npos);
  }
}

CAF_TEST(options_name_the_field_that_is_wrong) {
  redis_options options;
  CAF_CHECK(!validate(options));
  options.prefix = "a{b}";
  CAF_CHECK_EQUAL(validate(options).detail.substr(0, 7), "prefix:");
  options.prefix = "";
  CAF_CHECK(!validate(options));
  options.client_name = "a b";
  CAF_CHECK_EQUAL(validate(options).detail.substr(0, 12), "client_name:");
  options.client_name = "";
  options.command_timeout = std::chrono::milliseconds{0};
  CAF_CHECK_EQUAL(validate(options).detail.substr(0, 16), "command_timeout:");
  options = {};
  options.url = "rediss://host";
  options.tls.ca_file = "/nowhere/ca.pem";
  CAF_CHECK(validate(options).code == errc::tls_configuration);
}

} // namespace redis_address_test
