// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/connect_options.hpp>
#include <wspool/endpoint.hpp>
#include <wspool/error.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace wspool {

/// An open stream of bytes to a peer: TCP, TLS over TCP, or a pair in memory for tests.
///
/// Thread contract: used only from the `io_context` it was made for; handlers run there, never
/// from within the call that started them. At most one read and one write are in flight. A
/// stream may be destroyed with operations in flight: their handlers are then called with
/// `operation_aborted` or dropped without a call, so whatever they own is released.
class byte_stream {
public:
  /// The bytes are valid during the call only. An error comes with no bytes;
  /// `errc::end_of_stream` for an orderly end by the peer.
  using read_handler = std::function<void(std::error_code, std::string_view)>;
  /// On an error the number says how many bytes the kernel took for certain.
  using write_handler = std::function<void(std::error_code, std::size_t)>;

  virtual ~byte_stream() = default;

  /// Reads what there is, at least one byte. An idle stream holds no read buffer where it can.
  virtual void async_read(read_handler handler) = 0;

  /// Writes all of `bytes`, which must stay valid until the handler is called.
  virtual void async_write(boost::asio::const_buffer bytes, write_handler handler) = 0;

  /// Writes what the kernel takes at once, without waiting and without a handler. @returns how many
  /// bytes that was; perhaps none, as always where nothing is certain before it is done (TLS), or
  /// where there is an error, which `async_write` will tell. Not while a write is in flight.
  [[nodiscard]] virtual std::size_t write_now(boost::asio::const_buffer) { return 0; }

  /// Of a write that failed after `taken` of `size` bytes: how many bytes behind `taken` may have
  /// reached the peer all the same. 0 for plain TCP; for TLS whatever was being encrypted.
  [[nodiscard]] virtual std::size_t in_doubt(std::size_t taken,
                                             std::size_t size) const noexcept = 0;

  /// Says that nothing more will be written (TLS close_notify where there is TLS, then FIN).
  /// Does not wait; reading goes on.
  virtual void shutdown() = 0;

  /// Ends at once; operations in flight are aborted. Idempotent. With `reset`, the peer sees a
  /// reset rather than an orderly end.
  virtual void close(bool reset = false) = 0;

  /// Where the peer is, "127.0.0.1:80", for logs and events.
  [[nodiscard]] virtual std::string peer() const = 0;

  /// The subject of the certificate that a client showed, as of RFC 2253; known once something was
  /// read. Empty: none, or not of a listener.
  [[nodiscard]] virtual std::string certificate() const { return {}; }
};

/// One attempt to reach an endpoint, in flight.
class connect_operation {
public:
  virtual ~connect_operation() = default;
  /// Gives up; the handler is then not called. From the `io_context` only. Idempotent.
  virtual void cancel() = 0;
};

/// Makes byte streams. The default resolves, connects, passes proxies and does the TLS handshake;
/// tests put a fake in its place. Thread contract: any thread may call `async_connect`.
class connector {
public:
  /// Exactly one of the two is set.
  using handler = std::function<void(failure, std::unique_ptr<byte_stream>)>;

  virtual ~connector() = default;

  /// Resolves afresh and tries every address, each with its own deadline, until one stream is
  /// ready for the upgrade; `options.deadlines.handshake` bounds proxy and TLS.
  /// `done` runs on `context`, never from within this call.
  [[nodiscard]] virtual std::shared_ptr<connect_operation>
  async_connect(std::shared_ptr<boost::asio::io_context> context, const endpoint& target,
                const connect_options& options, handler done) = 0;
};

/// The connector over real sockets. TLS contexts are made once per distinct `tls_options`.
[[nodiscard]] std::shared_ptr<connector> make_connector();

} // namespace wspool
