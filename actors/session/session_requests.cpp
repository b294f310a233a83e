// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "session/session_requests.hpp"

#include <utility>

namespace wspool {

using kind = session_request_kind;

void session_requests::add(std::uint64_t id, session_request request) {
  if (request.ticket != 0)
    ++pending_;
  if (request.kind == kind::publish)
    publishes_.emplace(id, ++last_publish_);
  if (request.kind == kind::restore)
    restores_.insert(id);
  unwritten_.insert(id);
  deadlines_.emplace(request.deadline, id);
  entries_.emplace(id, std::move(request));
}

session_request* session_requests::find(std::uint64_t id) {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

session_request session_requests::take(std::uint64_t id) {
  const auto found = entries_.find(id);
  auto result = std::move(found->second);
  entries_.erase(found);
  deadlines_.erase({result.deadline, id});
  unwritten_.erase(id);
  restores_.erase(id);
  publishes_.erase(id);
  if (result.ticket != 0)
    --pending_;
  return result;
}

// -- writing --------------------------------------------------------------------------------------

std::optional<std::uint64_t> session_requests::next_unwritten() const {
  if (unwritten_.empty())
    return std::nullopt;
  const auto id = restores_.empty() ? *unwritten_.begin() : *restores_.begin();
  const auto number = publishes_.find(id);
  if (number != publishes_.end() && number->second - publishes_.begin()->second >= publish_window)
    return std::nullopt; // and nothing overtakes it
  return id;
}

void session_requests::written(std::uint64_t id, time_point now) {
  auto& request = entries_.at(id);
  request.written = true;
  if (!request.first_written)
    request.first_written = now;
  unwritten_.erase(id);
  restores_.erase(id);
}

void session_requests::put_back(std::uint64_t id) {
  auto& request = entries_.at(id);
  request.written = false;
  // Nothing of it has happened, so it is as good as new; unless it went out before, and the server
  // only cannot tell yet what became of that.
  if (!request.last_lost)
    request.first_written.reset();
  unwritten_.insert(id);
  if (request.kind == kind::restore)
    restores_.insert(id);
}

// -- a connection is gone -------------------------------------------------------------------------

bool session_requests::is_too_old(const session_request& request, time_point now) const {
  if (!request.last_lost)
    return false;
  switch (request.kind) {
    case kind::publish:
      // Half of the time is for the way, and for clocks that differ.
      return now - *request.first_written >= deduplication_ / 2;
    case kind::query:
      return now - *request.last_lost >= query_memory;
    default:
      return false;
  }
}

/// None: it is written again.
std::optional<session_failure> session_requests::fate(const session_request& request,
                                                      time_point now) const {
  switch (request.kind) {
    case kind::restore: // the next connection has its own
    case kind::unsubscribe:
    case kind::disconnect:
      return session_failure{}; // a connection that is gone has left everything
    case kind::command:
      return session_failure{errc::connection_lost, "it is not known whether the command arrived"};
    default:
      break;
  }
  auto lost = request;
  lost.last_lost = now;
  if (is_too_old(lost, now))
    return session_failure{errc::connection_lost, "it is too old to be sent again"};
  return std::nullopt;
}

std::vector<session_requests::ended> session_requests::connection_lost(time_point now) {
  std::vector<std::pair<std::uint64_t, session_failure>> over;
  for (auto& [id, request] : entries_) {
    const bool void_without_connection = request.kind == kind::restore
                                         || request.kind == kind::unsubscribe
                                         || request.kind == kind::disconnect;
    if (!request.written && !void_without_connection)
      continue;
    if (auto how = fate(request, now)) {
      over.emplace_back(id, std::move(*how));
      continue;
    }
    request.written = false;
    request.last_lost = now;
    unwritten_.insert(id);
  }
  std::vector<ended> result;
  result.reserve(over.size());
  for (auto& [id, why] : over)
    result.push_back({take(id), std::move(why)});
  return result;
}

// -- time -----------------------------------------------------------------------------------------

std::optional<session_requests::time_point> session_requests::next_deadline() const {
  return deadlines_.empty() ? std::nullopt : std::optional{deadlines_.begin()->first};
}

std::optional<std::uint64_t> session_requests::expired(time_point now) const {
  if (deadlines_.empty() || deadlines_.begin()->first > now)
    return std::nullopt;
  return deadlines_.begin()->second;
}

} // namespace wspool
