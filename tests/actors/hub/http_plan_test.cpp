// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE http_plan

#include "support/scratch_directory.hpp"
#include "support/unit_test.hpp"

#include "hub/http_plan.hpp"
#include "hub/static_file.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace http_plan_test {

using namespace wspool;
using namespace wspool::test;
using kind = http_plan::kind;

namespace {

http_plan plan(const server_options& options, const std::string& target,
               const std::string& method = "GET") {
  upgrade_request request;
  request.method = method;
  request.target = target;
  return plan_http(request, options);
}

std::string value_of(const http_plan& from, std::string_view name) {
  for (const auto& h : from.headers)
    if (h.name == name)
      return h.value;
  return {};
}

} // namespace

CAF_TEST(what_asks_for_no_websocket_is_plain_and_a_broken_upgrade_is_not) {
  upgrade_request request;
  CAF_CHECK(is_plain_http(request));
  request.headers = {{"upgrade", "websocket"}};
  CAF_CHECK(!is_plain_http(request));
  request.headers.clear();
  request.is_upgrade = true;
  CAF_CHECK(!is_plain_http(request));
}

CAF_TEST(a_process_says_how_it_is_unless_that_is_switched_off) {
  server_options options;
  CAF_CHECK_EQUAL(plan(options, "/healthz").status, 200u);
  CAF_CHECK_EQUAL(plan(options, "/healthz?x=y").status, 200u);
  CAF_CHECK(plan(options, "/readyz").what == kind::readiness);
  CAF_CHECK(plan(options, "/metrics", "HEAD").what == kind::metrics);
  options.http.status = false;
  for (const auto* path : {"/healthz", "/readyz", "/metrics"})
    CAF_CHECK_EQUAL(plan(options, path).status, 426u);
}

CAF_TEST(other_methods_and_targets_are_refused) {
  const server_options options;
  for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "get"}) {
    const auto refused = plan(options, "/healthz", method);
    CAF_CHECK_EQUAL(refused.status, 405u);
    CAF_CHECK_EQUAL(value_of(refused, "Allow"), "GET, HEAD");
  }
  CAF_CHECK_EQUAL(plan(options, "*").status, 400u);
  CAF_CHECK_EQUAL(plan(options, "http://other/").status, 400u);
  CAF_CHECK_EQUAL(plan(options, "/%zz").status, 400u);
}

CAF_TEST(the_path_of_the_websocket_asks_for_an_upgrade_and_others_are_not_there) {
  server_options options;
  CAF_CHECK_EQUAL(plan(options, "/any").status, 426u);
  CAF_CHECK_EQUAL(value_of(plan(options, "/any"), "Upgrade"), "websocket");
  options.entrance.space = {request_part::path, "/ws/", "lobby", false};
  CAF_CHECK_EQUAL(plan(options, "/ws/room").status, 426u);
  CAF_CHECK_EQUAL(plan(options, "/any").status, 404u);
  options.http.files = {{"/", "/srv"}};
  CAF_CHECK_EQUAL(plan(options, "/ws/room").status, 426u);
  CAF_CHECK(plan(options, "/any").what == kind::file);
  CAF_CHECK_EQUAL(plan(options, "/healthz").status, 200u);
}

CAF_TEST(the_longest_prefix_says_in_which_directory_a_file_lies) {
  server_options options;
  options.http.files = {{"/", "/srv/site"}, {"/assets/", "/srv/assets"}};
  const auto check = [&](const std::string& target, const std::string& directory,
                         const std::string& file) {
    const auto planned = plan(options, target);
    CAF_CHECK(planned.what == kind::file);
    CAF_CHECK_EQUAL(planned.directory, directory);
    CAF_CHECK_EQUAL(planned.file, file);
  };
  check("/", "/srv/site", "index.html");
  check("/a/b.css?v=1", "/srv/site", "a/b.css");
  check("/a/", "/srv/site", "a/index.html");
  check("/assets", "/srv/site", "assets");
  check("/assets/x%20y.png", "/srv/assets", "x y.png");
  check("/.well-known/x", "/srv/site", ".well-known/x");
}

