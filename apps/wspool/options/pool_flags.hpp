// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "settings/settings.hpp"

#include <wspool/pool_options.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace wspool::cli {

/// The options of a pool as the command line knows them: shared by connect, node, demo, config.
class pool_flags {
public:
  pool_flags();
  pool_flags(const pool_flags&) = delete;
  pool_flags& operator=(const pool_flags&) = delete;

  /// Adds the sections of a pool to the table. The table refers to this object from now on.
  void describe(settings& table);
  /// Puts them on a subcommand; `with_urls`: the URLs, too, as its operands.
  static void attach(settings& table, CLI::App& command);

  /// The options of the pool, checked. @throws usage_error
  [[nodiscard]] pool_options finish() const;
  /// The same where the file to check need not name a URL.
  [[nodiscard]] pool_options finish_without_urls() const;
  /// The same for one connection to this URL, whatever is set about URLs. @throws usage_error
  [[nodiscard]] pool_options finish_for(const std::string& url) const;
  [[nodiscard]] const std::vector<std::string>& urls() const noexcept { return urls_; }
  /// How many connections are wanted, over all URLs.
  [[nodiscard]] std::uint32_t connections() const noexcept;

  /// As set so far.
  pool_options options;

private:
  void describe_pool(settings& table);
  void describe_connect(settings& table);
  void describe_deflate(settings& table);
  void describe_survival(settings& table);
  void describe_bounds(settings& table);
  [[nodiscard]] std::vector<endpoint_options> endpoints() const;
  [[nodiscard]] pool_options finish_with(std::vector<endpoint_options> endpoints) const;
  void take_headers(pool_options& result) const;
  void take_retry(pool_options& result) const;

  std::vector<std::string> urls_;
  std::uint32_t connections_ = 5;
  std::vector<std::uint32_t> weights_;
  std::vector<std::uint32_t> groups_;
  std::vector<std::string> headers_;
  std::vector<std::string> on_close_;
  std::vector<std::string> on_status_;
};

} // namespace wspool::cli
