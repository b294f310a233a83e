// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/dialect.hpp"

#include "messaging/channels_dialect.hpp"
#include "messaging/thinws_dialect.hpp"
#include "messaging/v1_dialect.hpp"

#include <array>

namespace wspool {

namespace {

constexpr std::array all_dialects{dialect_kind::v1, dialect_kind::thinws, dialect_kind::channels};

template <class Name>
std::optional<dialect_kind> find_dialect(std::string_view wanted, Name name) noexcept {
  for (auto kind : all_dialects)
    if (name(kind) == wanted)
      return kind;
  return std::nullopt;
}

} // namespace

const dialect& dialect_of(dialect_kind kind) noexcept {
  static const v1_dialect v1;
  static const thinws_dialect thinws;
  static const channels_dialect channels;
  switch (kind) {
    case dialect_kind::thinws:
      return thinws;
    case dialect_kind::channels:
      return channels;
    case dialect_kind::v1:
      break;
  }
  return v1;
}

std::string_view subprotocol_of(dialect_kind kind) noexcept {
  return kind == dialect_kind::v1 ? "wspool.v1.json" : name_of(kind);
}

std::optional<dialect_kind> dialect_by_subprotocol(std::string_view name) noexcept {
  return find_dialect(name, subprotocol_of);
}

std::string_view name_of(dialect_kind kind) noexcept {
  switch (kind) {
    case dialect_kind::thinws:
      return "thinws";
    case dialect_kind::channels:
      return "channels";
    case dialect_kind::v1:
      break;
  }
  return "v1";
}

std::optional<dialect_kind> dialect_by_name(std::string_view name) noexcept {
  return find_dialect(name, [](dialect_kind kind) { return name_of(kind); });
}

} // namespace wspool
