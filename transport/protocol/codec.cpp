// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "codec.hpp"

#include "codec_engine.hpp"
#include "codec_input.hpp"
#include "codec_opening.hpp"
#include "frame_writer.hpp"
#include "handshake_key.hpp"
#include "message_deflater.hpp"
#include "utf8.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace wspool {

using detail::reading;

std::string_view upgrade_request::header_value(std::string_view name) const noexcept {
  for (const auto& h : headers)
    if (boost::beast::iequals(h.name, name))
      return h.value;
  return {};
}

struct codec::impl {
  impl(role r, const codec_options& o)
    : side(r), options(o), engine(r, options), input(r, options, engine) {}

  void fail(failure why) {
    state = phase::failed;
    error = std::move(why);
    client.reset();
    if (server)
      server->reader.reset();
  }

  void on_answer(reading progress, decoded& out);
  void finish_upgrade(decoded& out);
  void on_request(reading progress);
  void on_frames(std::string_view bytes, decoded& out);
  bool may_write(const std::vector<header>& headers);

  role side;
  phase state = phase::idle;
  codec_options options;
  detail::codec_engine engine;
  detail::codec_input input;
  bool may_compress = true;
  std::uint16_t own_close = close_code::no_status; // what `close` sent

  // A client, while the connection opens.
  struct client_part {
    explicit client_part(const message_limits& limits) : reader(limits) {}
    detail::response_reader reader;
    std::string offered_subprotocols;
    std::string answer_to_key;
  };
  // A server, for good.
  struct server_part {
    explicit server_part(const message_limits& limits) { reader.emplace(limits); }
    std::optional<detail::request_reader> reader;
    upgrade_request request;
    std::string early; // frames that came in with the request
  };
  std::unique_ptr<client_part> client;
  std::unique_ptr<server_part> server;

  upgrade_response response;
  std::string subprotocol;
  close_info closed_by;
  failure error;
};

codec::codec(role r, const codec_options& options) : impl_(std::make_unique<impl>(r, options)) {
  if (r == role::server)
    impl_->server = std::make_unique<impl::server_part>(options.limits);
}

codec::codec(codec&&) noexcept = default;
codec& codec::operator=(codec&&) noexcept = default;
codec::~codec() = default;

codec::phase codec::state() const noexcept { return impl_->state; }
const upgrade_response& codec::response() const noexcept { return impl_->response; }
const std::string& codec::subprotocol() const noexcept { return impl_->subprotocol; }
const upgrade_request& codec::request() const noexcept {
  static const upgrade_request none;
  return impl_->server ? impl_->server->request : none;
}
void codec::forget_request() {
  upgrade_request none; // to assign it would keep the memory
  if (impl_->server && impl_->state != phase::opening)
    std::swap(impl_->server->request, none);
}
std::string& codec::output() noexcept { return impl_->engine.output(); }
const close_info& codec::closed_by() const noexcept { return impl_->closed_by; }
const failure& codec::error() const noexcept { return impl_->error; }
bool codec::deflate() const noexcept { return impl_->engine.deflate(); }
deflate_terms codec::terms() const noexcept { return impl_->engine.terms(); }

// -- opening -------------------------------------------------------------------------------------

// What comes from options was checked there, with better words. This is the last door.
bool codec::impl::may_write(const std::vector<header>& headers) {
  for (const auto& h : headers) {
    if (detail::is_safe(h))
      continue;
    auto detail = h.name.substr(0, 80);
    fail({errc::invalid_header, detail.append(": the name or the value cannot be sent")});
    return false;
  }
  return true;
}

void codec::start_handshake(const handshake_request& request) {
  auto& x = *impl_;
  if (x.state != phase::idle || x.side != role::client)
    return;
  if (!x.may_write(request.headers))
    return;
  if (!detail::is_safe_word(request.host) || !detail::is_safe_word(request.target)
      || request.host.empty() || request.target.empty()) {
    x.fail({errc::invalid_url, "host and target must be without spaces and control characters"});
    return;
  }
  x.client = std::make_unique<impl::client_part>(x.options.limits);
  x.client->offered_subprotocols = detail::joined_values(request.headers, "Sec-WebSocket-Protocol");
  const auto key = detail::make_handshake_key();
  x.client->answer_to_key = detail::answer_to_key(key);
  x.engine.output() += detail::render_request(request, key, x.engine.offer());
  x.state = phase::opening;
}

