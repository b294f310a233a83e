// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/http_plan.hpp"

#include "hub/request_target.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace wspool {

namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

http_plan answer(unsigned status, std::string body, std::vector<header> headers = {}) {
  http_plan result;
  result.status = status;
  result.body = std::move(body);
  result.headers = std::move(headers);
  result.headers.push_back({"Content-Type", std::string{plain_text}});
  return result;
}

http_plan upgrade_required() {
  return answer(426, "This is a WebSocket server.\n",
                {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}});
}

/// The file's path below its directory. None for what must not, or cannot, be one: "..", names that
/// begin with a dot (but ".well-known", RFC 8615), empty ones, control characters.
std::optional<std::string> file_below(std::string_view rest) {
  std::string result{rest};
  if (result.empty() || result.ends_with('/'))
    result += "index.html";
  for (std::string_view left = result;;) {
    const auto name = left.substr(0, left.find('/'));
    if (name.empty() || !is_plain_name(name) || (name.starts_with('.') && name != ".well-known"))
      return std::nullopt;
    if (name.size() == left.size())
      return result;
    left.remove_prefix(name.size() + 1);
  }
}

/// The one with the longest prefix that fits.
const http_files* files_for(std::string_view path, const http_options& options) {
  const http_files* best = nullptr;
  for (const auto& one : options.files)
    if (path.starts_with(one.prefix)
        && (best == nullptr || one.prefix.size() > best->prefix.size()))
      best = &one;
  return best;
}

http_plan plan_for_path(const std::string& path, const server_options& options) {
  const auto& space = options.entrance.space;
  const bool by_path = space.part == request_part::path;
  const bool is_socket = by_path && path.starts_with(space.name);
  const auto* files = files_for(path, options.http);
  if (is_socket && (files == nullptr || files->prefix.size() < space.name.size()))
    return upgrade_required();
  if (files == nullptr)
    return by_path ? answer(404, "There is nothing here.\n") : upgrade_required();
  auto file = file_below(std::string_view{path}.substr(files->prefix.size()));
  if (!file)
    return answer(404, "There is nothing here.\n");
  http_plan result;
  result.what = http_plan::kind::file;
  result.directory = files->directory;
  result.file = std::move(*file);
  return result;
}

struct content_type {
  std::string_view ending;
  std::string_view type;
};
constexpr std::array content_types{
  content_type{".html", "text/html; charset=utf-8"},
  content_type{".htm", "text/html; charset=utf-8"},
  content_type{".css", "text/css; charset=utf-8"},
  content_type{".js", "text/javascript; charset=utf-8"},
  content_type{".mjs", "text/javascript; charset=utf-8"},
  content_type{".json", "application/json"},
  content_type{".map", "application/json"},
  content_type{".txt", plain_text},
  content_type{".md", plain_text},
  content_type{".xml", "application/xml"},
  content_type{".svg", "image/svg+xml"},
  content_type{".png", "image/png"},
  content_type{".jpg", "image/jpeg"},
  content_type{".jpeg", "image/jpeg"},
  content_type{".gif", "image/gif"},
  content_type{".webp", "image/webp"},
  content_type{".ico", "image/vnd.microsoft.icon"},
  content_type{".wasm", "application/wasm"},
  content_type{".woff2", "font/woff2"},
  content_type{".pdf", "application/pdf"},
};

} // namespace

bool is_plain_http(const upgrade_request& request) {
  return !request.is_upgrade && request.header_value("Upgrade").empty();
}

http_plan plan_http(const upgrade_request& request, const server_options& options) {
  if (request.method != "GET" && request.method != "HEAD")
    return answer(405, "Only GET and HEAD are understood.\n", {{"Allow", "GET, HEAD"}});
  const auto path = path_of(request.target);
  if (!path || !path->starts_with('/'))
    return answer(400, "The request's target is no path.\n");
  if (options.http.status) {
    http_plan result;
    if (*path == "/healthz")
      return answer(200, "ok\n");
    if (*path == "/readyz") {
      result.what = http_plan::kind::readiness;
      return result;
    }
    if (*path == "/metrics") {
      result.what = http_plan::kind::metrics;
      return result;
    }
  }
  return plan_for_path(*path, options);
}

std::string_view content_type_of(std::string_view file) noexcept {
  const auto found = std::find_if(content_types.begin(), content_types.end(), [file](auto& x) {
    return file.size() > x.ending.size()
           && same_text(file.substr(file.size() - x.ending.size()), x.ending);
  });
  return found != content_types.end() ? found->type : "application/octet-stream";
}

} // namespace wspool
