// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "beast_connection.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <chrono>
#include <type_traits>
#include <utility>

namespace wspool::bench {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using beast::error_code;
using clock = std::chrono::steady_clock;

using plain_layer = beast::tcp_stream;
using secure_layer = beast::ssl_stream<beast::tcp_stream>;

// The same as the pool's own, so that both do the same work.
constexpr int deflate_level = 6;
constexpr std::size_t deflate_minimum_bytes = 256;

template <class Layer>
class connection : public beast_connection {
public:
  template <class... Arguments>
  connection(beast_loop& loop, const client_job& job, Arguments&... arguments)
    : loop_(loop), host_("127.0.0.1:" + std::to_string(job.port)), path_(job.what.path()),
      stream_(arguments...) {
    if (job.what.deflate) {
      websocket::permessage_deflate options;
      options.client_enable = true;
      options.compLevel = deflate_level;
      options.msg_size_threshold = deflate_minimum_bytes;
      stream_.set_option(options);
    }
    asio::ip::tcp::endpoint peer{asio::ip::address_v4::loopback(), job.port};
    beast::get_lowest_layer(stream_).async_connect(peer, then([this] { connected(); }));
  }

  void begin() override {
    if (loop_.what == activity::send || loop_.what == activity::send_batch) {
      write();
    } else if (loop_.what == activity::echo) {
      began_ = clock::now();
      write();
      read();
    } else {
      read(); // pings and the close, too, are seen by readers only
    }
  }

private:
  /// What happens after an operation that worked.
  template <class F>
  auto then(F f) {
    return [this, f](error_code ec, auto...) {
      if (ec)
        loop_.on_failure(ec.message());
      else
        f();
    };
  }

  void connected() {
    beast::get_lowest_layer(stream_).socket().set_option(asio::ip::tcp::no_delay{true});
    if constexpr (std::is_same_v<Layer, secure_layer>)
      stream_.next_layer().async_handshake(asio::ssl::stream_base::client,
                                           then([this] { upgrade(); }));
    else
      upgrade();
  }

  void upgrade() {
    stream_.async_handshake(host_, path_, then([this] {
                              stream_.text(true);
                              loop_.on_open();
                            }));
  }

  void write() {
    stream_.async_write(loop_.text, then([this] {
                          if (loop_.what == activity::echo)
                            return;
                          ++loop_.messages;
                          write();
                        }));
  }

  void read() {
    stream_.async_read(buffer_, then([this] {
                         buffer_.consume(buffer_.size());
                         ++loop_.messages;
                         if (loop_.what == activity::echo)
                           came_back();
                         read();
                       }));
  }

  void came_back() {
    auto now = clock::now();
    loop_.round_trips.push_back(std::chrono::duration<double, std::nano>(now - began_).count());
    began_ = now;
    write();
  }

  beast_loop& loop_;
  std::string host_;
  std::string path_;
  websocket::stream<Layer> stream_;
  beast::flat_buffer buffer_;
  clock::time_point began_;
};

} // namespace

std::unique_ptr<beast_connection> make_connection(asio::io_context& context,
                                                  asio::ssl::context& tls, beast_loop& loop,
                                                  const client_job& job) {
  if (job.what.tls)
    return std::make_unique<connection<secure_layer>>(loop, job, context, tls);
  return std::make_unique<connection<plain_layer>>(loop, job, context);
}

} // namespace wspool::bench
