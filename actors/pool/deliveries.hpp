// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/type_ids.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <variant>

namespace wspool {

/// The requests that wait for the outcome of messages. Each ticket is a number that travels with
/// its messages; a request is answered exactly once, when the last of its messages is decided.
class deliveries {
public:
  /// For one message.
  std::uint32_t open(caf::typed_response_promise<receipt> promise);
  /// For `count` messages under one ticket. With none, it is answered at once and 0 returned.
  std::uint32_t open(caf::typed_response_promise<batch_receipt> promise, std::size_t count);

  /// Gathers the outcomes of messages with a ticket each; answered when the last one is gone.
  class batch_part {
  public:
    explicit batch_part(caf::typed_response_promise<batch_receipt> promise)
      : promise_(std::move(promise)) {}
    batch_part(const batch_part&) = delete;
    batch_part& operator=(const batch_part&) = delete;
    ~batch_part() { promise_.deliver(result_); }
    void add(errc outcome) { count(result_, outcome); }

  private:
    caf::typed_response_promise<batch_receipt> promise_;
    batch_receipt result_;
  };
  std::uint32_t open(std::shared_ptr<batch_part> whole);

  /// Gathers the outcomes of a broadcast; answered when the last copy of it is gone.
  class broadcast {
  public:
    explicit broadcast(caf::typed_response_promise<broadcast_report> promise)
      : promise_(std::move(promise)) {}
    broadcast(const broadcast&) = delete;
    broadcast& operator=(const broadcast&) = delete;
    ~broadcast() { promise_.deliver(std::move(report_)); }
    void add(connection_id id, errc outcome) { report_.push_back({id, outcome}); }
    [[nodiscard]] const caf::typed_response_promise<broadcast_report>& promise() const {
      return promise_;
    }

  private:
    caf::typed_response_promise<broadcast_report> promise_;
    broadcast_report report_;
  };
  /// For one connection's part in a broadcast.
  std::uint32_t open(std::shared_ptr<broadcast> whole, connection_id id);

  /// A message was decided (or, if that was asked for, written).
  void settle(std::uint32_t ticket, errc outcome, connection_id by);

  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

private:
  static void count(batch_receipt& result, errc outcome);

  struct single {
    caf::typed_response_promise<receipt> promise;
  };
  struct batch {
    caf::typed_response_promise<batch_receipt> promise;
    std::size_t left = 0;
    batch_receipt result;
  };
  struct part {
    std::shared_ptr<broadcast> whole;
    connection_id id;
  };
  using waiter = std::variant<single, batch, std::shared_ptr<batch_part>, part>;

  std::uint32_t insert(waiter w);

  std::unordered_map<std::uint32_t, waiter> waiting_;
  std::uint32_t next_ = 1;
};

} // namespace wspool
