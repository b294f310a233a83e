// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE session_live

// Sessions over real sockets, before a small server of v1 that cuts them off.

#include "messaging/dialect.hpp"
#include "support/live_pool.hpp"
#include "support/unit_test.hpp"

#include <wspool/server.hpp>
#include <wspool/session.hpp>

#include <boost/json.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace session_test {

using namespace wspool;
using namespace wspool::test;

namespace {

namespace json = boost::json;

/// Answers as PROTOCOL.md has it, keeps all messages of all channels, and forgets no id.
class small_broker {
public:
  explicit small_broker(server_actor server) : server_(std::move(server)) {}

  void hear(const client_message_event& said) {
    const auto heard = v1_.decode(said.data, said.kind, {});
    if (const auto* request = std::get_if<client_request>(&heard))
      std::visit([&](const auto& x) { on(said.client, x); }, *request);
  }

private:
  void say(const audience& to, const server_reply& what) {
    compat::anon_tell(server_, send_atom_v, to, outgoing{v1_.encode(what)->data, {}});
  }

  void on(const client_ref& who, const requests::connect& x) {
    sessions_[who] = *x.session;
    say(to_one(who), replies::connected{
                       x.id, who.id, *x.session, {}, 65'536, std::chrono::milliseconds{60'000}});
  }

  void on(const client_ref& who, const requests::subscribe& x) {
    auto& kept = channels_[x.channel];
    compat::anon_tell(server_, join_atom_v, who, x.channel);
    replies::subscribed answer{x.id, x.channel, position{"e", kept.size()}, std::nullopt};
    if (x.recover)
      answer.recovered = true;
    say(to_one(who), answer);
    for (auto i = x.recover ? x.recover->offset : kept.size(); i < kept.size(); ++i)
      say(to_one(who), replies::event{kept[i], position{"e", i + 1}});
  }

  void on(const client_ref& who, const requests::publish& x) {
    auto& kept = channels_[x.message.channel];
    const auto key = sessions_[who] + json::serialize(to_json(*x.id));
    const bool is_new = published_.insert(key).second;
    if (is_new) {
      kept.push_back(std::make_shared<const publication>(x.message));
      say(to_room(who.space, x.message.channel),
          replies::event{kept.back(), position{"e", kept.size()}});
    }
    say(to_one(who), replies::ack{x.id, std::nullopt, !is_new});
  }

  void on(const client_ref& who, const requests::query& x) {
    say(to_one(who), replies::response{x.id, x.data});
  }

  void on(const client_ref& who, const requests::disconnect& x) {
    say(to_one(who), replies::ack{x.id, std::nullopt, false});
  }

  template <class Other>
  void on(const client_ref&, const Other&) {}

  server_actor server_;
  const dialect& v1_ = dialect_of(dialect_kind::v1);
  std::map<client_ref, std::string> sessions_;
  std::map<std::string, std::vector<shared_publication>> channels_;
  std::set<std::string> published_;
};

/// What a subscriber got.
struct seen_log {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> data;
  std::size_t gaps = 0;

  bool wait_for(std::size_t count) {
    std::unique_lock guard{mutex};
    return changed.wait_for(guard, live_pool::patience, [&] { return data.size() >= count; });
  }
};

