// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "beast_stream.hpp"

#include "handshake_key.hpp"
#include "memory_layer.hpp"

#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <vector>

template class boost::beast::websocket::stream<wspool::detail::memory_layer>;

namespace wspool::detail {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

websocket::permessage_deflate deflate_of(role r, const deflate_options& options) {
  websocket::permessage_deflate pmd;
  pmd.client_enable = options.enabled && r == role::client;
  pmd.server_enable = options.enabled && r == role::server;
  pmd.client_max_window_bits = std::clamp(options.client_window_bits, 9, 15);
  pmd.server_max_window_bits = std::clamp(options.server_window_bits, 9, 15);
  pmd.client_no_context_takeover = !options.client_context_takeover;
  pmd.server_no_context_takeover = !options.server_context_takeover;
  return pmd;
}

template <class Fields>
std::string extensions_of(const Fields& fields) {
  return std::string{fields[http::field::sec_websocket_extensions]};
}

} // namespace

struct beast_stream::impl {
  impl(role r, const deflate_options& deflate) : ws(jobs) { ws.set_option(deflate_of(r, deflate)); }

  memory_layer& layer() noexcept { return ws.next_layer(); }

  job_queue jobs; // before `ws`, whose executor refers to it
  websocket::stream<memory_layer> ws;
  std::string key; // that Beast drew for itself, until it is open
  std::optional<error_code> opened;
};

beast_stream::beast_stream(role r, const deflate_options& deflate)
  : impl_(std::make_unique<impl>(r, deflate)) {}

beast_stream::~beast_stream() = default;

std::string beast_stream::offer() {
  auto& x = *impl_;
  std::string offers;
  x.ws.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
    x.key = std::string{request[http::field::sec_websocket_key]};
    offers = extensions_of(request);
  }));
  x.ws.async_handshake("localhost", "/", [&x](error_code ec) { x.opened = ec; });
  // The decorator refers to a variable of this function, and Beast has called it by now.
  x.ws.set_option(websocket::stream_base::decorator([](websocket::request_type&) {}));
  x.jobs.drain();
  return offers;
}

bool beast_stream::open(const deflate_agreement& agreed) {
  auto& x = *impl_;
  auto answer = "HTTP/1.1 101 Switching Protocols\r\n"
                "Upgrade: websocket\r\n"
                "Connection: Upgrade\r\n"
                "Sec-WebSocket-Accept: "
                + answer_to_key(std::exchange(x.key, {})) + "\r\n";
  if (!agreed.extension.empty())
    answer.append("Sec-WebSocket-Extensions: ").append(agreed.extension).append("\r\n");
  answer.append("\r\n");
  input(answer, std::string_view::npos);
  while (!x.opened && !x.layer().input.empty() && x.layer().complete_read())
    x.jobs.drain();
  input({}, std::string_view::npos);
  return x.opened && !*x.opened;
}

std::string beast_stream::accept(const deflate_agreement& agreed) {
  auto& x = *impl_;
  http::request<http::empty_body> request{http::verb::get, "/", 11};
  request.set(http::field::host, "localhost");
  request.set(http::field::connection, "Upgrade");
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::sec_websocket_version, "13");
  request.set(http::field::sec_websocket_key, "AAAAAAAAAAAAAAAAAAAAAA==");
  if (!agreed.extension.empty())
    request.set(http::field::sec_websocket_extensions, agreed.extension);
  std::string extensions;
  x.ws.set_option(websocket::stream_base::decorator(
    [&](websocket::response_type& answer) { extensions = extensions_of(answer); }));
  error_code ec;
  x.ws.accept(request, ec);
  assert(!ec);
  x.ws.set_option(websocket::stream_base::decorator([](websocket::response_type&) {}));
  return extensions;
}

void beast_stream::attach(std::string& output, std::size_t max_message_bytes) {
  impl_->layer().output = &output;
  // Zero would mean no limit to Beast.
  impl_->ws.read_message_max(std::max<std::size_t>(max_message_bytes, 1));
}

void beast_stream::detach() noexcept { impl_->layer().output = nullptr; }

void beast_stream::input(std::string_view bytes, std::size_t max_read_bytes) noexcept {
  impl_->layer().input = bytes;
  impl_->layer().max_read_bytes = max_read_bytes;
}

