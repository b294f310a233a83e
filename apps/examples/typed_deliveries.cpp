// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// A typed actor that has orders delivered and knows of each whether the server has read it. It
// promises its own caller an answer, and keeps no more orders on the way than it wants to.
// Usage: typed_deliveries --url=ws://127.0.0.1:9001

#include <wspool/pool.hpp>

#include <iostream>
#include <memory>
#include <string>

CAF_BEGIN_TYPE_ID_BLOCK(orders, first_custom_type_id)
  CAF_ADD_ATOM(orders, orders, place_atom, "place")
CAF_END_TYPE_ID_BLOCK(orders)

namespace {

using namespace wspool;

/// Takes an order of a customer; answers with the slot that carried it, once the peer has read it.
using desk_actor =
  compat::typed_actor<caf::result<std::uint32_t>(orders::place_atom, std::string, std::string)>;

desk_actor::behavior_type desk(desk_actor::pointer self, const pool_actor& pool) {
  constexpr std::size_t most_on_the_way = 100;
  auto on_the_way = std::make_shared<std::size_t>(0);
  return {
    [=](orders::place_atom, const std::string& customer,
        const std::string& order) -> caf::result<std::uint32_t> {
      if (*on_the_way == most_on_the_way)
        return caf::make_error(errc::queue_full);
      ++*on_the_way;
      outgoing message{order, {}};
      message.options.key = customer; // one customer's orders keep their order
      message.options.time_to_live = std::chrono::seconds{30};
      auto answer = self->make_response_promise<std::uint32_t>();
      compat::ask(self, pool, caf::infinite, deliver_atom_v, message, until::confirmed)
        .then(
          [=](const receipt& r) mutable {
            --*on_the_way;
            answer.deliver(r.connection.slot);
          },
          [=](caf::error& e) mutable {
            --*on_the_way;
            answer.deliver(std::move(e));
          });
      return answer;
    },
  };
}

struct config : caf::actor_system_config {
  config() {
    prepare(*this);
    compat::register_types<caf::id_block::orders>(*this);
    compat::prefer_sharing(*this);
    opt_group{custom_options_, "global"}.add(url, "url,u", "URL of a WebSocket server");
  }
  std::string url = "ws://127.0.0.1:9001";
};

void caf_main(caf::actor_system& system, const config& cfg) {
  io_pool io;
  pool_options options;
  options.endpoints.push_back({cfg.url, 3, 1, 0});
  options.schedule = schedule::hash;
  auto pool = spawn_pool(system, io, options);
  auto orders_desk = system.spawn(desk, pool);
  caf::scoped_actor self{system};
  for (std::string customer : {"ann", "bob", "cid", "ann"})
    compat::ask(self.ptr(), orders_desk, caf::infinite, orders::place_atom_v, customer,
                "three apples for " + customer)
      .receive(
        [&](std::uint32_t slot) {
          std::cout << customer << "'s order was read, slot " << slot << std::endl;
        },
        [&](const caf::error& e) {
          std::cout << customer << "'s order failed: " << render(system, e) << std::endl;
        });
  compat::ask(self.ptr(), pool, caf::infinite, close_atom_v)
    .receive([](const close_report&) {}, [](const caf::error&) {});
}

} // namespace

WSPOOL_MAIN(caf::id_block::orders)
