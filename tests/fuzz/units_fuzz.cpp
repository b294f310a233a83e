// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// Durations and sizes as options say them: what is printed of a parsed one means the same.
#include "fuzz_target.hpp"

#include <wspool/units.hpp>

namespace units_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

WSPOOL_FUZZ_TARGET(units) {
  if (const auto duration = parse_duration(input)) {
    require(duration->count() >= 0, "durations are not negative", std::string{input});
    const auto printed = format_duration(*duration);
    require(parse_duration(printed) == duration, "a printed duration means the same", printed);
  }
  if (const auto bytes = parse_bytes(input)) {
    const auto printed = format_bytes(*bytes);
    require(parse_bytes(printed) == bytes, "a printed size means the same", printed);
    require(printed.size() <= std::to_string(*bytes).size() + 1, "the shortest form is printed",
            printed);
  }
}

} // namespace units_fuzz
