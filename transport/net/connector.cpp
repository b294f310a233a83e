// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/connect_attempt.hpp"

#include <wspool/byte_stream.hpp>

#include <boost/asio/post.hpp>

#include <cstdlib>
#include <utility>

namespace wspool {

namespace {

/// The caller's end of an attempt.
class attempt_handle final : public connect_operation {
public:
  attempt_handle(std::shared_ptr<boost::asio::io_context> context,
                 std::shared_ptr<net::connect_attempt> attempt)
    : context_(std::move(context)), attempt_(std::move(attempt)) {
    // nop
  }

  void cancel() override { attempt_->cancel(); }

private:
  // Declared first and so released last: the attempt's socket needs its io_context to the end.
  std::shared_ptr<boost::asio::io_context> context_;
  std::shared_ptr<net::connect_attempt> attempt_;
};

class socket_connector final : public connector {
public:
  explicit socket_connector(std::shared_ptr<net::connector_services> services)
    : services_(std::move(services)) {
    // nop
  }

  std::shared_ptr<connect_operation> async_connect(std::shared_ptr<boost::asio::io_context> context,
                                                   const endpoint& target,
                                                   const connect_options& options,
                                                   handler done) override {
    auto attempt =
      std::make_shared<net::connect_attempt>(context, services_, target, options, std::move(done));
    boost::asio::post(*context, [attempt] { attempt->start(); });
    return std::make_shared<attempt_handle>(std::move(context), std::move(attempt));
  }

private:
  std::shared_ptr<net::connector_services> services_;
};

} // namespace

std::shared_ptr<connector> net::make_connector(std::shared_ptr<connector_services> services) {
  return std::make_shared<socket_connector>(std::move(services));
}

std::shared_ptr<connector> make_connector() {
  return net::make_connector(
    std::make_shared<net::connector_services>([](const char* name) { return std::getenv(name); }));
}

} // namespace wspool
