// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "support/scripted_peer.hpp"

#include "protocol/frame_header.hpp"

#include <algorithm>

namespace wspool::test {

scripted_peer::scripted_peer(memory_stream& stream, const codec_options& options)
  : stream_(&stream), codec_(role::server, options) {}

// -- the script -----------------------------------------------------------------------------------

void scripted_peer::on_upgrade_accept(accept_options options) {
  accept_ = std::move(options);
  answer_ = answer::accept;
}

void scripted_peer::on_upgrade_refuse(unsigned status, std::vector<wspool::header> headers,
                                      std::string body) {
  status_ = status;
  refusal_headers_ = std::move(headers);
  refusal_body_ = std::move(body);
  answer_ = answer::refuse;
}

void scripted_peer::send_text(std::string_view text) {
  (void)codec_.write(text, message_kind::text);
}

void scripted_peer::send_binary(std::string_view bytes) {
  (void)codec_.write(bytes, message_kind::binary);
}

void scripted_peer::send_ping(std::string_view payload) { (void)codec_.ping(payload); }

void scripted_peer::send_pong(std::string_view payload) { (void)codec_.pong(payload); }

void scripted_peer::close(std::uint16_t code, std::string_view reason) {
  codec_.close(code, reason);
}

void scripted_peer::release_pongs() {
  holding_ = false;
  release_pongs(held_.size());
}

void scripted_peer::release_pongs(std::size_t count) {
  const auto last = held_.begin() + static_cast<std::ptrdiff_t>(std::min(count, held_.size()));
  for (auto i = held_.begin(); i != last; ++i)
    codec_.output() += *i;
  held_.erase(held_.begin(), last);
}

void scripted_peer::stop_reading(std::size_t window_bytes) {
  stream_->stall(window_bytes);
  reading_ = false;
}

void scripted_peer::go_on_reading() {
  stream_->resume();
  reading_ = true;
}

// -- what it saw ----------------------------------------------------------------------------------

std::optional<std::string> scripted_peer::next_text() {
  if (asked_ == messages_.size())
    return std::nullopt;
  return messages_[asked_++].data;
}

std::vector<std::string> scripted_peer::texts() const {
  std::vector<std::string> result;
  for (const auto& m : messages_)
    result.push_back(m.data);
  return result;
}

std::optional<close_info> scripted_peer::closed() const {
  if (codec_.state() != codec::phase::closed)
    return std::nullopt;
  return codec_.closed_by();
}

// -- at work --------------------------------------------------------------------------------------

bool scripted_peer::pump() {
  const bool busy = pump_without_sending();
  return flush() || busy;
}

bool scripted_peer::pump_without_sending() {
  bool busy = false;
  if (reading_) {
    const auto bytes = stream_->take();
    busy = !bytes.empty();
    feed(bytes);
  }
  return answer_upgrade() || busy;
}

bool scripted_peer::answer_upgrade() {
  if (codec_.state() != codec::phase::opening)
    return false;
  switch (answer_) {
    case answer::accept:
      codec_.accept(accept_);
      if (close_at_once_)
        codec_.close(*close_at_once_, {});
      break;
    case answer::refuse:
      codec_.refuse(status_, refusal_headers_, refusal_body_);
      break;
    case answer::none:
    case answer::given:
      return false;
  }
  answer_ = answer::given;
  return true;
}

/// Frame by frame, so that the order of messages and pings shows.
void scripted_peer::feed(std::string_view bytes) {
  if (bytes.empty())
    return;
  if (answer_ != answer::given) {
    codec_.feed(bytes, decoded_);
    return;
  }
  while (!bytes.empty()) {
    if (left_ > 0) {
      const auto part =
        bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
      left_ -= part.size();
      bytes.remove_prefix(part.size());
      feed_frame_part(part);
      continue;
    }
    input_ += bytes.front();
    bytes.remove_prefix(1);
    if (input_.size() < 2 || input_.size() < detail::header_size(input_.data()))
      continue;
    left_ = detail::read_header(input_.data()).payload;
    feed_frame_part(std::exchange(input_, {}));
  }
}

void scripted_peer::feed_frame_part(std::string_view bytes) {
  const auto before = codec_.output().size();
  codec_.feed(bytes, decoded_);
  const bool is_pong = codec_.state() == codec::phase::open && codec_.output().size() > before;
  if (holding_ && is_pong) {
    held_.push_back(codec_.output().substr(before));
    codec_.output().resize(before);
  }
  take_decoded();
}

void scripted_peer::take_decoded() {
  for (const auto& frame : decoded_.controls) {
    if (frame.is_ping)
      pings_.push_back({frame.payload, messages_.size()});
    else
      pongs_.push_back(frame.payload);
  }
  static std::uint64_t order = 0;
  for (std::size_t i = 0; i < decoded_.messages.size(); ++i)
    messages_.push_back(
      {std::string{decoded_.messages.data(i)}, decoded_.messages[i].kind, ++order, is_gone()});
  decoded_.clear();
}

bool scripted_peer::flush() {
  auto output = std::exchange(codec_.output(), {});
  if (silent_)
    return false;
  if (!output.empty()) {
    stream_->send(output);
    return true;
  }
  // The server ends the TCP connection first (RFC 6455 §7.1.1).
  if (codec_.state() == codec::phase::closed && !std::exchange(finished_, true)) {
    stream_->close();
    return true;
  }
  return false;
}

} // namespace wspool::test
