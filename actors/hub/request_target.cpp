// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/request_target.hpp"

#include "protocol/utf8.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <cstddef>

namespace wspool {

namespace {

constexpr std::size_t longest_name = 255;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

} // namespace

std::optional<std::string> path_of(std::string_view target) {
  const auto parsed = boost::urls::parse_origin_form(target);
  if (!parsed)
    return std::nullopt;
  return std::string{parsed->path()};
}

std::optional<std::string> query_value(std::string_view target, std::string_view name) {
  const auto parsed = boost::urls::parse_origin_form(target);
  if (!parsed)
    return std::nullopt;
  const auto params = parsed->params();
  const auto found = params.find(name);
  if (found == params.end() || !(*found).has_value || (*found).value.empty())
    return std::nullopt;
  return (*found).value;
}

bool same_text(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (text.starts_with(' ') || text.starts_with('\t'))
    text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t'))
    text.remove_suffix(1);
  return text;
}

bool is_plain_name(std::string_view text) noexcept {
  auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return text.size() <= longest_name && detail::valid_utf8(text)
         && std::none_of(text.begin(), text.end(), is_control);
}

} // namespace wspool
