// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE background_writer

#include "stream/background_writer.hpp"
#include "stream/line_sink.hpp"

#include "support/unit_test.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <future>
#include <string>
#include <unistd.h>

namespace background_writer_test {

using namespace wspool;
using namespace wspool::cli;
using namespace std::chrono_literals;

namespace {

struct fixture {
  fixture() {
    std::signal(SIGPIPE, SIG_IGN);
    CAF_REQUIRE_EQUAL(::pipe2(ends.data(), O_CLOEXEC), 0);
  }
  ~fixture() {
    close_reader();
    ::close(ends[1]);
  }

  void close_reader() {
    if (ends[0] >= 0)
      ::close(ends[0]);
    ends[0] = -1;
  }

  std::string read(std::size_t bytes) {
    std::string result(bytes, '\0');
    std::size_t so_far = 0;
    while (so_far < bytes) {
      auto n = ::read(ends[0], result.data() + so_far, bytes - so_far);
      if (n <= 0)
        break;
      so_far += static_cast<std::size_t>(n);
    }
    result.resize(so_far);
    return result;
  }

  /// Reports as they come in.
  void count_reports(background_writer& out, std::uint64_t until) {
    out.on_written([this, until](std::uint64_t calls, std::error_code e) {
      ++reports;
      why = e;
      if ((reported += calls) == until)
        all.set_value();
    });
  }

  std::array<int, 2> ends{-1, -1};
  std::uint64_t reported = 0; ///< written by the writer's thread until `all` is set
  std::uint64_t reports = 0;
  std::error_code why;
  std::promise<void> all;
};

std::string framed(framing format, std::string_view data) {
  std::string result;
  append_framed(result, format, {data, message_kind::text});
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(background_writer_tests, fixture)

CAF_TEST(all_is_written_in_order_and_reported) {
  background_writer out{ends[1]};
  count_reports(out, 3);
  for (auto x : {"one", "two", "three"})
    out.write(x);
  CAF_CHECK_EQUAL(read(11), "onetwothree");
  CAF_REQUIRE(all.get_future().wait_for(20s) == std::future_status::ready);
  CAF_CHECK(!why);
}

CAF_TEST(what_comes_while_it_writes_goes_out_in_one) {
  background_writer out{ends[1]};
  const std::string much(1 << 20, 'x'); // more than a pipe takes
  count_reports(out, 101);
  out.write(much);
  CAF_CHECK_EQUAL(read(1), "x"); // so it has begun, and is stuck
  for (int i = 0; i < 100; ++i)
    out.write("y");
  CAF_CHECK(read(much.size() - 1) == much.substr(1));
  CAF_CHECK_EQUAL(read(100), std::string(100, 'y'));
  CAF_REQUIRE(all.get_future().wait_for(20s) == std::future_status::ready);
  CAF_CHECK_EQUAL(reports, 2u);
}

CAF_TEST(a_reader_that_went_away_is_an_error_and_stays_one) {
  background_writer out{ends[1]};
  count_reports(out, 2);
  close_reader();
  out.write("one");
  out.write("two");
  CAF_REQUIRE(all.get_future().wait_for(20s) == std::future_status::ready);
  CAF_CHECK_EQUAL(why.value(), EPIPE);
}

CAF_TEST(messages_are_framed_as_asked) {
  CAF_CHECK_EQUAL(framed(framing::text_lines, "ab"), "ab\n");
  CAF_CHECK_EQUAL(framed(framing::length_prefixed, "ab"), std::string("\0\0\0\2ab", 6));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace background_writer_test
