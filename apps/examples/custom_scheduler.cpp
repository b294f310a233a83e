// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// A scheduler of one's own: small messages go to the even slots, large ones to the odd slots, so
// that a large one never delays a small one. Prints how many bytes each connection carried.
// Usage: custom_scheduler --url=ws://127.0.0.1:9001

#include <wspool/pool.hpp>

#include <algorithm>
#include <iostream>
#include <vector>

namespace {

using namespace wspool;

// The pool's actor is the only one that calls it: no locks. `tests/conformance` in the sources
// holds what every scheduler must keep.
class by_size : public scheduler {
public:
  explicit by_size(std::size_t large_bytes) : large_bytes_(large_bytes) {}

  void add(const member& m) override {
    if (!has(m.id))
      members_.push_back(&m); // its address stays the same until `remove`
  }

  void remove(connection_id id) override {
    std::erase_if(members_, [id](const member* m) { return m->id == id; });
  }

  [[nodiscard]] bool has(connection_id id) const override {
    return std::any_of(members_.begin(), members_.end(),
                       [id](const member* m) { return m->id == id; });
  }

  [[nodiscard]] const member* get(const pick& what) override {
    const auto lane = what.bytes >= large_bytes_ ? 1u : 0u;
    const member* second_best = nullptr;
    for (const auto* m : members_) {
      if (m->full)
        continue;
      if (m->id.slot % 2 == lane)
        return m;
      second_best = m; // better the wrong lane than none
    }
    return second_best;
  }

private:
  std::size_t large_bytes_;
  std::vector<const member*> members_;
};

struct config : caf::actor_system_config {
  config() {
    prepare(*this);
    compat::prefer_sharing(*this);
    opt_group{custom_options_, "global"}.add(url, "url,u", "URL of a WebSocket server");
  }
  std::string url = "ws://127.0.0.1:9001";
};

void deliver(caf::scoped_actor& self, const pool_actor& pool, std::size_t bytes) {
  outgoing message{std::string(bytes, 'x'), {}};
  compat::ask(self.ptr(), pool, caf::infinite, deliver_atom_v, message)
    .receive(
      [&](const receipt& r) {
        std::cout << bytes << " bytes went by slot " << r.connection.slot << std::endl;
      },
      [&](const caf::error& e) { std::cerr << render(self->system(), e) << std::endl; });
}

void caf_main(caf::actor_system& system, const config& cfg) {
  io_pool io;
  pool_options options;
  options.endpoints.push_back({cfg.url, 2, 1, 0});
  options.make_scheduler = [](std::uint64_t) { return std::make_unique<by_size>(1'024); };
  auto pool = spawn_pool(system, io, options);
  caf::scoped_actor self{system};
  auto fail = [&](const caf::error& e) { std::cerr << render(system, e) << std::endl; };
  compat::ask(self.ptr(), pool, std::chrono::seconds{10}, await_open_atom_v, std::uint32_t{2})
    .receive([](std::uint32_t) {}, fail);
  for (std::size_t bytes : {10, 100'000, 20, 200'000})
    deliver(self, pool, bytes);
  compat::ask(self.ptr(), pool, caf::infinite, close_atom_v)
    .receive([](const close_report&) {}, fail);
}

} // namespace

WSPOOL_MAIN()
