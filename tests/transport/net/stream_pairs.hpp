// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "net_fixture.hpp"

#include "net/listener.hpp"
#include "support/certificates.hpp"
#include "support/memory_stream.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace wspool::test {

/// Two connected streams on one io_context.
struct stream_pair {
  std::unique_ptr<byte_stream> client;
  std::unique_ptr<byte_stream> server;
};

/// Every implementation of `byte_stream`.
enum class stream_kind { memory, tcp, tls };

inline constexpr stream_kind all_streams[] = {stream_kind::memory, stream_kind::tcp,
                                              stream_kind::tls};
inline constexpr stream_kind socket_streams[] = {stream_kind::tcp, stream_kind::tls};

inline std::string name_of(stream_kind kind) {
  return kind == stream_kind::memory ? "memory" : kind == stream_kind::tcp ? "tcp" : "tls";
}

inline stream_pair make_socket_pair(net_fixture& fixture, bool secure) {
  stream_pair result;
  net::listen_options where;
  connect_options how;
  if (secure) {
    where.tls = identity("server");
    how.tls.ca_file = authority_file();
  }
  std::unique_ptr<net::listener> listener;
  auto error = net::listener::open(
    fixture.pool, where,
    [&](const auto&, std::unique_ptr<byte_stream> stream) { result.server = std::move(stream); },
    listener);
  if (error)
    throw std::runtime_error{error.message()};
  auto connector = make_test_connector();
  auto connected = std::make_shared<outcome>();
  auto operation = start_connect(
    *connector, fixture, (secure ? "wss://" : "ws://") + listener->address(), how, connected);
  if (!fixture.run_until([&] { return connected->called && result.server; }))
    throw std::runtime_error{"no connection: " + connected->error.message()};
  result.client = std::move(connected->stream);
  listener->stop();
  fixture.pool.poll();
  return result;
}

inline stream_pair make_pair(net_fixture& fixture, stream_kind kind) {
  if (kind != stream_kind::memory)
    return make_socket_pair(fixture, kind == stream_kind::tls);
  auto [client, server] = memory_stream::make_pair(fixture.context);
  return {std::move(client), std::move(server)};
}

/// Collects what a stream brings until it ends.
struct collector : std::enable_shared_from_this<collector> {
  std::string bytes;
  std::error_code end;

  void read(byte_stream& stream) {
    stream.async_read(
      [self = shared_from_this(), &stream](std::error_code error, std::string_view got) {
        self->bytes += got;
        if (error)
          self->end = error;
        else
          self->read(stream);
      });
  }
};

inline std::shared_ptr<collector> collect(byte_stream& stream) {
  auto result = std::make_shared<collector>();
  result->read(stream);
  return result;
}

/// The end of one write.
struct write_result {
  bool called = false;
  std::error_code error;
  std::size_t taken = 0;
};

inline std::shared_ptr<write_result> start_write(byte_stream& stream, std::string_view bytes) {
  auto result = std::make_shared<write_result>();
  stream.async_write(boost::asio::buffer(bytes.data(), bytes.size()),
                     [result](std::error_code error, std::size_t taken) {
                       *result = {true, error, taken};
                     });
  return result;
}

} // namespace wspool::test
