// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "codec_deflate.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace wspool::detail {

namespace {

using boost::beast::iequals;

constexpr std::string_view extension_name = "permessage-deflate";
constexpr int without_value = -1;

// RFC 7692 §7.1: the parameters of one offer or answer. Window bits: 0 where the parameter is
// absent.
struct parameters {
  bool server_no_takeover = false;
  bool client_no_takeover = false;
  int server_bits = 0;
  int client_bits = 0;
};

struct extension {
  std::string name;
  std::vector<std::pair<std::string, std::string>> parameters;
};

std::string_view trimmed(std::string_view s) noexcept {
  const auto begin = s.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return {};
  return s.substr(begin, s.find_last_not_of(" \t") - begin + 1);
}

// Takes what lies before the next separator outside of quotes off the front of `rest`.
std::string_view take_until(std::string_view& rest, char separator) noexcept {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size() && (quoted || rest[i] != separator); ++i)
    quoted = quoted != (rest[i] == '"');
  const auto taken = rest.substr(0, i);
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return trimmed(taken);
}

// RFC 6455 §9.1. Beast's own reader stops at a parameter without a value before a comma, which
// browsers send. A value that is no token is left to those who look at it.
std::vector<extension> parse_list(std::string_view list) {
  std::vector<extension> result;
  while (!list.empty()) {
    auto element = take_until(list, ',');
    if (element.empty())
      continue;
    extension e;
    e.name = take_until(element, ';');
    while (!element.empty()) {
      auto value = take_until(element, ';');
      const std::string name{take_until(value, '=')};
      value = trimmed(value);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
      e.parameters.emplace_back(name, value);
    }
    result.push_back(std::move(e));
  }
  return result;
}

// 8 to 15 in decimal without leading zeros (§7.1.2.1), else 0.
int parse_bits(std::string_view s) {
  if (s.size() == 1 && (s[0] == '8' || s[0] == '9'))
    return s[0] - '0';
  if (s.size() == 2 && s[0] == '1' && s[1] >= '0' && s[1] <= '5')
    return 10 + s[1] - '0';
  return 0;
}

std::string set_flag(bool& flag, const std::string& name, std::string_view value) {
  if (flag)
    return name + " appears twice";
  if (!value.empty())
    return name + " takes no value";
  flag = true;
  return {};
}

std::string set_bits(int& bits, const std::string& name, std::string_view value, bool optional) {
  if (bits != 0)
    return name + " appears twice";
  bits = value.empty() && optional ? without_value : parse_bits(value);
  if (bits == 0)
    return name + " must be 8 to 15, not \"" + std::string{value} + "\"";
  return {};
}

// Returns which rule is broken, or nothing.
std::string read(const extension& e, bool is_offer, parameters& result) {
  for (const auto& [name, value] : e.parameters) {
    std::string broken;
    if (iequals(name, "server_no_context_takeover"))
      broken = set_flag(result.server_no_takeover, name, value);
    else if (iequals(name, "client_no_context_takeover"))
      broken = set_flag(result.client_no_takeover, name, value);
    else if (iequals(name, "server_max_window_bits"))
      broken = set_bits(result.server_bits, name, value, false);
    else if (iequals(name, "client_max_window_bits"))
      broken = set_bits(result.client_bits, name, value, is_offer);
    else
      broken = "unknown parameter \"" + name + '"';
    if (!broken.empty())
      return broken;
  }
  return {};
}

std::string render(const parameters& p) {
  std::string s{extension_name};
  if (p.server_bits != 0)
    s += "; server_max_window_bits=" + std::to_string(p.server_bits);
  if (p.client_bits == without_value)
    s += "; client_max_window_bits";
  else if (p.client_bits != 0)
    s += "; client_max_window_bits=" + std::to_string(p.client_bits);
  if (p.server_no_takeover)
    s += "; server_no_context_takeover";
  if (p.client_no_takeover)
    s += "; client_no_context_takeover";
  return s;
}

// Whether the answer grants what the offer insisted on; returns which rule is broken.
std::string compare(const parameters& answer, const deflate_options& offered) {
  const int server_bits = answer.server_bits == 0 ? 15 : answer.server_bits;
  if (server_bits > offered.server_window_bits)
    return "the server must keep to server_max_window_bits="
           + std::to_string(offered.server_window_bits) + " (RFC 7692 §7.1.2.1)";
  if (!offered.server_context_takeover && !answer.server_no_takeover)
    return "the server must agree to server_no_context_takeover (RFC 7692 §7.1.1.1)";
  return {};
}

bool fits(const parameters& offer, const deflate_options& options) {
  // The compressor's smallest window is 512 bytes, so 8 bits cannot be promised.
  if (offer.server_bits == 8)
    return false;
  // A client that does not offer the parameter must not be told to shrink its window (§7.1.2.2).
  return offer.client_bits != 0 || options.client_window_bits == 15;
}

} // namespace

failure check_deflate_answer(std::string_view answers, const deflate_options& offered,
                             deflate_agreement& agreement) {
  const auto invalid = [](std::string detail) {
    return failure{errc::upgrade_invalid, "Sec-WebSocket-Extensions: " + std::move(detail)};
  };
  bool found = false;
  for (const auto& e : parse_list(answers)) {
    if (!offered.enabled || !iequals(e.name, extension_name))
      return invalid("the server uses the extension \"" + e.name.substr(0, 80)
                     + "\", which was not offered (RFC 6455 §4.1)");
    if (std::exchange(found, true))
      return invalid("permessage-deflate appears twice");
    parameters answer;
    auto broken = read(e, false, answer);
    if (broken.empty())
      broken = compare(answer, offered);
    if (!broken.empty())
      return invalid("permessage-deflate: " + broken);
    // What the offer promised of this side holds whatever the server says (§7.1.1.2, §7.1.2.2).
    const int client_bits = answer.client_bits == 0 ? 15 : answer.client_bits;
    answer.client_bits = std::min(client_bits, offered.client_window_bits);
    answer.client_no_takeover = answer.client_no_takeover || !offered.client_context_takeover;
    agreement.may_compress = answer.client_bits > 8;
    agreement.extension = render(answer);
  }
  return {};
}

deflate_agreement choose_deflate_offer(std::string_view offers, const deflate_options& options) {
  if (!options.enabled)
    return {};
  for (const auto& e : parse_list(offers)) {
    parameters offer;
    if (iequals(e.name, extension_name) && read(e, true, offer).empty() && fits(offer, options))
      return {render(offer), true};
  }
  return {};
}

sender_terms terms_of(std::string_view extension, role sender) {
  parameters agreed;
  for (const auto& e : parse_list(extension))
    (void)read(e, false, agreed); // it was looked at, or written, before
  const bool server = sender == role::server;
  const int bits = server ? agreed.server_bits : agreed.client_bits;
  return {bits == 0 ? 15 : bits, !(server ? agreed.server_no_takeover : agreed.client_no_takeover)};
}

} // namespace wspool::detail
