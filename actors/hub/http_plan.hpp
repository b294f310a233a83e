// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/codec.hpp"

#include <wspool/server_options.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace wspool {

/// What a request that asks for no WebSocket gets.
struct http_plan {
  enum class kind {
    answer,    ///< the one below
    readiness, ///< 200, or 503 while draining
    metrics,   ///< Prometheus' text
    file,      ///< one below `directory`, or 404
  };
  kind what = kind::answer;
  unsigned status = 0;
  std::vector<header> headers;
  std::string body;
  std::string directory;
  std::string file; ///< relative: plain names with slashes between them
};

/// Whether it asks for no WebSocket: a broken upgrade is still one.
[[nodiscard]] bool is_plain_http(const upgrade_request& request);

/// Decides what it gets. Pure: whether a file is there is not known here.
[[nodiscard]] http_plan plan_http(const upgrade_request& request, const server_options& options);

/// By the end of a file's name.
[[nodiscard]] std::string_view content_type_of(std::string_view file) noexcept;

} // namespace wspool
