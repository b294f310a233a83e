// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/herd.hpp"

#include "chaos/fault_server.hpp"
#include "chaos/ledger.hpp"
#include "chaos/process_state.hpp"
#include "chaos/samples.hpp"
#include "chaos/waiting.hpp"
#include "chaos/watched_connector.hpp"
#include "chaos/witness.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace wspool::chaos {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds first_ceiling{800};

/// The largest distance between the shares of `values` up to any point and those of a uniform
/// distribution from 0 to `highest` (Kolmogorov and Smirnov's statistic).
double distance_from_uniform(std::vector<double> values, double highest) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double result = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto expected = std::clamp(values[i] / highest, 0.0, 1.0);
    const auto below = static_cast<double>(i) / n;
    result = std::max({result, std::abs(expected - below), std::abs(expected - below - 1 / n)});
  }
  return result;
}

/// Beyond it, chance is an explanation once in a thousand times.
double critical_distance(std::size_t n) { return 1.95 / std::sqrt(static_cast<double>(n)); }

/// The most values within any stretch of this length.
std::size_t most_within(std::vector<double> values, double length) {
  std::sort(values.begin(), values.end());
  std::size_t result = 0;
  for (std::size_t first = 0, last = 0; last < values.size(); ++last) {
    while (values[last] - values[first] > length)
      ++first;
    result = std::max(result, last - first + 1);
  }
  return result;
}

struct herd_config : caf::actor_system_config {
  herd_config() {
    prepare(*this);
    compat::prefer_sharing(*this);
  }
};

class herd {
public:
  herd(std::size_t size, std::uint64_t seed) : size_(size), server_(setup(), seed) {
    const auto door = server_.open_door("127.0.0.1", false);
    pool_options options;
    options.connector = make_watched_connector(lives_, [this] { note_attempt(); });
    options.connect.upgrade.provider = [lives = lives_](const attempt_info&) {
      return std::vector<header>{{life_table::header_name, std::to_string(lives->new_attempt())}};
    };
    options.connect.proxy.url = "none";
    options.reconnect.initial = first_ceiling;
    options.reconnect.minimum_uptime = milliseconds{1};
    options.ejection.failures = 0;
    options.heartbeat.interval = milliseconds{0};
    options.seed = seed;
    pool_ = spawn_pool(system_, io_, options);
    samples_.emplace(system_, pool_, verdict_);
    witness_ = system_.spawn(witness, seen_);
    samples_->ask<caf::unit_t>("subscribe", subscribe_atom_v, witness_, subscription{});
    samples_->ask<caf::unit_t>(
      "add", add_atom_v,
      endpoint_options{server_.url(door), static_cast<std::uint32_t>(size), 1, 0});
  }
  ~herd() { caf::anon_send_exit(witness_, caf::exit_reason::kill); }

  bool run() {
    await_all("to begin with");
    restart();
    stay_away();
    samples_->ask<close_report>("close", close_atom_v, caf::timespan{patience});
    for (const auto& what : verdict_.findings())
      std::fprintf(stderr, "herd: %s\n", what.c_str());
    return verdict_.clean();
  }

private:
  session_setup setup() {
    session_setup result;
    result.messages = &numbers_;
    result.lives = lives_.get();
    return result;
  }

  void note_attempt() {
    std::lock_guard guard{mutex_};
    attempts_.push_back(clock::now());
  }

  void await_all(const std::string& when) {
    samples_->ask<std::uint32_t>("await open", await_open_atom_v,
                                 static_cast<std::uint32_t>(size_));
    verdict_.expect(wait_until([&] { return seen_->open().size() == size_; }),
                    std::to_string(seen_->open().size()) + " connections are open " + when);
  }

  std::vector<double> delays_since(std::size_t first, std::uint32_t attempt) {
    const auto all = seen_->retries();
    std::map<std::uint32_t, double> of_slot;
    for (auto i = first; i < all.size(); ++i)
      if (all[i].attempt == attempt
          && !of_slot.emplace(all[i].slot, static_cast<double>(all[i].delay.count())).second)
        verdict_.blame("slot " + std::to_string(all[i].slot) + " has two attempts of number "
                       + std::to_string(attempt));
    std::vector<double> result;
    for (const auto& [slot, delay] : of_slot)
      result.push_back(delay);
    return result;
  }

