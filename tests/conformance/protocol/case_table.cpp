// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "case_table.hpp"

#include <sstream>

namespace wspool::test {

namespace {

/// Long payloads are shown by their beginnings.
std::string shown(const std::vector<std::string>& texts) {
  std::ostringstream s;
  s << texts.size();
  for (std::size_t i = 0; i < texts.size() && i < 8; ++i)
    s << " [" << texts[i].substr(0, 60) << (texts[i].size() > 60 ? "...] " : "] ")
      << texts[i].size();
  return s.str();
}

/// A codec with what it was told and what it answered.
struct subject {
  codec tested;
  decoded out;

  std::vector<seen_frame> answers() { return frames_of(tested.output()).value(); }
};

std::optional<std::string> differs(const char* what, const std::vector<std::string>& seen,
                                   const std::vector<std::string>& expected) {
  if (seen == expected)
    return std::nullopt;
  return std::string{what} + ": " + shown(seen) + ", expected: " + shown(expected);
}

std::optional<std::string> check_answers(subject& x, const conformance_case& row, role under_test) {
  std::vector<std::string> pongs;
  std::optional<unsigned> code;
  for (const auto& f : x.answers()) {
    if (f.masked != (under_test == role::client))
      return "an answer is masked wrongly (RFC 6455 §5.1)";
    if (code)
      return "something follows the close frame (RFC 6455 §5.5.1)";
    if (f.is_close())
      code = f.code();
    else if (f.first == (fin | pong))
      pongs.push_back(f.payload);
    else
      return "an answer that is neither a pong nor a close frame";
  }
  if (auto wrong = differs("pongs", pongs, row.pongs))
    return wrong;
  if (code.value_or(0) != row.end.code)
    return "answered with " + std::to_string(code.value_or(0)) + ", expected "
           + std::to_string(row.end.code);
  return std::nullopt;
}

std::optional<std::string> check(subject& x, const conformance_case& row, role under_test) {
  if (x.tested.state() != row.end.state)
    return "ended as " + to_string(x.tested.state()) + " (" + x.tested.error().detail
           + "), expected " + to_string(row.end.state);
  if (auto wrong = differs("messages", texts(x.out.messages), row.messages))
    return wrong;
  return check_answers(x, row, under_test);
}

/// Feeds one frame at a time: an ending comes behind the frame where it is due, neither before nor
/// after it.
std::optional<std::string> run_frames(const conformance_case& row, role under_test,
                                      const codec_options& options) {
  subject x{opened(under_test, options), {}};
  const auto due = row.due == 0 ? row.frames.size() : row.due;
  for (std::size_t i = 0; i < row.frames.size(); ++i) {
    x.tested.feed(frame(opposite(under_test), row.frames[i].first, row.frames[i].payload), x.out);
    const bool ended = x.tested.state() != codec::phase::open;
    if (ended && i + 1 < due)
      return "ended behind frame " + std::to_string(i + 1) + ": " + x.tested.error().detail;
    if (!ended && i + 1 == due && row.end.state != codec::phase::open)
      return "still open behind frame " + std::to_string(i + 1);
  }
  return check(x, row, under_test);
}

} // namespace

std::optional<std::string> run_case(const conformance_case& row, role under_test,
                                    const std::vector<std::size_t>& pieces,
                                    const codec_options& options) {
  std::string wire;
  for (const auto& f : row.frames)
    wire += frame(opposite(under_test), f.first, f.payload);
  subject x{opened(under_test, options), {}};
  feed_in_pieces(x.tested, wire, pieces, x.out);
  return check(x, row, under_test);
}

std::optional<std::string> run_case(const conformance_case& row, const codec_options& options) {
  const std::vector<std::size_t> splits[] = {{}, {1}, {997}, {2, 5, 3}};
  for (const auto r : {role::client, role::server}) {
    auto wrong = run_frames(row, r, options);
    for (const auto& pieces : splits)
      if (!wrong)
        wrong = run_case(row, r, pieces, options);
    if (wrong)
      return std::string{row.id} + ", " + row.what
             + (r == role::client ? ", as a client: " : ", as a server: ") + *wrong;
  }
  return std::nullopt;
}

} // namespace wspool::test
