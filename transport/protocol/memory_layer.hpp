// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace wspool::detail {

/// Completion handlers that wait for their turn. A codec runs them before its call returns, so
/// that nothing of it ever happens on another thread or at another time.
class job_queue {
public:
  template <class F>
  void push(F&& f) {
    jobs_.push_back(std::make_unique<holder<std::decay_t<F>>>(std::forward<F>(f)));
  }

  /// Runs the jobs, those included that they add.
  void drain() {
    while (!jobs_.empty()) {
      const auto batch = std::exchange(jobs_, {});
      for (const auto& each : batch)
        each->run();
    }
  }

private:
  struct job {
    virtual ~job() = default;
    virtual void run() = 0;
  };
  template <class F>
  struct holder final : job {
    template <class G>
    explicit holder(G&& g) : f(std::forward<G>(g)) {}
    void run() override { std::move(f)(); }
    F f;
  };
  std::vector<std::unique_ptr<job>> jobs_;
};

/// Beast's stream contains a timer, which wants a context. Nothing ever runs or waits on this one.
/// It outlives every codec, those in static variables too.
inline boost::asio::io_context& context_without_threads() {
  static auto& context = *new boost::asio::io_context{1};
  return context;
}

/// Executes by adding to a `job_queue`; fulfils what `any_io_executor` asks of an executor.
class queue_executor {
public:
  explicit queue_executor(job_queue& queue) noexcept : queue_(&queue) {}

  template <class F>
  void execute(F&& f) const {
    queue_->push(std::forward<F>(f));
  }
  boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
    return context_without_threads();
  }
  static constexpr boost::asio::execution::blocking_t
  query(boost::asio::execution::blocking_t) noexcept {
    return boost::asio::execution::blocking_t::never;
  }
  queue_executor require(boost::asio::execution::blocking_t::never_t) const noexcept {
    return *this;
  }
  friend bool operator==(const queue_executor& a, const queue_executor& b) noexcept {
    return a.queue_ == b.queue_;
  }
  friend bool operator!=(const queue_executor& a, const queue_executor& b) noexcept {
    return !(a == b);
  }

private:
  job_queue* queue_;
};

static_assert(std::is_constructible_v<boost::asio::any_io_executor, queue_executor>);

/// Both directions of a byte stream, in memory: a SyncStream and an AsyncStream as Beast's
/// websocket stream wants them below itself, with no socket behind it.
///
/// Writing appends to `*output`. Reading takes from `input`; Beast takes any error of the layer
/// below for the end of the connection, so it must be called only when what it will read is there.
/// An asynchronous read (one at a time: that of a client's handshake) waits for `complete_read`.
class memory_layer {
public:
  using executor_type = queue_executor;
  using error_code = boost::beast::error_code;

  explicit memory_layer(job_queue& queue) noexcept : executor_(queue) {}

  executor_type get_executor() const noexcept { return executor_; }

  std::string* output = nullptr; ///< where written bytes go; null: nowhere
  std::string_view input;
  std::size_t max_read_bytes = std::string_view::npos; ///< handed out in one read

  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, error_code& ec) {
    ec = {};
    const auto n = boost::asio::buffer_size(buffers);
    if (output == nullptr)
      return n;
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto i = boost::asio::buffer_sequence_begin(buffers); i != end; ++i) {
      const boost::asio::const_buffer b(*i);
      output->append(static_cast<const char*>(b.data()), b.size());
    }
    return n;
  }

  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, error_code& ec) {
    const auto most = std::min(input.size(), max_read_bytes);
    const auto n = boost::asio::buffer_copy(buffers, boost::asio::buffer(input.data(), most));
    input.remove_prefix(n);
    ec = {};
    if (n == 0)
      ec = boost::asio::error::would_block;
    return n;
  }

  template <class Buffers>
  std::size_t write_some(const Buffers& buffers) {
    error_code ec;
    return write_some(buffers, ec);
  }

  template <class Buffers>
  std::size_t read_some(const Buffers& buffers) {
    error_code ec;
    const auto n = read_some(buffers, ec);
    if (ec)
      throw boost::beast::system_error{ec};
    return n;
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
      [this](auto handler, const Buffers& what) {
        error_code ec;
        const auto n = write_some(what, ec);
        // Never from within the initiating function (Asio's rule for asynchronous operations).
        boost::asio::post(executor_, boost::beast::bind_front_handler(std::move(handler), ec, n));
      },
      token, buffers);
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
      [this](auto handler, const Buffers& where) {
        using operation = read_operation<decltype(handler), Buffers>;
        pending_ = std::make_unique<operation>(std::move(handler), where);
      },
      token, buffers);
  }

  /// Completes the waiting asynchronous read, if there is one, with what is in `input`.
  bool complete_read() {
    const auto operation = std::exchange(pending_, nullptr);
    if (operation)
      operation->complete(*this);
    return operation != nullptr;
  }

private:
  struct pending_read {
    virtual ~pending_read() = default;
    virtual void complete(memory_layer& layer) = 0;
  };
  template <class Handler, class Buffers>
  struct read_operation final : pending_read {
    read_operation(Handler h, const Buffers& b) : handler(std::move(h)), buffers(b) {}
    void complete(memory_layer& layer) override {
      error_code ec;
      const auto n = layer.read_some(buffers, ec);
      std::move(handler)(ec, n);
    }
    Handler handler;
    Buffers buffers;
  };

  executor_type executor_;
  std::unique_ptr<pending_read> pending_;
};

// What Beast calls at the end of a connection. The socket is the owner's, so there is nothing to
// do here.
inline void teardown(boost::beast::role_type, memory_layer&, boost::beast::error_code& ec) {
  ec = {};
}
template <class Handler>
void async_teardown(boost::beast::role_type, memory_layer& layer, Handler&& handler) {
  boost::asio::post(
    layer.get_executor(),
    boost::beast::bind_front_handler(std::forward<Handler>(handler), boost::beast::error_code{}));
}
inline void beast_close_socket(memory_layer&) {}

} // namespace wspool::detail
