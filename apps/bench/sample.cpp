// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "sample.hpp"

#include "statistics.hpp"

#include <boost/json.hpp>

#include <sys/resource.h>
#include <utility>

namespace wspool::bench {

namespace {

using field = std::pair<const char*, double sample::*>;
constexpr field fields[] = {
  {"messages", &sample::messages},       {"seconds", &sample::seconds},
  {"cpu_seconds", &sample::cpu_seconds}, {"p50_ns", &sample::p50_ns},
  {"p99_ns", &sample::p99_ns},           {"resident_bytes", &sample::resident_bytes},
};

double seconds_of(const timeval& x) noexcept {
  return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) * 1e-6;
}

double process_cpu_seconds() noexcept {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

} // namespace

double sample::rate() const noexcept { return ratio(messages, seconds); }

double sample::cpu_ns() const noexcept { return ratio(cpu_seconds * 1e9, messages); }

double sample::cpu_share() const noexcept { return ratio(cpu_seconds, seconds); }

std::string to_json(const sample& x) {
  boost::json::object result;
  for (auto& [name, member] : fields)
    result[name] = x.*member;
  if (!x.error.empty())
    result["error"] = x.error;
  return boost::json::serialize(result);
}

sample parse_sample(std::string_view json) {
  auto parsed = boost::json::parse({json.data(), json.size()});
  auto& object = parsed.as_object();
  sample result;
  for (auto& [name, member] : fields)
    if (auto* value = object.if_contains(name))
      result.*member = value->to_number<double>();
  if (auto* error = object.if_contains("error"))
    result.error = error->as_string().c_str();
  return result;
}

sample medians(const std::vector<sample>& rounds) {
  sample result;
  std::vector<const sample*> good;
  for (auto& x : rounds) {
    if (x.error.empty())
      good.push_back(&x);
    else if (result.error.empty())
      result.error = x.error;
  }
  if (good.empty())
    return result;
  result.error.clear();
  auto median_of = [&good](auto value) {
    std::vector<double> values;
    values.reserve(good.size());
    for (auto* x : good)
      values.push_back(value(*x));
    return median(std::move(values));
  };
  // Rate and CPU have medians of their own: each is a ratio within one round.
  result.seconds = median_of([](auto& x) { return x.seconds; });
  result.messages = median_of([](auto& x) { return x.rate(); }) * result.seconds;
  result.cpu_seconds = result.messages > 0
                         ? median_of([](auto& x) { return x.cpu_ns(); }) * result.messages * 1e-9
                         : median_of([](auto& x) { return x.cpu_share(); }) * result.seconds;
  result.p50_ns = median_of([](auto& x) { return x.p50_ns; });
  result.p99_ns = median_of([](auto& x) { return x.p99_ns; });
  result.resident_bytes = median_of([](auto& x) { return x.resident_bytes; });
  return result;
}

void measured_span::begin(double count) {
  count_ = count;
  cpu_seconds_ = process_cpu_seconds();
  began_ = std::chrono::steady_clock::now();
}

void measured_span::end(double count, sample& result) const {
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
  result.cpu_seconds = process_cpu_seconds() - cpu_seconds_;
  result.seconds = took.count();
  result.messages = count - count_;
}

void set_round_trips(sample& result, std::vector<double> nanoseconds) {
  result.p50_ns = percentile(nanoseconds, 0.5);
  result.p99_ns = percentile(std::move(nanoseconds), 0.99);
}

} // namespace wspool::bench
