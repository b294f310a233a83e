// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "endpoint/http_endpoint.hpp"

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <optional>
#include <set>
#include <stdexcept>

namespace wspool::cli {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr std::size_t max_sessions = 32;
constexpr std::uint32_t max_head_bytes = 8 * 1024;
constexpr auto deadline = 10s;
/// After running out of descriptors: trying again at once would only burn time.
constexpr auto accept_pause = 100ms;

} // namespace

/// Lives on one `io_context`, which runs on one thread: no locks.
struct http_endpoint::impl : std::enable_shared_from_this<impl> {
  struct session : std::enable_shared_from_this<session> {
    session(tcp::socket socket, std::shared_ptr<impl> owner_)
      : stream(std::move(socket)), owner(std::move(owner_)) {
      parser.header_limit(max_head_bytes);
      parser.body_limit(0);
    }

    void start() {
      stream.expires_after(deadline);
      http::async_read(stream, buffer, parser,
                       [self = shared_from_this()](error_code bad, std::size_t) {
                         if (bad)
                           return self->end();
                         self->ask();
                       });
    }

    void ask() {
      auto method = parser.get().method();
      if (method != http::verb::get && method != http::verb::head)
        return answer({405, "only GET and HEAD\n"});
      auto target = std::string{parser.get().target()};
      auto respond = [self = shared_from_this(), context = owner->context](response what) {
        asio::post(*context, [self, what = std::move(what)]() mutable {
          if (!self->reply)
            self->answer(std::move(what));
        });
      };
      owner->handle(target.substr(0, target.find('?')), respond);
    }

    void answer(response what) {
      reply.emplace(http::int_to_status(what.status), parser.get().version());
      reply->set(http::field::content_type, what.type);
      reply->set(http::field::cache_control, "no-store");
      reply->keep_alive(false);
      reply->body() = std::move(what.body);
      reply->prepare_payload();
      if (parser.get().method() == http::verb::head)
        reply->body().clear(); // but its length stays in the head (RFC 9110 §9.3.2)
      stream.expires_after(deadline);
      http::async_write(stream, *reply,
                        [self = shared_from_this()](error_code, std::size_t) { self->end(); });
    }

    void end() {
      error_code ignored;
      stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
      stream.close();
      owner->sessions.erase(shared_from_this());
    }

    beast::tcp_stream stream;
    std::shared_ptr<impl> owner;
    beast::flat_buffer buffer{max_head_bytes};
    http::request_parser<http::empty_body> parser;
    std::optional<http::response<http::string_body>> reply;
  };

  explicit impl(std::shared_ptr<asio::io_context> context_)
    : context(std::move(context_)), acceptor(*context), pause(*context) {}

  void listen(const address& where) {
    try {
      tcp::resolver resolver{*context};
      auto found = resolver.resolve(where.host, std::to_string(where.port), tcp::resolver::passive);
      auto there = found.begin()->endpoint();
      acceptor.open(there.protocol());
      acceptor.set_option(tcp::acceptor::reuse_address{true});
      acceptor.bind(there);
      acceptor.listen(max_sessions);
      port = acceptor.local_endpoint().port();
    } catch (const boost::system::system_error& e) {
      throw std::runtime_error("cannot listen on " + where.text() + ": " + e.code().message());
    }
  }

  void accept() {
    acceptor.async_accept([self = shared_from_this()](error_code bad, tcp::socket socket) {
      if (!self->acceptor.is_open())
        return;
      if (bad)
        return self->accept_later();
      if (self->sessions.size() < max_sessions) {
        auto next = std::make_shared<session>(std::move(socket), self);
        self->sessions.insert(next);
        next->start();
      }
      self->accept();
    });
  }

  void accept_later() {
    pause.expires_after(accept_pause);
    pause.async_wait([self = shared_from_this()](error_code bad) {
      if (!bad && self->acceptor.is_open())
        self->accept();
    });
  }

  void close() {
    error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    for (auto& x : sessions)
      x->stream.close();
  }

  std::shared_ptr<asio::io_context> context;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  handler handle;
  std::set<std::shared_ptr<session>> sessions;
  std::uint16_t port = 0;
};

http_endpoint::http_endpoint(io_pool& io, const address& where)
  : impl_(std::make_shared<impl>(io.next())) {
  impl_->listen(where);
}

void http_endpoint::serve(handler answer) {
  asio::post(*impl_->context, [x = impl_, answer = std::move(answer)]() mutable {
    x->handle = std::move(answer);
    x->accept();
  });
}

http_endpoint::~http_endpoint() {
  asio::post(*impl_->context, [x = impl_] { x->close(); });
}

std::uint16_t http_endpoint::port() const noexcept { return impl_->port; }

} // namespace wspool::cli
