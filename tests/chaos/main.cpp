// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The fault runner: see tests/README.md.

#include "chaos/arguments.hpp"
#include "chaos/faults.hpp"
#include "chaos/herd.hpp"
#include "chaos/phase.hpp"
#include "chaos/process_state.hpp"
#include "support/sanitizer.hpp"

#include <wspool/type_ids.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>

namespace {

using namespace wspool;
using namespace wspool::chaos;
using clock = std::chrono::steady_clock;

/// Memory must stay flat once every kind of phase has been: what is
/// allocated strictly, what is resident with room for the heap's holes.
class memory_watch {
public:
  static constexpr std::uint64_t warm_up = 40;
  static constexpr std::size_t allocated_growth_kib = 1024;
  static constexpr std::size_t resident_growth_kib = 48 * 1024;

  void look(std::uint64_t phases, verdict& judge) {
    allocated_.now = allocated_kib();
    resident_.now = resident_kib();
    for (auto* x : {&allocated_, &resident_})
      if (phases <= warm_up)
        x->warm = std::max(x->warm, x->now);
    if (phases <= warm_up || !watches())
      return;
    judge.expect(allocated_.now <= allocated_.warm + allocated_growth_kib, to_string());
    judge.expect(resident_.now <= resident_.warm + resident_growth_kib, to_string());
  }

  [[nodiscard]] std::string to_string() const {
    return "memory after " + std::to_string(warm_up)
           + " phases and now: " + std::to_string(allocated_.warm) + " and "
           + std::to_string(allocated_.now) + " KiB allocated, " + std::to_string(resident_.warm)
           + " and " + std::to_string(resident_.now) + " KiB resident";
  }
  [[nodiscard]] std::size_t allocated() const { return allocated_.now; }
  [[nodiscard]] std::size_t resident() const { return resident_.now; }

private:
  struct measure {
    std::size_t warm = 0; ///< the most while warming up
    std::size_t now = 0;
  };

  /// A sanitizer keeps freed memory on purpose.
  static constexpr bool watches() {
#if defined(WSPOOL_ADDRESS_SANITIZER) || defined(WSPOOL_THREAD_SANITIZER)
    return false;
#else
    return true;
#endif
  }

  measure allocated_;
  measure resident_;
};

void list_faults() {
  for (const auto& x : all_faults())
    std::printf("%-16s %s\n", x.name, x.what);
}

void summarise(const arguments& args, const tally& count, const memory_watch& memory,
               double seconds, bool passed) {
  std::printf("{\"passed\":%s,\"seed\":%llu,\"phases\":%llu,\"faults\":%llu,\"messages\":%llu,"
              "\"arrivals\":%llu,\"connections\":%llu,\"allocated_kib\":%zu,\"resident_kib\":%zu,"
              "\"seconds\":%.1f,\"by_kind\":{",
              passed ? "true" : "false", static_cast<unsigned long long>(args.seed),
              static_cast<unsigned long long>(count.phases),
              static_cast<unsigned long long>(count.inflicted),
              static_cast<unsigned long long>(count.messages),
              static_cast<unsigned long long>(count.arrivals),
              static_cast<unsigned long long>(count.attempts), memory.allocated(),
              memory.resident(), seconds);
  const char* comma = "";
  for (const auto& [name, times] : count.faults) {
    std::printf("%s\"%s\":%llu", comma, name.c_str(), static_cast<unsigned long long>(times));
    comma = ",";
  }
  std::printf("}}\n");
}

/// What the process makes once and keeps, it makes here.
void warm_up(const arguments& args) {
  tally ignored_count;
  verdict ignored;
  auto plan = plan_phase(args.seed, args.first_phase);
  plan.ending = ending_kind::healed;
  play_phase(std::move(plan), 0, false, ignored_count, ignored);
}

bool play_all(const arguments& args) {
  tally count;
  verdict judge;
  memory_watch memory;
  warm_up(args);
  const auto begin = clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(clock::now() - begin).count(); };
  const auto is_over = [&] {
    return args.minutes > 0 ? seconds() >= args.minutes * 60 : count.inflicted >= args.faults;
  };
  for (auto number = args.first_phase; !is_over() && judge.clean(); ++number) {
    auto plan = plan_phase(args.seed, number);
    const auto text = to_string(plan);
    if (args.verbose)
      std::fprintf(stderr, "phase %llu: %s\n", static_cast<unsigned long long>(number),
                   text.c_str());
    const auto left = args.minutes > 0 ? SIZE_MAX : args.faults - count.inflicted;
    play_phase(std::move(plan), left, args.verbose, count, judge);
    memory.look(count.phases, judge);
    if (args.verbose)
      std::fprintf(stderr, "  %s\n", memory.to_string().c_str());
    if (!judge.clean())
      std::fprintf(stderr, "wspool_chaos: seed %llu, phase %llu (%s): %zu violations\n",
                   static_cast<unsigned long long>(args.seed),
                   static_cast<unsigned long long>(number), text.c_str(), judge.count());
    for (const auto& what : judge.findings())
      std::fprintf(stderr, "  %s\n", what.c_str());
  }
  summarise(args, count, memory, seconds(), judge.clean());
  return judge.clean();
}

} // namespace

int main(int argc, char** argv) {
  arguments args;
  if (const auto status = parse(argc, argv, args))
    return *status;
  try {
    compat::register_modules<>();
    compat::register_types<caf::id_block::wspool>();
    raise_descriptor_limit();
    keep_memory_together();
    if (args.list) {
      list_faults();
      return 0;
    }
    return (args.herd > 0 ? run_herd(args.herd, args.seed) : play_all(args)) ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "wspool_chaos: %s\n", e.what());
    return 1;
  }
}
