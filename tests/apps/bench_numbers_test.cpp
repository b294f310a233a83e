// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE bench_numbers

#include "bench/sample.hpp"
#include "bench/statistics.hpp"
#include "bench/text_table.hpp"

#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <algorithm>

namespace bench_numbers_test {

using namespace wspool::bench;

CAF_TEST(the_median_is_in_the_middle) {
  CAF_CHECK_EQUAL(median({}), 0);
  CAF_CHECK_EQUAL(median({7}), 7);
  CAF_CHECK_EQUAL(median({9, 1, 5}), 5);
  CAF_CHECK_EQUAL(median({4, 1, 3, 2}), 2.5);
}

CAF_TEST(a_percentile_is_one_of_the_values) {
  CAF_CHECK_EQUAL(percentile({}, 0.5), 0);
  CAF_CHECK_EQUAL(percentile({3}, 0.99), 3);
  CAF_CHECK_EQUAL(percentile({4, 1, 3, 2}, 0.5), 2);
  CAF_CHECK_EQUAL(percentile({4, 1, 3, 2}, 0.51), 3);
  CAF_CHECK_EQUAL(percentile({4, 1, 3, 2}, 0), 1);
  CAF_CHECK_EQUAL(percentile({4, 1, 3, 2}, 1), 4);
}

CAF_TEST(at_least_its_share_of_the_values_is_below_a_percentile) {
  CAF_CHECK(rc::check([](std::vector<double> values, double p) {
    RC_PRE(!values.empty());
    p = std::clamp(p, 0.0, 1.0);
    auto x = percentile(values, p);
    auto below = std::count_if(values.begin(), values.end(), [x](double y) { return y <= x; });
    auto less = std::count_if(values.begin(), values.end(), [x](double y) { return y < x; });
    auto size = static_cast<double>(values.size());
    RC_ASSERT(static_cast<double>(below) >= p * size);
    RC_ASSERT(less == 0 || static_cast<double>(less) < p * size);
  }));
}

CAF_TEST(a_ratio_to_nothing_is_nothing) {
  CAF_CHECK_EQUAL(ratio(6, 4), 1.5);
  CAF_CHECK_EQUAL(ratio(6, 0), 0);
}

CAF_TEST(a_sample_knows_its_rates) {
  sample x;
  x.messages = 500;
  x.seconds = 2;
  x.cpu_seconds = 0.001;
  CAF_CHECK_EQUAL(x.rate(), 250);
  CAF_CHECK_EQUAL(x.cpu_ns(), 2'000);
  CAF_CHECK_EQUAL(x.cpu_share(), 0.0005);
  CAF_CHECK_EQUAL(sample{}.rate(), 0);
}

CAF_TEST(a_sample_survives_json) {
  sample x;
  x.messages = 123'456;
  x.seconds = 1.25;
  x.cpu_seconds = 0.5;
  x.p50_ns = 68'000;
  x.p99_ns = 90'000;
  x.resident_bytes = 8'192;
  auto y = parse_sample(to_json(x));
  CAF_CHECK_EQUAL(y.messages, x.messages);
  CAF_CHECK_EQUAL(y.seconds, x.seconds);
  CAF_CHECK_EQUAL(y.cpu_seconds, x.cpu_seconds);
  CAF_CHECK_EQUAL(y.p50_ns, x.p50_ns);
  CAF_CHECK_EQUAL(y.p99_ns, x.p99_ns);
  CAF_CHECK_EQUAL(y.resident_bytes, x.resident_bytes);
  CAF_CHECK_EQUAL(y.error, "");
  // Node writes whole numbers as integers.
  CAF_CHECK_EQUAL(parse_sample(R"({"messages":7,"seconds":2})").rate(), 3.5);
  CAF_CHECK_EQUAL(parse_sample(R"({"error":"no such module"})").error, "no such module");
}

CAF_TEST(medians_are_taken_of_rates_and_costs) {
  auto of = [](double messages, double seconds, double cpu_seconds) {
    sample x;
    x.messages = messages;
    x.seconds = seconds;
    x.cpu_seconds = cpu_seconds;
    return x;
  };
  // Rates 100, 200, 400; costs 3, 2, 1 ms.
  auto x = medians({of(100, 1, 0.3), of(400, 2, 0.8), of(400, 1, 0.4)});
  CAF_CHECK_EQUAL(x.rate(), 200);
  CAF_CHECK(x.cpu_ns() > 1.99e6 && x.cpu_ns() < 2.01e6);
}

CAF_TEST(a_round_that_failed_does_not_count_unless_all_did) {
  sample good;
  good.messages = 10;
  good.seconds = 1;
  sample failed;
  failed.error = "refused";
  CAF_CHECK_EQUAL(medians({failed, good}).rate(), 10);
  CAF_CHECK_EQUAL(medians({failed, good}).error, "");
  CAF_CHECK_EQUAL(medians({failed, failed}).error, "refused");
}

CAF_TEST(columns_are_as_wide_as_their_widest_cell) {
  text_table table{{"case", "messages/s", "x"}, 1};
  CAF_CHECK(table.empty());
  table.add({"send", "1,000", "1.00"});
  table.add_gap();
  table.add({"µ-long-name", "-"});
  CAF_CHECK_EQUAL(table.text(), "case         messages/s     x\n"
                                "send              1,000  1.00\n"
                                "\n"
                                "µ-long-name           -\n");
}

CAF_TEST(numbers_are_short_and_readable) {
  CAF_CHECK_EQUAL(with_commas(0), "0");
  CAF_CHECK_EQUAL(with_commas(999.6), "1,000");
  CAF_CHECK_EQUAL(with_commas(1'234'567), "1,234,567");
  CAF_CHECK_EQUAL(with_commas(-1'234), "-1,234");
  CAF_CHECK_EQUAL(with_precision(0), "0");
  CAF_CHECK_EQUAL(with_precision(0.0853), "0.0853");
  CAF_CHECK_EQUAL(with_precision(0.512), "0.512");
  CAF_CHECK_EQUAL(with_precision(4.321), "4.32");
  CAF_CHECK_EQUAL(with_precision(12.34), "12.3");
  CAF_CHECK_EQUAL(with_precision(417.2), "417");
}

} // namespace bench_numbers_test
