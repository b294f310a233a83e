// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "runtime/text_option.hpp"

#include <wspool/units.hpp>

#include <chrono>

namespace wspool::compat {

namespace {

using texts = std::vector<std::string>;

std::string text_of(const caf::config_value& value) {
  if (const auto* text = caf::get_if<std::string>(&value))
    return *text;
  if (const auto* span = caf::get_if<caf::timespan>(&value)) {
    const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(*span);
    return whole == *span ? format_duration(whole)
                          : std::to_string(std::chrono::nanoseconds{*span}.count()) + "ns";
  }
#if WSPOOL_CAF_0_17
  if (const auto* atom = caf::get_if<caf::atom_value>(&value))
    return to_string(*atom);
#endif
  return to_string(value);
}

caf::config_value value_of(const void* storage) {
  const auto& held = *static_cast<const texts*>(storage);
  if (held.size() == 1)
    return caf::config_value{held.front()};
  caf::config_value::list list;
  for (const auto& text : held)
    list.emplace_back(text);
  return caf::config_value{std::move(list)};
}

#if WSPOOL_CAF_0_17
const caf::config_option::meta_state* text_meta_state() {
  static const caf::config_option::meta_state instance{
    [](const caf::config_value&) { return caf::error{}; },
    [](void* storage, const caf::config_value& value) {
      *static_cast<texts*>(storage) = texts_of(value);
    },
    value_of,
    [](void* storage, caf::string_view text) -> caf::expected<caf::config_value> {
      std::string copy{text.begin(), text.end()};
      if (storage)
        *static_cast<texts*>(storage) = {copy};
      return caf::config_value{std::move(copy)};
    },
    "text"};
  return &instance;
}
#else
const caf::config_option::meta_state* text_meta_state() {
  static const caf::config_option::meta_state instance{[](void* storage, caf::config_value& value) {
                                                         if (storage)
                                                           *static_cast<texts*>(storage) =
                                                             texts_of(value);
                                                         return caf::error{};
                                                       },
                                                       value_of, "text"};
  return &instance;
}
#endif

} // namespace

std::vector<std::string> texts_of(const caf::config_value& value) {
  texts result;
  if (const auto* list = caf::get_if<caf::config_value::list>(&value)) {
    for (const auto& element : *list)
      result.push_back(text_of(element));
    return result;
  }
  result.push_back(text_of(value));
  return result;
}

void add_text_option(caf::config_option_set& to, std::vector<std::string>& storage,
                     const char* category, const char* name, const char* description) {
  to.add(caf::config_option{text_view(category), text_view(name), text_view(description),
                            text_meta_state(), &storage});
}

} // namespace wspool::compat
