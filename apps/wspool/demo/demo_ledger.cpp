// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "demo/demo_ledger.hpp"

#include "settings/setting_targets.hpp"

namespace wspool::cli {

namespace {

constexpr std::string_view prefix = "message ";

} // namespace

std::string demo_ledger::text_of(std::uint64_t number) {
  return std::string{prefix} + std::to_string(number);
}

void demo_ledger::came_back(std::string_view text) {
  auto number = text.starts_with(prefix) ? parse_number(text.substr(prefix.size())) : std::nullopt;
  if (!number || *number >= seen_.size()) {
    ++strange_;
  } else if (seen_[*number]) {
    ++repeated_;
  } else {
    seen_[*number] = true;
    ++distinct_;
  }
}

caf::actor spawn_demo_watcher(caf::actor_system& system, const pool_actor& pool,
                              std::shared_ptr<demo_ledger> ledger,
                              std::shared_ptr<latest_stats> latest) {
  auto behave = [=]() -> caf::behavior {
    return {
      [=](const messages_event& x) {
        for (std::size_t i = 0; i < x.messages.size(); ++i)
          ledger->came_back(x.messages.data(i));
      },
      [=](const pool_stats& x) { latest->store(x); },
    };
  };
  auto result = system.spawn(behave);
  compat::anon_tell(pool, subscribe_atom_v, result,
                    subscription{event::message | event::stats, true});
  return result;
}

} // namespace wspool::cli
