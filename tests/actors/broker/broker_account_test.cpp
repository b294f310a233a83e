// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker_account

// The account of a broker: whatever happens in whichever order, each member sees each message once
// and in order, from where it began to listen on.

#include "messaging/publication.hpp"
#include "support/broker_fixture.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace broker_account_test {

using namespace wspool;
using namespace wspool::test;

namespace {

namespace json = boost::json;

/// A v1 client that checks what it hears, and remembers where it was when it comes back.
struct observer {
  scripted_client* client = nullptr;
  std::map<std::string, position> seen; ///< by channel; where it is, or was
  std::map<std::string, bool> inside;   ///< as the server has confirmed
  std::map<std::uint64_t, std::string> asked;
  std::uint64_t last_id = 0;
};

struct fixture : broker_fixture {
  fixture() {
    settings.tell_publisher = false;
    script->keeps_history = true;
  }

  void connect(observer& who) {
    who.client = &arrive("wspool.v1.json");
    who.inside.clear();
    who.asked.clear();
    who.client->send_text(R"({"type":"connect","id":0})");
  }

  void subscribe(observer& who, const std::string& channel) {
    json::object fields{{"type", "subscribe"}, {"id", ++who.last_id}, {"channel", channel}};
    // While answers are under way, nobody knows exactly where it is: no recovery then.
    const auto at = who.seen.find(channel);
    if (at != who.seen.end() && who.asked.empty() && !who.inside[channel])
      fields["recover"] = json::object{{"epoch", at->second.epoch}, {"offset", at->second.offset}};
    who.asked[who.last_id] = channel;
    who.client->send_text(json::serialize(fields));
  }

  void leave(observer& who, const std::string& channel) {
    const json::object fields{{"type", "unsubscribe"}, {"id", ++who.last_id}, {"channel", channel}};
    who.client->send_text(json::serialize(fields));
    who.asked[who.last_id] = channel;
  }

  void publish(observer& who, const std::string& channel) {
    const json::object fields{{"type", "publish"}, {"channel", channel}, {"data", ++published}};
    who.client->send_text(json::serialize(fields));
  }

  /// Reads all that came, and checks it.
  void check(observer& who) {
    for (const auto& line : hear(*who.client)) {
      const auto fields = json::parse(line).as_object();
      const auto& type = fields.at("type").as_string();
      if (type == "connected")
        continue;
      if (type == "ack") {
        const auto found = who.asked.extract(fields.at("id").to_number<std::uint64_t>());
        who.inside[found.mapped()] = false;
        continue;
      }
      RC_ASSERT(type == "subscribed" || type == "event");
      const std::string channel{fields.at("channel").as_string()};
      const position where{std::string{fields.at("epoch").as_string()},
                           fields.at("offset").to_number<std::uint64_t>()};
      if (type == "subscribed")
        subscribed(who, channel, where, fields);
      else
        event(who, channel, where, fields.at("data").to_number<int>());
    }
  }

  void subscribed(observer& who, const std::string& channel, const position& where,
                  const json::object& fields) {
    who.asked.erase(fields.at("id").to_number<std::uint64_t>());
    const auto* const recovered = fields.if_contains("recovered");
    if (std::exchange(who.inside[channel], true)) {
      RC_ASSERT(where == who.seen[channel]); // it was a member already: it has missed nothing
    } else if (recovered != nullptr) {
      RC_ASSERT(recovered->as_bool()); // everything is kept
    } else {
      who.seen[channel] = where;
    }
  }

  void event(observer& who, const std::string& channel, const position& where, int number) {
    RC_ASSERT(who.inside[channel]);
    RC_ASSERT(where.offset == who.seen[channel].offset + 1);
    who.seen[channel] = where;
    const auto [at, is_new] = numbers.try_emplace({channel, where.offset}, number);
    RC_ASSERT(at->second == number); // the same at the same place for all
    latest[channel] = std::max(latest[channel], where.offset);
  }

  void play(bool is_scripted) {
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1'000));
    ++runs;
    std::vector<observer> all(3);
    for (auto& who : all)
      connect(who);
    for (const auto step : steps) {
      auto& who = all[static_cast<std::size_t>(step % 3)];
      const auto channel = "c" + std::to_string(runs) + (step % 2 ? "a" : "b");
      const auto what = step / 10 % 16;
      if (what < 6)
        publish(who, channel);
      else if (what < 9)
        subscribe(who, channel);
      else if (what < 10)
        leave(who, channel);
      else if (what < 12)
        settle_and_check(all);
      else if (what < 13)
        drop(who);
      else if (is_scripted)
        hold_or_release(what);
    }
    finish(all, is_scripted);
  }

  void hold_or_release(int what) {
    if (what == 13)
      script->held = {"events"};
    else if (what == 14)
      script->held.insert("history");
    else
      release_all();
  }
  void release_all() {
    script->release("history");
    settle();
    script->release_events();
    settle();
  }

  void settle_and_check(std::vector<observer>& all) {
    for (auto& who : all)
      check(who);
  }
  void drop(observer& who) {
    check(who);
    who.client->drop();
    settle();
    connect(who);
  }

  void finish(std::vector<observer>& all, bool is_scripted) {
    settle();
    for (int i = 0; is_scripted && i < 100; ++i) // one release may lead to the next question
      release_all();
    settle_and_check(all);
    // Everybody gets everything, in the end.
    for (auto& who : all)
      for (const auto& [channel, at] : who.seen)
        if (!who.inside[channel])
          subscribe(who, channel);
    settle_and_check(all);
    for (auto& who : all) {
      for (const auto& [channel, at] : who.seen)
        RC_ASSERT(at.offset >= latest[channel]);
      who.client->drop();
    }
    settle();
    RC_ASSERT(counts().channels == 0u);
    forget_clients();
  }

  int published = 0;
  int runs = 0;
  std::map<std::pair<std::string, std::uint64_t>, int> numbers;
  std::map<std::string, std::uint64_t> latest;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(broker_account_tests, fixture)

CAF_TEST(with_answers_and_events_of_a_backplane_at_any_time) {
  start_all();
  CAF_CHECK(rc::check("scripted backplane", [this] { play(true); }));
}

CAF_TEST(with_the_backplane_in_memory) {
  start();
  backplane_options kept;
  kept.history.max_messages = 10'000;
  backplane = spawn_memory_backplane(sys, kept);
  start_broker();
  CAF_CHECK(rc::check("memory", [this] { play(false); }));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace broker_account_test
