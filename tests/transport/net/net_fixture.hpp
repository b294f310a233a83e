// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/byte_stream.hpp>
#include <wspool/connect_options.hpp>
#include <wspool/io_pool.hpp>

#include "net/asio_types.hpp"
#include "net/connector_services.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/socket.h>

namespace wspool::test {

/// A pool that the test itself runs: sockets are real, threads there are none.
struct net_fixture {
  io_pool pool{io_pool::manual};
  std::shared_ptr<boost::asio::io_context> context = pool.next();

  /// Runs the pool until the condition holds. @returns whether it did within ten seconds.
  template <class Condition>
  bool run_until(Condition holds) {
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    for (;;) {
      auto ran = pool.poll();
      if (holds())
        return true;
      if (std::chrono::steady_clock::now() > end)
        return false;
      if (ran == 0) // the kernel has to do something first
        std::this_thread::sleep_for(std::chrono::microseconds{50});
    }
  }
};

/// A server on a loopback address that does what the test tells it to.
class scripted_server {
public:
  struct connection : std::enable_shared_from_this<connection> {
    explicit connection(net::tcp_socket s) : socket(std::move(s)) {
      // nop
    }

    void send(const std::string& bytes) {
      net::error_code error;
      boost::asio::write(socket, boost::asio::buffer(bytes), error);
    }

    void reset() {
      socket.set_option(boost::asio::socket_base::linger{true, 0});
      socket.close();
    }

    void read() {
      socket.async_read_some(
        boost::asio::buffer(buffer),
        [self = shared_from_this()](const net::error_code& error, std::size_t count) {
          self->received.append(self->buffer.data(), count);
          if (error)
            self->ended = true;
          else
            self->read();
        });
    }

    net::tcp_socket socket;
    std::array<char, 4096> buffer;
    std::string received;
    bool ended = false;
  };

  explicit scripted_server(boost::asio::io_context& context, const std::string& host = "127.0.0.1",
                           std::uint16_t port = 0)
    : acceptor_(context) {
    net::tcp::endpoint where{boost::asio::ip::make_address(host), port};
    acceptor_.open(where.protocol());
    acceptor_.set_option(boost::asio::socket_base::reuse_address{true});
    acceptor_.bind(where);
    acceptor_.listen();
    accept();
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port()); }

  [[nodiscard]] std::size_t size() const { return connections_.size(); }

  connection& operator[](std::size_t i) { return *connections_.at(i); }

  void stop() { acceptor_.close(); }

private:
  void accept() {
    acceptor_.async_accept([this](const net::error_code& error, net::tcp_socket socket) {
      if (error)
        return;
      connections_.push_back(std::make_shared<connection>(std::move(socket)));
      connections_.back()->read();
      accept();
    });
  }

  net::tcp_acceptor acceptor_;
  std::vector<std::shared_ptr<connection>> connections_;
};

/// A port on which nothing answers: its backlog is full, so the kernel drops what else comes.
class black_hole {
public:
  explicit black_hole(boost::asio::io_context& context, const std::string& host = "127.0.0.1",
                      std::uint16_t port = 0)
    : acceptor_(context) {
    net::tcp::endpoint where{boost::asio::ip::make_address(host), port};
    acceptor_.open(where.protocol());
    acceptor_.bind(where);
    acceptor_.listen(0);
    for (int i = 0; i < 3; ++i) {
      fillers_.emplace_back(context);
      fillers_.back().open(where.protocol());
      fillers_.back().non_blocking(true);
      // Asio's own would wait for the answer.
      auto to = acceptor_.local_endpoint();
      ::connect(fillers_.back().native_handle(), to.data(), static_cast<socklen_t>(to.size()));
    }
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
  net::tcp_acceptor acceptor_;
  std::vector<net::tcp_socket> fillers_;
};

/// A port that was free a moment ago.
inline std::uint16_t unused_port(boost::asio::io_context& context) {
  net::tcp_acceptor acceptor{context,
                             net::tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
  return acceptor.local_endpoint().port();
}

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"})
    ++count;
  return count;
}

/// The end of one attempt to connect.
struct outcome {
  bool called = false;
  failure error;
  std::unique_ptr<byte_stream> stream;
};

/// A connector whose environment is empty, whatever the machine's says, and whose names are those
/// that the test gives it.
inline std::shared_ptr<connector>
make_test_connector(net::name_resolver::look_up_function how = net::look_up) {
  return net::make_connector(std::make_shared<net::connector_services>(
    [](const char*) -> const char* { return nullptr; }, std::move(how)));
}

inline endpoint parse(const std::string& url) {
  endpoint result;
  if (auto error = parse_endpoint(url, result))
    throw std::invalid_argument{error.message()};
  return result;
}

/// Starts an attempt whose end appears in the outcome.
inline std::shared_ptr<connect_operation> start_connect(connector& how, const net_fixture& fixture,
                                                        const std::string& url,
                                                        const connect_options& options,
                                                        const std::shared_ptr<outcome>& result) {
  return how.async_connect(fixture.context, parse(url), options,
                           [result](failure error, std::unique_ptr<byte_stream> stream) {
                             result->called = true;
                             result->error = std::move(error);
                             result->stream = std::move(stream);
                           });
}

} // namespace wspool::test
