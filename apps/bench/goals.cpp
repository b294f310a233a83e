// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "goals.hpp"

#include "statistics.hpp"

#include <algorithm>
#include <utility>

namespace wspool::bench {

namespace {

using results = std::vector<const case_result*>;
using value_of = double (*)(const sample&);

double rate(const sample& x) { return x.rate(); }
double cpu(const sample& x) { return x.cpu_ns(); }
double p50(const sample& x) { return x.p50_ns; }
double p99(const sample& x) { return x.p99_ns; }
double cpu_percent(const sample& x) { return 100 * x.cpu_share(); }
double resident_kib(const sample& x) { return x.resident_bytes / 1024; }

/// How the pool's value compares to another client's of the same case.
goal beside(competitor other, const std::string& name, const char* what, value_of value,
            bool at_least, double limit) {
  goal result;
  result.text = name + ": " + what + " beside " + std::string{to_string(other)};
  result.at_least = at_least;
  result.limit = limit;
  result.cases = {name};
  result.measure = [=](const results& found) -> std::optional<double> {
    auto* ours = found.front()->find(competitor::wspool);
    auto* theirs = found.front()->find(other);
    if (!ours || !theirs)
      return std::nullopt;
    return ratio(value(ours->middle), value(theirs->middle));
  };
  return result;
}

goal absolute(const std::string& name, const char* what, value_of value, double limit) {
  goal result;
  result.text = name + ": " + what;
  result.at_least = false;
  result.limit = limit;
  result.cases = {name};
  result.measure = [=](const results& found) -> std::optional<double> {
    auto* ours = found.front()->find(competitor::wspool);
    return ours ? std::optional{value(ours->middle)} : std::nullopt;
  };
  return result;
}

/// From each case of a family to a later one: how much a value falls (`at_least`) or rises at most.
double worst_change(const std::vector<double>& values, bool at_least) {
  auto result = 1.0;
  auto best = values.front();
  for (auto x : values) {
    result = at_least ? std::min(result, ratio(x, best)) : std::max(result, ratio(x, best));
    best = at_least ? std::max(best, x) : std::min(best, x);
  }
  return result;
}

/// That a value does not get worse along a family, by more than rounds differ by anyway.
goal flat(const char* family, std::size_t io_threads, const char* what, value_of value,
          bool at_least, double limit) {
  goal result;
  result.at_least = at_least;
  result.limit = limit;
  for (auto& x : all_cases())
    if (x.family == family && x.io_threads == io_threads)
      result.cases.push_back(x.name());
  result.text = result.cases.front() + " and on: " + what + ", worst change";
  result.measure = [=](const results& found) -> std::optional<double> {
    std::vector<double> values;
    for (auto* x : found)
      if (auto* ours = x->find(competitor::wspool))
        values.push_back(value(ours->middle));
    if (values.size() < found.size())
      return std::nullopt;
    return worst_change(values, at_least);
  };
  return result;
}

void add_rate_and_cpu(std::vector<goal>& goals, const std::string& name, double at_least,
                      double at_most) {
  goals.push_back(beside(competitor::beast, name, "messages/s", rate, true, at_least));
  goals.push_back(beside(competitor::beast, name, "CPU/message", cpu, false, at_most));
}

std::vector<goal> make_goals() {
  std::vector<goal> result;
  add_rate_and_cpu(result, "send-batch/64B/4c", 8, 0.1);
  result.push_back(
    beside(competitor::node_pool, "send-batch/64B/4c", "messages/s", rate, true, 10));
  for (auto* name : {"send/64B/1c", "send/64B/4c"}) {
    add_rate_and_cpu(result, name, 4, 0.2);
    result.push_back(beside(competitor::node_pool, name, "messages/s", rate, true, 5));
  }
  for (auto* name : {"receive/64B/1c", "receive/64B/4c"}) {
    add_rate_and_cpu(result, name, 4, 1.0 / 3);
    result.push_back(beside(competitor::node_ws, name, "messages/s", rate, true, 2));
  }
  for (auto* name : {"send-batch/1KiB/1c", "send-batch/1KiB/4c"})
    add_rate_and_cpu(result, name, 2, 0.5);
  for (auto* name : {"send-batch/16KiB/1c", "send-batch/16KiB/4c"})
    add_rate_and_cpu(result, name, 1.2, 1);
  result.push_back(beside(competitor::beast, "echo/64B/1c", "p50", p50, false, 1.1));
  result.push_back(beside(competitor::beast, "echo/64B/1c", "p99", p99, false, 1.2));
  result.push_back(absolute("idle/1000c", "CPU, % of a core", cpu_percent, 1));
  result.push_back(absolute("idle/1000c", "KiB resident/connection", resident_kib, 8));
  result.push_back(beside(competitor::beast, "connect/1000c", "connections/s", rate, true, 0.9));
  for (auto* name : {"send/64B/4c/tls", "send-batch/64B/4c/tls"})
    result.push_back(beside(competitor::beast, name, "messages/s", rate, true, 4));
  for (std::size_t threads : {1, 2})
    result.push_back(flat("scaling", threads, "messages/s", rate, true, 0.9));
  result.push_back(flat("depth", 1, "CPU/message", cpu, false, 1.2));
  return result;
}

const case_result* find(const std::vector<case_result>& all, const std::string& name) {
  auto has_name = [&name](const case_result& x) { return x.what.name() == name; };
  auto found = std::find_if(all.begin(), all.end(), has_name);
  return found != all.end() ? &*found : nullptr;
}

} // namespace

bool verdict::met() const noexcept {
  return measured && (what->at_least ? *measured >= what->limit : *measured <= what->limit);
}

const std::vector<goal>& all_goals() {
  static const auto goals = make_goals();
  return goals;
}

std::vector<bench_case> cases_of_goals() {
  std::vector<bench_case> result;
  for (auto& x : all_cases()) {
    auto needs = [name = x.name()](const goal& y) {
      return std::find(y.cases.begin(), y.cases.end(), name) != y.cases.end();
    };
    if (std::any_of(all_goals().begin(), all_goals().end(), needs))
      result.push_back(x);
  }
  return result;
}

std::vector<verdict> judge(const std::vector<case_result>& all) {
  std::vector<verdict> result;
  for (auto& x : all_goals()) {
    results found;
    for (auto& name : x.cases)
      if (auto* one = find(all, name))
        found.push_back(one);
    if (found.empty())
      continue;
    result.push_back({&x, std::nullopt});
    if (found.size() == x.cases.size())
      result.back().measured = x.measure(found);
  }
  return result;
}

} // namespace wspool::bench
