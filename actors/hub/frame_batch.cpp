// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/frame_batch.hpp"

namespace wspool {

std::uint32_t frame_batch::add(std::string_view data, message_kind kind, compression compress) {
  const auto frame = bytes_.size();
  append_server_frame(bytes_, data, kind);
  entries_.push_back({frame, bytes_.size() - data.size(), kind, compress});
  return size() - 1;
}

out_totals totals_of(const frame_batch& batch, frame_range range) noexcept {
  out_totals result;
  result.messages = range.end - range.begin;
  for (auto i = range.begin; i < range.end; ++i) {
    result.bytes += batch.data(i).size();
    result.binary += batch.kind(i) == message_kind::binary ? 1 : 0;
  }
  return result;
}

std::string_view frame_batch::deflated(std::uint32_t i, const deflate_terms& terms) const {
  return deflated_.get(
    i, size(), terms, [&](std::string& to) { append_deflated_frame(to, data(i), kind(i), terms); });
}

void append(frame_ranges& to, std::uint32_t i) {
  if (!to.empty() && to.back().end == i)
    ++to.back().end;
  else
    to.push_back({i, i + 1});
}

} // namespace wspool