CAF_TEST(no_path_leads_out_of_its_directory) {
  server_options options;
  options.http.files = {{"/files/", "/srv"}};
  for (const auto* target :
       {"/files/../etc/passwd", "/files/%2e%2e/etc/passwd", "/files/a/..%2f..%2fetc/passwd",
        "/files/..", "/files/a/..", "/files//etc/passwd", "/files/%2fetc/passwd", "/files/./a",
        "/files/a%00.html", "/files/a%0ab", "/files/.git/config", "/files/a/.htpasswd",
        "/files/%ff"})
    CAF_CHECK_EQUAL(plan(options, target).status, 404u);
}

CAF_TEST(types_are_known_by_the_end_of_the_name) {
  CAF_CHECK_EQUAL(content_type_of("index.html"), "text/html; charset=utf-8");
  CAF_CHECK_EQUAL(content_type_of("a/b.min.JS"), "text/javascript; charset=utf-8");
  CAF_CHECK_EQUAL(content_type_of("x.json"), "application/json");
  CAF_CHECK_EQUAL(content_type_of(".html"), "application/octet-stream");
  CAF_CHECK_EQUAL(content_type_of("html"), "application/octet-stream");
}

// -- files ----------------------------------------------------------------------------------------

CAF_TEST(only_regular_files_within_the_directory_are_opened) {
  const scratch_directory outside;
  outside.write("secret", "secret");
  const scratch_directory here;
  here.write("a/b.txt", "hello");
  namespace fs = std::filesystem;
  const fs::path root{here.path()};
  fs::create_symlink("b.txt", root / "a/inner");
  fs::create_symlink(outside.path() + "/secret", root / "outer");
  fs::create_directory_symlink(outside.path(), root / "elsewhere");
  fs::create_symlink("nowhere", root / "dangling");
  const auto opens = [&](const std::string& name, std::size_t most = 100) {
    return static_file::open(here.path(), name, most).has_value();
  };
  CAF_CHECK(opens("a/b.txt"));
  CAF_CHECK(opens("a/b.txt", 5));
  CAF_CHECK(opens("a/inner"));
  CAF_CHECK(!opens("a/b.txt", 4));
  for (const auto* name : {"outer", "elsewhere/secret", "dangling", "a", "missing", "a/b.txt/c"})
    CAF_CHECK(!opens(name));
  // A neighbour whose path begins alike lies outside, too.
  fs::create_directories(here.path() + "-more");
  fs::create_symlink(here.path() + "-more", root / "neighbour");
  CAF_CHECK(!opens("neighbour"));
  fs::remove_all(here.path() + "-more");
  // A link to the directory itself is the owner's choice.
  fs::create_directory_symlink(here.path(), outside.path() + "/link");
  CAF_CHECK(static_file::open(outside.path() + "/link", "a/b.txt", 100).has_value());
}

CAF_TEST(a_file_comes_in_pieces_and_says_when_it_broke_off) {
  const scratch_directory here;
  const auto path = here.write("x", "0123456789");
  auto file = static_file::open(here.path(), "x", 100);
  CAF_REQUIRE(file.has_value());
  CAF_CHECK_EQUAL(file->size(), 10u);
  std::string text = ">";
  CAF_CHECK(file->read(text, 4));
  CAF_CHECK_EQUAL(text, ">0123");
  CAF_CHECK(!file->done());
  std::filesystem::resize_file(path, 6);
  CAF_CHECK(file->read(text, 100));
  CAF_CHECK_EQUAL(text, ">012345");
  CAF_CHECK(!file->done());
  CAF_CHECK(!file->read(text, 100));
  CAF_CHECK_EQUAL(text, ">012345");
}

} // namespace http_plan_test
