// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/json_data.hpp"

#include "protocol/base64.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <cmath>

namespace wspool::detail {

boost::json::value as_json(const payload& data) {
  if (auto* value = std::get_if<boost::json::value>(&data))
    return *value;
  return boost::json::value(base64(std::get<binary_data>(data).bytes));
}

bool can_be_written(const boost::json::value& x) {
  if (auto* number = x.if_double())
    return std::isfinite(*number);
  if (auto* array = x.if_array())
    return std::all_of(array->begin(), array->end(), can_be_written);
  if (auto* object = x.if_object())
    return std::all_of(object->begin(), object->end(),
                       [](const auto& field) { return can_be_written(field.value()); });
  return true;
}

} // namespace wspool::detail
