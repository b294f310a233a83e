// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// A broker on a hub under virtual time, with clients in memory that speak each of the dialects.
// Define CAF_SUITE first, include this last.

#include "support/scripted_backplane.hpp"

#include <wspool/broker.hpp>

#include <boost/json.hpp>

#include "support/hub_fixture.hpp"

namespace wspool::test {

class broker_fixture : public hub_fixture {
public:
  broker_fixture() {
    settings.seed = 4711;
    options.entrance.subprotocols = {"wspool.v1.json", "thinws", "channels", "other"};
    options.entrance.identity = {request_part::query, "as", "", false};
  }

  ~broker_fixture() override {
    script->waiting.clear();
    script->channels.clear();
    script->events_held.clear();
    for (const auto& one : {caf::actor_cast<caf::actor>(backplane), application})
      if (one)
        caf::anon_send_exit(one, caf::exit_reason::kill);
  }

  /// A hub, a scripted backplane, and a broker.
  void start_all() {
    start();
    backplane = sys.spawn(scripted_backplane, script);
    start_broker();
  }
  void start_broker() {
    broker = spawn_broker(sys, io, hub, backplane, settings);
    settle();
  }

  // -- clients

  /// A client of the dialect that the subprotocol chooses; empty: it offers none.
  scripted_client& arrive(const std::string& subprotocol, const std::string& identity = {}) {
    std::vector<header> headers;
    if (!subprotocol.empty())
      headers.push_back({"Sec-WebSocket-Protocol", subprotocol});
    return connect(identity.empty() ? "/" : "/?as=" + identity, std::move(headers));
  }

  /// One that has said `connect` in v1; what it heard is forgotten.
  scripted_client& v1(const std::string& identity = {}, const std::string& session = {}) {
    auto& result = arrive("wspool.v1.json", identity);
    const auto name = session.empty() ? std::string{} : R"(,"session":")" + session + R"(")";
    const auto heard = say(result, R"({"type":"connect","id":0)" + name + "}");
    CAF_REQUIRE_EQUAL(heard.size(), 1u);
    CAF_REQUIRE(heard.front().find(R"("type":"connected")") != std::string::npos);
    return result;
  }

  /// A v1 client in a channel; what it heard is forgotten.
  scripted_client& member(const std::string& channel, const std::string& identity = {}) {
    auto& result = v1(identity);
    const auto heard =
      say(result, R"({"type":"subscribe","id":"s","channel":")" + channel + R"("})");
    CAF_REQUIRE_EQUAL(heard.size(), 1u);
    CAF_REQUIRE(heard.front().find("subscribed") != std::string::npos);
    return result;
  }

  /// What a client hears that it has not heard yet.
  texts hear(scripted_client& who) {
    settle();
    auto& before = heard_[&who];
    const auto& all = who.texts();
    texts result(all.begin() + static_cast<std::ptrdiff_t>(before), all.end());
    before = all.size();
    return result;
  }
  template <class... Ts>
  texts say(scripted_client& who, const Ts&... what) {
    (who.send_text(what), ...);
    return hear(who);
  }
  /// The same, for those who answer with one message.
  std::string ask(scripted_client& who, const std::string& what) {
    const auto heard = say(who, what);
    CAF_CHECK_EQUAL(heard.size(), 1u);
    return heard.empty() ? std::string{} : heard.front();
  }
  /// Of all that were here.
  void forget_clients() {
    clients.clear();
    heard_.clear();
    settle();
  }
  [[nodiscard]] std::uint16_t code_of(const scripted_client& who) const {
    const auto closed = who.closed();
    return closed ? closed->code : std::uint16_t{0};
  }

  // -- requests to the broker

  template <class T, class... Ts>
  std::shared_ptr<hub_answer<T>> begin_at_broker(Ts... xs) {
    auto result = std::make_shared<hub_answer<T>>();
    auto on_value = [result](const T& x) { result->value = x; };
    auto on_error = [result](const caf::error& e, caf::actor_system&) {
      result->error = error_of(e);
    };
    askers_.push_back(spawn_asker<T>(sys, broker, on_value, on_error, xs...));
    settle();
    return result;
  }
  broker_stats counts() {
    const auto answer = begin_at_broker<broker_stats>(stats_atom_v);
    CAF_REQUIRE(answer->value.has_value());
    return *answer->value;
  }

  broker_options settings;
  backplane_script_ptr script = std::make_shared<backplane_script>();
  backplane_actor backplane;
  broker_actor broker;
  caf::actor application; ///< ends with the fixture

private:
  std::map<const scripted_client*, std::size_t> heard_;
  std::vector<caf::actor> askers_;
};

} // namespace wspool::test
