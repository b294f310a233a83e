// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wspool::net {

/// What a look-up brought: addresses in the system's order, or why there are none.
struct resolved {
  std::vector<boost::asio::ip::address> addresses;
  std::string error;
};

/// Looks a name or an address up on the calling thread, for as long as the system takes.
[[nodiscard]] resolved look_up(const std::string& host);

/// Looks host names up by the system's resolver, which blocks: on a few threads of its own, made
/// when needed. They are not Asio's, because nobody can wait for a look-up to give up when the
/// process ends. Look-ups of one name at the same time are one look-up.
///
/// Thread contract: any thread may call any member.
class name_resolver {
public:
  /// Runs on one of the resolver's threads, or within `resolve` if the host is an address; must
  /// do no more than pass the result on.
  using callback = std::function<void(const resolved&)>;

  /// Blocks. Tests put their own in the place of the system's.
  using look_up_function = std::function<resolved(const std::string&)>;

  explicit name_resolver(look_up_function how = look_up);
  name_resolver(const name_resolver&) = delete;
  name_resolver& operator=(const name_resolver&) = delete;
  /// Drops what is waiting. Does not wait for look-ups in progress.
  ~name_resolver();

  void resolve(const std::string& host, callback done);

private:
  struct shared_state;
  std::shared_ptr<shared_state> state_;
};

/// Alternates between the families of addresses, beginning with the first one's, and keeps the
/// order within each (RFC 8305 §4), so that a broken family costs one deadline and not several.
[[nodiscard]] std::vector<boost::asio::ip::address>
interleave(const std::vector<boost::asio::ip::address>& addresses);

} // namespace wspool::net
