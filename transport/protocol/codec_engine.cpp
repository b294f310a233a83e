// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "codec_engine.hpp"

#include "frame_header.hpp"
#include "frame_writer.hpp"
#include "memory_layer.hpp"

#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>
#include <cassert>
#include <optional>

template class boost::beast::websocket::stream<wspool::detail::memory_layer>;

namespace wspool::detail {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

// Beast keeps a buffer of this size per connection, in which it masks what a client sends, or
// compresses. Compressed messages travel in fragments of at most that.
constexpr std::size_t mask_buffer_bytes = 1024;
constexpr std::size_t deflate_buffer_bytes = 4096;

websocket::permessage_deflate deflate_of(role r, const deflate_options& options) {
  websocket::permessage_deflate pmd;
  pmd.client_enable = options.enabled && r == role::client;
  pmd.server_enable = options.enabled && r == role::server;
  pmd.client_max_window_bits = std::clamp(options.client_window_bits, 9, 15);
  pmd.server_max_window_bits = std::clamp(options.server_window_bits, 9, 15);
  pmd.client_no_context_takeover = !options.client_context_takeover;
  pmd.server_no_context_takeover = !options.server_context_takeover;
  pmd.compLevel = std::clamp(options.level, 0, 9);
  // Which messages are compressed is decided for each, before Beast is asked.
  pmd.msg_size_threshold = 0;
  return pmd;
}

} // namespace

struct codec_engine::impl {
  impl(wspool::role r, const codec_options& options) : side(r), ws(jobs) {
    ws.set_option(deflate_of(r, options.deflate));
    // Zero would mean no limit to Beast.
    ws.read_message_max(std::max<std::size_t>(options.limits.max_message_bytes, 1));
    ws.auto_fragment(false); // one message, one frame: what was written can be counted
    ws.write_buffer_bytes(options.deflate.enabled ? deflate_buffer_bytes : mask_buffer_bytes);
  }

  memory_layer& layer() noexcept { return ws.next_layer(); }

  wspool::role side;
  bool deflate = false;
  bool close_written = false;
  job_queue jobs; // before `ws`, whose executor refers to it
  websocket::stream<memory_layer> ws;
  std::optional<error_code> handshake_result;
};

codec_engine::codec_engine(role r, const codec_options& options)
  : impl_(std::make_unique<impl>(r, options)) {}

codec_engine::~codec_engine() = default;

void codec_engine::start_handshake(const handshake_request& request) {
  auto& x = *impl_;
  x.ws.set_option(websocket::stream_base::decorator([&request](websocket::request_type& req) {
    for (const auto& h : request.headers)
      req.insert(h.name, h.value);
  }));
  x.ws.async_handshake(request.host, request.target,
                       [&x](error_code ec) { x.handshake_result = ec; });
  // The decorator refers to the argument, and Beast has called it by now.
  x.ws.set_option(websocket::stream_base::decorator([](websocket::request_type&) {}));
  x.jobs.drain();
}

failure codec_engine::finish_handshake(std::string_view accept_key,
                                       const deflate_agreement& agreed) {
  auto& x = *impl_;
  // Beast parses again what was parsed and checked already, with limits and leniencies of its own:
  // give it the plainest answer that says the same.
  std::string head = "HTTP/1.1 101 Switching Protocols\r\n"
                     "Upgrade: websocket\r\n"
                     "Connection: Upgrade\r\n"
                     "Sec-WebSocket-Accept: ";
  head.append(accept_key.substr(0, 64)).append("\r\n"); // a valid one has 28 characters
  if (!agreed.extension.empty())
    head.append("Sec-WebSocket-Extensions: ").append(agreed.extension).append("\r\n");
  head.append("\r\n");

  input(head);
  while (!x.handshake_result && !x.layer().input.empty() && x.layer().complete_read())
    x.jobs.drain();
  input({});
  if (!x.handshake_result)
    return {errc::upgrade_invalid, "the server's answer was not understood"};
  if (*x.handshake_result)
    return {errc::upgrade_invalid,
            "Sec-WebSocket-Accept: \"" + std::string{accept_key.substr(0, 64)} +
              "\" does not answer the key that was sent (RFC 6455 §4.1)"};
  x.deflate = !agreed.extension.empty();
  return {};
}

