// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "support/scripted_client.hpp"

#include <utility>

namespace wspool::test {

scripted_client::scripted_client(memory_stream::pointer stream, const codec_options& options)
  : stream_(std::move(stream)), codec_(role::client, options) {}

void scripted_client::stop_reading(std::size_t window_bytes) {
  stream_->stall(window_bytes);
  reading_ = false;
}

void scripted_client::go_on_reading() {
  stream_->resume();
  reading_ = true;
}

std::optional<close_info> scripted_client::closed() const {
  if (codec_.state() != codec::phase::closed)
    return std::nullopt;
  return codec_.closed_by();
}

bool scripted_client::pump() {
  bool busy = false;
  if (reading_) {
    const auto bytes = stream_->take();
    busy = !bytes.empty();
    codec_.feed(bytes, decoded_);
    for (std::size_t i = 0; i < decoded_.messages.size(); ++i)
      texts_.emplace_back(decoded_.messages.data(i));
    for (const auto& frame : decoded_.controls)
      pings_ += frame.is_ping ? 1 : 0;
    decoded_.clear();
  }
  auto output = std::exchange(codec_.output(), {});
  if (!silent_ && !output.empty()) {
    stream_->send(output);
    busy = true;
  }
  // The server ends the TCP connection first (RFC 6455 §7.1.1).
  if (stream_->peer_shut_down() && !std::exchange(finished_, true)) {
    stream_->close();
    busy = true;
  }
  return busy;
}

} // namespace wspool::test
