// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/json_data.hpp"

#include "protocol/base64.hpp"

namespace wspool::detail {

boost::json::value as_json(const payload& data) {
  if (auto* value = std::get_if<boost::json::value>(&data))
    return *value;
  return boost::json::value(base64(std::get<binary_data>(data).bytes));
}

} // namespace wspool::detail
