// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "report.hpp"

#include "statistics.hpp"
#include "text_table.hpp"
#include "versions.hpp"

#include <wspool/units.hpp>

#include <algorithm>
#include <functional>

namespace wspool::bench {

namespace {

using row = std::vector<std::string>;

/// A ratio to Beast's value: "4.32".
std::string beside(double value, double beast) {
  return beast > 0 ? with_precision(ratio(value, beast)) : "";
}

/// A table of those cases that do certain things.
struct section {
  std::vector<activity> what;
  row heading; ///< behind case and client
  std::function<row(const sample&, const sample& beast)> cells;
};

std::vector<section> sections() {
  auto speed = [](const sample& x, const sample& beast) {
    return row{with_commas(x.rate()), beside(x.rate(), beast.rate()), with_commas(x.cpu_ns()),
               beside(x.cpu_ns(), beast.cpu_ns())};
  };
  auto latency = [](const sample& x, const sample& beast) {
    return row{with_precision(x.p50_ns / 1e3), beside(x.p50_ns, beast.p50_ns),
               with_precision(x.p99_ns / 1e3), beside(x.p99_ns, beast.p99_ns),
               with_commas(x.cpu_ns()),        beside(x.cpu_ns(), beast.cpu_ns())};
  };
  auto idle = [](const sample& x, const sample& beast) {
    return row{with_precision(100 * x.cpu_share()), with_precision(x.resident_bytes / 1024),
               beside(x.resident_bytes, beast.resident_bytes)};
  };
  return {
    {{activity::send, activity::send_batch, activity::receive},
     {"messages/s", "x beast", "CPU ns/message", "x beast"},
     speed},
    {{activity::echo},
     {"p50 us", "x beast", "p99 us", "x beast", "CPU ns/message", "x beast"},
     latency},
    {{activity::connect}, {"connections/s", "x beast", "CPU ns/connection", "x beast"}, speed},
    {{activity::idle}, {"CPU %", "KiB/connection", "x beast"}, idle},
  };
}

std::string table_of(const report& x, const section& part) {
  row heading{"case", "client"};
  heading.insert(heading.end(), part.heading.begin(), part.heading.end());
  text_table table{heading, 2};
  std::string errors;
  for (auto& result : x.results) {
    if (std::find(part.what.begin(), part.what.end(), result.what.what) == part.what.end())
      continue;
    auto* beast = result.find(competitor::beast);
    for (auto& client : result.clients) {
      row cells{result.what.name(), std::string{to_string(client.who)}};
      if (client.good()) {
        auto more = part.cells(client.middle, beast ? beast->middle : sample{});
        cells.insert(cells.end(), more.begin(), more.end());
      } else {
        cells.emplace_back("-");
        errors += result.what.name() + " " + cells[1] + ": " + client.middle.error + "\n";
      }
      table.add(std::move(cells));
    }
  }
  return table.empty() ? "" : "\n" + table.text() + (errors.empty() ? "" : "\n" + errors);
}

std::string goals_of(const report& x) {
  text_table table{{"goal", "", "measured", "wanted"}, 2};
  for (auto& y : judge(x.results)) {
    auto state = !y.measured ? "not measured" : y.met() ? "met" : "MISSED";
    table.add({y.what->text, state, y.measured ? with_precision(*y.measured) : "",
               (y.what->at_least ? ">= " : "<= ") + with_precision(y.what->limit)});
  }
  return "\n" + table.text();
}

} // namespace

std::string to_text(const report& x) {
  auto cores = std::to_string(x.where.cores) + (x.where.cores == 1 ? " core" : " cores");
  auto result = "wspool bench: " + x.where.cpu + ", " + cores + ", " + x.where.system + "\n";
  for (auto& [name, version] : library_versions())
    result += name + " " + version + ", ";
  result += x.node.empty() ? "without Node" : "Node " + x.node;
  result += "\nmedians of " + std::to_string(x.how.rounds) + " interleaved rounds of "
            + format_duration(x.how.span) + " after " + format_duration(x.how.warm_up)
            + " of warm-up; "
            + (x.where.cores > 1 ? "client on one core, peer on another"
                                 : "client and peer SHARE THE ONLY CORE")
            + "\n";
  for (auto& part : sections())
    result += table_of(x, part);
  if (x.with_goals)
    result += goals_of(x);
  return result;
}

} // namespace wspool::bench
