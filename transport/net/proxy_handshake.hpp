// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace wspool::net {

/// The talk with a proxy until it passes bytes through. Pure: the owner writes `take_output()`,
/// feeds what comes back, and repeats that until it is done or has failed.
class proxy_handshake {
public:
  /// The most that a proxy may answer before it passes bytes through.
  static constexpr std::size_t max_answer_bytes = 16 * 1024;

  virtual ~proxy_handshake() = default;

  /// Bytes for the proxy, once; empty when it is the proxy's turn.
  [[nodiscard]] std::string take_output() { return std::exchange(output_, {}); }

  /// Takes all of `bytes`.
  void feed(std::string_view bytes) {
    if (done_ || error_)
      return;
    input_ += bytes;
    if (input_.size() > max_answer_bytes)
      fail(errc::proxy_failed, "its answer is longer than 16 KiB");
    else
      proceed();
  }

  [[nodiscard]] bool done() const noexcept { return done_; }

  [[nodiscard]] const failure& error() const noexcept { return error_; }

protected:
  /// Looks at `input_` and consumes what is complete.
  virtual void proceed() = 0;

  void fail(errc code, std::string detail) { error_ = {code, std::move(detail)}; }

  /// The server speaks only after we did, so nothing can follow the proxy's last answer yet.
  void finish() {
    if (!input_.empty())
      fail(errc::proxy_failed, "it sent more than its answer");
    else
      done_ = true;
  }

  std::string input_;
  std::string output_;

private:
  bool done_ = false;
  failure error_;
};

} // namespace wspool::net
