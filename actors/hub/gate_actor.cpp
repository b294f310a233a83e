// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/gate_actor.hpp"

#include "runtime/strand_actor.hpp"

#include <boost/asio/post.hpp>

#include <spdlog/logger.h>

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wspool {

namespace {

class gate_state {
public:
  using actor_base = caf::event_based_actor;
  using behavior_type = caf::behavior;
  using self_type = strand_actor<actor_base>;
  static constexpr const char* name = "wspool.gate";

  gate_state(self_type* self, std::shared_ptr<const server_options> options,
             authenticator_actor authenticator, client_spawner spawn)
    : self_(self), options_(std::move(options)), authenticator_(std::move(authenticator)),
      spawn_(std::move(spawn)), door_(options_->admission), random_(options_->seed) {
    if (!spawn_)
      spawn_ = [host = self_->host_ptr()](const auto& io, client_setup setup) {
        return spawn_client(host, io, std::move(setup));
      };
  }

  caf::behavior make_behavior() {
    return {
      [this](join_atom, const caf::actor& hub) { hub_ = hub; },
      [this](internal::parcel<internal::listening>& what) { listen(*what); },
      [this](internal::parcel<internal::arrival>& what) { on_arrival(std::move(*what)); },
      [this](const internal::parcel<internal::refused>& news) { count(*news); },
      [this](const internal::parcel<internal::left>& news) { on_left(*news); },
      [this](close_atom) { close(); },
      [this](address_atom) { return addresses_; },
      [this](reload_atom) { return reload(); },
      [this](sample_atom) {
        counts_.closed = closed_;
        counts_.sockets = door_.inside() + door_.refusals();
        return internal::pack(internal::gate_counts{counts_});
      },
    };
  }

  void ending(const caf::error&) {
    close();
    for (auto& [number, client] : clients_)
      caf::anon_send_exit(client, caf::exit_reason::user_shutdown);
    for (auto& [io, courier] : couriers_)
      caf::anon_send_exit(courier.actor, caf::exit_reason::user_shutdown);
  }

private:
  const courier& courier_of(const std::shared_ptr<boost::asio::io_context>& io) {
    auto found = couriers_.find(io);
    if (found == couriers_.end()) {
      found = couriers_.emplace(io, spawn_courier({self_->host_ptr(), io})).first;
      // Without it nobody on its thread would hear anything any more, and nobody would know.
      monitors_.add(self_, found->second.actor,
                    [this](const caf::error& why) { self_->quit(why); });
    }
    return found->second;
  }

  void count(const internal::refused& news) {
    ++(news.plain_http ? counts_.http : counts_.refused)[static_cast<std::uint16_t>(news.status)];
  }

  void listen(internal::listening& what) {
    addresses_.addresses.clear();
    for (const auto& one : what.listeners)
      addresses_.addresses.push_back(one->address());
    if (!closed_)
      listeners_ = std::move(what.listeners);
  }

  void close() {
    closed_ = true;
    listeners_.clear();
  }

  /// All listeners, or none.
  caf::result<void> reload() {
    std::vector<std::function<void()>> commits(listeners_.size());
    for (std::size_t i = 0; i < listeners_.size(); ++i)
      if (auto why = listeners_[i]->reload(commits[i])) {
        if (options_->logger)
          options_->logger->error("certificates not reloaded server={} why={}", options_->name,
                                  why.message());
        return caf::make_error(why.code, why.detail);
      }
    for (const auto& commit : commits)
      if (commit)
        commit();
    return caf::unit;
  }

  void on_arrival(internal::arrival what) {
    client_setup setup;
    setup.address = address_of(what.peer);
    setup.verdict = closed_ ? door::verdict::turn_away : door_.knock(setup.address);
    if (setup.verdict == door::verdict::turn_away) {
      ++counts_.turned_away;
      // A stream belongs to its thread, in its end too.
      boost::asio::post(*what.io, [stream = std::shared_ptr<byte_stream>{std::move(what.stream)}] {
        stream->close();
      });
      return;
    }
    const auto number = next_number_++;
    setup.number = number;
    setup.options = options_;
    setup.seed = random_();
    setup.gate = caf::actor_cast<caf::actor>(self_);
    setup.hub = hub_;
    setup.courier = courier_of(what.io);
    setup.authenticator = authenticator_;
    setup.stream = std::move(what.stream);
    setup.peer = std::move(what.peer);
    clients_.emplace(number, spawn_(what.io, std::move(setup)));
  }

  void on_left(const internal::left& news) {
    if (clients_.erase(news.number) == 0)
      return;
    door_.leave(news.address, news.verdict);
    if (!news.was_open && !news.refused)
      ++counts_.failed;
  }

  self_type* self_;
  std::shared_ptr<const server_options> options_;
  authenticator_actor authenticator_;
  client_spawner spawn_;
  caf::actor hub_;
  door door_;
  std::vector<std::unique_ptr<net::listener>> listeners_;
  listen_report addresses_;
  bool closed_ = false;
  std::unordered_map<std::uint64_t, caf::actor> clients_;
  std::map<std::shared_ptr<boost::asio::io_context>, courier> couriers_; ///< one a thread
  compat::monitors monitors_;
  std::uint64_t next_number_ = 1;
  std::mt19937_64 random_; ///< for the clients' jitter
  internal::gate_counts counts_;
};

} // namespace

caf::actor spawn_gate(const std::shared_ptr<strand_host>& host,
                      std::shared_ptr<const server_options> options,
                      authenticator_actor authenticator, client_spawner spawn) {
  return spawn_on_strand<gate_state>(host, std::move(options), std::move(authenticator),
                                     std::move(spawn));
}

} // namespace wspool
