// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "options/serve_values.hpp"

#include "settings/address.hpp"

namespace wspool::cli {

std::string without_scheme(const std::string& text) {
  for (auto scheme : {plain_scheme, tls_scheme})
    if (text.starts_with(scheme))
      return text.substr(scheme.size());
  return text;
}

std::string expected_listen(const std::string& text) {
  return find_address(without_scheme(text)) ? std::string{}
                                            : "HOST:PORT, ws://HOST:PORT or wss://HOST:PORT";
}

bool parse_named_certificate(const std::string& text, named_certificate& result) {
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
    return false;
  const auto comma = text.find(',', equals);
  result.name = text.substr(0, equals);
  result.certificate_file = text.substr(equals + 1, comma - equals - 1);
  result.key_file = comma == std::string::npos ? std::string{} : text.substr(comma + 1);
  return !result.certificate_file.empty();
}

std::string expected_named_certificate(const std::string& text) {
  named_certificate ignored;
  return parse_named_certificate(text, ignored) ? std::string{}
                                                : "NAME=CERTIFICATE or NAME=CERTIFICATE,KEY";
}

bool parse_files(const std::string& text, http_files& result) {
  const auto equals = text.find('=');
  if (!text.starts_with('/') || equals == std::string::npos || equals + 1 == text.size())
    return false;
  result = {text.substr(0, equals), text.substr(equals + 1)};
  return true;
}

std::string expected_files(const std::string& text) {
  http_files ignored;
  return parse_files(text, ignored) ? std::string{} : "/PREFIX/=DIRECTORY";
}

bool parse_field(const std::string& text, request_field& result) {
  if (from_string(text, result.part))
    return result.part == request_part::certificate;
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon + 1 == text.size())
    return false;
  if (!from_string(text.substr(0, colon), result.part) || result.part == request_part::none)
    return false;
  result.name = text.substr(colon + 1);
  return true;
}

std::string expected_field(const std::string& text) {
  request_field ignored;
  return text.empty() || parse_field(text, ignored)
           ? std::string{}
           : "path:PREFIX, query:NAME, header:NAME or certificate, e.g. path:/chat/";
}

std::string expected_dialect(const std::string& text) {
  for (auto name : {"v1", "thinws", "channels", "none"})
    if (text == name)
      return {};
  return "one of v1, thinws, channels, none";
}

} // namespace wspool::cli
