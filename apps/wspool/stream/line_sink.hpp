// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "account/stream_state.hpp"
#include "options/command_options.hpp"
#include "stream/background_writer.hpp"

#include <wspool/pool.hpp>

#include <memory>
#include <string>

namespace wspool::cli {

/// Appends a received message as the framing has it.
void append_framed(std::string& to, framing format, message_view message);

/// Spawns the actor to subscribe to messages, in batches: it has them written, and answers a batch
/// when it is, so a reader that is slow holds back the peers.
/// `finish_atom`: tells `state` when all is written.
/// With `events`, each message is also an event on stderr.
/// The writer serves this actor alone; whoever spawned it stops the writer in the end.
[[nodiscard]] caf::actor spawn_line_sink(caf::actor_system& system,
                                         std::shared_ptr<background_writer> out, framing format,
                                         bool events, std::shared_ptr<stream_state> state);

} // namespace wspool::cli
