// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace wspool {

/// Something that many are told, written once in each dialect that one of them speaks. Pure.
class told {
public:
  explicit told(server_reply what) : what_(std::move(what)) {}

  /// None if the dialect has no word for it.
  [[nodiscard]] const std::optional<encoded_message>& in(dialect_kind kind) {
    auto& slot = words_[static_cast<std::size_t>(kind)];
    if (!slot)
      slot.emplace(dialect_of(kind).encode(what_));
    return *slot;
  }

private:
  server_reply what_;
  std::array<std::optional<std::optional<encoded_message>>, 3> words_;
};
using shared_told = std::shared_ptr<told>;

} // namespace wspool
