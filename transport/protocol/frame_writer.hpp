// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wspool::detail {

/// Appends a whole frame: `first` is the header's first byte (FIN, RSV1 to RSV3, opcode).
/// `masked`, as everything is that a client sends: with a key of its own, from a strong source
/// (RFC 6455 §5.3, §10.3).
///
/// Beast could write the same bytes; but it passes each piece of a frame through a sequence of
/// buffers and draws each key by itself, which took two fifths of the time of a batch of small
/// messages.
void append_frame(std::string& to, std::uint8_t first, std::string_view payload, bool masked);

/// Masks the frames from `at` on, which are whole and masked, with other keys: those that Beast
/// draws repeat themselves, sixteen in a row sixteen times.
void renew_masks(std::string& frames, std::size_t at);

} // namespace wspool::detail
