// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/fault_server.hpp"

#include "support/certificates.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <future>
#include <netinet/tcp.h>
#include <random>
#include <stdexcept>
#include <utility>

namespace wspool::chaos {

namespace {

using error_code = boost::system::error_code;
using segment_bytes = boost::asio::detail::socket_option::integer<IPPROTO_TCP, TCP_MAXSEG>;

// Ports that the system does not give to outgoing connections: one of these could take the port
// of a door that is shut for a moment.
constexpr std::uint64_t first_port = 12'000;
constexpr std::uint64_t last_port = 32'000;

constexpr std::chrono::milliseconds retry_interval{5};

} // namespace

fault_server::fault_server(session_setup setup, std::uint64_t seed, bool cramped)
  : setup_(setup), random_(seed), cramped_(cramped), guard_(io_.get_executor()) {
  for (const char* name : {"server", "expired", "wrong-host", "stranger"}) {
    const auto who = test::identity(name);
    certificates_[name] = make_tls_context(who.certificate_file, who.key_file);
  }
  thread_ = std::thread{[this] { io_.run(); }};
}

fault_server::~fault_server() {
  run([this] {
    ending_ = true;
    for (auto& x : doors_) {
      error_code ignored;
      x->timer.cancel();
      x->acceptor.close(ignored);
    }
    cut_all();
  });
  guard_.reset();
  io_.stop(); // delayed answers need not be waited for
  thread_.join();
}

template <class F>
void fault_server::run(F f) {
  std::promise<void> done;
  boost::asio::post(io_, [&] {
    try {
      f();
      done.set_value();
    } catch (...) {
      done.set_exception(std::current_exception());
    }
  });
  done.get_future().get();
}

// -- doors ---------------------------------------------------------------------------------------

std::size_t fault_server::open_door(const std::string& host, bool tls) {
  std::string text;
  run([&] {
    auto fresh = std::make_unique<door>(io_);
    if (tls)
      fresh->good = fresh->shown = certificates_.at("server");
    bind(*fresh, host);
    text = (tls ? "wss://" : "ws://") + host + ':' + std::to_string(fresh->address.port()) + '/';
    accept(*fresh);
    doors_.push_back(std::move(fresh));
  });
  urls_.push_back(text);
  return urls_.size() - 1;
}

void fault_server::bind(door& x, const std::string& host) {
  // Not from the seed: other processes look for ports, too.
  std::random_device source;
  std::uniform_int_distribution<std::uint64_t> any_port{first_port, last_port};
  for (int i = 0; i < 1'000; ++i) {
    x.address = {boost::asio::ip::make_address(host),
                 static_cast<unsigned short>(any_port(source))};
    if (listen(x))
      return;
  }
  throw std::runtime_error{"no free port on " + host};
}

bool fault_server::listen(door& x) {
  error_code ec;
  x.acceptor.open(x.address.protocol(), ec);
  if (!ec)
    x.acceptor.set_option(door::tcp::acceptor::reuse_address{true}, ec);
  // Connections inherit both. The client's own buffer follows from the size of its segments.
  if (!ec && cramped_)
    x.acceptor.set_option(boost::asio::socket_base::receive_buffer_size{4'096}, ec);
  if (!ec && cramped_)
    x.acceptor.set_option(segment_bytes{536}, ec);
  if (!ec)
    x.acceptor.bind(x.address, ec);
  if (!ec)
    x.acceptor.listen(boost::asio::socket_base::max_listen_connections, ec);
  if (!ec)
    return true;
  x.acceptor.close(ec);
  return false;
}

void fault_server::accept(door& x) {
  x.acceptor.async_accept([this, &x](error_code ec, door::tcp::socket socket) {
    if (ending_ || ec == boost::asio::error::operation_aborted)
      return;
    if (!ec) {
      enter(x, std::move(socket));
      return accept(x);
    }
    // Out of descriptors, most likely.
    x.timer.expires_after(retry_interval);
    x.timer.async_wait([this, &x](error_code why) {
      if (!why && x.acceptor.is_open())
        accept(x);
    });
  });
}

void fault_server::enter(door& x, door::tcp::socket socket) {
  opening_plan what;
  if (!x.plans.empty()) {
    what = std::move(x.plans.front());
    x.plans.pop_front();
  }
  ++accepted_;
  auto session = std::make_shared<fault_session>(io_, std::move(socket), x.shown, setup_,
                                                 std::move(what), [this](fault_session* who) {
                                                   sessions_.erase(who);
                                                   session_count_ = sessions_.size();
                                                 });
  sessions_.emplace(session.get(), session);
  session_count_ = sessions_.size();
  session->start();
}

void fault_server::reopen_after(door& x, milliseconds how_long) {
  error_code ignored;
  x.acceptor.close(ignored);
  x.shut = true;
  x.timer.expires_after(how_long);
  x.timer.async_wait([this, &x](error_code ec) {
    if (ec || ending_)
      return;
    if (!listen(x))
      return reopen_after(x, retry_interval);
    x.shut = false;
    accept(x);
  });
}

void fault_server::cut_all() {
  for (auto& [key, session] : std::exchange(sessions_, {}))
    session->cut(true);
  session_count_ = sessions_.size();
}

// -- commands ------------------------------------------------------------------------------------

void fault_server::shut(std::size_t number, milliseconds how_long) {
  run([&] { reopen_after(*doors_.at(number), how_long); });
}

void fault_server::kill(milliseconds how_long) {
  run([&] {
    for (auto& x : doors_)
      reopen_after(*x, how_long);
    cut_all();
  });
}

void fault_server::kill_for_good() { kill(std::chrono::hours{1}); }

void fault_server::show_certificate(std::size_t number, const std::string& name) {
  run([&] {
    auto& x = *doors_.at(number);
    if (x.good)
      x.shown = certificates_.at(name);
  });
}

void fault_server::plan(std::size_t number, opening_plan what, std::size_t count) {
  run([&] {
    auto& plans = doors_.at(number)->plans;
    for (std::size_t i = 0; i < count; ++i)
      plans.push_back(what);
  });
}

std::size_t fault_server::disturb(std::size_t count,
                                  const std::function<void(fault_session&)>& how) {
  std::size_t done = 0;
  run([&] {
    std::vector<std::shared_ptr<fault_session>> there;
    for (auto& [key, session] : sessions_)
      if (session->is_open())
        there.push_back(session);
    for (; done < count && !there.empty(); ++done) {
      const auto at = random_.number(0, there.size() - 1);
      how(*there[at]);
      there.erase(there.begin() + static_cast<std::ptrdiff_t>(at));
    }
  });
  return done;
}

void fault_server::heal() {
  run([&] {
    for (auto& x : doors_) {
      x->shown = x->good;
      x->plans.clear();
      if (x->shut)
        reopen_after(*x, milliseconds{0});
    }
    setup_.pause = milliseconds{0};
    auto there = sessions_; // one that reads again may end
    for (auto& [key, session] : there)
      session->heal();
  });
}

std::size_t fault_server::open_sessions() {
  std::size_t result = 0;
  run([&] {
    for (auto& [key, session] : sessions_)
      result += session->is_open() ? 1 : 0;
  });
  return result;
}

} // namespace wspool::chaos
