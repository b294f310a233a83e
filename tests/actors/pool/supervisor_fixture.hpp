// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// A supervisor under virtual time, between a dispatcher and connections that only write down what
// they are told: the test speaks for them. Define CAF_SUITE first, include this last.

#include "pool/supervisor_actor.hpp"
#include "runtime/strand_host.hpp"

#include <wspool/close_code.hpp>
#include <wspool/io_pool.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/virtual_time.hpp"

namespace wspool::test {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct supervisor_config : caf::actor_system_config {
  supervisor_config() {
    compat::register_types<caf::id_block::wspool>(*this);
    compat::register_errors<errc>(*this, "wspool");
  }
};

/// What the dispatcher was told.
struct dispatcher_log {
  std::vector<internal::slots> slots;
  std::vector<internal::ended> ended;
  std::vector<connection_id> retired;
  std::vector<retry_event> retries;
  std::vector<given_up_event> given_up;
  std::vector<ejected_event> ejected;
};

/// A connection that was made, and what it was told.
struct fake_connection {
  connection_setup setup;
  caf::actor actor;
  bool down = false;
  std::optional<std::uint16_t> told_to_close;
  std::vector<internal::parcel<internal::subscribers>> subscribers;
};
using fake_ptr = std::shared_ptr<fake_connection>;

/// How a request went.
struct answer {
  bool arrived = false;
  errc error = errc::none;
  std::string text;
};
using answer_ptr = std::shared_ptr<answer>;

inline caf::behavior dispatcher_behavior(caf::event_based_actor*,
                                         const std::shared_ptr<dispatcher_log>& log) {
  return {
    [log](const internal::parcel<internal::slots>& x) { log->slots.push_back(*x); },
    [log](const internal::parcel<internal::opened>&) {},
    [log](const internal::parcel<internal::ended>& x) { log->ended.push_back(*x); },
    [log](retire_atom, connection_id id) { log->retired.push_back(id); },
    [log](const internal::parcel<internal::publication>& x) {
      // Asserts that the bit and the type belong together.
      auto& e = x->event;
      if (x->kind == event::retry)
        log->retries.push_back(e.get_as<retry_event>(0));
      else if (x->kind == event::given_up)
        log->given_up.push_back(e.get_as<given_up_event>(0));
      else if (x->kind == event::ejected)
        log->ejected.push_back(e.get_as<ejected_event>(0));
      else
        CAF_FAIL("unexpected kind of event: " << x->kind);
    },
  };
}

inline caf::behavior connection_behavior(caf::event_based_actor* self,
                                         const std::weak_ptr<fake_connection>& mine) {
  self->attach_functor([mine] {
    if (auto me = mine.lock())
      me->down = true;
  });
  return {
    [mine](close_atom, std::uint16_t code, const std::string&) {
      if (auto me = mine.lock())
        me->told_to_close = code;
    },
    [mine](const internal::parcel<internal::subscribers>& list) {
      if (auto me = mine.lock())
        me->subscribers.push_back(list);
    },
  };
}

inline ending closed_with(std::uint16_t code, std::string reason = {}) {
  ending result;
  result.why = errc::closed;
  result.was_open = true;
  result.close = close_info{code, std::move(reason), initiator::remote, true};
  return result;
}

inline ending lost() {
  ending result;
  result.why = errc::connection_reset;
  result.was_open = true;
  return result;
}

inline ending unreached(errc why = errc::connect_failed) {
  ending result;
  result.why = why;
  return result;
}

inline ending refused_with(unsigned status, std::optional<milliseconds> retry_after = {}) {
  ending result;
  result.why = errc::upgrade_refused;
  result.http_status = status;
  result.retry_after = retry_after;
  return result;
}

class supervisor_fixture : public virtual_time<supervisor_config> {
public:
  static constexpr const char* url = "ws://one.test/";
  static constexpr const char* other_url = "ws://two.test/";

  supervisor_fixture() {
    options.seed = 4711;
    options.endpoints = {{url, 1, 1, 0}};
  }

  ~supervisor_fixture() override {
    caf::anon_send_exit(dispatcher, caf::exit_reason::kill);
    consume_messages();
  }

