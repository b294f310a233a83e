// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/byte_stream.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace wspool::test {

/// One end of a connection in memory. What is under test owns one end as its `byte_stream`; the
/// test holds the other, and makes things happen by the members below the interface's own.
///
/// Everything happens in handlers on the io_context, so a test that drives a manual pool decides
/// when. Not thread-safe.
class memory_stream final : public byte_stream {
public:
  using pointer = std::unique_ptr<memory_stream>;

  [[nodiscard]] static std::pair<pointer, pointer>
  make_pair(std::shared_ptr<boost::asio::io_context> context, std::string peer = "memory:1");

  ~memory_stream() override;

  // -- byte_stream -----------------------------------------------------------------------------

  void async_read(read_handler handler) override;
  void async_write(boost::asio::const_buffer bytes, write_handler handler) override;
  [[nodiscard]] std::size_t write_now(boost::asio::const_buffer bytes) override;
  [[nodiscard]] std::size_t in_doubt(std::size_t taken, std::size_t size) const noexcept override;
  void shutdown() override;
  void close(bool reset = false) override;
  [[nodiscard]] std::string peer() const override;

  // -- the test's side -------------------------------------------------------------------------

  /// Sends without waiting.
  void send(std::string_view bytes);
  /// Takes what came in and no `async_read` has taken yet.
  [[nodiscard]] std::string take();
  /// The same without taking it.
  [[nodiscard]] const std::string& received() const noexcept;

  /// What the other end did.
  [[nodiscard]] bool peer_shut_down() const noexcept;
  [[nodiscard]] bool peer_closed() const noexcept;
  [[nodiscard]] bool peer_reset() const noexcept;

  /// The other end's writes are taken up to `window_bytes` from now on and then wait, as they do
  /// when a peer stops reading.
  void stall(std::size_t window_bytes = 0);
  /// Takes what waits, and all that follows.
  void resume();
  /// The other end's `write_now` writes, as far as the window goes; without this it never does, as
  /// with TLS.
  void write_at_once();
  /// The other end's next write fails after `taken` bytes, which arrive here.
  void fail_next_write(std::size_t taken,
                       std::error_code error = make_error_code(errc::connection_reset));
  /// Reads of the other end bring at most this many bytes each.
  void split_reads(std::size_t bytes);
  /// The other end reports whatever a failed write did not take as in doubt, as TLS does.
  void doubt_writes();

private:
  struct half;
  memory_stream(std::shared_ptr<half> mine, std::shared_ptr<half> other);

  std::shared_ptr<half> mine_;
  std::shared_ptr<half> other_;
};

/// A connector whose attempts a test decides about. With a policy, attempts are decided at once;
/// without one they wait for `accept` or `refuse`. Not thread-safe: for manual pools.
class fake_connector final : public connector {
public:
  struct attempt {
    endpoint target;
    connect_options options;
    /// The test's end, once the attempt was accepted.
    memory_stream::pointer stream;
    bool pending = true;
    bool cancelled = false;
  };

  /// What to do with an attempt: nothing wrong means accept.
  using policy = std::function<failure(const attempt&)>;

  fake_connector() = default;
  ~fake_connector() override;

  [[nodiscard]] std::shared_ptr<connect_operation>
  async_connect(std::shared_ptr<boost::asio::io_context> context, const endpoint& target,
                const connect_options& options, handler done) override;

  /// Accepts every attempt from now on.
  void accept_all();
  void decide_by(policy decide);
  /// Lets attempts wait again.
  void decide_nothing();

  /// How many attempts there were.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] const attempt& operator[](std::size_t i) const;
  /// The first attempt that waits, or `size()`.
  [[nodiscard]] std::size_t first_pending() const noexcept;

  /// Decides about a pending attempt. Its handler runs on the io_context.
  memory_stream& accept(std::size_t i);
  void refuse(std::size_t i, failure error);

  /// The test's end of an accepted attempt.
  [[nodiscard]] memory_stream& stream(std::size_t i);

private:
  struct operation;
  struct entry {
    attempt value;
    std::shared_ptr<operation> op;
  };

  entry& pending_entry(std::size_t i);

  std::vector<std::unique_ptr<entry>> attempts_;
  policy policy_;
};

} // namespace wspool::test
