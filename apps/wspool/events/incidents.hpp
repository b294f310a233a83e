// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/events.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace wspool::cli {

/// Puts together what happened to a connection and what happens next, which a pool tells in
/// separate events: "ws://a/: the server refused the upgrade: 503; retrying in 1.2s (attempt 1)".
/// Pure: events in, lines out.
class incidents {
public:
  void refused(const unexpected_response_event& x);
  void failed(const error_event& x);
  void closed(const close_event& x);
  void forget(std::uint32_t slot);

  [[nodiscard]] std::string retries(const retry_event& x);
  [[nodiscard]] std::string gives_up(const given_up_event& x);
  [[nodiscard]] std::string ejects(const ejected_event& x) const;
  /// What happened and was followed by nothing.
  [[nodiscard]] std::vector<std::string> take_all();

private:
  struct incident {
    std::string endpoint;
    std::string refusal; ///< status and what came with it
    std::string error;
    std::string close;  ///< code and reason of one that was open
    bool clean = false; ///< and the peer closed it in order
  };
  [[nodiscard]] static std::string text_of(const incident& x, errc why);
  [[nodiscard]] std::string take(std::uint32_t slot, const std::string& endpoint, errc why);

  std::map<std::uint32_t, incident> open_;
};

} // namespace wspool::cli
