// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What nodes read of what others have written into a backplane.
#include "fuzz_target.hpp"

#include "messaging/dialect.hpp"
#include "messaging/publication_text.hpp"

#include <memory>
#include <vector>

namespace publication_text_fuzz {

using namespace wspool;
using namespace wspool::fuzz;

WSPOOL_FUZZ_TARGET(publication_text) {
  // A copy of its own: what is read beyond it is found by a sanitizer.
  const std::vector<char> copy(input.begin(), input.end());
  const auto read = read_publication("news", {copy.data(), copy.size()});
  if (!read)
    return;
  const auto written = write_publication(*read);
  const auto again = read_publication("news", written);
  require(again.has_value(), "what is written can be read", written);
  // Texts are compared: Boost.JSON reads some doubles a last digit off.
  require(again->from == read->from, "the publisher stays the same", written);
  require(again->data.has_value() == read->data.has_value(), "data stays data", written);
  const replies::event event{std::make_shared<const publication>(*read), position{"e", 1}};
  for (auto kind : {dialect_kind::v1, dialect_kind::thinws, dialect_kind::channels})
    require(dialect_of(kind).encode(event).has_value(), "every dialect has a word for it", written);
}

} // namespace publication_text_fuzz
