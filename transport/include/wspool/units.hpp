// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wspool {

/// "30s", "500ms", "2m", "1h30m", "1.5s", "0": a duration must carry a unit unless it is 0.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// The shortest exact form: "30s", "1500ms".
[[nodiscard]] std::string format_duration(std::chrono::milliseconds value);

/// "64MiB", "16KiB", "1GB", "512B", "512": a number of bytes.
[[nodiscard]] std::optional<std::uint64_t> parse_bytes(std::string_view text);
[[nodiscard]] std::string format_bytes(std::uint64_t value);

} // namespace wspool
