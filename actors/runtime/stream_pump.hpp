// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/byte_stream.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace wspool {

/// Keeps at most one read and one write going on a stream, for a strand actor: handlers run in its
/// context, and none of a stream that was replaced.
///
/// Thread contract: the actor's own thread.
template <class Self>
class stream_pump {
public:
  /// Buffers above this size are given back by `release_idle`.
  static constexpr std::size_t idle_buffer_bytes = 16 * 1024;

  stream_pump(Self* self, byte_stream::read_handler on_read, byte_stream::write_handler on_written)
    : self_(self), on_read_(std::move(on_read)), on_written_(std::move(on_written)) {}

  /// Takes another stream; what was under way on the one before is not heard of any more.
  void reset(std::unique_ptr<byte_stream> stream) {
    stream_ = std::move(stream);
    reading_ = writing_ = false;
    flight_.clear();
  }

  [[nodiscard]] explicit operator bool() const noexcept { return stream_ != nullptr; }
  byte_stream* operator->() const noexcept { return stream_.get(); }
  [[nodiscard]] byte_stream* get() const noexcept { return stream_.get(); }

  [[nodiscard]] bool reading() const noexcept { return reading_; }
  [[nodiscard]] bool writing() const noexcept { return writing_; }
  /// What the write under way, or the last one that failed, writes.
  [[nodiscard]] const std::string& flight() const noexcept { return flight_; }

  /// Precondition: not `reading()`.
  void read() {
    reading_ = true;
    stream_->async_read(
      self_->bind([this, stream = stream_.get()](std::error_code ec, std::string_view bytes) {
        if (stream != stream_.get())
          return;
        reading_ = false;
        on_read_(ec, bytes);
      }));
  }

  /// Writes all of `output`, and leaves an empty buffer there. Precondition: not `writing()`.
  void write(std::string& output) {
    flight_.swap(output);
    write_from(0);
  }

  /// The same, but what the kernel takes at once is written at once. @returns whether that was all:
  /// then `on_written` is not called.
  [[nodiscard]] bool write_now(std::string& output) {
    flight_.swap(output);
    const auto taken = stream_->write_now(boost::asio::buffer(flight_));
    if (taken < flight_.size()) {
      write_from(taken);
      return false;
    }
    flight_.clear();
    return true;
  }

  /// Nothing is to be written for now: gives back a large buffer, and then that of `output`, too.
  void release_idle(std::string& output) {
    if (writing_ || flight_.capacity() <= idle_buffer_bytes)
      return;
    release();
    if (output.empty())
      std::string{}.swap(output);
  }

  /// Gives the buffer back unless it is in use.
  void release() {
    if (!writing_)
      std::string{}.swap(flight_); // assigning an empty one would keep the memory
  }

private:
  void write_from(std::size_t begin) {
    writing_ = true;
    stream_->async_write(
      boost::asio::buffer(flight_) + begin,
      self_->bind([this, begin, stream = stream_.get()](std::error_code ec, std::size_t taken) {
        if (stream != stream_.get())
          return;
        writing_ = false;
        if (!ec)
          flight_.clear();
        on_written_(ec, begin + taken);
      }));
  }

  Self* self_;
  byte_stream::read_handler on_read_;
  byte_stream::write_handler on_written_;
  std::unique_ptr<byte_stream> stream_;
  std::string flight_;
  bool reading_ = false;
  bool writing_ = false;
};

} // namespace wspool
