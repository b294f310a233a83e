// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "backplane/redis_keys.hpp"

namespace wspool {

namespace {

/// Percent-encodes what has a meaning in our keys, or none on a terminal.
void append_encoded(std::string& to, std::string_view text) {
  constexpr const char* digits = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const auto plain = byte > 0x20 && byte != 0x7f && c != '{' && c != '}' && c != '%' && c != '/';
    if (plain)
      to.push_back(c);
    else
      to.append({'%', digits[byte >> 4], digits[byte & 0xf]});
  }
}

} // namespace

std::string redis_keys::tag(const channel_ref& channel) {
  std::string result;
  append_encoded(result, channel.space);
  result.push_back('/');
  append_encoded(result, channel.name);
  return result;
}

std::string redis_keys::of(std::string_view tag, std::string_view what) const {
  std::string result;
  result.reserve(prefix_.size() + tag.size() + what.size() + 2);
  return result.append(prefix_).append("{").append(tag).append("}").append(what);
}

std::string redis_keys::seen(std::string_view tag, const publication_key& key) const {
  // The length keeps ("a", "bc") and ("ab", "c") apart.
  auto result = of(tag, ":seen:");
  result.append(std::to_string(key.publisher.size())).append(":");
  return result.append(key.publisher).append(key.id);
}

std::string redis_keys::node(std::string_view id) const {
  return prefix_ + "node:" + std::string{id};
}

std::string redis_keys::client(std::string_view name) const {
  return prefix_ + "client:" + std::string{name};
}

std::string redis_keys::once(std::string_view key) const {
  return prefix_ + "once:" + std::string{key};
}

} // namespace wspool
