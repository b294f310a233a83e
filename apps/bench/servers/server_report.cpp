// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "bench/servers/server_report.hpp"

#include "bench/statistics.hpp"
#include "bench/text_table.hpp"
#include "bench/versions.hpp"

#include <wspool/units.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <optional>

namespace wspool::bench {

namespace {

namespace json = boost::json;
using activity = server_case::activity;

std::string heading_of(const server_report& x) {
  const auto& where = x.where;
  const auto& how = x.how;
  auto result = "wspool bench fan-out: " + where.cpu + ", " + std::to_string(where.cores)
                + " cores, " + where.system + "\n";
  std::string libraries;
  for (const auto& [name, version] : library_versions())
    libraries += (libraries.empty() ? "" : ", ") + name + " " + version;
  result += libraries + "\n";
  return result + "medians of " + std::to_string(how.rounds) + " interleaved rounds of "
         + format_duration(how.span) + " after " + format_duration(how.warm_up)
         + " of warm-up (accepting: " + std::to_string(how.rounds * how.short_rounds)
         + "); server on one core, crowd on another\n\n";
}

std::vector<std::string> cells_of(const server_case& x, const server_sample& is,
                                  const server_sample& beast) {
  if (x.what == activity::idle)
    return {"",
            "",
            "",
            "",
            with_precision(is.bytes_each / 1024),
            with_precision(ratio(is.bytes_each, beast.bytes_each))};
  std::vector<std::string> result{with_commas(is.per_second),
                                  with_precision(ratio(is.per_second, beast.per_second))};
  if (x.what == activity::fan_out)
    for (auto delay : {is.p50_us, is.p99_us})
      result.push_back(with_precision(delay));
  return result;
}

std::string table_of(const std::vector<server_result>& results) {
  text_table table{
    {"case", "server", "per second", "x beast", "p50 us", "p99 us", "KiB/connection", "x beast"},
    2};
  std::string errors;
  for (const auto& x : results) {
    const auto* beast = x.find(server_kind::beast);
    for (const auto& one : x.servers) {
      std::vector<std::string> row{x.what.name(), std::string{to_string(one.who)}};
      if (one.middle.error.empty()) {
        auto more = cells_of(x.what, one.middle, beast ? beast->middle : server_sample{});
        row.insert(row.end(), more.begin(), more.end());
      } else {
        row.emplace_back("-");
        errors += x.what.name() + " " + row[1] + ": " + one.middle.error + "\n";
      }
      table.add(std::move(row));
    }
  }
  return table.text() + (errors.empty() ? "" : "\n" + errors);
}

/// One thing that is wanted of the server.
struct wish {
  std::string text;
  std::optional<double> measured;
  double limit = 0;
  bool at_least = true;
};

std::optional<double> ratio_to(const server_result& x, server_kind other) {
  const auto* ours = x.find(server_kind::wspool);
  const auto* theirs = x.find(other);
  if (ours == nullptr || theirs == nullptr)
    return std::nullopt;
  return ratio(ours->middle.per_second, theirs->middle.per_second);
}

std::vector<wish> wishes_of(const server_result& x) {
  const auto name = x.what.name();
  switch (x.what.what) {
    case activity::fan_out: {
      const bool bursts = x.what.burst > 1;
      return {{name + " beside npm's ws", ratio_to(x, server_kind::node_ws), bursts ? 3.0 : 1.5},
              {name + " beside Beast", ratio_to(x, server_kind::beast), bursts ? 3.0 : 1.4}};
    }
    case activity::accept:
      return {{name + " beside Beast", ratio_to(x, server_kind::beast), 0.9}};
    case activity::idle: {
      const auto* ours = x.find(server_kind::wspool);
      wish result{name + ", KiB of each", std::nullopt, 8, false};
      if (ours != nullptr)
        result.measured = ours->middle.bytes_each / 1024;
      return {result};
    }
  }
  return {};
}

std::string wishes_text(const std::vector<server_result>& results) {
  text_table table{{"goal", "", "measured", "wanted"}, 2};
  for (const auto& x : results)
    for (const auto& one : wishes_of(x)) {
      const bool met =
        one.measured && (one.at_least ? *one.measured >= one.limit : *one.measured <= one.limit);
      table.add({one.text,
                 !one.measured ? "not measured"
                 : met         ? "met"
                               : "MISSED",
                 one.measured ? with_precision(*one.measured) : "",
                 (one.at_least ? ">= " : "<= ") + with_precision(one.limit)});
    }
  return "\n" + table.text();
}

json::object to_object(const server_sample& x) {
  if (!x.error.empty())
    return {{"error", x.error}};
  return {{"per_second", x.per_second},
          {"p50_us", x.p50_us},
          {"p99_us", x.p99_us},
          {"bytes_each", x.bytes_each}};
}

} // namespace

std::string to_text(const server_report& x) {
  return heading_of(x) + table_of(x.results) + wishes_text(x.results);
}

std::string to_json(const server_report& all) {
  json::array cases;
  for (const auto& x : all.results) {
    json::object servers;
    for (const auto& one : x.servers) {
      auto about = to_object(one.middle);
      json::array rounds;
      for (const auto& round : one.rounds)
        rounds.push_back(to_object(round));
      about["rounds"] = std::move(rounds);
      servers[std::string{to_string(one.who)}] = std::move(about);
    }
    cases.push_back({{"case", x.what.name()}, {"servers", std::move(servers)}});
  }
  json::object result{
    {"cpu", all.where.cpu},     {"cores", all.where.cores},        {"system", all.where.system},
    {"rounds", all.how.rounds}, {"span_ms", all.how.span.count()}, {"cases", std::move(cases)}};
  return json::serialize(result);
}

} // namespace wspool::bench
