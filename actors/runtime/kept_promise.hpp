// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/type_ids.hpp>

#include <memory>
#include <utility>

namespace wspool {

/// A promise that must not be dropped: should the actor that made it end first, it fails. (CAF 0.17
/// lets whoever waits for a dropped promise wait for ever.)
template <class Promise>
std::shared_ptr<Promise> keep(Promise answer) {
  return {new Promise(std::move(answer)), [](Promise* kept) {
            if (kept->pending())
              kept->deliver(caf::make_error(errc::pool_closed));
            delete kept;
          }};
}

} // namespace wspool
