// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "demo/demo_command.hpp"

#include "account/senders.hpp"
#include "demo/demo_ledger.hpp"
#include "demo/demo_table.hpp"
#include "process/app_system.hpp"
#include "process/child_process.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "settings/settings.hpp"

#include <wspool/units.hpp>

#include <CLI/CLI.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <poll.h>
#include <unistd.h>

namespace wspool::cli {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr auto demo_examples =
  R"(An echo server runs in another process and cuts its connections one by one; a pool sends numbered
messages at least once, and in the end each number must have come back.

Examples:
  wspool demo
  wspool demo --duration 20s --rate 500000 --kill-every 50ms)";

constexpr auto tick = 10ms;
constexpr auto start_time = 10s;
constexpr auto drain_time = 15s;
/// More are not put at risk at a time.
constexpr std::uint64_t most_outstanding = 50'000;

pool_options demo_pool() {
  pool_options result;
  result.name = "demo";
  result.policy = delivery::at_least_once;
  result.queue.max_messages = most_outstanding;
  result.queue.overflow = overflow::block;
  // A server that cuts connections on purpose is no reason to stay away from it for long.
  result.reconnect.initial = 20ms;
  result.reconnect.maximum = 500ms;
  result.reconnect.minimum_uptime = 0ms;
  result.ejection.failures = 0;
  result.monitor.interval = 250ms;
  return result;
}

/// The demonstration's main loop: sends by the clock, shows what happens.
class demonstration {
public:
  demonstration(const demo_flags& flags, signal_inbox& signals, const std::string& server)
    : flags_(flags), signals_(signals),
      most_(static_cast<std::uint64_t>(flags.rate)
            * static_cast<std::uint64_t>(flags.duration.count() + 1'000) / 1'000),
      ledger_(std::make_shared<demo_ledger>(most_)),
      table_("wspool demo: " + std::to_string(flags.connections) + " connections to " + server
               + ", one cut every " + format_duration(flags.kill_every),
             ::isatty(STDOUT_FILENO) == 1),
      pool_(spawn_pool(apps_.actors, apps_.io, demo_pool())),
      sender_(spawn_sender(apps_.actors, pool_, state_)),
      watcher_(spawn_demo_watcher(apps_.actors, pool_, ledger_, latest_)) {
    connect(pool_, {{server, flags.connections, 1, 0}});
  }

  ~demonstration() {
    for (auto& x : {sender_, watcher_})
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
    compat::anon_tell(pool_, destroy_atom_v);
  }

  /// @returns whether every message is accounted for.
  bool run() {
    while (!interrupted_ && elapsed() < flags_.duration) {
      send_due();
      pause();
    }
    auto is_done = [this] {
      return state_->outstanding_messages() == 0 && ledger_->distinct() == next_;
    };
    auto deadline = clock::now() + drain_time;
    while (!is_done() && clock::now() < deadline && !signals_.take())
      pause();
    return conclude();
  }

private:
  [[nodiscard]] milliseconds elapsed() const {
    return std::chrono::duration_cast<milliseconds>(clock::now() - begin_);
  }

  /// Sends what should have been sent by now, as far as there is room.
  void send_due() {
    auto due = std::min(most_, flags_.rate * static_cast<std::uint64_t>(elapsed().count()) / 1'000);
    auto room = most_outstanding - std::min(most_outstanding, state_->outstanding_messages());
    message_batch batch;
    for (; next_ < due && room > 0; ++next_, --room)
      batch.add(demo_ledger::text_of(next_));
    if (batch.empty())
      return;
    state_->accepted(batch.size(), batch.bytes().size());
    compat::anon_tell(sender_, std::move(batch));
  }

  void pause() {
    pollfd waiting{signals_.fd(), POLLIN, 0};
    if (!interrupted_ && ::poll(&waiting, 1, static_cast<int>(tick.count())) > 0)
      interrupted_ = signals_.take().has_value();
    else if (interrupted_)
      ::poll(nullptr, 0, static_cast<int>(tick.count()));
    auto stats = latest_->load();
    if (!stats || clock::now() < next_show_)
      return;
    next_show_ = clock::now() + table_.interval();
    table_.show(*stats, *ledger_, elapsed());
  }

  /// The last word: the pool's statistics, asked for once more.
  bool conclude() {
    caf::scoped_actor self{apps_.actors};
    pool_stats last;
    compat::ask(self.ptr(), pool_, 5s, stats_atom_v)
      .receive([&](pool_stats& x) { last = std::move(x); }, [](const caf::error&) {});
    table_.show(last, *ledger_, elapsed());
    auto account = state_->account();
    auto lost = next_ - std::min(next_, ledger_->distinct());
    auto balances = account.accepted == next_ && last.accepted == next_ && account.failed == 0
                    && account.pending() == 0 && last.pending == 0
                    && last.accepted == last.sent + last.failed;
    fmt::print("\naccepted {} = sent {} + failed {} + pending {}\n"
               "came back {} of {} numbers, {} of them more than once; {} strange\n"
               "connections lost {}, reopened {}; messages sent again {}\n",
               grouped(last.accepted), grouped(last.sent), grouped(last.failed),
               grouped(last.pending), grouped(ledger_->distinct()), grouped(next_),
               grouped(ledger_->repeated()), grouped(ledger_->strange()), grouped(losses(last)),
               grouped(last.reconnects), grouped(last.resent));
    if (next_ == 0)
      fmt::print("Nothing was sent: the rate and the duration are too small.\n");
    auto good = balances && lost == 0 && ledger_->strange() == 0 && next_ > 0;
    if (next_ > 0)
      fmt::print("{}\n", good ? "The account balances: every message is accounted for."
                              : "THE ACCOUNT DOES NOT BALANCE.");
    std::fflush(stdout);
    account.resent = last.resent;
    account.reconnects = last.reconnects;
    account.received = ledger_->distinct() + ledger_->repeated();
    print_error_line(to_json(account));
    return good;
  }

  static std::uint64_t losses(const pool_stats& x) {
    std::uint64_t result = 0;
    for (auto& closed : x.closes)
      result += closed.count;
    return result;
  }

  const demo_flags& flags_;
  signal_inbox& signals_;
  std::uint64_t most_; ///< numbers to give away
  std::shared_ptr<stream_state> state_ = std::make_shared<stream_state>();
  std::shared_ptr<demo_ledger> ledger_;
  std::shared_ptr<latest_stats> latest_ = std::make_shared<latest_stats>();
  demo_table table_;
  app_system apps_;
  pool_actor pool_;
  caf::actor sender_;
  caf::actor watcher_;
  clock::time_point begin_ = clock::now();
  clock::time_point next_show_ = begin_;
  std::uint64_t next_ = 0; ///< number of the next message
  bool interrupted_ = false;
};

int run_demo(const demo_flags& flags) {
  signal_inbox signals;
  // In the end the server is at peace, so that all can come back however slow the machine is.
  child_process server{{"wspool", "echo", "--listen", "127.0.0.1:0", "--kill-every",
                        format_duration(flags.kill_every), "--kill-for",
                        format_duration(flags.duration)}};
  demonstration show{flags, signals, server.read_line(start_time)};
  return show.run() ? exit_status::success : exit_status::failed;
}

} // namespace

command add_demo(CLI::App& root, settings& table, const demo_flags& flags) {
  auto app = root.add_subcommand("demo", "Show a pool survive a server that cuts its connections");
  app->footer(demo_examples);
  table.attach(*app, {"demo"});
  return {app, [&table, &flags, app] {
            table.resolve(*app);
            return run_demo(flags);
          }};
}

} // namespace wspool::cli
