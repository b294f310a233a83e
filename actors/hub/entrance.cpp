// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/entrance.hpp"

#include "hub/request_target.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace wspool {

namespace {

entrance refusal(unsigned status, std::string body) {
  entrance result;
  result.status = status;
  result.body = std::move(body) + "\n";
  return result;
}

/// What the request says; none if it does not.
std::optional<std::string> look_up(const upgrade_request& request, const request_field& field) {
  switch (field.part) {
    case request_part::none:
    case request_part::certificate: // of the connection, not of the request
      return std::nullopt;
    case request_part::header: {
      const auto value = trimmed(request.header_value(field.name));
      return value.empty() ? std::nullopt : std::optional{std::string{value}};
    }
    case request_part::path:
    case request_part::query:
      break;
  }
  if (field.part == request_part::query)
    return query_value(request.target, field.name);
  const auto path = path_of(request.target);
  if (!path || !path->starts_with(field.name) || path->size() == field.name.size())
    return std::nullopt;
  return path->substr(field.name.size());
}

/// Fills `to`. @returns a refusal's status, or 0.
unsigned read_field(const upgrade_request& request, const request_field& field, std::string& to) {
  if (field.part == request_part::path && !path_of(request.target))
    return 400; // escapes that are none
  auto value = look_up(request, field);
  if (!value && field.required && field.part != request_part::certificate)
    return field.part == request_part::path ? 404 : 400;
  if (value)
    to = std::move(*value);
  else
    to = field.fallback;
  return is_plain_name(to) ? 0 : 400;
}

bool may_come_from(const upgrade_request& request, const entrance_options& options) {
  if (options.origins.empty())
    return true;
  const auto origin = trimmed(request.header_value("Origin"));
  if (origin.empty())
    return options.allow_no_origin;
  return std::any_of(options.origins.begin(), options.origins.end(),
                     [&](const auto& rule) { return origin_matches(rule, origin); });
}

/// All the client's offers: the header may come several times, each a list (RFC 6455 §11.3.4).
std::vector<std::string_view> offers_of(const upgrade_request& request) {
  std::vector<std::string_view> result;
  for (const auto& h : request.headers) {
    if (!same_text(h.name, "Sec-WebSocket-Protocol"))
      continue;
    std::string_view rest = h.value;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      result.push_back(trimmed(rest.substr(0, comma)));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return result;
}

std::string choose_subprotocol(const upgrade_request& request, const entrance_options& options) {
  if (options.subprotocols.empty())
    return {};
  const auto offers = offers_of(request);
  for (const auto& ours : options.subprotocols)
    if (std::find(offers.begin(), offers.end(), ours) != offers.end())
      return ours;
  return {};
}

} // namespace

bool origin_matches(std::string_view rule, std::string_view origin) noexcept {
  const auto star = rule.find("://*.");
  if (star == std::string_view::npos)
    return same_text(rule, origin);
  const auto scheme = rule.substr(0, star + 3);
  const auto domain = rule.substr(star + 4); // with its dot
  if (origin.size() <= scheme.size() + domain.size()
      || !same_text(scheme, origin.substr(0, scheme.size())))
    return false;
  const auto host = origin.substr(scheme.size());
  return same_text(domain, host.substr(host.size() - domain.size()))
         && host.find('/') == std::string_view::npos;
}

std::string address_of(std::string_view peer) {
  auto host = peer.substr(0, peer.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  if (host.find(':') == std::string_view::npos)
    return std::string{host};
  const auto v6 = boost::urls::parse_ipv6_address(host.substr(0, host.find('%')));
  if (!v6)
    return std::string{host};
  auto bytes = v6->to_bytes();
  if (v6->is_v4_mapped()) {
    boost::urls::ipv4_address::bytes_type last;
    std::copy(bytes.end() - 4, bytes.end(), last.begin());
    return boost::urls::ipv4_address{last}.to_string();
  }
  // Whoever has one address of a network of 64 bits has as many as it likes.
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return boost::urls::ipv6_address{bytes}.to_string();
}

entrance judge(const upgrade_request& request, const entrance_options& options) {
  if (!request.is_upgrade) {
    auto result = refusal(426, "This is a WebSocket server.");
    // RFC 6455 §4.4: it may have asked for another version.
    result.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    return result;
  }
  if (!may_come_from(request, options))
    return refusal(403, "This origin may not connect.");
  entrance result;
  if (auto status = read_field(request, options.space, result.space))
    return refusal(status, "The request names no valid namespace.");
  if (auto status = read_field(request, options.identity, result.identity))
    return refusal(status, "The request names no valid identity.");
  result.subprotocol = choose_subprotocol(request, options);
  if (result.subprotocol.empty() && options.subprotocol_required)
    return refusal(400, "None of the subprotocols offered is spoken here.");
  return result;
}

} // namespace wspool
