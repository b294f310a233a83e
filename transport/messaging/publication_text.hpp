// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/publication.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace wspool {

/// A publication without its channel, as it travels between nodes and is kept in histories:
///
///     1 j {"from":["n1-42","ann"],"meta":{…}} LF {"title":"It works"}
///     | |  one line of JSON, empty if there is neither    data: JSON or bytes
///     | '- what the data is: j JSON, b bytes, n there is none
///     '- the version of this form
///
/// (without the blanks). What has another version is of a newer node, and is not understood.
[[nodiscard]] std::string write_publication(const publication& message);

/// Of untrusted bytes: others may write to where histories are. None if that is no publication.
/// Does not throw for anything that they may be.
[[nodiscard]] std::optional<publication> read_publication(std::string channel,
                                                          std::string_view text);

} // namespace wspool