struct fixture {
  fixture() {
    server_options served;
    served.entrance.subprotocols = {"wspool.v1.json"};
    server = spawn_server(sys, io, served);
    broker = sys.spawn([to = server]() -> caf::behavior {
      auto state = std::make_shared<small_broker>(to);
      return {[state](const client_message_event& e) { state->hear(e); }};
    });
    compat::anon_tell(server, subscribe_atom_v, broker, subscription{server_event::message});
    caf::scoped_actor me{sys};
    compat::ask(me.ptr(), server, live_pool::patience, address_atom_v)
      .receive([&](const listen_report& x) { url = "ws://" + x.addresses.at(0) + "/"; },
               [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
  }

  ~fixture() {
    for (const auto& one : ends)
      caf::anon_send_exit(one, caf::exit_reason::kill);
    caf::anon_send_exit(broker, caf::exit_reason::kill);
    caf::anon_send_exit(server, caf::exit_reason::kill);
  }

  session_actor begin() {
    pool_options pool;
    pool.endpoints = {{url, 1, 1, 0}};
    pool.reconnect.initial = 10ms;
    pool.reconnect.maximum = 50ms;
    pool.monitor.interval = 0ms;
    auto result = spawn_session(sys, io, pool);
    ends.push_back(caf::actor_cast<caf::actor>(result));
    return result;
  }

  std::shared_ptr<seen_log> subscribe(const session_actor& session, const std::string& channel) {
    auto log = std::make_shared<seen_log>();
    auto who = sys.spawn([log]() -> caf::behavior {
      return {
        [log](const channel_event& e) {
          std::lock_guard guard{log->mutex};
          log->data.push_back(e.data.data);
          log->changed.notify_all();
        },
        [log](const channel_gap_event&) {
          std::lock_guard guard{log->mutex};
          ++log->gaps;
        },
      };
    });
    ends.push_back(who);
    caf::scoped_actor me{sys};
    compat::ask(me.ptr(), session, live_pool::patience, subscribe_atom_v, who,
                subscribe_order{channel, false, {}})
      .receive([](const subscribe_report&) {},
               [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
    return log;
  }

  live_config cfg;
  caf::actor_system sys{cfg};
  io_pool io{2};
  server_actor server;
  caf::actor broker;
  std::string url;
  std::vector<caf::actor> ends;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_live_tests, fixture)

CAF_TEST(nothing_is_lost_or_doubled_while_connections_are_cut) {
  constexpr std::size_t messages = 600;
  std::vector<std::shared_ptr<seen_log>> logs;
  for (int i = 0; i < 3; ++i)
    logs.push_back(subscribe(begin(), "c"));
  const auto publisher = begin();
  std::vector<std::string> sent;
  caf::scoped_actor me{sys};
  for (std::size_t i = 0; i < messages; ++i) {
    sent.push_back(std::to_string(i));
    compat::ask(me.ptr(), publisher, live_pool::patience, publish_atom_v, std::string{"c"},
                content{sent.back()})
      .receive([](const publish_outcome& x) { CAF_REQUIRE(x.why == errc::none); },
               [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
    if (i % 100 == 50)
      compat::anon_tell(server, close_atom_v, to_all(), close_order{1001, "again"});
  }
  for (const auto& log : logs) {
    CAF_CHECK(log->wait_for(messages));
    std::lock_guard guard{log->mutex};
    CAF_CHECK(log->data == sent);
    CAF_CHECK_EQUAL(log->gaps, 0u);
  }
  compat::ask(me.ptr(), publisher, live_pool::patience, stats_atom_v)
    .receive(
      [&](const session_stats& x) {
        CAF_CHECK_EQUAL(x.published, messages);
        CAF_CHECK(x.connections > 1u);
        CAF_CHECK_EQUAL(x.pending, 0u);
      },
      [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
}

CAF_TEST(a_query_is_answered_and_closing_ends_it_all) {
  const auto session = begin();
  caf::scoped_actor me{sys};
  compat::ask(me.ptr(), session, live_pool::patience, query_atom_v, std::string{"echo"},
              content{R"({"a":1})"})
    .receive([](const content& x) { CAF_CHECK_EQUAL(x.data, R"({"a":1})"); },
             [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
  bool closed = false;
  compat::ask(me.ptr(), session, live_pool::patience, close_atom_v)
    .receive([&] { closed = true; }, [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
  CAF_CHECK(closed);
  compat::ask(me.ptr(), session, live_pool::patience, stats_atom_v)
    .receive([](const session_stats&) { CAF_FAIL("it is still there"); },
             [](const caf::error&) { CAF_CHECK(true); });
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace session_test
