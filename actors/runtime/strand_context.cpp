// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "runtime/strand_context.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace wspool {

/// One resume on its way. Owns a reference to the actor until it runs. The mailbox guarantees that
/// at most one is under way for each actor.
class strand_context::resume_operation {
public:
  resume_operation(strand_context* context, caf::resumable* job) : context_(context), job_(job) {}
  resume_operation(resume_operation&& other) noexcept
    : context_(other.context_), job_(std::exchange(other.job_, nullptr)) {}
  ~resume_operation() {
    if (job_)
      compat::drop_job(job_); // the io_context was destroyed first
  }
  void operator()() { context_->run(std::exchange(job_, nullptr)); }

private:
  strand_context* context_;
  caf::resumable* job_;
};

strand_context::strand_context(strand_seat seat, caf::resumable* self)
  :
#if WSPOOL_CAF_VERSION < 10'000
    compat::context(&seat.host->system()),
#endif
    host_(std::move(seat.host)), io_(std::move(seat.io)), self_(self) {
}

void strand_context::push(caf::resumable* job) {
  // This is also the `context()` of the actor: jobs of others belong to the ordinary scheduler.
  if (job != self_ || host_->manual()) {
    compat::schedule(host_->system(), job);
    return;
  }
  auto io = io_; // *this may be gone once the job was posted
  boost::asio::post(*io, resume_operation{this, job});
}

void strand_context::run(caf::resumable* job) {
  switch (job->resume(this, max_throughput)) {
    case caf::resumable::resume_later:
      push(job); // behind the completion handlers that are ready by now
      break;
    case caf::resumable::shutdown_execution_unit:
      break; // never returned by an actor
    default:
      intrusive_ptr_release(job); // may destroy the actor, and this context with it
  }
}

} // namespace wspool