void codec_engine::accept(std::string_view key, const accept_options& options,
                          const deflate_agreement& agreed) {
  auto& x = *impl_;
  http::request<http::empty_body> request{http::verb::get, "/", 11};
  request.set(http::field::host, "localhost"); // Beast only asks whether there is one
  request.set(http::field::connection, "Upgrade");
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::sec_websocket_version, "13");
  request.set(http::field::sec_websocket_key, key);
  if (!agreed.extension.empty())
    request.set(http::field::sec_websocket_extensions, agreed.extension);
  x.ws.set_option(websocket::stream_base::decorator([&](websocket::response_type& answer) {
    x.deflate = answer.count(http::field::sec_websocket_extensions) > 0;
    if (!options.subprotocol.empty())
      answer.set(http::field::sec_websocket_protocol, options.subprotocol);
    answer.set(http::field::server, "wspool");
    for (const auto& h : options.headers) {
      if (beast::iequals(h.name, "Server"))
        answer.set(http::field::server, h.value);
      else
        answer.insert(h.name, h.value);
    }
  }));
  error_code ec;
  x.ws.accept(request, ec);
  assert(!ec);
  x.ws.set_option(websocket::stream_base::decorator([](websocket::response_type&) {}));
}

bool codec_engine::deflate() const noexcept { return impl_->deflate; }

std::string& codec_engine::output() noexcept { return impl_->layer().output; }

void codec_engine::write(std::string_view data, bool binary, bool compress) {
  auto& x = *impl_;
  if (!compress)
    return append_frame(output(), final_frame(binary ? opcode::binary : opcode::text), data,
                        x.side == role::client);
  x.ws.binary(binary);
  x.ws.compress(true);
  error_code ec;
  x.ws.write(asio::const_buffer(data.data(), data.size()), ec);
  assert(!ec);
}

void codec_engine::ping(std::string_view payload) {
  error_code ec;
  impl_->ws.ping(websocket::ping_data{payload.data(), payload.size()}, ec);
}

void codec_engine::pong(std::string_view payload) {
  error_code ec;
  impl_->ws.pong(websocket::ping_data{payload.data(), payload.size()}, ec);
}

void codec_engine::write_close(std::uint16_t code, std::string_view reason) {
  auto& x = *impl_;
  x.close_written = true;
  std::string payload;
  if (code != close_code::no_status) {
    payload.push_back(static_cast<char>(code >> 8));
    payload.push_back(static_cast<char>(code & 0xff));
    payload.append(reason);
  }
  append_frame(output(), final_frame(opcode::close), payload, x.side == role::client);
}

bool codec_engine::close_written() const noexcept { return impl_->close_written; }

void codec_engine::input(std::string_view bytes, std::size_t max_read_bytes) noexcept {
  impl_->layer().input = bytes;
  impl_->layer().max_read_bytes = max_read_bytes;
}

std::size_t codec_engine::read(char* into, std::size_t size, error_code& ec) {
  auto& x = *impl_;
  const auto before = x.layer().output.size();
  const auto n = x.ws.read_some(asio::mutable_buffer(into, size), ec);
  if (!ec)
    return n;
  // Beast has answered a close frame, or a violation, with one of its own, unless ours is out.
  if (x.close_written)
    x.layer().output.resize(before);
  x.close_written = x.close_written || x.layer().output.size() > before;
  return n;
}

bool codec_engine::message_done() const noexcept { return impl_->ws.is_message_done(); }

close_info codec_engine::peer_close() const {
  const auto& cr = impl_->ws.reason();
  close_info info;
  info.code = cr.code == websocket::close_code::none ? close_code::no_status : cr.code;
  info.reason.assign(cr.reason.data(), cr.reason.size());
  return info;
}

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
