// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wspool::detail {

/// Where the first line and the head of a message end (RFC 9112 §2.1). Lengths have the line ends
/// with them, and are 0 as long as the end is not there.
class head_bounds {
public:
  /// `bytes` begin with the message and may have grown since the last call.
  void look_at(std::string_view bytes) {
    while (head_ == 0) {
      const auto end = bytes.find('\n', line_begin_ + searched_);
      if (end == std::string_view::npos) {
        searched_ = bytes.size() - line_begin_;
        return;
      }
      const auto line = bytes.substr(line_begin_, end - line_begin_);
      line_begin_ = end + 1;
      searched_ = 0;
      if (first_line_ == 0)
        first_line_ = line_begin_;
      else if (line.empty() || line == "\r")
        head_ = line_begin_;
    }
  }

  [[nodiscard]] std::size_t first_line() const noexcept { return first_line_; }
  [[nodiscard]] std::size_t head() const noexcept { return head_; }

private:
  std::size_t line_begin_ = 0;
  std::size_t searched_ = 0; ///< of the line that begins there
  std::size_t first_line_ = 0;
  std::size_t head_ = 0;
};

/// How far a head has come.
enum class head_state : std::uint8_t {
  more,      ///< bytes are missing
  whole,     ///< the parser has it
  too_long,  ///< above the limit
  malformed, ///< the parser says why
};

/// Puts what has come of a head into a parser of Beast's, and drops a whole head from `buffer`.
///
/// What comes of it is told by the bytes alone, not by the pieces they come in: given less than a
/// head, the parser judges lengths and looks for errors by what each call brings. So it gets the
/// first line once that is whole, since what is not HTTP should be told at once, and then the rest.
/// Precondition: the parser's own `header_limit` is at least `limit`.
template <class Parser>
head_state put_head(Parser& parser, head_bounds& bounds, std::string& buffer, std::size_t limit,
                    boost::beast::error_code& ec) {
  namespace http = boost::beast::http;
  const auto put = [&](std::size_t begin, std::size_t end, bool is_whole) {
    const auto n = parser.put(boost::asio::buffer(buffer.data() + begin, end - begin), ec);
    const bool taken = n == end - begin && (!ec || (ec == http::error::need_more && !is_whole));
    if (!taken && ec == http::error::need_more) // a line break that is none to it
      ec = http::error::bad_line_ending;
    return taken;
  };
  const bool had_first_line = bounds.first_line() > 0;
  bounds.look_at(buffer);
  const auto first = bounds.first_line();
  const auto head = bounds.head();
  if (first > limit || (first == 0 && buffer.size() > limit))
    return head_state::too_long;
  if (first > 0 && !had_first_line && !put(0, first, false))
    return head_state::malformed;
  if (head > limit || (head == 0 && buffer.size() > limit))
    return head_state::too_long;
  if (head == 0)
    return head_state::more;
  if (!put(first, head, true))
    return head_state::malformed;
  buffer.erase(0, head);
  return head_state::whole;
}

} // namespace wspool::detail
