// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// What the actors of one server say to each other (see `internal::parcel` in type_ids.hpp).

#include "hub/door.hpp"
#include "hub/entrance.hpp"
#include "hub/frame_batch.hpp"
#include "hub/mail.hpp"
#include "net/listener.hpp"
#include "pool/internal_messages.hpp"

#include <wspool/byte_stream.hpp>
#include <wspool/type_ids.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wspool::internal {

/// To the gate: what brings it arrivals, for as long as it wants them.
struct listening {
  std::vector<std::unique_ptr<net::listener>> listeners;
};

/// Listener to gate: a socket that is ready for the upgrade.
struct arrival {
  std::shared_ptr<boost::asio::io_context> io; ///< that the stream lives on
  std::unique_ptr<byte_stream> stream;
  std::string peer; ///< remote address and port
};

/// Client to hub: a request that was found good.
struct entering {
  std::uint64_t number = 0;
  caf::actor client;
  caf::actor courier; ///< brings it the hub's mail
  mail_address mail;
  client_info info; ///< without id and rooms
  bool offers_deflate = false;
};

/// Hub to client: the answer. Without an id: refused, as the server is draining.
struct admission {
  std::string id;
  parcel<internal::subscribers> subscribers;
  bool deflate = false; ///< there is memory for compression
};

/// Client to itself: mail that came while something else waited in its mailbox.
struct handed {
  std::shared_ptr<const frame_batch> batch;
  frame_ranges ranges;
};

/// Client to gate: it refuses the upgrade, or answers what asked for none.
struct refused {
  unsigned status = 0;
  bool plain_http = false;
};

/// A client's counts, of its whole life.
struct client_sample {
  traffic total;
  std::uint64_t dropped = 0;
  std::uint64_t waiting_messages = 0;
  std::uint64_t waiting_bytes = 0;
};

/// Client to hub and gate: its last word, whatever ended it.
struct left {
  std::uint64_t number = 0;
  std::string address; ///< remote, without port
  door::verdict verdict = door::verdict::enter;
  bool was_open = false;
  bool refused = false; ///< the upgrade was
  errc why = errc::none;
  std::optional<close_info> close;
  std::uint64_t lost = 0; ///< messages that waited for it, or were not written whole, at its end
  client_sample counts;
};

/// Gate to hub.
struct gate_counts {
  std::uint64_t sockets = 0;
  std::uint64_t turned_away = 0;
  std::uint64_t failed = 0;
  std::map<std::uint16_t, std::uint64_t> refused;
  std::map<std::uint16_t, std::uint64_t> http;
  bool closed = false; ///< accepts no more
};

} // namespace wspool::internal
