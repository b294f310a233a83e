// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "peer_session.hpp"

#include "flood.hpp"
#include "frame_responder.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <openssl/evp.h>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::bench {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::size_t first_read_bytes = 4 * 1024; // what an idle connection keeps
constexpr std::size_t session_read_bytes = 256 * 1024;
constexpr std::size_t largest_flood_bytes = 16 * 1024 * 1024;
constexpr std::string_view flood_path = "/flood/";

/// The answer to a client's key (RFC 6455 §4.2.2).
std::string accept_key(std::string text) {
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  std::string result(4 * ((size + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()), digest, static_cast<int>(size));
  return result;
}

template <class Stream>
class session : public std::enable_shared_from_this<session<Stream>> {
public:
  explicit session(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}

  void start() {
    error_code ignored; // it may be gone already
    stream_->lowest_layer().set_option(asio::ip::tcp::no_delay{true}, ignored);
    if constexpr (std::is_same_v<Stream, secure_stream>)
      stream_->async_handshake(asio::ssl::stream_base::server, then([this] { read_request(); }));
    else
      read_request();
  }

private:
  /// A handler that keeps the session alive and ends it at an error, by letting go of it.
  template <class F>
  auto then(F f) {
    return [self = this->shared_from_this(), f](error_code ec, auto...) {
      if (!ec)
        f();
    };
  }

  void read_request() {
    http::async_read(*stream_, head_, request_, then([this] { answer_request(); }));
  }

  void answer_request() {
    std::string_view target{request_.target().data(), request_.target().size()};
    auto offer = request_["Sec-WebSocket-Extensions"];
    auto deflate = offer.find("permessage-deflate") != offer.npos;
    responder_ = frame_responder{target == "/echo"};
    if (target.starts_with(flood_path)) {
      auto digits = target.substr(flood_path.size());
      std::size_t size = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), size);
      if (size > 0 && size <= largest_flood_bytes)
        flood_ = flood_frames(size, deflate);
    }
    out_ = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: "
           + accept_key(std::string{request_["Sec-WebSocket-Key"]}) + "\r\n";
    // Nothing is inflated here, and what is sent was deflated message by message.
    if (deflate)
      out_ += "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n";
    out_ += "\r\n";
    in_.resize(first_read_bytes);
    write();
    read();
  }

  void read() {
    auto handler = [self = this->shared_from_this()](error_code ec, std::size_t n) {
      if (!ec)
        self->take(n);
      else
        self->end();
    };
    stream_->async_read_some(asio::buffer(in_), handler);
  }

  void take(std::size_t n) {
    responder_.take({in_.data(), n}, out_);
    if (n == in_.size() && n < session_read_bytes)
      in_.resize(session_read_bytes);
    if (!writing_)
      write();
    // What is echoed goes out before more comes in: this bounds what is held here.
    if (writing_ && !out_.empty())
      is_reading_ = false;
    else if (!responder_.closed())
      read();
  }

  void write() {
    writing_ = !out_.empty() || flood_;
    if (!writing_)
      return;
    under_way_.clear();
    std::swap(under_way_, out_);
    auto& bytes = under_way_.empty() ? *flood_ : under_way_;
    auto handler = [self = this->shared_from_this()](error_code ec, std::size_t) {
      if (!ec)
        self->written();
    };
    asio::async_write(*stream_, asio::buffer(bytes), handler);
  }

  void written() {
    writing_ = false;
    if (responder_.closed() && out_.empty()) {
      end();
      return;
    }
    write();
    if (!is_reading_ && !responder_.closed()) {
      is_reading_ = true;
      read();
    }
  }

  void end() {
    error_code ignored;
    stream_->lowest_layer().close(ignored);
  }

  std::unique_ptr<Stream> stream_;
  beast::flat_buffer head_;
  http::request<http::empty_body> request_;
  frame_responder responder_{false};
  std::shared_ptr<const std::string> flood_;
  std::vector<char> in_;
  std::string out_;
  std::string under_way_; ///< what is being written
  bool writing_ = false;
  bool is_reading_ = true;
};

} // namespace

void serve(std::unique_ptr<plain_stream> stream) {
  std::make_shared<session<plain_stream>>(std::move(stream))->start();
}

void serve(std::unique_ptr<secure_stream> stream) {
  std::make_shared<session<secure_stream>>(std::move(stream))->start();
}

} // namespace wspool::bench
