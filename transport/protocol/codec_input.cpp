// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "codec_input.hpp"

#include "utf8.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace wspool::detail {

namespace {

// An inflater that fills the buffer it was given in the midst of a message's last bytes would be
// fed the end marker of RFC 7692 §7.2.2 twice by Beast, and be out of step from then on (issue 3028
// of boostorg/beast). DEFLATE expands by 1032 at most, and one read of Beast's takes in what two
// reads of the layer below bring: with this little at a time the buffer is never filled.
constexpr std::size_t inflate_step_bytes = 24;
constexpr std::size_t inflate_buffer_bytes = 64 * 1024;
static_assert(2 * inflate_step_bytes * 1032 + 8 * 1032 < inflate_buffer_bytes);

// How large a message may be in its compressed form: incompressible data grows a little.
std::uint64_t max_compressed(const message_limits& limits) noexcept {
  return limits.max_message_bytes + limits.max_message_bytes / 64 + 1024;
}

violation too_big(const message_limits& limits) {
  return {{errc::message_too_big, "a compressed message of more than max_message_bytes = "
                                    + std::to_string(limits.max_message_bytes)},
          close_code::too_big};
}

// An uncompressed message in one frame that Beast's own buffer of 1,536 bytes takes in anyway.
// Larger ones are read straight to where they belong.
bool is_small_message(const frame_header& h, role side) noexcept {
  return (h.first == 0x81 || h.first == 0x82) && h.masked == (side == role::server)
         && h.payload <= 512;
}

// Precondition: a whole close frame with at least two bytes of payload.
std::uint16_t close_code_of(const frame_header& h, std::string_view frame) {
  const auto payload = unmasked_payload(h, frame);
  return static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8
                                    | static_cast<unsigned char>(payload[1]));
}

// Turns one code into another, masked or not, where the payload of a close frame begins.
void exchange_code(std::string& s, std::size_t at, unsigned from, unsigned to) noexcept {
  s[at] = static_cast<char>(s[at] ^ (from ^ to) >> 8);
  s[at + 1] = static_cast<char>(s[at + 1] ^ ((from ^ to) & 0xff));
}

void release(std::string& s) noexcept { std::string{}.swap(s); }

} // namespace

codec_input::codec_input(role r, const codec_options& options, codec_engine& engine)
  : side_(r), limits_(options.limits), engine_(engine) {}

std::optional<ending> codec_input::feed(std::string_view bytes, decoded& out) {
  auto& tail = out.messages.tail();
  bytes_ = bytes;
  out_ = &out;
  const bool in_the_midst = (in_message_ || left_ > 0) && !collecting_;
  message_ = in_the_midst ? &partial_ : &tail;
  begin_ = in_the_midst ? 0 : tail.size();
  while (!bytes_.empty() && !ended_) {
    if (left_ > 0)
      continue_frame();
    else if (kept_size_ > 0)
      complete_kept();
    else
      begin_frame();
  }
  keep_unfinished();
  const auto ended = std::exchange(ended_, nullptr);
  return ended ? std::optional{std::move(*ended)} : std::nullopt;
}

// What was decoded of a message that goes on does not belong into the batch yet.
void codec_input::keep_unfinished() {
  if (ended_) {
    message_->resize(begin_);
    release(partial_);
    release(frames_);
    engine_.end();
    return;
  }
  if (!in_message_ && left_ == 0)
    engine_.rest();
  const auto& tail = out_->messages.tail();
  if (message_ == &tail && tail.size() > begin_) {
    partial_.assign(tail, begin_, std::string::npos);
    message_->resize(begin_);
  }
}

// How many bytes must be here before something can be done with them. A frame that is refused by
// its header alone is not waited for: its payload may never come.
std::size_t codec_input::needed(std::string_view bytes) const {
  const auto n = bytes_needed(bytes);
  if (bytes.size() < 2 || bytes.size() >= n || bytes.size() < header_size(bytes.data()))
    return n;
  const auto h = read_header(bytes.data());
  return !h.is_control() && is_refused(h) ? h.head : n;
}

void codec_input::begin_frame() {
  if (bytes_.size() >= needed(bytes_)) {
    bytes_.remove_prefix(act_on(bytes_));
    return;
  }
  std::memcpy(kept_.data(), bytes_.data(), bytes_.size());
  kept_size_ = static_cast<std::uint8_t>(bytes_.size());
  bytes_ = {};
}

void codec_input::complete_kept() {
  for (;;) {
    const auto wanted = needed({kept_.data(), kept_size_});
    if (wanted <= kept_size_)
      break;
    if (bytes_.empty())
      return;
    const auto n = std::min(wanted - kept_size_, bytes_.size());
    std::memcpy(kept_.data() + kept_size_, bytes_.data(), n);
    kept_size_ = static_cast<std::uint8_t>(kept_size_ + n);
    bytes_.remove_prefix(n);
  }
  act_on({kept_.data(), std::exchange(kept_size_, std::uint8_t{0})});
}

