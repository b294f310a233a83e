// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/opening.hpp"

#include "protocol/basic_credentials.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

namespace {

bool same_name(std::string_view a, std::string_view b) {
  auto lower = [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

void set(std::vector<header>& headers, header h) {
  std::erase_if(headers, [&](const auto& x) { return same_name(x.name, h.name); });
  headers.push_back(std::move(h));
}

std::string joined(const std::vector<std::string>& list) {
  std::string result;
  for (const auto& item : list)
    result += (result.empty() ? "" : ", ") + item;
  return result;
}

} // namespace

opening::opening(const connect_options& options, endpoint target, std::uint32_t attempt,
                 bool refresh)
  : options_(options), first_(target), target_(std::move(target)), attempt_(attempt),
    refresh_(refresh) {}

failure opening::make_request(handshake_request& request) const {
  const auto& upgrade = options_.upgrade;
  request.host = target_.host_header();
  request.target = target_.target;
  // Any header may be a credential, whatever its name; another origin gets none of them.
  if (redirects_ == 0 || target_.origin() == first_.origin()) {
    request.headers = upgrade.headers;
    add_credentials(request.headers);
    if (upgrade.provider)
      for (auto& h : upgrade.provider({target_, attempt_, refresh_}))
        set(request.headers, std::move(h));
  }
  if (!upgrade.origin.empty())
    set(request.headers, {"Origin", upgrade.origin});
  for (const auto& h : request.headers)
    if (auto why = validate(h))
      return why;
  if (!upgrade.subprotocols.empty())
    request.headers.push_back({"Sec-WebSocket-Protocol", joined(upgrade.subprotocols)});
  return {};
}

void opening::add_credentials(std::vector<header>& headers) const {
  const auto& upgrade = options_.upgrade;
  if (!target_.user.empty())
    set(headers, {"Authorization", basic_credentials(target_.user + ":" + target_.password)});
  else if (!upgrade.basic.empty())
    set(headers, {"Authorization", basic_credentials(upgrade.basic)});
  else if (!upgrade.bearer.empty())
    set(headers, {"Authorization", "Bearer " + upgrade.bearer});
}

bool opening::is_redirect(unsigned status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

failure opening::follow(const upgrade_response& response) {
  if (redirects_ == options_.upgrade.max_redirects)
    return {errc::too_many_redirects,
            "after " + std::to_string(redirects_) + " to " + target_.url()};
  endpoint next;
  if (auto why = resolve_location(target_, response.header_value("Location"), next))
    return why;
  if (target_.secure && !next.secure)
    return {errc::upgrade_refused, "a redirect from wss to ws: " + next.url()};
  ++redirects_;
  if (next.origin() != first_.origin()) {
    next.user.clear();
    next.password.clear();
  } else if (next.user.empty()) {
    next.user = first_.user;
    next.password = first_.password;
  }
  target_ = std::move(next);
  return {};
}

} // namespace wspool
