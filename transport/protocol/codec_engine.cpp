// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "codec_engine.hpp"

#include "frame_writer.hpp"

#include <utility>

namespace wspool::detail {

codec_engine::codec_engine(role r, const codec_options& options) : side_(r), options_(options) {}

// -- opening -------------------------------------------------------------------------------------

std::string codec_engine::offer() {
  if (!options_.deflate.enabled)
    return {};
  stream_ = std::make_unique<beast_stream>(side_, options_.deflate);
  return stream_->offer();
}

bool codec_engine::open(const deflate_agreement& agreed) {
  deflate_ = !agreed.extension.empty();
  if (!deflate_) {
    stream_.reset();
    return true;
  }
  if (!stream_->open(agreed))
    return false;
  sends_ = terms_of(agreed.extension, side_);
  stream_->attach(output_, options_.limits.max_message_bytes);
  return true;
}

std::string codec_engine::accept(const deflate_agreement& agreed) {
  if (agreed.extension.empty())
    return {};
  stream_ = std::make_unique<beast_stream>(side_, options_.deflate);
  auto extensions = stream_->accept(agreed);
  deflate_ = !extensions.empty();
  sends_ = terms_of(extensions, side_);
  if (deflate_)
    stream_->attach(output_, options_.limits.max_message_bytes);
  else
    stream_.reset();
  return extensions;
}

// -- output --------------------------------------------------------------------------------------

void codec_engine::append(std::uint8_t first, std::string_view payload) {
  append_frame(output_, first, payload, side_ == role::client);
}

void codec_engine::write(std::string_view data, message_kind kind, bool compress) {
  const auto op = opcode_of(kind);
  if (answer_waits()) {
    const auto answer = output_.substr(answer_at_);
    output_.resize(answer_at_);
    append(final_frame(op), data);
    answer_at_ = output_.size();
    output_ += answer;
    return;
  }
  if (!compress)
    return append(final_frame(op), data);
  if (!deflater_)
    deflater_ = std::make_unique<message_deflater>(terms());
  append(compressed_frame(op), deflater_->compress(data));
  if (!sends_.context_takeover) // a new one takes no longer than to empty this one
    deflater_.reset();
}

void codec_engine::write_deflated(std::string_view frame) {
  // From here on our window would not be the peer's. A fresh one refers to nothing that is in
  // either.
  deflater_.reset();
  output_.append(frame);
}

void codec_engine::ping(std::string_view payload) { append(final_frame(opcode::ping), payload); }

void codec_engine::pong(std::string_view payload) { append(final_frame(opcode::pong), payload); }

void codec_engine::write_close(std::uint16_t code, std::string_view reason) {
  close_written_ = true;
  std::string payload;
  if (code != close_code::no_status) {
    payload.push_back(static_cast<char>(code >> 8));
    payload.push_back(static_cast<char>(code & 0xff));
    payload.append(reason);
  }
  append(final_frame(opcode::close), payload);
}

// -- input ---------------------------------------------------------------------------------------

void codec_engine::input(std::string_view bytes, std::size_t max_read_bytes) {
  if (!stream_) {
    stream_ = borrow_stream(side_);
    stream_->attach(output_, options_.limits.max_message_bytes);
  }
  stream_->input(bytes, max_read_bytes);
}

std::size_t codec_engine::read(char* into, std::size_t size, error_code& ec) {
  const auto before = output_.size();
  const auto n = stream_->read(into, size, ec);
  if (!ec)
    return n;
  // Beast has answered a close frame, or a violation, with one of its own, unless ours is out.
  if (close_written_)
    output_.resize(before);
  else if (side_ == role::client)
    renew_masks(output_, before);
  if (output_.size() > before) {
    close_written_ = true;
    answer_at_ = before;
  }
  return n;
}

void codec_engine::rest() {
  if (!stream_ || deflate_)
    return;
  stream_->detach();
  give_stream_back(side_, std::move(stream_));
}

} // namespace wspool::detail