std::size_t beast_stream::read(char* into, std::size_t size, error_code& ec) {
  return impl_->ws.read_some(asio::mutable_buffer(into, size), ec);
}

bool beast_stream::message_done() const noexcept { return impl_->ws.is_message_done(); }

close_info beast_stream::peer_close() const {
  const auto& cr = impl_->ws.reason();
  close_info info;
  info.code = cr.code == websocket::close_code::none ? close_code::no_status : cr.code;
  info.reason.assign(cr.reason.data(), cr.reason.size());
  return info;
}

// -- streams to be borrowed ----------------------------------------------------------------------

namespace {

// A thread decodes for one connection at a time. Those in the midst of a message keep theirs, so
// that more may be out at once, and come back.
constexpr std::size_t max_spare_streams = 16;

std::vector<std::unique_ptr<beast_stream>>& spare_streams(role r) {
  thread_local std::array<std::vector<std::unique_ptr<beast_stream>>, 2> spare;
  return spare[static_cast<std::size_t>(r)];
}

} // namespace

std::unique_ptr<beast_stream> borrow_stream(role r) {
  auto& spare = spare_streams(r);
  if (!spare.empty()) {
    auto stream = std::move(spare.back());
    spare.pop_back();
    return stream;
  }
  auto stream = std::make_unique<beast_stream>(r, deflate_options{});
  if (r == role::server) {
    (void)stream->accept({});
  } else {
    (void)stream->offer();
    [[maybe_unused]] const bool opened = stream->open({});
    assert(opened);
  }
  return stream;
}

void give_stream_back(role r, std::unique_ptr<beast_stream> stream) {
  assert(stream->message_done());
  auto& spare = spare_streams(r);
  if (spare.size() < max_spare_streams)
    spare.push_back(std::move(stream));
}

// -- errors --------------------------------------------------------------------------------------

bool is_peer_close(const boost::system::error_code& ec) noexcept {
  return ec == websocket::error::closed;
}

violation explain(const boost::system::error_code& ec, const message_limits& limits) {
  using e = websocket::error;
  const auto broken = [](const char* rule) {
    return violation{{errc::protocol_error, rule}, close_code::protocol_error};
  };
  if (ec == e::bad_data_frame)
    return broken("a new message began before the last one was complete (RFC 6455 §5.4)");
  if (ec == e::bad_continuation)
    return broken("a continuation frame without a message to continue (RFC 6455 §5.4)");
  if (ec == e::bad_reserved_bits)
    return broken("reserved bits are set without an extension that uses them (RFC 6455 §5.2)");
  if (ec == e::bad_opcode)
    return broken("a reserved opcode (RFC 6455 §5.2)");
  if (ec == e::bad_control_fragment)
    return broken("a fragmented control frame (RFC 6455 §5.5)");
  if (ec == e::bad_control_size)
    return broken("a control frame with more than 125 bytes (RFC 6455 §5.5)");
  if (ec == e::bad_unmasked_frame)
    return broken("a frame from a client that is not masked (RFC 6455 §5.1)");
  if (ec == e::bad_masked_frame)
    return broken("a frame from a server that is masked (RFC 6455 §5.1)");
  if (ec == e::bad_size)
    return broken("a payload length that is not in its shortest form (RFC 6455 §5.2)");
  if (ec == e::bad_close_code)
    return broken("a close code that may not be sent (RFC 6455 §7.4)");
  if (ec == e::bad_close_size)
    return broken("a close frame with a payload of one byte (RFC 6455 §5.5.1)");
  if (ec == e::bad_close_payload)
    return broken("a close reason that is not UTF-8 (RFC 6455 §5.5.1)");
  if (ec == e::bad_frame_payload)
    return {{errc::invalid_utf8, "in a text message (RFC 6455 §8.1)"}, close_code::invalid_payload};
  if (ec == e::message_too_big)
    return {{errc::message_too_big,
             "more than max_message_bytes = " + std::to_string(limits.max_message_bytes)},
            close_code::too_big};
  // What is left comes from the inflater.
  return {{errc::protocol_error,
           "a compressed message that cannot be inflated: " + ec.message() + " (RFC 7692 §7.2.2)"},
          close_code::invalid_payload};
}

} // namespace wspool::detail
