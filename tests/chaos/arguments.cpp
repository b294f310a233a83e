// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/arguments.hpp"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace wspool::chaos {

namespace {

constexpr const char* usage = R"(Usage: wspool_chaos [OPTION]...

Drives pools against a server that fails in every way, and checks every promise.

  --faults N      inflict N faults (default: 300)
  --minutes M     or go on for so long
  --seed S        what happens is drawn from it (default: 1)
  --phase N       begin with this phase of the seed (default: 0)
  --herd N        instead: N connections lose their server at once
  --list          the kinds of faults
  --verbose       what happens, on stderr
)";

template <class T>
bool read(const char* text, T& value) {
  const auto* end = text + std::strlen(text);
  const auto [rest, ec] = std::from_chars(text, end, value);
  return ec == std::errc{} && rest == end;
}

} // namespace

std::optional<int> parse(int argc, char** argv, arguments& result) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view name{argv[i]};
    if (name == "--help" || name == "-h") {
      std::fputs(usage, stdout);
      return 0;
    }
    if (name == "--verbose" || name == "--list") {
      (name == "--list" ? result.list : result.verbose) = true;
      continue;
    }
    const char* value = ++i < argc ? argv[i] : "";
    const bool good = name == "--faults"    ? read(value, result.faults)
                      : name == "--minutes" ? read(value, result.minutes)
                      : name == "--seed"    ? read(value, result.seed)
                      : name == "--phase"   ? read(value, result.first_phase)
                      : name == "--herd"    ? read(value, result.herd)
                                            : false;
    if (!good) {
      std::fprintf(stderr, "wspool_chaos: bad option: %s %s\n%s", argv[i - 1], value, usage);
      return 2;
    }
  }
  return std::nullopt;
}

} // namespace wspool::chaos