  void judge(const char* what, const std::vector<double>& values, milliseconds ceiling,
             double allowed, double stretch, std::size_t most) {
    const auto highest = static_cast<double>(ceiling.count());
    const auto distance = distance_from_uniform(values, highest);
    const auto crowd = most_within(values, stretch);
    std::printf("%-34s n=%zu  0..%.0f ms  KS=%.3f (allowed %.3f)  at most %zu within %.0f ms "
                "(allowed %zu)\n",
                what, values.size(), highest, distance, allowed, crowd, stretch, most);
    // Who comes back before the restarted server listens tries once more.
    verdict_.expect(values.size() >= size_ && values.size() <= size_ + size_ / 20,
                    std::string{what} + ": " + std::to_string(values.size()) + " of "
                      + std::to_string(size_));
    verdict_.expect(distance <= allowed, std::string{what} + " are not uniform");
    verdict_.expect(crowd <= most, std::string{what} + " come in a crowd");
  }

  /// In one millisecond of the first ceiling one or two are due: a dozen is no chance.
  void judge_delays(const char* what, std::size_t first, std::uint32_t attempt,
                    milliseconds ceiling) {
    judge(what, delays_since(first, attempt), ceiling, critical_distance(size_), 0,
          12 * size_ / 1'000 + 5);
  }

  /// The server is killed and there again at once: everybody comes back at the first attempt.
  void restart() {
    const auto first = seen_->retries().size();
    const auto begin = clock::now();
    {
      std::lock_guard guard{mutex_};
      attempts_.clear();
    }
    server_.kill(milliseconds{0});
    verdict_.expect(wait_until([&] { return seen_->retries().size() >= first + size_; }),
                    "not all connections were lost");
    await_all("after the restart");
    judge_delays("delays of first attempts", first, 1, first_ceiling);

    std::vector<double> real;
    {
      std::lock_guard guard{mutex_};
      for (auto at : attempts_)
        real.push_back(std::chrono::duration<double, std::milli>(at - begin).count());
    }
    // A busy machine takes a while to notice a thousand losses, and its timers are late, several at
    // once. Without jitter the distance would be near 1, and the crowd everybody.
    judge("first attempts in fact", real, first_ceiling, 0.6, 10, size_ / 2);
  }

  /// The server stays away for two attempts of everybody.
  void stay_away() {
    const auto first = seen_->retries().size();
    server_.kill_for_good();
    const auto complete = [&] {
      const auto all = seen_->retries();
      return static_cast<std::size_t>(
               std::count_if(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
                             [](const auto& e) { return e.attempt == 2; }))
             >= size_;
    };
    verdict_.expect(wait_until(complete), "not everybody tried twice");
    server_.heal();
    judge_delays("delays of first attempts, away", first, 1, first_ceiling);
    judge_delays("delays of second attempts, away", first, 2, first_ceiling * 2);
    await_all("in the end");
  }

  std::size_t size_;
  verdict verdict_;
  ledger numbers_{verdict_};
  life_table_ptr lives_ = std::make_shared<life_table>(verdict_);
  testimony_ptr seen_ = std::make_shared<testimony>(lives_, verdict_);
  std::mutex mutex_;
  std::vector<clock::time_point> attempts_;
  fault_server server_;
  herd_config config_;
  caf::actor_system system_{config_};
  io_pool io_;
  pool_actor pool_;
  std::optional<samples> samples_;
  caf::actor witness_;
};

} // namespace

bool run_herd(std::size_t connections, std::uint64_t seed) {
  // Both ends of each connection are here.
  const auto needed = 3 * connections + 100;
  if (raise_descriptor_limit() < needed)
    throw std::runtime_error{"needs " + std::to_string(needed) + " descriptors (ulimit -Hn)"};
  return herd{connections, seed}.run();
}

} // namespace wspool::chaos