void codec::impl::on_answer(reading progress, decoded& out) {
  if (progress == reading::more)
    return;
  response = std::move(client->reader.response());
  if (progress == reading::done)
    return finish_upgrade(out);
  if (progress == reading::failed)
    return fail(failure{client->reader.error()});
  fail({errc::upgrade_refused, "HTTP " + std::to_string(response.status) + ' ' + response.reason});
  state = phase::refused;
}

void codec::impl::finish_upgrade(decoded& out) {
  detail::deflate_agreement agreed;
  if (auto wrong =
        detail::check_upgrade(response, client->answer_to_key, client->offered_subprotocols,
                              options.deflate, subprotocol, agreed))
    return fail(std::move(wrong));
  if (!engine.open(agreed))
    return fail({errc::upgrade_invalid, "Sec-WebSocket-Extensions was not understood"});
  may_compress = agreed.may_compress;
  state = phase::open;
  const auto rest = std::move(client->reader.rest());
  client.reset();
  on_frames(rest, out);
}

void codec::impl::on_request(reading progress) {
  if (progress == reading::more)
    return;
  if (state == phase::idle)
    server->request = std::move(server->reader->request());
  if (progress == reading::failed) {
    engine.output().append(detail::render_answer(server->reader->error_status(), {}, 0));
    return fail(failure{server->reader->error()});
  }
  state = phase::opening;
}

void codec::accept(const accept_options& accept) {
  auto& x = *impl_;
  if (x.state != phase::opening || !x.server || !x.server->request.is_upgrade)
    return;
  if (!detail::is_safe_word(accept.subprotocol) || !x.may_write(accept.headers)) {
    x.fail({errc::invalid_header, "the answer to the upgrade cannot be sent"});
    return;
  }
  const auto offers = detail::joined_values(x.server->request.headers, "Sec-WebSocket-Extensions");
  const auto agreed = accept.deflate ? detail::choose_deflate_offer(offers, x.options.deflate)
                                     : detail::deflate_agreement{};
  const auto key = x.server->request.header_value("Sec-WebSocket-Key");
  x.engine.output() +=
    detail::render_upgrade(accept, detail::answer_to_key(key), x.engine.accept(agreed));
  x.subprotocol = accept.subprotocol;
  x.server->early = std::move(x.server->reader->rest());
  x.server->reader.reset();
  x.state = phase::open;
}

void codec::refuse(unsigned status, const std::vector<header>& headers, std::string_view body) {
  if (impl_->state != phase::opening || impl_->side != role::server)
    return;
  respond(status, headers, body.size());
  output().append(body);
}

void codec::respond(unsigned status, const std::vector<header>& headers, std::uint64_t body_bytes) {
  auto& x = *impl_;
  if (x.state != phase::opening || x.side != role::server)
    return;
  output().append(detail::render_answer(status, headers, body_bytes));
  x.server->reader.reset();
  x.state = phase::refused;
}

// -- input ---------------------------------------------------------------------------------------

void codec::feed(std::string_view bytes, decoded& out) {
  auto& x = *impl_;
  switch (x.state) {
    case phase::idle:
    case phase::opening:
      if (x.client)
        x.on_answer(x.client->reader.feed(bytes), out);
      else if (x.server && x.server->reader)
        x.on_request(x.server->reader->feed(bytes));
      return;
    case phase::open:
    case phase::closing:
      if (x.server && !x.server->early.empty())
        x.on_frames(std::exchange(x.server->early, {}), out);
      x.on_frames(bytes, out);
      return;
    case phase::closed:
    case phase::refused:
    case phase::failed:
      return;
  }
}

void codec::impl::on_frames(std::string_view bytes, decoded& out) {
  if (state != phase::open && state != phase::closing)
    return;
  auto ended = input.feed(bytes, out);
  if (!ended)
    return;
  const bool ours = state == phase::closing;
  closed_by = std::move(ended->close);
  if (ended->error) {
    if (ours) // the close frame that is out says this, not what was found afterwards
      closed_by.code = own_close;
    return fail(std::move(ended->error));
  }
  closed_by.began = ours ? initiator::local : initiator::remote;
  state = phase::closed;
}

