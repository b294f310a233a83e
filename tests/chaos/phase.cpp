// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/phase.hpp"

#include "chaos/faults.hpp"
#include "chaos/ledger.hpp"
#include "chaos/process_state.hpp"
#include "chaos/samples.hpp"
#include "chaos/waiting.hpp"
#include "chaos/watched_connector.hpp"

#include "runtime/strand_host.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

namespace wspool::chaos {

namespace {

using clock = std::chrono::steady_clock;

struct chaos_config : caf::actor_system_config {
  chaos_config() {
    prepare(*this);
    compat::prefer_sharing(*this);
    set(compat::caf_key("scheduler.max-threads"), caf::config_value{std::int64_t{2}});
  }
};

class phase {
public:
  phase(phase_plan plan, verdict& judge, tally& count)
    : plan_(std::move(plan)), verdict_(judge), tally_(count), numbers_(judge) {
    start_server();
    start_pool();
  }
  ~phase() {
    // In case a check was not reached.
    io_->stop();
    dismiss_actors();
  }

  void play(std::size_t faults, bool verbose);
  void end();
  void check();

private:
  void start_server();
  void start_pool();
  void add(const home& x);
  void disturb(const fault& what, bool verbose);

  // -- the end
  void heal();
  bool everybody_is_home();
  void build_anew();
  void close_healed();
  void close_hasty();
  void destroy();
  void stop_io();
  void stop_senders();
  void await_senders();
  void await_pool();
  void dismiss_actors();
  void end_system();

  // -- checks
  void check_account(const pool_stats& last);
  void check_report(const close_report& report);
  excuses what_is_allowed() const;

  template <class T, class... Ts>
  std::optional<T> ask(const char* what, Ts... xs);

