// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/pool.hpp>
#include <wspool/pool_options.hpp>

#include <memory>

namespace wspool {

/// A configuration for applications with a pool: registers the library's types (`prepare`), prefers
/// CAF's sharing scheduler, which answers messages from other threads at once (a file or a command
/// line may say otherwise), and adds the group `wspool` with an option for each plain field of
/// `pool_options`, for files and command lines as CAF reads them:
///
///     [wspool]
///     urls = ["ws://10.0.0.1:9001/", "ws://10.0.0.2:9001/"]
///     connections = 4
///     schedule = "least-pending"
///     heartbeat-interval = 30s
///     queue-bytes = "64MiB"
///
///     program --wspool.urls=ws://10.0.0.1:9001/,ws://10.0.0.2:9001/ --wspool.max-age=1h
///
/// `--long-help` lists them. Durations carry units (`500ms`, `30s`, in quotes also `1h30m`); sizes
/// may (`"64MiB"`). Lists may be one text, separated by commas.
///
/// Derive from it to add options of your own. Not copyable, not movable.
class config : public caf::actor_system_config {
public:
  /// Options that are not set keep what `defaults` says; what no file can say (providers, the
  /// logger, the retry policy, a scheduler of your own) always comes from there. Its endpoints
  /// stand if no URL is configured.
  explicit config(pool_options defaults = {});
  ~config() override;

  /// What was configured, checked.
  /// @throws invalid_options naming the key and quoting its value: `wspool.queue-bytes: "64XB":
  ///         expected a number of bytes such as 64MiB`. An unknown key in the group is an error.
  [[nodiscard]] pool_options to_pool_options() const;

private:
  struct table;
  std::unique_ptr<table> table_;
};

} // namespace wspool
