// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The server that one writes with Beast alone: a queue of shared messages for each client, one
// asynchronous write at a time, one message a write.

#include "bench/servers/server_runner.hpp"

#include "bench/machine.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>

namespace wspool::bench {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using shared_text = std::shared_ptr<const std::string>;

class beast_client;
using beast_clients = std::unordered_set<beast_client*>;

class beast_client : public std::enable_shared_from_this<beast_client> {
public:
  beast_client(tcp::socket socket, beast_clients& all) : stream_(std::move(socket)), all_(all) {
    stream_.next_layer().set_option(tcp::no_delay{true});
    stream_.text(true);
    beast::websocket::permessage_deflate deflate;
    deflate.server_enable = true; // with those that ask for it
    deflate.compLevel = 6;        // as everybody else
    stream_.set_option(deflate);
  }
  ~beast_client() { all_.erase(this); }

  void start() {
    stream_.async_accept([self = shared_from_this()](const error_code& error) {
      if (error)
        return;
      self->all_.insert(self.get());
      self->read();
    });
  }

  void send(const shared_text& text) {
    queue_.push_back(text);
    if (queue_.size() == 1)
      write();
  }

private:
  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](const error_code& error, std::size_t) {
      if (error)
        return;
      auto text =
        std::make_shared<const std::string>(beast::buffers_to_string(self->buffer_.data()));
      self->buffer_.consume(self->buffer_.size());
      for (auto* one : self->all_)
        one->send(text);
      self->read();
    });
  }

  void write() {
    stream_.async_write(asio::buffer(*queue_.front()),
                        [self = shared_from_this()](const error_code& error, std::size_t) {
                          if (error)
                            return;
                          self->queue_.pop_front();
                          if (!self->queue_.empty())
                            self->write();
                        });
  }

  beast::websocket::stream<tcp::socket> stream_;
  beast_clients& all_;
  beast::flat_buffer buffer_;
  std::deque<shared_text> queue_;
};

void accept(tcp::acceptor& acceptor, beast_clients& all) {
  acceptor.async_accept([&](const error_code& error, tcp::socket socket) {
    if (!error)
      std::make_shared<beast_client>(std::move(socket), all)->start();
    accept(acceptor, all);
  });
}

} // namespace

void run_beast_server() {
  raise_file_limit();
  asio::io_context context{1};
  beast_clients all;
  tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
  acceptor.listen(asio::socket_base::max_listen_connections);
  accept(acceptor, all);
  std::printf("127.0.0.1:%u\n", static_cast<unsigned>(acceptor.local_endpoint().port()));
  std::fflush(stdout);
  context.run();
}

} // namespace wspool::bench