void codec_input::continue_frame() {
  const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes_.size()));
  const auto chunk = bytes_.substr(0, n);
  bytes_.remove_prefix(n);
  left_ -= n;
  if (collecting_)
    frames_.append(chunk);
  else
    read_payload(chunk, n);
  if (left_ > 0 || !last_.fin() || ended_)
    return;
  if (collecting_)
    inflate(frames_);
  else
    finish_message();
}

std::size_t codec_input::act_on(std::string_view bytes) {
  const auto h = read_header(bytes.data());
  if (!in_message_ && is_small_message(h, side_) && h.total() <= bytes.size())
    return small_messages(bytes);
  if (!h.is_control())
    return data(h, bytes);
  const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(h.total(), bytes.size()));
  return control(h, bytes.substr(0, n));
}

// Precondition: a small message is at the front, and none is in progress.
std::size_t codec_input::small_messages(std::string_view bytes) {
  // How far does the row go?
  std::size_t end = 0;
  while (bytes.size() - end >= 2 && bytes.size() - end >= header_size(bytes.data() + end)) {
    const auto h = read_header(bytes.data() + end);
    if (!is_small_message(h, side_) || h.total() > bytes.size() - end)
      break;
    end += static_cast<std::size_t>(h.total());
  }
  engine_.input(bytes.substr(0, end));
  for (std::size_t at = 0; at < end && !ended_;) {
    const auto h = read_header(bytes.data() + at);
    at += static_cast<std::size_t>(h.total());
    kind_ = h.op() == opcode::binary ? message_kind::binary : message_kind::text;
    if (read_input(static_cast<std::size_t>(h.payload)))
      finish_message();
  }
  return end;
}

// -- control frames (RFC 6455 §5.5) --------------------------------------------------------------

std::size_t codec_input::control(const frame_header& h, std::string_view frame) {
  const bool valid = h.fin() && !h.rsv1() && !h.rsv_other() && mask_fits(h) && h.short_length();
  if (valid && (h.op() == opcode::ping || h.op() == opcode::pong)) {
    const bool is_ping = h.op() == opcode::ping;
    out_->controls.push_back({is_ping, unmasked_payload(h, frame)});
    if (is_ping && !engine_.close_written()) // §5.5.2
      engine_.pong(out_->controls.back().payload);
    return frame.size();
  }
  // Beast's own list of close codes is older than 1014 and has no end at 4999 (§7.4.2): it is shown
  // another code where it would judge wrongly, and its answer is put right.
  const auto code = valid && h.op() == opcode::close && h.payload >= 2 ? close_code_of(h, frame)
                                                                       : close_code::normal;
  const auto judged = code == close_code::bad_gateway ? close_code::internal_error
                      : may_be_sent(code)             ? code
                                                      : close_code::no_status;
  std::string replaced;
  if (judged != code) {
    replaced = frame;
    exchange_code(replaced, h.head, code, judged);
  }
  char none = 0;
  codec_engine::error_code ec;
  auto& output = engine_.output();
  const auto before = output.size();
  engine_.input(replaced.empty() ? frame : replaced);
  (void)engine_.read(&none, 1, ec);
  on_error(ec);
  if (judged != code && !ended_->error) {
    ended_->close.code = code;
    if (output.size() > before) // it may be silent behind a close frame of ours
      exchange_code(output, before + (side_ == role::client ? 6 : 2), judged, code);
  }
  return frame.size();
}

// -- data frames (RFC 6455 §5.4, §5.6) -----------------------------------------------------------

bool codec_input::mask_fits(const frame_header& h) const noexcept {
  return h.masked == (side_ == role::server); // §5.1
}

// Whether the frame is of the sort that must come next: Beast refuses any other.
bool codec_input::continues_message(const frame_header& h) const noexcept {
  if (h.rsv1() || h.rsv_other() || !mask_fits(h))
    return false;
  return in_message_ ? h.is_continuation() : h.starts_message();
}

bool codec_input::starts_compressed(const frame_header& h) const noexcept {
  return !in_message_ && h.rsv1() && !h.rsv_other() && h.starts_message() && mask_fits(h)
         && engine_.deflate();
}

bool codec_input::is_refused(const frame_header& h) const noexcept {
  if (collecting_ || starts_compressed(h))
    return h.payload > max_compressed(limits_) - (collecting_ ? collected_ : 0);
  const auto so_far = in_message_ ? message_->size() - begin_ : 0;
  return !continues_message(h) || h.payload > limits_.max_message_bytes - so_far;
}

bool codec_input::is_empty_fragment(const frame_header& h) const noexcept {
  return h.payload == 0 && !h.fin() && h.short_length() && continues_message(h);
}

// Beast does not look at the text again when the final fragment is empty.
bool codec_input::ends_in_half_a_character(const frame_header& h) const noexcept {
  return h.payload == 0 && h.fin() && in_message_ && kind_ == message_kind::text
         && continues_message(h)
         && ends_inside_character(std::string_view{*message_}.substr(begin_));
}

