// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/message_id.hpp"

namespace wspool {

boost::json::value to_json(const message_id& id) {
  return std::visit([](const auto& x) { return boost::json::value(x); }, id);
}

} // namespace wspool