  phase_plan plan_;
  verdict& verdict_;
  tally& tally_;
  ledger numbers_;
  life_table_ptr lives_ = std::make_shared<life_table>(verdict_);
  testimony_ptr seen_ = std::make_shared<testimony>(lives_, verdict_);
  std::optional<fault_server> server_;
  chaos_config config_;
  std::optional<caf::actor_system> system_{std::in_place, config_};
  std::optional<io_pool> io_;
  pool_actor pool_;
  std::optional<stage> stage_;
  std::optional<samples> samples_;
  std::vector<caf::actor> actors_;
  std::vector<load_account_ptr> accounts_;
  bool no_loss_ = false;
};

// -- begin ---------------------------------------------------------------------------------------

void phase::start_server() {
  session_setup setup;
  setup.messages = &numbers_;
  setup.lives = lives_.get();
  setup.deflate = plan_.options.connect.deflate;
  setup.pause = plan_.pause;
  setup.echo_every = plan_.echo_every;
  server_.emplace(setup, plan_.seed + 1, plan_.cramped);
  for (std::size_t i = 0; i < plan_.homes.size(); ++i)
    (void)server_->open_door("127.0.0.1", plan_.tls);
}

void phase::start_pool() {
  io_.emplace(plan_.io_threads);
  auto options = plan_.options;
  options.connector = make_watched_connector(lives_);
  options.connect.upgrade.provider = [lives = lives_](const attempt_info&) {
    return std::vector<header>{{life_table::header_name, std::to_string(lives->new_attempt())}};
  };
  pool_ = spawn_pool(*system_, *io_, std::move(options));
  stage_.emplace(*system_, *server_, pool_, seen_, plan_.seed);
  samples_.emplace(*system_, pool_, verdict_);

  // Subscribed before the first connection: nothing is missed.
  actors_.push_back(system_->spawn(witness, seen_));
  ask<caf::unit_t>("subscribe", subscribe_atom_v, actors_.back(),
                   subscription{event::all, plan_.batches});
  if (plan_.slow) {
    actors_.push_back(system_->spawn(slow_reader, caf::timespan{5ms}));
    ask<caf::unit_t>("subscribe", subscribe_atom_v, actors_.back(),
                     subscription{event::message, true});
  }
  stage_->homes = plan_.homes;
  for (const auto& x : stage_->homes)
    add(x);
  for (const auto& x : plan_.loads) {
    accounts_.push_back(std::make_shared<load_account>());
    actors_.push_back(system_->spawn(load, pool_, x, &numbers_, seen_, accounts_.back()));
  }
}

void phase::add(const home& x) {
  if (plan_.strict()) {
    endpoint target;
    (void)parse_endpoint(server_->url(x.door), target);
    lives_->limit(target.origin(), x.connections);
  }
  ask<caf::unit_t>("add", add_atom_v, stage_->options_of(x));
}

template <class T, class... Ts>
std::optional<T> phase::ask(const char* what, Ts... xs) {
  return samples_->ask<T>(what, std::move(xs)...);
}

// -- faults --------------------------------------------------------------------------------------

void phase::play(std::size_t faults, bool verbose) {
  if (!wait_until([this] { return !seen_->open().empty(); }))
    verdict_.blame("no connection opened in the beginning");
  for (std::size_t i = 0; i < faults && verdict_.clean(); ++i) {
    disturb(any_fault(stage_->random, plan_.storms, plan_.reshapes), verbose);
    samples_->take();
    // A pace, not a condition: faults come at any moment of what the ones before have set off.
    std::this_thread::sleep_for(std::chrono::milliseconds{stage_->random.number(0, 40)});
  }
}

void phase::disturb(const fault& what, bool verbose) {
  const bool done = what.inflict(*stage_);
  if (verbose)
    std::fprintf(stderr, "  %s%s\n", what.name, done ? "" : " (nothing to do it to)");
  ++tally_.inflicted;
  ++tally_.faults[what.name];
}

// -- the end -------------------------------------------------------------------------------------

void phase::end() {
  switch (plan_.ending) {
    case ending_kind::healed:
      heal();
      return close_healed();
    case ending_kind::hasty:
      return close_hasty();
    case ending_kind::destroy:
      return destroy();
    case ending_kind::io_stops:
      return stop_io();
    case ending_kind::system_ends:
      return end_system();
  }
}

void phase::heal() {
  no_loss_ = !plan_.storms;
  server_->heal();
  if (!wait_until([this] { return stage_->errands() == 0; }))
    verdict_.blame(std::to_string(stage_->errands()) + " requests have no answer");
  auto next_build = clock::now();
  const bool home = wait_until([&] {
    if (everybody_is_home())
      return true;
    // What was given up, or removed, is there again only if it is asked for.
    const auto now = samples_->take();
    if ((now.closed > 0 || now.total == 0) && clock::now() >= next_build) {
      build_anew();
      next_build = clock::now() + 1s;
    }
    return false;
  });
  verdict_.expect(home, "the pool does not recover: " + samples_->describe());
}

bool phase::everybody_is_home() {
  const auto now = samples_->take();
  return now.total > 0 && now.open == now.total && server_->open_sessions() >= now.total;
}

void phase::build_anew() {
  for (auto& x : stage_->homes) {
    samples_->try_ask(remove_atom_v, server_->url(x.door));
    add(x);
    x.wanted = true;
  }
}

void phase::stop_senders() {
  for (auto& x : accounts_)
    x->stop = true;
}

void phase::await_senders() {
  stop_senders();
  const auto idle = [this] {
    return std::all_of(accounts_.begin(), accounts_.end(), [](auto& x) { return x->idle(); });
  };
  if (wait_until(idle))
    return;
  std::uint64_t open = 0;
  for (auto& x : accounts_)
    open += x->under_way;
  verdict_.blame(std::to_string(open) + " deliveries have no answer: " + samples_->describe());
}

void phase::close_healed() {
  await_senders();
  pool_stats last;
  const bool settled = wait_until([&] {
    last = samples_->take();
    return last.pending == 0;
  });
  verdict_.expect(settled, "messages stay pending: " + samples_->describe());
  check_account(last);
  if (auto report = ask<close_report>("close", close_atom_v, caf::timespan{patience}))
    check_report(*report);
  await_pool();
}

void phase::close_hasty() {
  stop_senders();
  const auto begin = clock::now();
  auto report = ask<close_report>("close", close_atom_v, caf::timespan{100ms});
  const auto took = clock::now() - begin;
  verdict_.expect(took < 10s, "closing with a drain of 100 ms took seconds");
  if (report)
    verdict_.expect(report->accepted == report->sent + report->failed,
                    "the closing account does not balance");
  server_->heal();
  await_senders();
  await_pool();
}

void phase::destroy() {
  stop_senders();
  ask<caf::unit_t>("destroy", destroy_atom_v);
  await_senders();
  await_pool();
}

void phase::stop_io() {
  stop_senders();
  const auto begin = clock::now();
  io_->stop();
  verdict_.expect(clock::now() - begin < 10s, "the I/O pool took seconds to stop");
  await_senders();
}

/// The pool is gone, and nothing of it is left.
void phase::await_pool() {
  server_->heal(); // who does not read does not see the end
  auto host = strand_host::of(*system_, *io_);
  if (!wait_until([&] { return host->live() == 0; }))
    verdict_.blame(std::to_string(host->live()) + " actors of the pool are left");
  if (!wait_until([&] { return lives_->live() == 0; }))
    verdict_.blame(std::to_string(lives_->live()) + " sockets of the pool are left");
  if (!wait_until([this] { return server_->sessions() == 0; }))
    verdict_.blame("the server still has " + std::to_string(server_->sessions()) + " connections");
  if (!wait_until([this] { return stage_->errands() == 0; }))
    verdict_.blame(std::to_string(stage_->errands()) + " requests have no answer");
}

void phase::dismiss_actors() {
  for (auto& x : std::exchange(actors_, {}))
    caf::anon_send_exit(x, caf::exit_reason::kill);
}

void phase::end_system() {
  // What keeps a system from ending are its ordinary actors; a pool does not.
  stop_senders();
  dismiss_actors();
  samples_.reset();
  stage_.reset();
  pool_ = pool_actor{};
  const auto begin = clock::now();
  system_.reset();
  verdict_.expect(clock::now() - begin < 10s, "the actor system took seconds to end");
}

// -- checks --------------------------------------------------------------------------------------

void phase::check_account(const pool_stats& last) {
  std::uint64_t accepted = 0, sent = 0, failed = 0, bound = 0, untold = 0;
  for (auto& x : accounts_) {
    accepted += x->accepted;
    sent += x->sent;
    failed += x->failed;
    bound += x->bound_failed;
    untold += x->untold;
  }
  const auto what = "the pool says " + samples_->describe() + "; senders count "
                    + std::to_string(accepted) + " accepted, " + std::to_string(sent) + " sent, "
                    + std::to_string(failed) + " failed, " + std::to_string(untold) + " untold";
  verdict_.expect(last.accepted == accepted, "accepted differ: " + what);
  verdict_.expect(last.sent >= sent && last.sent <= sent + untold, "sent differ: " + what);
  verdict_.expect(last.failed >= failed && last.failed <= failed + untold,
                  "failed differ: " + what);
  verdict_.expect(!no_loss_ || last.failed == bound, "failures without a fault: " + what);
  tally_.messages += last.accepted;
}

void phase::check_report(const close_report& report) {
  verdict_.expect(report.accepted == report.sent + report.failed,
                  "the closing account does not balance");
  const bool heard = wait_until([&] { return seen_->received() == report.received; }, 5s);
  verdict_.expect(heard, "received " + std::to_string(report.received) + ", but told of "
                           + std::to_string(seen_->received()));
}

excuses phase::what_is_allowed() const {
  excuses result;
  result.overflow = !plan_.roomy;
  result.unreachable = seen_->given_up() > 0;
  result.closed = plan_.ending != ending_kind::healed;
  result.unheard = plan_.ending == ending_kind::system_ends;
  result.no_loss = no_loss_;
  result.too_big = stage_ ? stage_->too_big_closes : UINT64_MAX;
  return result;
}

void phase::check() {
  const auto allowed = what_is_allowed();
  if (system_) {
    dismiss_actors();
    samples_.reset();
    stage_.reset();
    pool_ = pool_actor{};
    const auto ordinary = [this] { return system_->registry().running(); };
    if (!wait_until([&] { return ordinary() == 0; }))
      verdict_.blame(std::to_string(ordinary()) + " ordinary actors are left");
  }
  const auto begin = clock::now();
  io_->stop();
  system_.reset();
  verdict_.expect(clock::now() - begin < 10s, "system and I/O pool took seconds to end");
  verdict_.expect(lives_->live() == 0, "sockets of the pool are left");
  server_.reset();
  numbers_.check(allowed);
  lives_->check_overlaps(plan_.strict() ? 1 : 3);
  tally_.arrivals += numbers_.arrivals();
  tally_.attempts += lives_->attempts();
}

} // namespace

void play_phase(phase_plan plan, std::size_t max_faults, bool verbose, tally& count,
                verdict& judge) {
  const auto before = process_state::now();
  const auto faults = std::min(plan.faults, max_faults);
  {
    phase p{std::move(plan), judge, count};
    p.play(faults, verbose);
    p.end();
    p.check();
  }
  ++count.phases;
  process_state after;
  const bool same = wait_until(
    [&] {
      after = process_state::now();
      return after.threads <= before.threads && after.descriptors <= before.descriptors;
    },
    5s);
  judge.expect(same, "before: " + to_string(before) + "; after: " + to_string(after) + ":"
                       + list_descriptors());
}

} // namespace wspool::chaos
