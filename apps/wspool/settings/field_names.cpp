// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "settings/field_names.hpp"

#include "settings/settings.hpp"

#include <algorithm>
#include <string>

namespace wspool::cli {

namespace {

/// "listen.tls.key_file" of "listen[0].tls.key_file".
std::string without_numbers(std::string text) {
  for (auto from = text.find('['); from != text.npos; from = text.find('[', from))
    text.erase(from, text.find(']', from) + 1 - from);
  return text;
}

} // namespace

void reject(const failure& why, std::span<const field_name> names) {
  const auto text = why.detail.empty() ? why.message() : why.detail;
  const auto end = std::min(text.find(": "), text.size());
  const auto field = without_numbers(text.substr(0, end));
  for (const auto& one : names)
    if (field.starts_with(one.field))
      throw usage_error(std::string{one.setting} + text.substr(end));
  throw usage_error(text);
}

} // namespace wspool::cli
