// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "report.hpp"

#include "statistics.hpp"
#include "versions.hpp"

#include <boost/json.hpp>

namespace wspool::bench {

namespace {

namespace json = boost::json;

json::object values_of(const sample& x, const bench_case& what) {
  json::object result;
  if (!x.error.empty()) {
    result["error"] = x.error;
    return result;
  }
  if (what.what == activity::idle) {
    result["cpu_share"] = x.cpu_share();
    result["resident_bytes_per_connection"] = x.resident_bytes;
    return result;
  }
  result["messages_per_second"] = x.rate();
  result["cpu_ns_per_message"] = x.cpu_ns();
  if (what.what == activity::echo) {
    result["p50_ns"] = x.p50_ns;
    result["p99_ns"] = x.p99_ns;
  }
  return result;
}

/// Each value divided by Beast's.
json::object beside(const json::object& values, const json::object& beast) {
  json::object result;
  for (auto& x : values)
    if (auto* other = beast.if_contains(x.key()))
      if (x.value().is_double() && other->is_double())
        result[x.key()] = ratio(x.value().as_double(), other->as_double());
  return result;
}

json::object to_object(const case_result& x) {
  auto& what = x.what;
  json::object result{
    {"name", what.name()},
    {"family", what.family},
    {"size_bytes", what.size_bytes},
    {"connections", what.connections},
    {"tls", what.tls},
    {"deflate", what.deflate},
    {"io_threads", what.io_threads},
    {"window_messages", what.window},
  };
  auto* reference = x.find(competitor::beast);
  auto beast = reference ? values_of(reference->middle, what) : json::object{};
  json::array clients;
  for (auto& client : x.clients) {
    auto values = values_of(client.middle, what);
    auto ratios = beside(values, beast);
    json::array rounds;
    for (auto& round : client.rounds)
      rounds.push_back(values_of(round, what));
    values["client"] = to_string(client.who);
    values["beside_beast"] = std::move(ratios);
    values["rounds"] = std::move(rounds);
    clients.push_back(std::move(values));
  }
  result["clients"] = std::move(clients);
  return result;
}

json::object to_object(const verdict& x) {
  json::object result{{"goal", x.what->text}, {"met", x.met()}};
  result[x.what->at_least ? "at_least" : "at_most"] = x.what->limit;
  result["measured"] = x.measured ? json::value(*x.measured) : json::value(nullptr);
  return result;
}

} // namespace

std::string to_json(const report& x) {
  json::object versions;
  for (auto& [name, version] : library_versions())
    versions[name] = version;
  if (!x.node.empty())
    versions["Node"] = x.node;
  json::object result;
  result["cpu"] = x.where.cpu;
  result["cores"] = x.where.cores;
  result["system"] = x.where.system;
  result["pinned"] = x.where.cores > 1;
  result["versions"] = std::move(versions);
  result["rounds"] = x.how.rounds;
  result["seconds"] = static_cast<double>(x.how.span.count()) / 1e3;
  json::array cases;
  for (auto& y : x.results)
    cases.push_back(to_object(y));
  result["cases"] = std::move(cases);
  if (x.with_goals) {
    json::array goals;
    for (auto& y : judge(x.results))
      goals.push_back(to_object(y));
    result["goals"] = std::move(goals);
  }
  return json::serialize(result);
}

} // namespace wspool::bench
