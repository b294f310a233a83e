// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/mail.hpp"
#include "runtime/strand_context.hpp"

#include <memory>

namespace wspool {

/// What brings a hub's mail to the clients of one I/O thread, in one message instead of one for
/// each of them.
struct courier {
  caf::actor actor;
  std::shared_ptr<mail_seats> seats; ///< where clients sit down; only on the courier's thread
};

/// Spawns a courier on the thread that `seat` names.
///
/// | message | from | meaning |
/// |---|---|---|
/// | `mail` | hub | who gets what, and who is to close behind that |
[[nodiscard]] courier spawn_courier(strand_seat seat);

} // namespace wspool
