// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE server_tls

#include "support/certificates.hpp"
#include "support/live_pool.hpp"
#include "support/scratch_directory.hpp"
#include "support/server_log.hpp"
#include "support/unit_test.hpp"

#include <wspool/server.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <openssl/ssl.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace server_tls_test {

using namespace wspool;
using namespace wspool::test;

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;
using tcp = asio::ip::tcp;

std::string text_of(const std::string& file) {
  std::ostringstream result;
  result << std::ifstream{file, std::ios::binary}.rdbuf();
  return result.str();
}

tcp::endpoint endpoint_of(const std::string& address) {
  const auto port = std::stoul(address.substr(address.rfind(':') + 1));
  return {asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port)};
}

/// A blocking client that looks at the certificate it is shown.
class tls_client {
public:
  /// @param shows the certificate of "client" or another; empty: none
  explicit tls_client(const std::string& shows = {}) {
    if (!shows.empty()) {
      const auto own = identity(shows);
      tls_.use_certificate_chain_file(own.certificate_file);
      tls_.use_private_key_file(own.key_file, ssl::context::pem);
    }
    ws_ = std::make_unique<stream>(context_, tls_);
  }

  /// Connects and shakes hands. @returns the common name that the server shows
  std::string secure(const std::string& address, const char* name = nullptr) {
    address_ = address;
    auto& layer = ws_->next_layer();
    layer.next_layer().connect(endpoint_of(address));
    if (name != nullptr)
      SSL_set_tlsext_host_name(layer.native_handle(), name);
    layer.handshake(ssl::stream_base::client);
    const std::unique_ptr<X509, decltype(&X509_free)> shown{
      SSL_get1_peer_certificate(layer.native_handle()), X509_free};
    char text[256] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, text,
                              sizeof(text));
    return text;
  }

  /// @returns the status of the answer; 0: there was none
  unsigned upgrade() {
    beast::websocket::response_type answer;
    beast::error_code ignored;
    ws_->handshake(answer, address_, "/", ignored);
    return answer.result_int() == 200 && ignored ? 0 : answer.result_int();
  }
  bool upgraded() {
    beast::error_code error;
    ws_->handshake(address_, "/", error);
    return !error;
  }

  void say(const std::string& text) { ws_->write(asio::buffer(text)); }
  std::string hear() {
    beast::flat_buffer buffer;
    ws_->read(buffer);
    return beast::buffers_to_string(buffer.data());
  }

  /// A plain request; the whole answer.
  std::string get(const std::string& path) {
    auto& layer = ws_->next_layer();
    asio::write(layer, asio::buffer("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    std::string answer;
    beast::error_code end;
    asio::read(layer, asio::dynamic_buffer(answer), end);
    return answer;
  }

private:
  using stream = beast::websocket::stream<ssl::stream<tcp::socket>>;
  asio::io_context context_;
  ssl::context tls_{ssl::context::tls_client};
  std::unique_ptr<stream> ws_;
  std::string address_;
};

authenticator_actor::behavior_type note_certificate(authenticator_actor::pointer,
                                                    std::shared_ptr<std::string> to) {
  return {
    [to](authenticate_atom, const auth_request& request) {
      *to = request.certificate;
      return accept_as("");
    },
  };
}

struct fixture : live_pool {
  fixture() { served.listen[0].tls = identity("server"); }
  ~fixture() {
    if (server)
      caf::anon_send_exit(server, caf::exit_reason::kill);
    caf::anon_send_exit(watcher, caf::exit_reason::kill);
    caf::anon_send_exit(authenticator, caf::exit_reason::kill);
  }

  void serve() {
    server = spawn_server(sys, io, served, authenticator);
    watcher = sys.spawn(log_server, seen);
    compat::anon_tell(server, subscribe_atom_v, watcher, subscription{});
    address = ask_server<listen_report>(address_atom_v).addresses.at(0);
  }

  template <class T, class... Ts>
  T ask_server(Ts... xs) {
    caf::scoped_actor me{sys};
    T result{};
    compat::ask(me.ptr(), server, patience, xs...)
      .receive([&](T& x) { result = std::move(x); },
               [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
    return result;
  }

  /// @returns the error; empty: done
  std::string reload() {
    caf::scoped_actor me{sys};
    std::string result;
    compat::ask(me.ptr(), server, patience, reload_atom_v)
      .receive([] {}, [&](const caf::error& e) { result = render(sys, e); });
    return result;
  }

  template <class F>
  bool wait_for_stats(F is_true) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end)
      if (is_true(ask_server<server_stats>(stats_atom_v)))
        return true;
    return false;
  }

  std::string newest_identity(std::size_t arrived) {
    CAF_REQUIRE(seen->wait([=](const server_log& l) { return l.arrived.size() >= arrived; }));
    std::lock_guard guard{seen->mutex};
    return seen->arrived.back().info.identity;
  }

  server_options served;
  server_actor server;
  authenticator_actor authenticator;
  std::string address;
  server_log_ptr seen = std::make_shared<server_log>();
  caf::actor watcher;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(server_tls_tests, fixture)

CAF_TEST(a_certificate_is_chosen_by_the_name_that_is_asked_for) {
  const auto other = identity("wrong-host");
  served.listen[0].certificates = {{"*.elsewhere.invalid", other.certificate_file, other.key_file},
                                   {"elsewhere.invalid", other.certificate_file, other.key_file}};
  serve();
  CAF_CHECK_EQUAL(tls_client{}.secure(address), "localhost");
  CAF_CHECK_EQUAL(tls_client{}.secure(address, "localhost"), "localhost");
  CAF_CHECK_EQUAL(tls_client{}.secure(address, "Elsewhere.Invalid"), "elsewhere.invalid");
  CAF_CHECK_EQUAL(tls_client{}.secure(address, "www.elsewhere.invalid"), "elsewhere.invalid");
  CAF_CHECK_EQUAL(tls_client{}.secure(address, "a.b.elsewhere.invalid"), "localhost");
  tls_client client;
  client.secure(address, "elsewhere.invalid");
  CAF_CHECK(client.get("/healthz").starts_with("HTTP/1.1 200 OK\r\n"));
}

CAF_TEST(certificates_are_read_again_and_nobody_is_dropped) {
  const scratch_directory files;
  const auto put = [&](const std::string& name) {
    const auto from = identity(name);
    files.write("cert.pem", text_of(from.certificate_file));
    files.write("cert.key", text_of(from.key_file));
  };
  put("server");
  served.listen[0].tls.certificate_file = files.path() + "/cert.pem";
  served.listen[0].tls.key_file = files.path() + "/cert.key";
  served.listen.push_back({"127.0.0.1:0", {}}); // without TLS there is nothing to reload
  serve();
  tls_client before;
  CAF_CHECK_EQUAL(before.secure(address), "localhost");
  CAF_REQUIRE(before.upgraded());
  put("wrong-host");
  CAF_CHECK_EQUAL(tls_client{}.secure(address), "localhost");
  CAF_CHECK_EQUAL(reload(), "");
  CAF_CHECK_EQUAL(tls_client{}.secure(address), "elsewhere.invalid");
  files.write("cert.key", "no key");
  const auto error = reload();
  CAF_CHECK(error.find(files.path() + "/cert.key") != std::string::npos);
  files.write("cert.pem", "");
  CAF_CHECK(reload().find(files.path() + "/cert.pem") != std::string::npos);
  CAF_CHECK_EQUAL(tls_client{}.secure(address), "elsewhere.invalid");
  before.say("still here");
  CAF_CHECK(seen->wait([](const server_log& l) { return !l.messages.empty(); }));
  CAF_CHECK_EQUAL(ask_server<std::uint64_t>(send_atom_v, to_all(), outgoing{"so am I", {}}), 1u);
  CAF_CHECK_EQUAL(before.hear(), "so am I");
  CAF_CHECK(seen->wait([](const server_log& l) { return l.left.empty(); }));
}

CAF_TEST(clients_that_must_show_a_certificate_are_known_by_its_subject) {
  const auto noted = std::make_shared<std::string>("nothing");
  authenticator = sys.spawn(note_certificate, noted);
  served.listen[0].tls.ca_file = authority_file();
  served.entrance.identity = {request_part::certificate, {}, "nobody", true};
  serve();
  tls_client known{"client"};
  known.secure(address);
  CAF_REQUIRE(known.upgraded());
  CAF_CHECK_EQUAL(newest_identity(1), "CN=wspool test client");
  CAF_CHECK_EQUAL(*noted, "CN=wspool test client");
  // With TLS 1.3 the refusal comes behind the client's part of the handshake.
  for (const auto* shows : {"", "stranger"}) {
    tls_client other{shows};
    try {
      other.secure(address);
      CAF_CHECK(!other.upgraded());
    } catch (const boost::system::system_error& e) {
      CAF_MESSAGE(e.what());
    }
  }
  CAF_CHECK(wait_for_stats([](const server_stats& s) { return s.failed == 2; }));
  CAF_CHECK_EQUAL(ask_server<server_stats>(stats_atom_v).arrived, 1u);
}

CAF_TEST(clients_that_may_show_a_certificate_come_in_without_one_but_not_with_a_bad_one) {
  served.listen[0].tls.ca_file = authority_file();
  served.listen[0].tls.verify = false;
  served.entrance.identity = {request_part::certificate, {}, "nobody", false};
  serve();
  tls_client bare;
  bare.secure(address);
  CAF_REQUIRE(bare.upgraded());
  CAF_CHECK_EQUAL(newest_identity(1), "nobody");
  tls_client known{"client"};
  known.secure(address);
  CAF_REQUIRE(known.upgraded());
  CAF_CHECK_EQUAL(newest_identity(2), "CN=wspool test client");
  tls_client stranger{"stranger"};
  try {
    stranger.secure(address);
    CAF_CHECK(!stranger.upgraded());
  } catch (const boost::system::system_error& e) {
    CAF_MESSAGE(e.what());
  }
  CAF_CHECK(wait_for_stats([](const server_stats& s) { return s.failed == 1; }));
}

CAF_TEST(who_has_not_begun_the_handshake_counts_at_the_door) {
  served.admission.max_per_address = 2;
  served.admission.handshake = 2s;
  serve();
  asio::io_context context;
  std::vector<tcp::socket> silent;
  for (int i = 0; i < 2; ++i) {
    silent.emplace_back(context);
    silent.back().connect(endpoint_of(address));
  }
  CAF_CHECK(wait_for_stats([](const server_stats& s) { return s.sockets == 2; }));
  tls_client third;
  third.secure(address);
  CAF_CHECK_EQUAL(third.upgrade(), 429u);
  CAF_CHECK(wait_for_stats([](const server_stats& s) { return s.failed == 2 && s.sockets == 0; }));
  tls_client fourth;
  fourth.secure(address);
  CAF_CHECK(fourth.upgraded());
}

CAF_TEST(whoever_does_not_speak_tls_is_a_failure_of_its_own) {
  serve();
  asio::io_context context;
  tcp::socket plain{context};
  plain.connect(endpoint_of(address));
  asio::write(plain, asio::buffer(std::string{"GET / HTTP/1.1\r\nHost: x\r\n\r\n"}));
  CAF_CHECK(wait_for_stats([](const server_stats& s) { return s.failed == 1 && s.sockets == 0; }));
  tls_client client;
  client.secure(address);
  CAF_CHECK(client.upgraded());
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace server_tls_test
