// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/messaging_events.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace wspool {

/// The names of everything in Redis. All keys of a channel have the same `{tag}`, so that a script
/// may use them together.
class redis_keys {
public:
  explicit redis_keys(std::string prefix) : prefix_(std::move(prefix)) {}

  /// A channel's name in keys: as it is, but for what would end it early.
  [[nodiscard]] static std::string tag(const channel_ref& channel);

  [[nodiscard]] std::string meta(std::string_view tag) const { return of(tag, ":meta"); }
  [[nodiscard]] std::string bodies(std::string_view tag) const { return of(tag, ":bodies"); }
  [[nodiscard]] std::string sizes(std::string_view tag) const { return of(tag, ":sizes"); }
  [[nodiscard]] std::string people(std::string_view tag) const { return of(tag, ":people"); }
  /// The pub/sub channel.
  [[nodiscard]] std::string wire(std::string_view tag) const { return of(tag, ":events"); }
  /// That a publication came before, with its place.
  [[nodiscard]] std::string seen(std::string_view tag, const publication_key& key) const;

  /// When each node was heard of last.
  [[nodiscard]] std::string nodes() const { return prefix_ + "nodes"; }
  /// The tags of the channels in which somebody is present by this node.
  [[nodiscard]] std::string node(std::string_view id) const;
  /// The channels of a client that may come back.
  [[nodiscard]] std::string client(std::string_view name) const;
  /// Something that is done once.
  [[nodiscard]] std::string once(std::string_view key) const;

private:
  [[nodiscard]] std::string of(std::string_view tag, std::string_view what) const;

  std::string prefix_;
};

} // namespace wspool
