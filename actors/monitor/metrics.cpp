// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "monitor/metrics.hpp"

#include <wspool/caf_generation.hpp>

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#ifndef WSPOOL_VERSION
#error "the build says which version this is"
#endif

namespace wspool {

namespace {

using labels = std::vector<prometheus::ClientMetric::Label>;
using prometheus::MetricType;

// -- the table: every metric's name, kind and help ------------------------------------------------

struct family {
  const char* name;
  MetricType kind;
  const char* help;
};

constexpr auto counter = MetricType::Counter;
constexpr auto gauge = MetricType::Gauge;
constexpr auto distribution = MetricType::Histogram;

// The account of messages: accepted = sent + failed + pending.
constexpr family accepted{"wspool_accepted_total", counter, "Messages that the pool took."};
constexpr family sent{"wspool_sent_total", counter,
                      "Messages that were sent, as their delivery policy means it."};
constexpr family failed{"wspool_failed_total", counter, "Messages that were not sent, by reason."};
constexpr family pending{"wspool_pending", gauge, "Messages that are neither sent nor failed yet."};
constexpr family resent{"wspool_resent_total", counter,
                        "Messages that went to another connection because theirs had died."};
constexpr family dropped{"wspool_messages_dropped_total", counter,
                         "Messages that the pool's own limits let fail, by reason; each is in "
                         "wspool_failed_total too."};

// Slots and connections.
constexpr family connections{"wspool_connections", gauge,
                             "Slots by endpoint and by what they are doing."};
constexpr family attempts{"wspool_connect_attempts_total", counter,
                          "Attempts to connect by endpoint and result: ok, or the error."};
constexpr family connect_duration{"wspool_connect_duration_seconds", distribution,
                                  "From the beginning of an attempt until it was open, of those "
                                  "that succeeded."};
constexpr family connection_duration{"wspool_connection_duration_seconds", distribution,
                                     "How long connections that closed had been open."};
constexpr family closes{"wspool_closes_total", counter,
                        "Connections that closed, by close code (RFC 6455 section 7.4) and by who "
                        "began it: local or remote."};
constexpr family reconnects{"wspool_reconnects_total", counter,
                            "Connections that opened in a slot that had been open before."};
constexpr family reconnect_delay{"wspool_reconnect_delay_seconds", distribution,
                                 "Waits between the end of a connection or attempt and the next."};

// Messages on their way.
constexpr family queue_messages{"wspool_queue_messages", gauge,
                                "Messages for which no connection has room yet."};
constexpr family queue_bytes{"wspool_queue_bytes", gauge, "Bytes of these messages."};
constexpr family messages{"wspool_messages_total", counter,
                          "Messages written to and read from connections, by direction (out, in) "
                          "and type (text, binary)."};
constexpr family bytes{"wspool_bytes_total", counter,
                       "Bytes of these messages, without framing, by direction."};
constexpr family send_wait{"wspool_send_wait_seconds", distribution,
                           "From a message's acceptance until the kernel took it."};
constexpr family heartbeat_rtt{"wspool_heartbeat_rtt_seconds", distribution,
                               "Round trips from a ping to its pong."};

// A server's clients.
constexpr family server_sockets{"wspool_server_sockets", gauge,
                                "TCP connections, those that are not upgraded included."};
constexpr family server_clients{"wspool_server_clients", gauge, "Upgraded connections."};
constexpr family server_spaces{"wspool_server_spaces", gauge, "Namespaces with a client."};
constexpr family server_rooms{"wspool_server_rooms", gauge, "Rooms with a client."};
constexpr family server_draining{"wspool_server_draining", gauge,
                                 "1 while the server takes no more clients."};
constexpr family server_arrived{"wspool_server_arrived_total", counter, "Clients let in."};
constexpr family server_refused{"wspool_server_refused_total", counter,
                                "Upgrades refused, by HTTP status."};
constexpr family server_turned_away{"wspool_server_turned_away_total", counter,
                                    "TCP connections closed without an answer: too many at once."};
constexpr family server_failed{"wspool_server_failed_total", counter,
                               "TCP connections that ended before an upgrade or an answer."};
constexpr family server_http{"wspool_server_http_total", counter,
                             "Answers to requests that asked for no WebSocket, by HTTP status."};
constexpr family server_closes{"wspool_server_closes_total", counter,
                               "Clients that closed, by close code (RFC 6455 section 7.4) and by "
                               "who began it: local or remote."};
constexpr family server_ends{"wspool_server_ends_total", counter,
                             "Clients that left, by what ended them."};
constexpr family server_messages{"wspool_server_messages_total", counter,
                                 "Messages written to and read from clients, by direction (out, "
                                 "in) and type (text, binary)."};
constexpr family server_bytes{"wspool_server_bytes_total", counter,
                              "Bytes of these messages, without framing, by direction."};
constexpr family server_dropped{"wspool_server_messages_dropped_total", counter,
                                "Messages that a client did not get: it was too slow, or left."};
constexpr family server_waiting_messages{"wspool_server_waiting_messages", gauge,
                                         "Messages that wait for clients to take them."};
constexpr family server_waiting_bytes{"wspool_server_waiting_bytes", gauge,
                                      "Bytes of these messages."};

// A broker's clients and channels, and the backplane that it has.
constexpr family broker_clients{"wspool_broker_clients", gauge,
                                "Clients by the dialect they speak: v1, thinws, channels."};
constexpr family broker_channels{"wspool_broker_channels", gauge, "Channels with a member here."};
constexpr family broker_subscriptions{"wspool_broker_subscriptions", gauge,
                                      "Members of these channels, one for each membership."};
constexpr family broker_requests{"wspool_broker_requests_total", counter,
                                 "Messages of clients that were taken."};
constexpr family broker_rejected{"wspool_broker_rejected_total", counter,
                                 "Those that were answered with an error."};
constexpr family broker_published{"wspool_broker_published_total", counter,
                                  "Publications that were accepted here."};
constexpr family broker_duplicates{"wspool_broker_duplicates_total", counter,
                                   "Publications that had been accepted before, and were not "
                                   "published again."};
constexpr family broker_events{"wspool_broker_events_total", counter,
                               "Events of channels handed to members, one for each member."};
constexpr family broker_gaps{"wspool_broker_gaps_total", counter,
                             "Gaps that channels or clients were told of."};
constexpr family recoveries{"wspool_recoveries_total", counter,
                            "Clients that said where they were in a channel, by result: recovered "
                            "(they got all they had missed) or not_recovered."};
constexpr family broker_queries{"wspool_broker_queries_total", counter,
                                "Queries that have their answer, by outcome: response, or the "
                                "error's code."};
constexpr family broker_abuse{"wspool_broker_abuse_closes_total", counter,
                              "Clients closed with 1008 for what they went on sending."};
constexpr family backplane_up{"wspool_backplane_up", gauge,
                              "1 while the backplane is connected, by its kind."};
constexpr family backplane_reconnects{"wspool_backplane_reconnects_total", counter,
                                      "Times that it was connected again."};
constexpr family backplane_lag{"wspool_backplane_lag_seconds", gauge,
                               "From the publication to the event of the latest message of this "
                               "node; 0: there was none."};
constexpr family backplane_channels{"wspool_backplane_subscriptions", gauge,
                                    "Channels that this node listens to."};
constexpr family backplane_published{"wspool_backplane_published_total", counter,
                                     "Messages published, of this node."};
constexpr family backplane_received{"wspool_backplane_received_total", counter,
                                    "Messages that came in, of all nodes."};
constexpr family backplane_duplicates{"wspool_backplane_duplicates_total", counter,
                                      "Messages that were not published again."};
constexpr family backplane_failed{"wspool_backplane_failed_total", counter,
                                  "Publications that were answered with an error."};
constexpr family backplane_gaps{"wspool_backplane_gaps_total", counter,
                                "Gaps that listeners were told of."};

constexpr family build_info{"wspool_build_info", gauge,
                            "Always 1; which version this is, and of which CAF."};

/// Failures that are the pool's own choice, not a connection's or the sender's fault.
constexpr std::array drop_reasons{errc::dropped, errc::expired, errc::queue_full};

constexpr std::array slot_states{slot_state::connecting, slot_state::open, slot_state::draining,
                                 slot_state::waiting, slot_state::given_up};

// -- what Prometheus makes of numbers -------------------------------------------------------------

/// Every so many of a histogram's buckets become one: fewer series, each about 1.8 times as wide as
/// the one before. The last finite bound, a day, is among them.
constexpr std::size_t bucket_step = 2;

double seconds(std::chrono::nanoseconds x) { return std::chrono::duration<double>(x).count(); }

prometheus::ClientMetric::Histogram cumulative(const histogram& from) {
  constexpr auto finite = histogram::bucket_count - 1;
  prometheus::ClientMetric::Histogram result;
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < finite; ++i) {
    so_far += from.bucket(i);
    if (i % bucket_step == 0)
      result.bucket.push_back({so_far, seconds(histogram::upper_bound(i))});
  }
  // What lies above the last bound is in the count, which the serializer writes as le="+Inf".
  result.sample_count = from.count();
  result.sample_sum = seconds(from.sum());
  return result;
}

/// Families with their samples, in the order in which they are added.
class page {
public:
  void begin(const family& what) {
    prometheus::MetricFamily next;
    next.name = what.name;
    next.help = what.help;
    next.type = what.kind;
    families_.push_back(std::move(next));
  }

