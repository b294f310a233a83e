// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// One source for two generations of CAF: 0.17.6 (Debian's) and 1.x. Whatever depends on the
// version stands in this header and nowhere else. The style is that of 1.x; 0.17 is adapted to it.

#include <caf/all.hpp>

// CAF_VERSION itself is an octal accident in 1.0 and 1.1; these three are right in all releases.
#define WSPOOL_CAF_VERSION                                                                         \
  (CAF_MAJOR_VERSION * 10'000 + CAF_MINOR_VERSION * 100 + CAF_PATCH_VERSION)
#define WSPOOL_CAF_0_17 (WSPOOL_CAF_VERSION < 1'800)

#if WSPOOL_CAF_0_17
#include <caf/scheduler/abstract_coordinator.hpp>
#else
#include <caf/actor_registry.hpp>
#include <caf/caf_main.hpp>
#include <caf/detail/cleanup_and_release.hpp>
#include <caf/init_global_meta_objects.hpp>
#include <caf/scheduler.hpp>
#endif

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace wspool::compat {

// -- typed interfaces, written as result<R>(Args...) -------------------------------------------

#if WSPOOL_CAF_0_17
namespace detail {
template <class>
struct signature;
template <class... Rs, class... As>
struct signature<caf::result<Rs...>(As...)> {
  using type = typename caf::replies_to<As...>::template with<Rs...>;
};
template <class... As>
struct signature<caf::result<void>(As...)> {
  using type = typename caf::replies_to<As...>::template with<void>;
};
} // namespace detail
template <class... Sigs>
using typed_actor = caf::typed_actor<typename detail::signature<Sigs>::type...>;
template <class Handle, class... Sigs>
using extend = typename Handle::template extend<typename detail::signature<Sigs>::type...>;
#else
template <class... Sigs>
using typed_actor = caf::typed_actor<Sigs...>;
template <class Handle, class... Sigs>
using extend = typename Handle::template extend<Sigs...>;
#endif

// -- inspection ----------------------------------------------------------------------------------

template <class T>
struct field_ref {
  const char* name;
  T& ref;
};
template <class T>
field_ref<T> field(const char* name, T& ref) {
  return {name, ref};
}
#if WSPOOL_CAF_0_17
template <class Inspector, class T, class... Fs>
typename Inspector::result_type inspect_fields(Inspector& f, T&, const char* name,
                                               field_ref<Fs>... fields) {
  return f(caf::meta::type_name(name), fields.ref...);
}
/// 0.17 saves and loads enumerations by itself.
#define WSPOOL_INSPECT_ENUM(T) static_assert(std::is_enum_v<T>);
/// The result of an `inspect` overload.
#define WSPOOL_INSPECT_RESULT(Inspector) typename Inspector::result_type
#else
template <class Inspector, class T, class... Fs>
bool inspect_fields(Inspector& f, T& x, const char* name, field_ref<Fs>... fields) {
  return f.object(x).pretty_name(name).fields(f.field(fields.name, fields.ref)...);
}
#define WSPOOL_INSPECT_ENUM(T)                                                                     \
  template <class Inspector>                                                                       \
  bool inspect(Inspector& f, T& x) {                                                               \
    using underlying = std::underlying_type_t<T>;                                                  \
    auto get = [&x] { return static_cast<underlying>(x); };                                        \
    auto set = [&x](underlying v) {                                                                \
      x = static_cast<T>(v);                                                                       \
      return true;                                                                                 \
    };                                                                                             \
    return f.apply(get, set);                                                                      \
  }
#define WSPOOL_INSPECT_RESULT(Inspector) bool
#endif

#if WSPOOL_CAF_0_17
/// A text as CAF takes it. With its length: compiled by clang, 0.17 takes arrays only.
inline caf::string_view text_view(std::string_view text) { return {text.data(), text.size()}; }
namespace detail {
inline caf::atom_value atom_of(std::string_view name) {
  return caf::atom_from_string(text_view(name));
}
} // namespace detail
#else
inline std::string_view text_view(std::string_view text) { return text; }
#endif

// -- registration ---------------------------------------------------------------------------------

#if WSPOOL_CAF_0_17
#define WSPOOL_ERROR_CODE_ENUM(T, category) CAF_ERROR_CODE_ENUM(T, category)
#else
#define WSPOOL_ERROR_CODE_ENUM(T, category) CAF_ERROR_CODE_ENUM(T)
#endif

/// Makes a type-id block known. On 1.x this must come before any `actor_system_config` is made;
/// on 0.17 it needs the configuration.
template <class Block>
void register_types() {
#if !WSPOOL_CAF_0_17
  caf::init_global_meta_objects<Block>();
#endif
}
template <class Block>
void register_types([[maybe_unused]] caf::actor_system_config& cfg) {
#if WSPOOL_CAF_0_17
  cfg.add_message_types<Block>();
#endif
}

/// The main function of an application: `CAF_MAIN` with what wspool needs, besides the modules and
/// type-id blocks that are named. On 0.17 `prepare` has registered wspool's types by then; to do it
/// twice would triple the time that the file takes to compile.
#if WSPOOL_CAF_0_17
#define WSPOOL_MAIN(...) CAF_MAIN(__VA_ARGS__)
#else
#define WSPOOL_MAIN(...) CAF_MAIN(caf::id_block::wspool __VA_OPT__(, ) __VA_ARGS__)
#endif

/// Makes the types of CAF itself and of its modules known, for programs without `CAF_MAIN`. Like
/// the blocks', before any `actor_system_config` is made.
template <class... Modules>
void register_modules() {
#if !WSPOOL_CAF_0_17
  caf::core::init_global_meta_objects();
  (Modules::init_global_meta_objects(), ...);
#endif
}

template <class Enum>
void register_errors([[maybe_unused]] caf::actor_system_config& cfg,
                     [[maybe_unused]] const char* category) {
#if WSPOOL_CAF_0_17
  cfg.add_error_category(detail::atom_of(category),
                         [](std::uint8_t code, caf::atom_value, const caf::message& context) {
                           auto text = to_string(static_cast<Enum>(code));
                           return context.empty() ? text : text + to_string(context);
                         });
#endif
}

/// The text of any error.
inline std::string render([[maybe_unused]] const caf::actor_system& system, const caf::error& e) {
#if WSPOOL_CAF_0_17
  return system.render(e);
#else
  return to_string(e);
#endif
}

/// The value of an error of category `Enum`; false if it is of another.
template <class Enum>
bool error_value(const caf::error& e, [[maybe_unused]] const char* category, Enum& value) {
#if WSPOOL_CAF_0_17
  if (e.category() != detail::atom_of(category))
    return false;
#else
  if (e.category() != caf::type_id_v<Enum>)
    return false;
#endif
  value = static_cast<Enum>(e.code());
  return true;
}

// -- configuration keys ---------------------------------------------------------------------------

#if WSPOOL_CAF_0_17
inline std::string caf_key(const char* name) { return name; } // "scheduler.policy"
inline caf::config_value policy_value(const char* name) {
  return caf::config_value{detail::atom_of(name)};
}
inline caf::atom_value registry_key(const char* name) { return detail::atom_of(name); }
#else
inline std::string caf_key(const char* name) { return std::string{"caf."} + name; }
inline caf::config_value policy_value(const char* name) {
  return caf::config_value{std::string{name}};
}
inline std::string registry_key(const char* name) { return name; }
#endif

/// Lets messages from ordinary threads reach actors without the delay of work stealing.
inline void prefer_sharing(caf::actor_system_config& cfg) {
  cfg.set(caf_key("scheduler.policy"), policy_value("sharing"));
}

// -- messaging ------------------------------------------------------------------------------------

#if WSPOOL_CAF_VERSION < 10'000
template <class Self, class Handle, class... Ts>
void tell(Self* self, const Handle& to, Ts&&... xs) {
  // 0.17 lets no statically typed actor send to a dynamically typed one.
  if constexpr (std::is_same_v<Handle, caf::actor>) {
    if (to)
      caf::actor_cast<caf::abstract_actor*>(to)->eq_impl(caf::make_message_id(), self->ctrl(),
                                                         self->context(), std::forward<Ts>(xs)...);
  } else {
    self->send(to, std::forward<Ts>(xs)...);
  }
}
template <class Handle, class... Ts>
void anon_tell(const Handle& to, Ts&&... xs) {
  caf::anon_send(to, std::forward<Ts>(xs)...);
}
template <class Self, class Handle, class... Ts>
void tell_after(Self* self, caf::timespan delay, const Handle& to, Ts&&... xs) {
  auto& clock = self->system().clock();
  clock.schedule_message(
    clock.now() + delay, caf::actor_cast<caf::strong_actor_ptr>(to),
    caf::make_mailbox_element(self->ctrl(), caf::make_message_id(), {}, std::forward<Ts>(xs)...));
}
template <class Self, class Handle, class Timeout, class... Ts>
auto ask(Self* self, const Handle& to, Timeout timeout, Ts&&... xs) {
  return self->request(to, timeout, std::forward<Ts>(xs)...);
}
#else
template <class Self, class Handle, class... Ts>
void tell(Self* self, const Handle& to, Ts&&... xs) {
  // 1.x, too, lets no statically typed actor send to a dynamically typed one.
  if constexpr (std::is_same_v<Handle, caf::actor>) {
    if (to)
      caf::actor_cast<caf::abstract_actor*>(to)->enqueue(
        caf::make_mailbox_element(self->ctrl(), caf::make_message_id(), std::forward<Ts>(xs)...),
        self->context());
  } else {
    self->mail(std::forward<Ts>(xs)...).send(to);
  }
}
template <class Handle, class... Ts>
void anon_tell(const Handle& to, Ts&&... xs) {
  caf::anon_mail(std::forward<Ts>(xs)...).send(to);
}
template <class Self, class Handle, class... Ts>
void tell_after(Self* self, caf::timespan delay, const Handle& to, Ts&&... xs) {
  auto& clock = self->system().clock();
  clock.schedule_message(
    clock.now() + delay, caf::actor_cast<caf::strong_actor_ptr>(to),
    caf::make_mailbox_element(self->ctrl(), caf::make_message_id(), std::forward<Ts>(xs)...));
}
template <class Self, class Handle, class Timeout, class... Ts>
auto ask(Self* self, const Handle& to, Timeout timeout, Ts&&... xs) {
  return self->mail(std::forward<Ts>(xs)...).request(to, timeout);
}
#endif

/// The promise of an answer without a value.
#if WSPOOL_CAF_VERSION < 10'000
class void_promise {
public:
  template <class Self>
  explicit void_promise(Self* self) : promise_(self->make_response_promise()) {}
  void deliver() { promise_.deliver(caf::message{}); }
  void deliver(caf::error why) { promise_.deliver(std::move(why)); }
  bool pending() const { return promise_.pending(); }
  operator caf::result<void>() const { return promise_; }

private:
  caf::response_promise promise_;
};
#else
class void_promise {
public:
  template <class Self>
  explicit void_promise(Self* self) : promise_(self->template make_response_promise<void>()) {}
  void deliver() { promise_.deliver(); }
  void deliver(caf::error why) { promise_.deliver(std::move(why)); }
  bool pending() const { return promise_.pending(); }
  operator caf::result<void>() const { return promise_; }

private:
  caf::typed_response_promise<void> promise_;
};
#endif

/// Sends a message that was made before, without a sender: nothing can come back.
inline void forward_message(const caf::actor& to, const caf::message& what) {
  if (!to)
    return;
#if WSPOOL_CAF_VERSION < 10'000
  caf::actor_cast<caf::abstract_actor*>(to)->enqueue(nullptr, caf::make_message_id(), what,
                                                     nullptr);
#else
  caf::actor_cast<caf::abstract_actor*>(to)->enqueue(
    caf::make_mailbox_element(nullptr, caf::make_message_id(), what), nullptr);
#endif
}

// -- execution ------------------------------------------------------------------------------------

#if WSPOOL_CAF_VERSION < 10'000
inline constexpr int terminated_flag = caf::abstract_actor::is_cleaned_up_flag;
using context = caf::execution_unit;
inline void schedule(caf::actor_system& system, caf::resumable* job) {
  system.scheduler().enqueue(job);
}
/// Ends a job that will never run. Consumes one reference.
inline void drop_job(caf::resumable* job) {
  caf::scheduler::abstract_coordinator::cleanup_and_release(job);
}
#else
inline constexpr int terminated_flag = caf::abstract_actor::is_terminated_flag;
using context = caf::scheduler;
inline void schedule(caf::actor_system& system, caf::resumable* job) {
  system.scheduler().schedule(job);
}
inline void drop_job(caf::resumable* job) { caf::detail::cleanup_and_release(job); }
#endif

// -- monitoring with callbacks: one `monitors` per actor, a member of its state -------------------

class monitors {
public:
  /// Calls `f` with the exit reason once `whom` is down.
  template <class Self, class Handle, class F>
  void add(Self* self, const Handle& whom, F f) {
#if WSPOOL_CAF_VERSION < 10'000
    if (!installed_) {
      installed_ = true;
      self->set_down_handler([this](caf::scheduled_actor*, caf::down_msg& msg) { fire(msg); });
    }
    callbacks_.emplace(caf::actor_cast<caf::actor_addr>(whom), std::move(f));
    self->monitor(whom);
#else
    self->monitor(whom, std::move(f));
#endif
  }

#if WSPOOL_CAF_VERSION < 10'000
private:
  void fire(caf::down_msg& msg) {
    auto found = callbacks_.find(msg.source);
    if (found == callbacks_.end())
      return;
    auto f = std::move(found->second);
    callbacks_.erase(found);
    f(msg.reason);
  }
  bool installed_ = false;
  std::unordered_multimap<caf::actor_addr, std::function<void(const caf::error&)>> callbacks_;
#endif
};

} // namespace wspool::compat
