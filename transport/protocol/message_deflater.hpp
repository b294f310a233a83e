// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "codec.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>

#include <string>
#include <string_view>

namespace wspool::detail {

/// Compresses messages of one connection, or one message for many (RFC 7692 §7.2.1). A fresh one
/// may take over from another at any time: what it writes refers to nothing that came before.
///
/// Beast's stream has one inside, whose window cannot be emptied from without; and it writes a
/// message in pieces of its buffer.
class message_deflater {
public:
  explicit message_deflater(const deflate_terms& terms);

  /// May refer to the messages before it (RFC 7692 §7.1.1).
  /// @returns the payload of a message's only frame. Precondition: it is not empty.
  [[nodiscard]] std::string compress(std::string_view data);

private:
  boost::beast::zlib::deflate_stream stream_;
};

} // namespace wspool::detail
