// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "process/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <cstdlib>

namespace wspool::cli {

namespace {

std::shared_ptr<spdlog::logger> make(const char* name, const log_options& options) {
  // NO_COLOR: the convention of no-color.org.
  auto no_color = std::getenv("NO_COLOR");
  auto plain = !options.color || (no_color != nullptr && *no_color != '\0');
  auto mode = plain ? spdlog::color_mode::never : spdlog::color_mode::automatic;
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(mode);
  auto result = std::make_shared<spdlog::logger>(name, std::move(sink));
  result->flush_on(spdlog::level::trace);
  return result;
}

} // namespace

std::shared_ptr<spdlog::logger> make_logger(const log_options& options) {
  auto result = make("wspool", options);
  result->set_pattern("wspool: %^%l%$: %v");
  result->set_level(options.verbosity > 0 ? spdlog::level::info : spdlog::level::warn);
  return result;
}

std::shared_ptr<spdlog::logger> make_pool_logger(const log_options& options) {
  if (options.verbosity == 0)
    return nullptr;
  auto result = make("pool", options);
  result->set_pattern("%H:%M:%S.%e %^%l%$ %v");
  result->set_level(options.verbosity > 1 ? spdlog::level::debug : spdlog::level::info);
  return result;
}

void print_error_line(std::string line) {
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr); // stdio locks: lines do not mix
}

} // namespace wspool::cli
