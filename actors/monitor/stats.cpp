// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/stats.hpp>

namespace wspool {

std::string_view to_string(slot_state value) noexcept {
  switch (value) {
    case slot_state::connecting:
      return "connecting";
    case slot_state::open:
      return "open";
    case slot_state::draining:
      return "draining";
    case slot_state::waiting:
      return "waiting";
    case slot_state::given_up:
      return "given_up";
  }
  return "unknown";
}

} // namespace wspool