  /// Adds a sample of the family that was begun last.
  void sample(labels by, double value) {
    auto& metric = add(std::move(by));
    if (families_.back().type == counter)
      metric.counter.value = value;
    else
      metric.gauge.value = value;
  }
  void sample(labels by, std::uint64_t value) { sample(std::move(by), static_cast<double>(value)); }
  void sample(labels by, const histogram& values) {
    add(std::move(by)).histogram = cumulative(values);
  }

  template <class T>
  void single(const family& what, labels by, const T& value) {
    begin(what);
    sample(std::move(by), value);
  }

  [[nodiscard]] std::string text() const {
    return prometheus::TextSerializer{}.Serialize(families_);
  }

private:
  prometheus::ClientMetric& add(labels by) {
    auto& metric = families_.back().metric.emplace_back();
    metric.label = std::move(by);
    return metric;
  }

  std::vector<prometheus::MetricFamily> families_;
};

// -- what a pool tells ----------------------------------------------------------------------------

// Labels that the conventions list stand first; the pool's name tells several pools of one process
// apart.

void add_account(page& to, const pool_stats& x) {
  to.single(accepted, {{"pool", x.pool}}, x.accepted);
  to.single(sent, {{"pool", x.pool}}, x.sent);
  to.begin(failed);
  for (const auto& [reason, count] : x.failures)
    to.sample({{"reason", reason}, {"pool", x.pool}}, count);
  to.single(pending, {{"pool", x.pool}}, x.pending);
  to.single(resent, {{"pool", x.pool}}, x.resent);
  to.begin(dropped);
  for (auto reason : drop_reasons) {
    auto found = x.failures.find(to_string(reason));
    to.sample({{"reason", to_string(reason)}, {"pool", x.pool}},
              found == x.failures.end() ? std::uint64_t{0} : found->second);
  }
}

void add_connections(page& to, const pool_stats& x) {
  std::map<std::string_view, std::map<slot_state, std::uint64_t>> by_endpoint;
  for (const auto& e : x.endpoints)
    by_endpoint[e.endpoint]; // one without slots has zeros: its line does not just break off
  for (const auto& c : x.connections)
    ++by_endpoint[c.endpoint][c.state];
  to.begin(connections);
  for (auto& [endpoint, by_state] : by_endpoint)
    for (auto state : slot_states)
      to.sample({{"pool", x.pool},
                 {"endpoint", std::string{endpoint}},
                 {"state", std::string{to_string(state)}}},
                by_state[state]);
}

void add_attempts(page& to, const pool_stats& x) {
  to.begin(attempts);
  for (const auto& e : x.endpoints)
    for (const auto& [result, count] : e.attempts)
      to.sample({{"pool", x.pool}, {"endpoint", e.endpoint}, {"result", result}}, count);
  to.begin(connect_duration);
  for (const auto& e : x.endpoints)
    to.sample({{"endpoint", e.endpoint}, {"pool", x.pool}}, e.connect_duration);
}

/// `whose` says of which pool or server this is.
void add_closes(page& to, const family& what, const std::vector<close_count>& closed,
                const prometheus::ClientMetric::Label& whose) {
  to.begin(what);
  for (const auto& c : closed)
    to.sample({{"code", std::to_string(c.code)},
               {"initiator", c.began == initiator::local ? "local" : "remote"},
               whose},
              c.count);
}

void add_ends(page& to, const pool_stats& x) {
  to.single(connection_duration, {{"pool", x.pool}}, x.connection_duration);
  add_closes(to, closes, x.closes, {"pool", x.pool});
  to.single(reconnects, {{"pool", x.pool}}, x.reconnects);
  to.single(reconnect_delay, {{"pool", x.pool}}, x.reconnect_delay);
}

void add_traffic(page& to, const family& count, const family& size, const traffic& t,
                 const prometheus::ClientMetric::Label& whose) {
  to.begin(count);
  auto split = [&](const char* direction, std::uint64_t all, std::uint64_t binary) {
    to.sample({{"direction", direction}, {"type", "text"}, whose}, all - binary);
    to.sample({{"direction", direction}, {"type", "binary"}, whose}, binary);
  };
  split("out", t.messages_out, t.binary_out);
  split("in", t.messages_in, t.binary_in);
  to.begin(size);
  to.sample({{"direction", "out"}, whose}, t.bytes_out);
  to.sample({{"direction", "in"}, whose}, t.bytes_in);
}

std::string caf_version() {
  return std::to_string(CAF_MAJOR_VERSION) + "." + std::to_string(CAF_MINOR_VERSION) + "."
         + std::to_string(CAF_PATCH_VERSION);
}

// -- what a server tells --------------------------------------------------------------------------

void add_comings(page& to, const server_stats& x) {
  const prometheus::ClientMetric::Label whose{"server", x.server};
  to.single(server_sockets, {whose}, x.sockets);
  to.single(server_clients, {whose}, x.clients);
  to.single(server_spaces, {whose}, x.spaces);
  to.single(server_rooms, {whose}, x.rooms);
  to.single(server_draining, {whose}, x.draining ? 1.0 : 0.0);
  to.single(server_arrived, {whose}, x.arrived);
  to.begin(server_refused);
  for (const auto& [status, count] : x.refused)
    to.sample({{"status", std::to_string(status)}, whose}, count);
  to.single(server_turned_away, {whose}, x.turned_away);
  to.single(server_failed, {whose}, x.failed);
  to.begin(server_http);
  for (const auto& [status, count] : x.http)
    to.sample({{"status", std::to_string(status)}, whose}, count);
}

void add_goings(page& to, const server_stats& x) {
  const prometheus::ClientMetric::Label whose{"server", x.server};
  add_closes(to, server_closes, x.closes, whose);
  to.begin(server_ends);
  for (const auto& [reason, count] : x.ends)
    to.sample({{"reason", reason}, whose}, count);
  add_traffic(to, server_messages, server_bytes, x.total_traffic, whose);
  to.single(server_dropped, {whose}, x.dropped_messages);
  to.single(server_waiting_messages, {whose}, x.waiting_messages);
  to.single(server_waiting_bytes, {whose}, x.waiting_bytes);
}

// -- what a broker tells --------------------------------------------------------------------------

void add_counts(page& to, const broker_stats& x, const prometheus::ClientMetric::Label& whose) {
  to.begin(broker_clients);
  for (const auto& [dialect, count] : x.dialects)
    to.sample({{"dialect", dialect}, whose}, count);
  to.single(broker_channels, {whose}, x.channels);
  to.single(broker_subscriptions, {whose}, x.memberships);
  to.single(broker_requests, {whose}, x.requests);
  to.single(broker_rejected, {whose}, x.rejected);
  to.single(broker_published, {whose}, x.published);
  to.single(broker_duplicates, {whose}, x.duplicates);
  to.single(broker_events, {whose}, x.events);
  to.single(broker_gaps, {whose}, x.gaps);
  to.begin(recoveries);
  to.sample({{"result", "recovered"}, whose}, x.recovered);
  to.sample({{"result", "not_recovered"}, whose}, x.not_recovered);
  to.begin(broker_queries);
  for (const auto& [outcome, count] : x.query_outcomes)
    to.sample({{"outcome", outcome}, whose}, count);
  to.single(broker_abuse, {whose}, x.abusers);
}

void add_counts(page& to, const backplane_stats& x, const prometheus::ClientMetric::Label& whose) {
  to.single(backplane_up, {{"kind", x.kind}, whose}, x.connected ? 1.0 : 0.0);
  to.single(backplane_reconnects, {whose}, x.reconnects);
  to.single(backplane_lag, {whose}, seconds(x.lag));
  to.single(backplane_channels, {whose}, x.channels);
  to.single(backplane_published, {whose}, x.published);
  to.single(backplane_received, {whose}, x.received);
  to.single(backplane_duplicates, {whose}, x.duplicates);
  to.single(backplane_failed, {whose}, x.failed);
  to.single(backplane_gaps, {whose}, x.gaps);
}

void add_build(page& to) {
  to.single(build_info, {{"version", WSPOOL_VERSION}, {"caf", caf_version()}}, 1.0);
}

} // namespace

std::string render_metrics(const pool_stats& stats) {
  page result;
  add_account(result, stats);
  add_connections(result, stats);
  add_attempts(result, stats);
  add_ends(result, stats);
  result.single(queue_messages, {{"pool", stats.pool}}, stats.queued_messages);
  result.single(queue_bytes, {{"pool", stats.pool}}, stats.queued_bytes);
  add_traffic(result, messages, bytes, stats.total_traffic, {"pool", stats.pool});
  result.single(send_wait, {{"pool", stats.pool}}, stats.send_wait);
  result.single(heartbeat_rtt, {{"pool", stats.pool}}, stats.round_trip);
  add_build(result);
  return result.text();
}

std::string render_metrics(const server_stats& stats) {
  page result;
  add_comings(result, stats);
  add_goings(result, stats);
  add_build(result);
  return result.text();
}

std::string render_metrics(const broker_stats& stats, const std::string& broker) {
  page result;
  add_counts(result, stats, {"broker", broker});
  return result.text();
}

std::string render_metrics(const backplane_stats& stats, const std::string& broker) {
  page result;
  add_counts(result, stats, {"broker", broker});
  return result.text();
}

} // namespace wspool
