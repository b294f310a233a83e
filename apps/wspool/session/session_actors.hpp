// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "options/command_options.hpp"
#include "session/session_progress.hpp"
#include "stream/background_writer.hpp"

#include <wspool/session.hpp>

#include <memory>
#include <string>
#include <vector>

namespace spdlog {
class logger;
}

namespace wspool::cli {

/// What the actors of one `wspool session` share.
struct session_desk {
  session_flags flags;
  bool events = false;       ///< as JSON lines on stderr
  bool with_channel = false; ///< lines begin with the channel's name and a tab
  std::shared_ptr<session_progress> progress;
  std::shared_ptr<spdlog::logger> logger;
};

/// For `session_options::observer`: tells of connections.
[[nodiscard]] caf::actor spawn_session_observer(caf::actor_system& system, session_desk desk);

/// The subscriber that prints messages; `finish_atom`: tells `progress` when all is written. Who
/// does not read stdout holds up the session.
[[nodiscard]] caf::actor spawn_session_sink(caf::actor_system& system, session_desk desk,
                                            std::shared_ptr<background_writer> out);

/// Tells `progress` when the session is gone.
[[nodiscard]] caf::actor watch_session(caf::actor_system& system, const session_actor& session,
                                       const session_desk& desk);

/// Subscribes `who`; each channel is one request in `progress`.
void subscribe_channels(caf::actor_system& system, const session_actor& session,
                        const session_desk& desk, const caf::actor& who,
                        const std::vector<subscribe_order>& orders);

/// Publishes each line that it is sent, with its number for those who must mend it; each one is a
/// request in `progress`, which whoever sends the line has counted.
[[nodiscard]] caf::actor spawn_publisher(caf::actor_system& system, const session_actor& session,
                                         session_desk desk, std::string channel);

/// Prints the answer through `out`.
void ask_query(caf::actor_system& system, const session_actor& session, const session_desk& desk,
               const std::string& name, const content& data,
               const std::shared_ptr<background_writer>& out);

/// Tells `progress` when it has closed.
void close_session(caf::actor_system& system, const session_actor& session,
                   const session_desk& desk);

} // namespace wspool::cli
