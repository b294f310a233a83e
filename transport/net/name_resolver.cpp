// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/name_resolver.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

namespace wspool::net {

namespace ip = boost::asio::ip;

namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_threads = 4;
/// How long a thread without work stays.
constexpr auto thread_idle = 5s;
/// Different names that may wait at the same time.
constexpr std::size_t max_waiting_names = 4096;

void append(std::vector<ip::address>& addresses, const addrinfo& info) {
  ip::address address;
  if (info.ai_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, info.ai_addr, sizeof(in));
    address = ip::address_v4{ntohl(in.sin_addr.s_addr)};
  } else if (info.ai_family == AF_INET6) {
    sockaddr_in6 in;
    std::memcpy(&in, info.ai_addr, sizeof(in));
    ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
    address = ip::address_v6{bytes, in.sin6_scope_id};
  } else {
    return;
  }
  if (std::find(addresses.begin(), addresses.end(), address) == addresses.end())
    addresses.push_back(address);
}

} // namespace

resolved look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  resolved result;
  if (auto error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list); error != 0) {
    result.error = error == EAI_SYSTEM ? std::generic_category().message(errno)
                                       : std::string{::gai_strerror(error)};
    return result;
  }
  for (auto* info = list; info != nullptr; info = info->ai_next)
    append(result.addresses, *info);
  ::freeaddrinfo(list);
  if (result.addresses.empty())
    result.error = "the name has no address";
  return result;
}

// Shared with the threads, which nobody joins.
struct name_resolver::shared_state {
  explicit shared_state(look_up_function f) : how(std::move(f)) {
    // nop
  }

  const look_up_function how;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::string> queue;
  std::map<std::string, std::vector<callback>> waiting; ///< of names in the queue or in progress
  std::size_t threads = 0;
  std::size_t idle_threads = 0;
  bool ended = false;

  static void run(const std::shared_ptr<shared_state>& self);
  void look_up_next(std::unique_lock<std::mutex>& lock);
};

void name_resolver::shared_state::run(const std::shared_ptr<shared_state>& self) {
  pthread_setname_np(pthread_self(), "wspool-resolve");
  std::unique_lock lock{self->mutex};
  for (;;) {
    ++self->idle_threads;
    auto woken = self->changed.wait_for(lock, thread_idle,
                                        [&] { return self->ended || !self->queue.empty(); });
    --self->idle_threads;
    if (!woken || self->ended)
      break;
    self->look_up_next(lock);
  }
  --self->threads;
}

void name_resolver::shared_state::look_up_next(std::unique_lock<std::mutex>& lock) {
  auto host = std::move(queue.front());
  queue.pop_front();
  lock.unlock();
  auto result = how(host);
  lock.lock();
  auto found = waiting.find(host);
  if (found == waiting.end())
    return;
  auto callbacks = std::move(found->second);
  waiting.erase(found);
  lock.unlock();
  for (auto& done : callbacks)
    done(result);
  callbacks.clear();
  lock.lock();
}

name_resolver::name_resolver(look_up_function how)
  : state_(std::make_shared<shared_state>(std::move(how))) {
  // nop
}

name_resolver::~name_resolver() {
  std::map<std::string, std::vector<callback>> dropped; // destroyed without the lock
  std::lock_guard lock{state_->mutex};
  state_->ended = true;
  state_->queue.clear();
  dropped.swap(state_->waiting);
  state_->changed.notify_all();
}

void name_resolver::resolve(const std::string& host, callback done) {
  boost::system::error_code not_literal;
  auto address = ip::make_address(host, not_literal);
  if (!not_literal) {
    done({{address}, {}});
    return;
  }
  std::unique_lock lock{state_->mutex};
  if (auto found = state_->waiting.find(host); found != state_->waiting.end()) {
    found->second.push_back(std::move(done));
    return;
  }
  if (state_->waiting.size() >= max_waiting_names) {
    lock.unlock();
    done({{}, "too many names are waiting to be resolved"});
    return;
  }
  state_->waiting[host].push_back(std::move(done));
  state_->queue.push_back(host);
  if (state_->idle_threads < state_->queue.size() && state_->threads < max_threads) {
    // Without a new thread the others take the name over, or a later request starts one; the
    // attempt that waits has a deadline.
    try {
      std::thread{[state = state_] { shared_state::run(state); }}.detach();
      ++state_->threads;
    } catch (const std::system_error&) {
      // nop
    }
  }
  state_->changed.notify_one();
}

std::vector<ip::address> interleave(const std::vector<ip::address>& addresses) {
  if (addresses.empty())
    return {};
  std::vector<ip::address> first;
  std::vector<ip::address> second;
  for (const auto& address : addresses)
    (address.is_v4() == addresses.front().is_v4() ? first : second).push_back(address);
  std::vector<ip::address> result;
  for (std::size_t i = 0; i < first.size() || i < second.size(); ++i) {
    if (i < first.size())
      result.push_back(first[i]);
    if (i < second.size())
      result.push_back(second[i]);
  }
  return result;
}

} // namespace wspool::net
