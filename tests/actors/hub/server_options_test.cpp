// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE server_options

#include "support/certificates.hpp"
#include "support/unit_test.hpp"

#include <wspool/server_options.hpp>

#include <functional>
#include <string>

namespace server_options_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace {

/// What is said of options in which one thing was changed; empty if they are good.
std::string verdict(const std::function<void(server_options&)>& change) {
  server_options options;
  change(options);
  return validate(options).detail;
}

bool names(const std::string& text, std::string_view field) {
  return text.starts_with(std::string{field} + ": ");
}

} // namespace

CAF_TEST(the_defaults_are_good) {
  CAF_CHECK_EQUAL(validate(server_options{}).message(), failure{}.message());
}

CAF_TEST(each_bad_field_is_named) {
  using x = server_options;
  CAF_CHECK(names(verdict([](x& o) { o.name.clear(); }), "name"));
  CAF_CHECK(names(verdict([](x& o) { o.listen.clear(); }), "listen"));
  CAF_CHECK(names(verdict([](x& o) { o.listen[0].address = "nowhere"; }), "listen[0].address"));
  CAF_CHECK(names(verdict([](x& o) {
                    o.entrance.space = {request_part::path, "x", {}, false};
                  }),
                  "entrance.space.name"));
  CAF_CHECK(
    names(verdict([](x& o) { o.entrance.space.required = true; }), "entrance.space.required"));
  CAF_CHECK(names(verdict([](x& o) { o.entrance.identity.part = request_part::header; }),
                  "entrance.identity.name"));
  CAF_CHECK(
    names(verdict([](x& o) { o.entrance.origins = {"example.com"}; }), "entrance.origins[0]"));
  CAF_CHECK(
    names(verdict([](x& o) { o.entrance.subprotocols = {"a b"}; }), "entrance.subprotocols[0]"));
  CAF_CHECK(names(verdict([](x& o) { o.entrance.subprotocol_required = true; }),
                  "entrance.subprotocol_required"));
  CAF_CHECK(names(verdict([](x& o) { o.entrance.space.part = request_part::certificate; }),
                  "entrance.space.part"));
  CAF_CHECK(names(verdict([](x& o) {
                    o.http.files = {{"assets/", "/tmp"}};
                  }),
                  "http.files[0].prefix"));
  CAF_CHECK(names(verdict([](x& o) {
                    o.http.files = {{"/assets", "/tmp"}};
                  }),
                  "http.files[0].prefix"));
  CAF_CHECK(names(verdict([](x& o) {
                    o.http.files = {{"/", "/tmp"}, {"/a/", "/nowhere/at/all"}};
                  }),
                  "http.files[1].directory"));
  CAF_CHECK(names(verdict([](x& o) {
                    o.listen[0].certificates = {{"a.b", "c.pem", ""}};
                  }),
                  "listen[0].certificates[0].name"));
  CAF_CHECK(
    names(verdict([](x& o) { o.admission.max_connections = 0; }), "admission.max_connections"));
  CAF_CHECK(names(verdict([](x& o) { o.admission.handshake = 0ms; }), "admission.handshake"));
  CAF_CHECK(
    names(verdict([](x& o) { o.limits.max_message_bytes = 0; }), "limits.max_message_bytes"));
  CAF_CHECK(names(verdict([](x& o) { o.rate.action = static_cast<over_rate>(9); }), "rate.action"));
  CAF_CHECK(names(verdict([](x& o) { o.backlog.max_messages = 0; }), "backlog.max_messages"));
  CAF_CHECK(names(verdict([](x& o) { o.backlog.max_bytes = 0; }), "backlog.max_bytes"));
  CAF_CHECK(names(verdict([](x& o) { o.stay.heartbeat.timeout = 0ms; }), "stay.heartbeat.timeout"));
  CAF_CHECK(names(verdict([](x& o) { o.stay.jitter = 1.0; }), "stay.jitter"));
  CAF_CHECK(names(verdict([](x& o) { o.stay.idle = -1ms; }), "stay.idle"));
  CAF_CHECK(names(verdict([](x& o) { o.max_unread_bytes = 0; }), "max_unread_bytes"));
}

CAF_TEST(a_certificate_that_cannot_be_read_is_named) {
  server_options options;
  options.listen[0].tls.certificate_file = "missing.pem";
  const auto found = validate(options);
  CAF_CHECK_EQUAL(found.code, errc::tls_configuration);
  CAF_CHECK(found.detail.starts_with("listen[0]."));
  options.listen[0].tls = identity("server");
  options.listen[0].certificates = {{"a.b", options.listen[0].tls.certificate_file, "missing.key"}};
  const auto further = validate(options);
  CAF_CHECK_EQUAL(further.code, errc::tls_configuration);
  CAF_CHECK(further.detail.starts_with("listen[0].certificates[0]."));
  CAF_CHECK(further.detail.find("missing.key") != std::string::npos);
  CAF_CHECK(found.detail.find("missing.pem") != std::string::npos);
}

CAF_TEST(names_of_choices_go_there_and_back) {
  for (auto value :
       {request_part::none, request_part::path, request_part::query, request_part::header}) {
    auto read = request_part::none;
    CAF_CHECK(from_string(to_string(value), read));
    CAF_CHECK(read == value);
  }
  auto policy = slow_consumer::drop_oldest;
  CAF_CHECK(from_string("close-1008", policy));
  CAF_CHECK(policy == slow_consumer::close_policy_violation);
  CAF_CHECK(!from_string("close-1000", policy));
  auto action = over_rate::close;
  CAF_CHECK(from_string("slow-down", action));
  CAF_CHECK(action == over_rate::slow_down);
}

} // namespace server_options_test