void codec::end_of_input() {
  auto& x = *impl_;
  decoded none;
  if (x.state == phase::opening && x.client)
    x.on_answer(x.client->reader.end_of_input(), none);
}

// -- output --------------------------------------------------------------------------------------

errc codec::write(std::string_view data, message_kind kind, compression compress) {
  auto& x = *impl_;
  const bool before_answer = x.state == phase::closed && x.engine.answer_waits();
  if (x.state != phase::open && !before_answer)
    return errc::closed;
  if (data.size() > x.options.limits.max_message_bytes)
    return errc::too_big;
  if (kind == message_kind::text && !detail::valid_utf8(data))
    return errc::invalid_message;
  x.engine.write(data, kind, compresses(data.size(), compress));
  return errc::none;
}

bool codec::compresses(std::size_t bytes, compression compress) const noexcept {
  const auto& x = *impl_;
  if (!x.engine.deflate() || !x.may_compress || bytes == 0)
    return false;
  return compress == compression::always
         || (compress == compression::automatic && bytes >= x.options.deflate.minimum_bytes);
}

errc codec::write_framed(std::string_view frames) {
  if (impl_->state != phase::open || impl_->side != role::server)
    return errc::closed;
  output().append(frames);
  return errc::none;
}

errc codec::write_deflated(std::string_view frame) {
  if (impl_->state != phase::open || impl_->side != role::server)
    return errc::closed;
  impl_->engine.write_deflated(frame);
  return errc::none;
}

void append_server_frame(std::string& to, std::string_view data, message_kind kind) {
  detail::append_frame(to, detail::final_frame(detail::opcode_of(kind)), data, false);
}

void append_deflated_frame(std::string& to, std::string_view data, message_kind kind,
                           const deflate_terms& terms) {
  detail::message_deflater deflater{terms};
  detail::append_frame(to, detail::compressed_frame(detail::opcode_of(kind)),
                       deflater.compress(data), false);
}

errc codec::ping(std::string_view payload) {
  if (impl_->state != phase::open)
    return errc::closed;
  if (payload.size() > detail::frame_header::max_control_payload)
    return errc::too_big;
  impl_->engine.ping(payload);
  return errc::none;
}

errc codec::pong(std::string_view payload) {
  if (impl_->state != phase::open)
    return errc::closed;
  if (payload.size() > detail::frame_header::max_control_payload)
    return errc::too_big;
  impl_->engine.pong(payload);
  return errc::none;
}

void codec::close(std::uint16_t code, std::string_view reason) {
  auto& x = *impl_;
  if (x.state != phase::open)
    return;
  // RFC 6455 §7.4.1: 1005 means a frame without a code; the others that must not be sent would
  // make the peer fail the connection.
  if (code != close_code::no_status && !may_be_sent(code))
    code = close_code::normal;
  x.own_close = code;
  x.engine.write_close(code,
                       detail::utf8_prefix(reason, detail::frame_header::max_control_payload - 2));
  x.state = phase::closing;
}

// -- account -------------------------------------------------------------------------------------

written_messages count_written(std::string_view output, std::size_t taken,
                               std::size_t doubt) noexcept {
  written_messages count;
  const auto reach =
    doubt > output.size() - std::min(taken, output.size()) ? output.size() : taken + doubt;
  std::size_t message_begin = 0; // of the data message whose final frame is looked for
  bool in_message = false;
  std::size_t at = 0;
  while (at < reach && output.size() - at >= 2) {
    const auto* p = output.data() + at;
    if (output.size() - at < detail::header_size(p))
      break;
    const auto h = detail::read_header(p);
    if (h.total() > output.size() - at)
      break;
    if (!h.is_control() && !in_message)
      message_begin = at;
    at += static_cast<std::size_t>(h.total());
    if (h.is_control())
      continue;
    in_message = !h.fin();
    if (in_message)
      continue;
    if (at <= taken)
      ++count.whole;
    else if (message_begin < reach)
      ++count.touched;
  }
  // A message in fragments whose final one lies beyond the reach.
  if (in_message && message_begin < reach)
    ++count.touched;
  return count;
}

} // namespace wspool
