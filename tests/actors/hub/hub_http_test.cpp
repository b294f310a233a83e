// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_http

#include "support/hub_fixture.hpp"

#include "support/scratch_directory.hpp"

#include <filesystem>

namespace hub_http_test {

using namespace wspool;
using namespace wspool::test;

namespace {

caf::behavior numbers_of_a_broker(caf::event_based_actor*, std::shared_ptr<bool> answers) {
  return {
    [answers](metrics_atom) -> caf::result<std::string> {
      if (!*answers)
        return caf::make_error(errc::io_error);
      return "broker_things 7\n";
    },
  };
}

struct fixture : hub_fixture {
  ~fixture() override { caf::anon_send_exit(broker, caf::exit_reason::kill); }

  /// A client that keeps all that it is sent.
  memory_stream& dial() {
    auto& client = knock();
    client.stop_reading(std::size_t{1} << 30);
    return client.stream();
  }

  static std::string request(const std::string& target, const std::string& method = "GET") {
    return method + " " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  /// The whole answer, once the server has ended the connection.
  std::string get(const std::string& target, const std::string& method = "GET") {
    auto& stream = dial();
    stream.send(request(target, method));
    settle();
    CAF_CHECK(stream.peer_closed() || stream.peer_shut_down());
    return stream.take();
  }

  static std::string body_of(const std::string& answer) {
    const auto end = answer.find("\r\n\r\n");
    return end == std::string::npos ? "" : answer.substr(end + 4);
  }

  static bool has(const std::string& answer, const std::string& text) {
    return answer.find(text) != std::string::npos;
  }

  std::shared_ptr<bool> answers = std::make_shared<bool>(true);
  caf::actor broker = sys.spawn(numbers_of_a_broker, answers);
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hub_http_tests, fixture)

CAF_TEST(health_and_readiness_are_told_beside_the_websocket) {
  start();
  auto& client = connect();
  const auto health = get("/healthz");
  CAF_CHECK(health.starts_with("HTTP/1.1 200 OK\r\n"));
  CAF_CHECK(has(health, "\r\nContent-Length: 3\r\n"));
  CAF_CHECK(has(health, "\r\nConnection: close\r\n"));
  CAF_CHECK_EQUAL(body_of(health), "ok\n");
  CAF_CHECK_EQUAL(body_of(get("/readyz")), "ready\n");
  CAF_CHECK(client.is_open());
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.http.at(200), 2u);
  CAF_CHECK(numbers.refused.empty());
  CAF_CHECK_EQUAL(numbers.failed, 0u);
  CAF_CHECK_EQUAL(numbers.arrived, 1u);
  CAF_CHECK_EQUAL(numbers.sockets, 1u);
  CAF_CHECK_EQUAL(log->order.size(), 1u); // the client arrived
}

CAF_TEST(a_server_that_drains_is_not_ready) {
  start();
  connect();
  auto& early = dial();
  auto& other = dial();
  const auto drained = begin<drain_report>(drain_atom_v, drain_order{0.01, {}, 60s});
  early.send(request("/readyz"));
  other.send(request("/healthz"));
  settle();
  CAF_CHECK(early.take().starts_with("HTTP/1.1 503 "));
  CAF_CHECK(other.take().starts_with("HTTP/1.1 200 "));
}

CAF_TEST(head_tells_the_length_and_sends_no_body) {
  start();
  const auto health = get("/healthz", "HEAD");
  CAF_CHECK(has(health, "\r\nContent-Length: 3\r\n"));
  CAF_CHECK_EQUAL(body_of(health), "");
}

CAF_TEST(what_is_not_served_gets_a_proper_status) {
  options.entrance.space = {request_part::path, "/ws/", "lobby", false};
  start();
  CAF_CHECK(get("/nothing").starts_with("HTTP/1.1 404 "));
  const auto post = get("/healthz", "POST");
  CAF_CHECK(post.starts_with("HTTP/1.1 405 "));
  CAF_CHECK(has(post, "\r\nAllow: GET, HEAD\r\n"));
  const auto room = get("/ws/room");
  CAF_CHECK(room.starts_with("HTTP/1.1 426 "));
  CAF_CHECK(has(room, "\r\nUpgrade: websocket\r\n"));
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.http.at(404), 1u);
  CAF_CHECK_EQUAL(numbers.http.at(405), 1u);
  CAF_CHECK_EQUAL(numbers.http.at(426), 1u);
}

CAF_TEST(a_server_that_is_full_still_says_that_it_lives) {
  options.admission.max_connections = 1;
  start();
  connect();
  CAF_CHECK(get("/healthz").starts_with("HTTP/1.1 200 "));
  CAF_CHECK_EQUAL(connect().status(), 503u);
}

// -- metrics --------------------------------------------------------------------------------------

CAF_TEST(metrics_have_the_servers_numbers_and_those_of_others) {
  options.name = "edge";
  start();
  ask<caf::unit_t>(add_atom_v, metrics_atom_v, broker);
  connect().send_text("hello");
  connect("/", {}, "192.0.2.2:1");
  settle();
  get("/nothing");
  const auto answer = get("/metrics");
  CAF_CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CAF_CHECK(has(answer, "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  const auto text = body_of(answer);
  CAF_CHECK(has(answer, "\r\nContent-Length: " + std::to_string(text.size()) + "\r\n"));
  CAF_CHECK(has(text, "# TYPE wspool_server_clients gauge\n"
                      "wspool_server_clients{server=\"edge\"} 2\n"));
  CAF_CHECK(has(text, "wspool_server_http_total{status=\"426\",server=\"edge\"} 1\n"));
  CAF_CHECK(has(text, "wspool_server_messages_total{direction=\"in\",type=\"text\","
                      "server=\"edge\"} 1\n"));
  CAF_CHECK(text.ends_with("\nbroker_things 7\n"));
}

CAF_TEST(who_does_not_answer_for_metrics_is_left_out) {
  start();
  ask<caf::unit_t>(add_atom_v, metrics_atom_v, broker);
  *answers = false;
  CAF_CHECK(has(get("/metrics"), "wspool_server_clients"));
  caf::anon_send_exit(broker, caf::exit_reason::kill);
  settle();
  CAF_CHECK(has(get("/metrics"), "wspool_server_clients"));
}

CAF_TEST(only_so_many_may_add_to_the_metrics) {
  start();
  std::vector<caf::actor> many;
  for (int i = 0; i < 16; ++i) {
    many.push_back(sys.spawn(numbers_of_a_broker, answers));
    ask<caf::unit_t>(add_atom_v, metrics_atom_v, many.back());
    ask<caf::unit_t>(add_atom_v, metrics_atom_v, many.back()); // once more is nothing more
  }
  auto refused = begin<caf::unit_t>(add_atom_v, metrics_atom_v, broker);
  CAF_CHECK_EQUAL(*refused->error, errc::queue_full);
  for (auto& one : many)
    caf::anon_send_exit(one, caf::exit_reason::kill);
  settle();
  ask<caf::unit_t>(add_atom_v, metrics_atom_v, broker);
}

// -- files ----------------------------------------------------------------------------------------

CAF_TEST(files_are_served_whole_with_type_and_length) {
  const scratch_directory site;
  site.write("index.html", "<p>hello</p>");
  std::string large;
  for (std::size_t i = 0; large.size() < 300'000; ++i)
    large += std::to_string(i) + ' ';
  site.write("a/large.js", large);
  site.write("empty.txt", "");
  options.http.files = {{"/", site.path()}};
  start();
  const auto index = get("/");
  CAF_CHECK(has(index, "\r\nContent-Type: text/html; charset=utf-8\r\n"));
  CAF_CHECK(has(index, "\r\nX-Content-Type-Options: nosniff\r\n"));
  CAF_CHECK_EQUAL(body_of(index), "<p>hello</p>");
  const auto script = get("/a/large.js");
  CAF_CHECK(has(script, "\r\nContent-Length: " + std::to_string(large.size()) + "\r\n"));
  CAF_CHECK(body_of(script) == large);
  CAF_CHECK(has(get("/empty.txt"), "\r\nContent-Length: 0\r\n"));
  const auto head = get("/a/large.js", "HEAD");
  CAF_CHECK(has(head, "\r\nContent-Length: " + std::to_string(large.size()) + "\r\n"));
  CAF_CHECK_EQUAL(body_of(head), "");
  CAF_CHECK(get("/missing").starts_with("HTTP/1.1 404 "));
  CAF_CHECK(get("/a/").starts_with("HTTP/1.1 404 ")); // no listings
  CAF_CHECK(get("/../etc/passwd").starts_with("HTTP/1.1 404 "));
}

CAF_TEST(a_file_above_the_limit_is_not_there) {
  const scratch_directory site;
  site.write("x", "0123456789");
  options.http.files = {{"/", site.path()}};
  options.http.max_file_bytes = 9;
  start();
  CAF_CHECK(get("/x").starts_with("HTTP/1.1 404 "));
}

CAF_TEST(who_takes_a_file_slowly_gets_it_and_who_stops_taking_it_is_cut_off) {
  const scratch_directory site;
  site.write("x", std::string(200'000, 'x'));
  options.http.files = {{"/", site.path()}};
  start();
  auto& slow = dial();
  auto& stalled = dial();
  slow.stall(0);
  stalled.stall(0);
  slow.send(request("/x"));
  stalled.send(request("/x"));
  settle();
  std::string got;
  for (int i = 0; i < 20 && got.size() < 200'000; ++i) {
    advance(options.stay.close - 1ms); // longer than one deadline in all
    slow.stall(70'000);                // a piece, at least
    settle();
    got += slow.take();
  }
  CAF_CHECK_EQUAL(body_of(got).size(), 200'000u);
  CAF_CHECK(stalled.peer_closed());
}

CAF_TEST(a_file_that_shrinks_meanwhile_ends_the_connection) {
  const scratch_directory site;
  const auto path = site.write("x", std::string(200'000, 'x'));
  options.http.files = {{"/", site.path()}};
  start();
  auto& client = dial();
  client.stall(0);
  client.send(request("/x"));
  settle();
  std::filesystem::resize_file(path, 100'000);
  client.stall(std::size_t{1} << 30);
  settle();
  CAF_CHECK(client.peer_closed());
  CAF_CHECK_LESS(client.take().size(), 200'000u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hub_http_test
