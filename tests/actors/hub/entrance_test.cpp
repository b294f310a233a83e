// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE entrance

#include "support/unit_test.hpp"

#include "hub/entrance.hpp"

#include <string>
#include <vector>

namespace entrance_test {

using namespace wspool;

namespace {

upgrade_request request_for(std::string target, std::vector<header> headers = {}) {
  return {"GET", std::move(target), std::move(headers), true};
}

std::string space_of(const request_field& field, const upgrade_request& request) {
  entrance_options options;
  options.space = field;
  const auto judged = judge(request, options);
  return judged.status == 0 ? judged.space : "refused " + std::to_string(judged.status);
}

} // namespace

CAF_TEST(a_namespace_comes_from_path_query_or_header) {
  const request_field path{request_part::path, "/ws/", "none", false};
  CAF_CHECK_EQUAL(space_of(path, request_for("/ws/chat")), "chat");
  CAF_CHECK_EQUAL(space_of(path, request_for("/ws/a/b?x=1")), "a/b");
  CAF_CHECK_EQUAL(space_of(path, request_for("/ws/%C3%A4%20b")), "ä b");
  CAF_CHECK_EQUAL(space_of(path, request_for("/ws/")), "none");
  CAF_CHECK_EQUAL(space_of(path, request_for("/other")), "none");
  const request_field query{request_part::query, "room", "none", false};
  CAF_CHECK_EQUAL(space_of(query, request_for("/?a=b&room=x%26y&room=z")), "x&y");
  CAF_CHECK_EQUAL(space_of(query, request_for("/?room=")), "none");
  CAF_CHECK_EQUAL(space_of(query, request_for("/?room")), "none");
  CAF_CHECK_EQUAL(space_of(query, request_for("/")), "none");
  const request_field header{request_part::header, "X-Space", "none", false};
  CAF_CHECK_EQUAL(space_of(header, request_for("/", {{"x-space", " one "}})), "one");
  CAF_CHECK_EQUAL(space_of(header, request_for("/")), "none");
  CAF_CHECK_EQUAL(space_of({request_part::none, {}, "all", false}, request_for("/x")), "all");
}

CAF_TEST(a_namespace_that_is_required_or_unfit_is_refused) {
  CAF_CHECK_EQUAL(space_of({request_part::path, "/ws/", {}, true}, request_for("/")),
                  "refused 404");
  CAF_CHECK_EQUAL(space_of({request_part::query, "r", {}, true}, request_for("/")), "refused 400");
  const request_field query{request_part::query, "r", {}, false};
  CAF_CHECK_EQUAL(space_of(query, request_for("/?r=a%00b")), "refused 400");
  CAF_CHECK_EQUAL(space_of(query, request_for("/?r=%FF")), "refused 400");
  CAF_CHECK_EQUAL(space_of(query, request_for("/?r=" + std::string(256, 'x'))), "refused 400");
  CAF_CHECK_EQUAL(space_of(query, request_for("/?r=" + std::string(255, 'x'))).size(), 255u);
  CAF_CHECK_EQUAL(space_of({request_part::query, "r", {}, true}, request_for("/?r=%zz")),
                  "refused 400");
  CAF_CHECK_EQUAL(space_of({request_part::path, "/ws/", "all", false}, request_for("/ws/%zz")),
                  "refused 400");
}

CAF_TEST(origins_are_matched_by_scheme_host_and_port) {
  CAF_CHECK(origin_matches("https://example.com", "https://example.com"));
  CAF_CHECK(origin_matches("https://example.com", "HTTPS://Example.COM"));
  CAF_CHECK(!origin_matches("https://example.com", "http://example.com"));
  CAF_CHECK(!origin_matches("https://example.com", "https://example.com:8443"));
  CAF_CHECK(!origin_matches("https://example.com", "https://example.com.evil.test"));
  CAF_CHECK(origin_matches("https://*.example.com", "https://a.example.com"));
  CAF_CHECK(origin_matches("https://*.example.com", "https://a.b.example.com"));
  CAF_CHECK(!origin_matches("https://*.example.com", "https://example.com"));
  CAF_CHECK(!origin_matches("https://*.example.com", "https://.example.com"));
  CAF_CHECK(!origin_matches("https://*.example.com", "https://evilexample.com"));
  CAF_CHECK(!origin_matches("https://*.example.com", "https://evil.test/.example.com"));
  CAF_CHECK(!origin_matches("https://*.example.com", "http://a.example.com"));
}

CAF_TEST(the_allow_list_lets_in_who_sends_no_origin_only_if_it_says_so) {
  entrance_options options;
  CAF_CHECK_EQUAL(judge(request_for("/", {{"Origin", "null"}}), options).status, 0u);
  options.origins = {"https://example.com"};
  CAF_CHECK_EQUAL(judge(request_for("/"), options).status, 0u);
  CAF_CHECK_EQUAL(judge(request_for("/", {{"Origin", "null"}}), options).status, 403u);
  options.allow_no_origin = false;
  CAF_CHECK_EQUAL(judge(request_for("/"), options).status, 403u);
}

CAF_TEST(the_first_of_our_subprotocols_that_is_offered_is_chosen) {
  entrance_options options;
  options.subprotocols = {"v2", "v1"};
  auto chosen = [&](std::vector<header> headers) {
    return judge(request_for("/", std::move(headers)), options).subprotocol;
  };
  CAF_CHECK_EQUAL(chosen({{"Sec-WebSocket-Protocol", "v1, v2"}}), "v2");
  CAF_CHECK_EQUAL(chosen({{"Sec-WebSocket-Protocol", "x"}, {"Sec-WebSocket-Protocol", "v1"}}),
                  "v1");
  CAF_CHECK_EQUAL(chosen({{"Sec-WebSocket-Protocol", "v22,V1"}}), "");
  CAF_CHECK_EQUAL(chosen({}), "");
  options.subprotocol_required = true;
  CAF_CHECK_EQUAL(judge(request_for("/"), options).status, 400u);
}

CAF_TEST(what_is_no_upgrade_is_told_how_to) {
  auto request = request_for("/");
  request.is_upgrade = false;
  const auto judged = judge(request, {});
  CAF_CHECK_EQUAL(judged.status, 426u);
  CAF_REQUIRE(!judged.headers.empty());
  CAF_CHECK_EQUAL(judged.headers[0].name, "Upgrade");
}

CAF_TEST(an_address_is_a_peer_without_its_port_and_of_ipv6_its_network) {
  CAF_CHECK_EQUAL(address_of("192.0.2.1:80"), "192.0.2.1");
  CAF_CHECK_EQUAL(address_of("[2001:db8:1:2:3:4:5:6]:80"), "2001:db8:1:2::");
  CAF_CHECK_EQUAL(address_of("[2001:db8::1]:80"), "2001:db8::");
  CAF_CHECK_EQUAL(address_of("[fe80::1%2]:80"), "fe80::");
  CAF_CHECK_EQUAL(address_of("[::ffff:192.0.2.1]:80"), "192.0.2.1");
  CAF_CHECK_EQUAL(address_of("memory"), "memory");
}

} // namespace entrance_test
