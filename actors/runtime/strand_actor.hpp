// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "runtime/strand_context.hpp"
#include "runtime/strand_host.hpp"

#include <caf/logger.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace wspool {

/// An actor that CAF resumes on an Asio `io_context` instead of its scheduler, as CAF's own brokers
/// are resumed on the middleman's multiplexer. Its mailbox, its completion handlers and its state
/// all live on that one thread.
///
/// `Base` is an event-based actor, statically typed or not.
template <class Base>
class strand_actor : public Base {
public:
  strand_actor(caf::actor_config& cfg, strand_seat seat)
    : Base(cfg), context_(std::move(seat), static_cast<caf::resumable*>(this)) {}

  [[nodiscard]] strand_host& host() noexcept { return context_.host(); }
  [[nodiscard]] const std::shared_ptr<strand_host>& host_ptr() noexcept {
    return context_.host_ptr();
  }
  /// Where this actor runs.
  [[nodiscard]] const std::shared_ptr<boost::asio::io_context>& io() noexcept {
    return context_.io();
  }

  /// Wraps a completion handler: it runs in this actor's context (send, request, quit and throw
  /// work as in a message handler) and keeps the actor alive until it ran or was dropped.
  /// Handlers that come after the actor's end are not called.
  template <class F>
  auto bind(F f) {
    return [self = caf::strong_actor_ptr{this->ctrl()}, this, f = std::move(f)](auto&&... xs) {
      this->in_context([&] { f(std::forward<decltype(xs)>(xs)...); });
    };
  }

  /// Whether no message waits for it. Only on its own thread, outside of its handlers.
  [[nodiscard]] bool idle() { return this->mailbox().blocked(); }

  /// Runs `f` in this actor's context. Only on its own thread, in a handler or turn of something
  /// else that lives there.
  template <class F>
  void enter(F&& f) {
    const caf::strong_actor_ptr keep{this->ctrl()}; // `f` may drop the last one
    in_context(std::forward<F>(f));
  }

  // -- CAF's hooks -------------------------------------------------------------------------------

  using Base::enqueue;
#if WSPOOL_CAF_0_17
  void enqueue(caf::mailbox_element_ptr what, compat::context*) override {
    Base::enqueue(std::move(what), &context_);
  }
#else
  bool enqueue(caf::mailbox_element_ptr what, compat::context*) override {
    return Base::enqueue(std::move(what), &context_);
  }
#endif

  void launch(compat::context*, bool lazy, bool hide) override {
    if (!hide)
      this->register_at_system();
    host().actor_launched();
    if (lazy && this->mailbox().try_block())
      return;
    intrusive_ptr_add_ref(this->ctrl());
    context_.resume_later(this);
  }

#if WSPOOL_CAF_0_17
  caf::resumable::subtype_t subtype() const override { return caf::resumable::io_actor; }
#else
  caf::resumable::subtype_t subtype() const noexcept override { return caf::resumable::io_actor; }
#endif

  /// Lets the state act once on all that one turn brought (`turn_ended`).
  caf::resumable::resume_result resume(compat::context* host, std::size_t limit) override {
    auto result = Base::resume(host, limit);
    if (result == caf::resumable::done)
      return result;
    in_context([this] { turn_ended(); });
    return is_terminated_now() ? caf::resumable::done : result;
  }

#if WSPOOL_CAF_VERSION < 10'000
  bool cleanup(caf::error&& reason, compat::context* unit) override {
    const bool first = !is_terminated_now();
    if (first)
      ending(reason);
    auto result = Base::cleanup(std::move(reason), unit);
    if (first)
      host().actor_terminated();
    return result;
  }
#else
  /// 1.x tells monitors and links of the end before it calls `on_cleanup`. What comes before is
  /// this: `finalize` calls it, and ends an actor that then has nothing left to wait for.
  void run_actions() override {
    Base::run_actions();
    if (!this->alive())
      end_once(this->fail_state());
  }

  void on_cleanup(const caf::error& reason) override {
    end_once(reason); // of those that nobody can reach, or that never ran
    Base::on_cleanup(reason);
    host().actor_terminated();
  }
#endif

protected:
  /// After each turn in which messages were handled. A completion handler that did something of
  /// the kind calls it itself.
  virtual void turn_ended() {}
  /// Once, before monitors and links learn of the end. Sending still works; nothing else does.
  virtual void ending(const caf::error&) {}

  [[nodiscard]] bool is_terminated_now() const { return this->getf(compat::terminated_flag); }

  /// Runs `f` as CAF runs a message handler. Only on this actor's own thread.
  template <class F>
  void in_context(F&& f) {
    if (!this->activate(&context_))
      return;                               // already terminated
    this->current_mailbox_element(nullptr); // 0.17 leaves the last one dangling
    try {
      f();
    } catch (...) {
      auto error = std::current_exception();
      this->quit(this->call_handler(this->exception_handler_, this, error));
    }
    this->bhvr_stack_.cleanup();
    this->finalize(); // honours quit()
  }

private:
#if !WSPOOL_CAF_0_17
  void end_once(const caf::error& reason) {
    if (!std::exchange(ended_, true))
      ending(reason);
  }
  bool ended_ = false;
#endif

  strand_context context_;
};

/// A strand actor with its state: `State(self, args...)` is made with the actor and destroyed when
/// it ends, on its thread. A state has `actor_base`, `name`, `make_behavior()`, and may have
/// `turn_ended()` and `ending(const caf::error&)`.
template <class State>
class stateful_strand_actor : public strand_actor<typename State::actor_base> {
public:
  using super = strand_actor<typename State::actor_base>;

  template <class... Ts>
  stateful_strand_actor(caf::actor_config& cfg, strand_seat seat, Ts&&... xs)
    : super(cfg, std::move(seat)) {
    // An error that somebody sends is no reason to end, which is what CAF makes of it by default.
    // (1.x deprecates the setter for handlers in the behaviour, which typed actors cannot have.)
    this->error_handler_ = [](caf::scheduled_actor*, caf::error&) {};
    state_.emplace(static_cast<super*>(this), std::forward<Ts>(xs)...);
  }

  const char* name() const override { return State::name; }

protected:
  typename State::behavior_type make_behavior() override { return state_->make_behavior(); }

  void turn_ended() override {
    if constexpr (requires(State & s) { s.turn_ended(); }) {
      if (state_)
        state_->turn_ended();
    }
  }

  void ending(const caf::error& reason) override {
    if (!state_)
      return;
    if constexpr (requires(State & s) { s.ending(reason); })
      state_->ending(reason);
    state_.reset();
  }

private:
  std::optional<State> state_;
};

/// Spawns `State` where `seat` says (given a host: on the next thread of its pool), hidden from the
/// system's actor count.
template <class State, class... Ts>
auto spawn_on_strand(strand_seat seat, Ts&&... xs) {
  const auto host = seat.host;
  auto result = host->system().template spawn<stateful_strand_actor<State>, caf::hidden>(
    std::move(seat), std::forward<Ts>(xs)...);
  // Spawning leaves a reference to the system's logger with the calling thread, and the system's
  // destructor waits for the last one. The pool's threads may outlive the system.
  if (host->runs_in_this_thread())
    CAF_SET_LOGGER_SYS(nullptr);
  return result;
}

} // namespace wspool
