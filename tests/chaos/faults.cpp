// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/faults.hpp"

#include "chaos/process_state.hpp"
#include "chaos/waiting.hpp"
#include "chaos/wire_faults.hpp"

#include <algorithm>
#include <utility>

namespace wspool::chaos {

namespace {

using std::chrono::milliseconds;
using kind = opening_plan::kind;

milliseconds between(stage& s, std::uint64_t from, std::uint64_t to) {
  return milliseconds{s.random.number(from, to)};
}

/// Some open connections, rather few than many.
std::size_t some(stage& s) { return s.random.percent(20) ? 100 : s.random.number(1, 2); }

bool cut(stage& s, bool reset) {
  return s.server.disturb(some(s), [=](auto& x) { x.cut(reset); }) > 0;
}

// -- the opening ---------------------------------------------------------------------------------

/// The next connections get this; and there is a next one, as one is cut.
bool meet(stage& s, opening_plan what) {
  s.server.plan(s.any_door(), std::move(what), s.random.number(1, 3));
  cut(s, true);
  return true;
}

bool refuse_connections(stage& s) {
  s.server.shut(s.any_door(), between(s, 5, 150));
  cut(s, false);
  return true;
}

bool refuse_upgrades(stage& s) {
  static const std::vector<unsigned> statuses{500, 502, 503, 503, 504, 429, 408, 401, 403, 404};
  opening_plan what;
  what.what = kind::refuse;
  what.status = s.random.of(statuses);
  return meet(s, std::move(what));
}

bool break_handshakes(stage& s) {
  opening_plan what;
  what.what = kind::garbage;
  what.text = broken_answer(s.random);
  return meet(s, std::move(what));
}

bool drop_handshakes(stage& s) {
  opening_plan what;
  what.what = s.random.percent(50) ? kind::drop : kind::hang_up;
  what.reset = s.random.percent(50);
  return meet(s, std::move(what));
}

bool answer_upgrades_late(stage& s) {
  opening_plan what;
  what.what = s.random.percent(20) ? kind::silent : kind::accept;
  what.delay = between(s, 5, 400);
  return meet(s, std::move(what));
}

bool change_certificate(stage& s) {
  static const std::vector<std::string> names{"expired", "wrong-host", "stranger"};
  const auto door = s.any_door();
  if (!s.server.url(door).starts_with("wss"))
    return false;
  s.server.show_certificate(door, s.random.percent(30) ? "server" : s.random.of(names));
  cut(s, true);
  return true;
}

// -- open connections ----------------------------------------------------------------------------

bool reset(stage& s) { return cut(s, true); }

bool end_stream(stage& s) {
  if (s.random.percent(50))
    return cut(s, false);
  return s.server.disturb(some(s), [](auto& x) { x.half_close(); }) > 0;
}

bool close_with_code(stage& s) {
  const auto code = any_close_code(s.random);
  const std::string reason = code == 1012 ? "retry-after=20ms" : "chaos";
  const auto count = s.server.disturb(some(s), [&](auto& x) { x.close(code, reason); });
  if (code == close_code::too_big)
    s.too_big_closes += count;
  return count > 0;
}

bool stall(stage& s) {
  return s.server.disturb(some(s), [](auto& x) { x.read_no_more(); }) > 0;
}

bool read_slowly(stage& s) {
  const auto pause = between(s, 1, 20);
  return s.server.disturb(some(s), [=](auto& x) { x.read_slowly(pause); }) > 0;
}

bool drop_pings(stage& s) {
  return s.server.disturb(some(s), [](auto& x) { x.fall_silent(); }) > 0;
}

bool answer_late(stage& s) {
  const auto how_much = between(s, 1, 200);
  return s.server.disturb(some(s), [=](auto& x) { x.lag(how_much); }) > 0;
}

bool send_garbage(stage& s) {
  const auto bytes =
    s.random.percent(50) ? broken_frame(s.random) : s.random.bytes(s.random.number(1, 3'000));
  return s.server.disturb(some(s), [&](auto& x) { x.write_raw(bytes); }) > 0;
}

bool truncate_frame(stage& s) {
  const auto bytes = truncated_frame(s.random);
  const bool then_cut = s.random.percent(70);
  return s.server.disturb(some(s), [&](auto& x) { x.write_raw(bytes, then_cut); }) > 0;
}

bool flood(stage& s) {
  const auto count = static_cast<std::uint32_t>(s.random.number(100, 3'000));
  const auto bytes =
    s.random.percent(20) ? s.random.number(1'000, 20'000) : s.random.number(0, 100);
  return s.server.disturb(some(s), [=](auto& x) { x.flood(count, bytes); }) > 0;
}

bool flood_pings(stage& s) {
  const auto count = static_cast<std::uint32_t>(s.random.number(10, 2'000));
  return s.server.disturb(some(s), [=](auto& x) { x.flood_pings(count); }) > 0;
}

bool recover(stage& s) {
  return s.server.disturb(100, [](auto& x) { x.heal(); }) > 0;
}

// -- all at once ---------------------------------------------------------------------------------

bool kill_server(stage& s) {
  s.server.kill(between(s, 0, 150));
  return true;
}

bool run_out_of_descriptors(stage& s) {
  const scarce_descriptors guard{s.random.number(0, 4)};
  cut(s, true);
  cut(s, false);
  const auto before = s.seen->retries().size();
  (void)wait_until([&] { return s.seen->retries().size() > before + 5; }, between(s, 20, 120));
  return true;
}

// -- the pool's shape ----------------------------------------------------------------------------

bool add_endpoint(stage& s) {
  auto found = std::find_if(s.homes.begin(), s.homes.end(), [](auto& x) { return !x.wanted; });
  if (found == s.homes.end())
    return false;
  found->wanted = true;
  s.errand(add_atom_v, s.options_of(*found));
  return true;
}

bool remove_endpoint(stage& s) {
  if (std::count_if(s.homes.begin(), s.homes.end(), [](auto& x) { return x.wanted; }) < 2)
    return false;
  auto& x = s.any_home();
  if (!x.wanted)
    return false;
  x.wanted = false;
  s.errand(remove_atom_v, s.server.url(x.door));
  return true;
}

/// The server moves: the new address first, then the old one goes.
bool move_address(stage& s) {
  auto& x = s.any_home();
  if (!x.wanted || s.server.doors() > 12)
    return false;
  const bool tls = s.server.url(x.door).starts_with("wss");
  // The certificate is for 127.0.0.1 only.
  const auto fresh =
    s.server.open_door(!tls && s.random.percent(50) ? "127.0.0.2" : "127.0.0.1", tls);
  const auto old = std::exchange(x.door, fresh);
  s.errand(add_atom_v, s.options_of(x));
  s.errand(remove_atom_v, s.server.url(old));
  s.server.shut(old, std::chrono::hours{1});
  return true;
}

bool resize(stage& s) {
  auto& x = s.any_home();
  if (!x.wanted)
    return false;
  x.connections = static_cast<std::uint32_t>(s.random.number(1, 6));
  s.errand(resize_atom_v, s.server.url(x.door), x.connections);
  return true;
}

bool restart(stage& s) {
  const auto open = s.seen->open();
  if (open.empty())
    return false;
  s.errand(restart_atom_v, s.random.of(open));
  return true;
}

constexpr auto server_fault = fault_class::server;
constexpr auto reshaping = fault_class::reshape;

const std::vector<fault> table{
  {"refuse", "nothing accepts for a while", server_fault, 5, refuse_connections},
  {"refuse-upgrade", "answers the upgrade with an HTTP error", server_fault, 4, refuse_upgrades},
  {"break-handshake", "answers the upgrade with nonsense", server_fault, 2, break_handshakes},
  {"drop-handshake", "hangs up before or within the handshake", server_fault, 5, drop_handshakes},
  {"late-handshake", "answers the upgrade late, or never", server_fault, 5, answer_upgrades_late},
  {"certificate", "shows a certificate that is expired, a stranger's, or new", server_fault, 6,
   change_certificate},
  {"reset", "resets connections", server_fault, 8, reset},
  {"end", "ends connections, or one direction of them, without a close frame", server_fault, 6,
   end_stream},
  {"close", "closes connections, with every code", server_fault, 12, close_with_code},
  {"stall", "stops reading", server_fault, 6, stall},
  {"slow", "reads slowly", server_fault, 4, read_slowly},
  {"drop-pings", "reads, but says nothing any more", server_fault, 6, drop_pings},
  {"late", "says everything late", server_fault, 6, answer_late},
  {"garbage", "breaks the protocol, or sends noise", server_fault, 4, send_garbage},
  {"truncate", "sends a part of a frame, and may then end", server_fault, 5, truncate_frame},
  {"flood", "sends thousands of messages at once", server_fault, 4, flood},
  {"flood-pings", "sends thousands of pings at once", server_fault, 3, flood_pings},
  {"recover", "connections that stall, are late or silent, behave again", server_fault, 6, recover},
  {"kill", "the server is killed and, after a while, started again", server_fault, 5, kill_server},
  {"descriptors", "the process runs out of descriptors", server_fault, 2, run_out_of_descriptors},
  {"add", "an endpoint is added", reshaping, 8, add_endpoint},
  {"remove", "an endpoint is removed", reshaping, 5, remove_endpoint},
  {"move", "the server moves to another address", reshaping, 4, move_address},
  {"resize", "an endpoint gets another number of connections", reshaping, 8, resize},
  {"restart", "a connection is restarted", reshaping, 8, restart},
};

} // namespace

const std::vector<fault>& all_faults() { return table; }

const fault& any_fault(chance& random, bool server, bool reshape) {
  const auto fits = [=](const fault& x) {
    return x.kind == fault_class::server ? server : reshape;
  };
  std::uint64_t total = 0;
  for (const auto& x : table)
    total += fits(x) ? x.weight : 0;
  auto drawn = random.number(1, total);
  for (const auto& x : table) {
    if (!fits(x))
      continue;
    if (drawn <= x.weight)
      return x;
    drawn -= x.weight;
  }
  return table.front();
}

} // namespace wspool::chaos