  void start() {
    host = strand_host::of(sys, io);
    dispatcher = sys.spawn(dispatcher_behavior, log);
    auto spawn = [this](connection_setup setup) {
      auto made = std::make_shared<fake_connection>();
      made->actor = sys.spawn(connection_behavior, std::weak_ptr<fake_connection>(made));
      made->setup = std::move(setup);
      connections.push_back(made);
      return made->actor;
    };
    supervisor =
      spawn_supervisor(host, std::make_shared<const pool_options>(options), dispatcher, spawn);
    consume_messages();
  }

  /// All connections of one endpoint, open from the beginning.
  void start_open(std::uint32_t slots) {
    options.endpoints.front().connections = slots;
    start();
    advance(options.reconnect.initial);
    CAF_REQUIRE_EQUAL(connections.size(), slots);
    for (std::uint32_t n = 0; n < slots; ++n)
      open(n);
  }

  // -- time

  void advance(caf::timespan how_far) {
    advance_time(how_far);
    consume_messages();
  }

  // -- the newest connection of a slot, and what it says

  fake_ptr newest(std::uint32_t slot) {
    for (auto i = connections.rbegin(); i != connections.rend(); ++i)
      if ((*i)->setup.id.slot == slot)
        return *i;
    CAF_FAIL("slot " << slot << " never had a connection");
    return nullptr;
  }
  std::uint32_t generation(std::uint32_t slot) { return newest(slot)->setup.id.generation; }

  void open(const fake_ptr& which) {
    auto& setup = which->setup;
    internal::opened news{setup.id,  which->actor, setup.info, setup.slow_start,
                          setup.url, setup.origin, now()};
    compat::anon_tell(dispatcher, internal::pack(news));
    compat::anon_tell(supervisor, internal::pack(news));
    consume_messages();
  }
  void open(std::uint32_t slot) { open(newest(slot)); }

  void end(const fake_ptr& which, const ending& how, bool on_purpose = false) {
    internal::ended news;
    news.id = which->setup.id;
    news.how = how;
    news.text = "as the test wants it";
    news.url = which->setup.url;
    news.origin = which->setup.origin;
    news.on_purpose = on_purpose;
    compat::anon_tell(dispatcher, internal::pack(news));
    compat::anon_tell(supervisor, internal::pack(news));
    caf::anon_send_exit(which->actor, caf::exit_reason::kill);
    consume_messages();
  }
  void end(std::uint32_t slot, const ending& how) { end(newest(slot), how); }
  /// The dispatcher drained and closed it.
  void end_as_asked(const fake_ptr& which) {
    auto how = closed_with(close_code::normal);
    how.close->began = initiator::local;
    end(which, how, true);
  }

  /// Lets the last retry that was announced come true.
  void await_retry() {
    CAF_REQUIRE(!log->retries.empty());
    advance(log->retries.back().delay);
  }

  // -- requests

  template <class... Ts>
  answer_ptr ask(Ts... xs) {
    auto result = std::make_shared<answer>();
    auto request = [=](caf::event_based_actor* requester, const caf::actor& to) {
      compat::ask(requester, to, caf::infinite, xs...)
        .then([result] { result->arrived = true; },
              [result, requester](const caf::error& e) {
                result->arrived = true;
                CAF_CHECK(compat::error_value(e, "wspool", result->error));
                result->text = compat::render(requester->home_system(), e);
              });
    };
    sys.spawn(request, supervisor);
    consume_messages();
    return result;
  }

  // -- looking

  std::size_t alive() {
    std::size_t result = 0;
    for (auto& c : connections)
      result += c->down ? 0 : 1;
    return result;
  }
  const internal::slots& last_report() {
    CAF_REQUIRE(!log->slots.empty());
    return log->slots.back();
  }
  bool supervisor_is_down() {
    return caf::actor_cast<caf::abstract_actor*>(supervisor)->getf(compat::terminated_flag);
  }

  pool_options options;
  io_pool io{io_pool::manual};
  std::shared_ptr<strand_host> host;
  std::shared_ptr<dispatcher_log> log = std::make_shared<dispatcher_log>();
  std::vector<fake_ptr> connections;
  caf::actor dispatcher;
  caf::actor supervisor;
};

} // namespace wspool::test
