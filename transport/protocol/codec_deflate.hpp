// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "codec.hpp"

#include <wspool/connect_options.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace wspool::detail {

/// What was agreed about permessage-deflate, as the value of a Sec-WebSocket-Extensions header
/// that Beast understands; empty: no compression.
struct deflate_agreement {
  std::string extension;
  /// Whether this side may compress what it sends. False where the other one asks for a window of
  /// 256 bytes, which the compressor cannot keep to: uncompressed messages are always allowed.
  bool may_compress = true;
};

/// Client: whether a server's answer fits what was offered (RFC 7692 §7.1). Beast itself would
/// take an unfit answer for no answer at all.
/// @param answers the values of all Sec-WebSocket-Extensions headers, joined by commas
/// @returns the agreement, or `errc::upgrade_invalid` with the rule that the answer breaks.
failure check_deflate_answer(std::string_view answers, const deflate_options& offered,
                             deflate_agreement& agreement);

/// Server: the first offer of a client's list that can be accepted (RFC 7692 §5.1), alone. Beast
/// looks at the first one only.
deflate_agreement choose_deflate_offer(std::string_view offers, const deflate_options& options);

/// What was agreed about what one side sends.
struct sender_terms {
  int window_bits = 15;
  bool context_takeover = true; ///< whether a message may refer to those before it
};

/// @param extension what a server answered, as it or an agreement says it
sender_terms terms_of(std::string_view extension, role sender);

} // namespace wspool::detail
