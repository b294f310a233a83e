// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "beast_connection.hpp"
#include "client.hpp"
#include "machine.hpp"
#include "payload.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <stdexcept>
#include <vector>

namespace wspool::bench {

namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

/// All connections of one round, on one thread.
class beast_round {
public:
  explicit beast_round(const client_job& job) : job_(job), text_(payload(job.what.size_bytes)) {
    tls_.set_verify_mode(asio::ssl::verify_none); // as the pool's client here
    loop_.what = job.what.what;
    loop_.text = asio::buffer(text_);
    loop_.on_open = [this] { opened(); };
    loop_.on_failure = [this](const std::string& why) { fail(why); };
  }

  sample run() {
    auto before = resident_bytes();
    span_.begin(0);
    for (std::size_t i = 0; i < job_.what.connections; ++i)
      connections_.push_back(make_connection(context_, tls_, loop_, job_));
    after(start_limit, [this] { fail("not all connections opened in time"); });
    context_.run();
    if (!failure_.empty())
      throw std::runtime_error(failure_);
    if (job_.what.what == activity::echo)
      set_round_trips(result_, std::move(loop_.round_trips));
    if (job_.what.what == activity::idle)
      result_.resident_bytes =
        static_cast<double>(resident_bytes() - before) / static_cast<double>(job_.what.connections);
    return result_;
  }

private:
  void opened() {
    if (++open_ < job_.what.connections)
      return;
    if (job_.what.what == activity::connect) {
      span_.end(static_cast<double>(open_), result_);
      context_.stop();
      return;
    }
    for (auto& x : connections_)
      x->begin();
    after(job_.warm_up, [this] { measure(); });
  }

  void measure() {
    loop_.round_trips.clear();
    span_.begin(static_cast<double>(loop_.messages));
    after(job_.span, [this] {
      span_.end(static_cast<double>(loop_.messages), result_);
      context_.stop();
    });
  }

  template <class F>
  void after(clock::duration delay, F f) {
    timer_.expires_after(delay);
    timer_.async_wait([f](boost::system::error_code ec) {
      if (!ec)
        f();
    });
  }

  void fail(const std::string& why) {
    failure_ = why;
    context_.stop();
  }

  const client_job& job_;
  std::string text_;
  asio::io_context context_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  asio::steady_timer timer_{context_};
  beast_loop loop_;
  std::vector<std::unique_ptr<beast_connection>> connections_;
  measured_span span_;
  sample result_;
  std::size_t open_ = 0;
  std::string failure_;
};

} // namespace

sample run_beast_client(const client_job& job) { return beast_round{job}.run(); }

} // namespace wspool::bench