std::size_t codec_input::data(const frame_header& h, std::string_view bytes) {
  const bool fragment_without_payload = !collecting_ && is_empty_fragment(h);
  if (!in_message_)
    kind_ = h.op() == opcode::binary ? message_kind::binary : message_kind::text;
  if (collecting_ || starts_compressed(h))
    return compressed(h, bytes);
  if (!fragment_without_payload)
    return uncompressed(h, bytes);
  if (!in_message_) {
    held_size_ = h.head;
    std::memcpy(held_.data(), bytes.data(), held_size_);
  }
  in_message_ = true;
  return h.head;
}

std::size_t codec_input::uncompressed(const frame_header& h, std::string_view bytes) {
  if (ends_in_half_a_character(h)) {
    fail({{errc::invalid_utf8, "a text message ends inside a character (RFC 6455 §8.1)"},
          close_code::invalid_payload});
    return h.head;
  }
  const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(h.total(), bytes.size()));
  last_ = h;
  in_message_ = !h.fin();
  left_ = h.total() - n;
  read_payload(bytes.substr(0, n), n - h.head);
  if (left_ == 0 && h.fin() && !ended_)
    finish_message();
  return n;
}

// `bytes` hold `payload` bytes of payload, behind a header if a frame begins there.
void codec_input::read_payload(std::string_view bytes, std::size_t payload) {
  std::string joined;
  if (held_size_ > 0) {
    joined.append(held_.data(), std::exchange(held_size_, std::uint8_t{0})).append(bytes);
    bytes = joined;
  }
  engine_.input(bytes);
  (void)read_input(payload);
}

// Reads that many bytes of payload out of the input; false if the connection ended by it.
bool codec_input::read_input(std::size_t payload) {
  char none = 0;
  codec_engine::error_code ec;
  auto at = message_->size();
  message_->resize(at + payload);
  // Beast may return less than is there, and must be called once for a frame without payload.
  do {
    if (payload == 0) {
      (void)engine_.read(&none, 1, ec);
    } else {
      const auto n = engine_.read(message_->data() + at, payload, ec);
      at += n;
      payload -= n;
    }
    if (ec) {
      on_error(ec);
      return false;
    }
  } while (payload > 0);
  return true;
}

void codec_input::finish_message() {
  auto& batch = out_->messages;
  auto& tail = batch.tail();
  if (message_ == &partial_) {
    begin_ = tail.size();
    if (begin_ == 0 && batch.empty())
      tail.swap(partial_);
    else
      tail.append(partial_);
    release(partial_);
    message_ = &tail;
  }
  batch.commit_tail(begin_, kind_);
  begin_ = tail.size();
}

// -- compressed messages (RFC 7692 §7.2.2) -------------------------------------------------------

std::size_t codec_input::compressed(const frame_header& h, std::string_view bytes) {
  const bool first = !std::exchange(collecting_, true);
  if (first)
    collected_ = 0;
  const bool fits = first || continues_message(h);
  const auto most = max_compressed(limits_);
  // Tiny fragments cost more for their headers than for their payload: count both.
  if (fits && (h.payload > most - collected_ || frames_.size() > 2 * most)) {
    fail(too_big(limits_));
    return h.head;
  }
  if (!fits) { // Beast says which rule that breaks
    frames_.append(bytes.substr(0, h.head));
    inflate(frames_);
    return h.head;
  }
  collected_ += h.payload;
  last_ = h;
  in_message_ = !h.fin();
  if (!first && h.payload == 0 && !h.fin())
    return h.head;
  const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(h.total(), bytes.size()));
  left_ = h.total() - n;
  if (left_ == 0 && h.fin() && first) {
    inflate(bytes.substr(0, n));
    return n;
  }
  frames_.append(bytes.substr(0, n));
  if (left_ == 0 && h.fin())
    inflate(frames_);
  return n;
}

void codec_input::inflate(std::string_view frames) {
  char scratch[inflate_buffer_bytes]; // not initialised: only what was inflated is looked at
  engine_.input(frames, inflate_step_bytes);
  do {
    codec_engine::error_code ec;
    const auto n = engine_.read(scratch, sizeof scratch, ec);
    if (ec)
      return on_error(ec);
    message_->append(scratch, n);
  } while (!engine_.message_done());
  collecting_ = false;
  release(frames_);
  finish_message();
}

// -- endings -------------------------------------------------------------------------------------

void codec_input::on_error(const codec_engine::error_code& ec) {
  if (!is_peer_close(ec)) {
    fail(explain(ec, limits_));
    return;
  }
  ended_ = std::make_unique<ending>();
  ended_->close = engine_.peer_close();
  ended_->close.clean = true;
}

void codec_input::fail(violation why) {
  if (!engine_.close_written())
    engine_.write_close(why.code, {});
  ended_ = std::make_unique<ending>();
  ended_->close.code = why.code;
  ended_->close.began = initiator::local;
  ended_->error = std::move(why.error);
}

} // namespace wspool::detail
