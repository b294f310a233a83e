// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "backplane/redis_link.hpp"

#include <boost/asio/buffer.hpp>

#include <utility>

namespace wspool {

namespace {

/// Redis may quote what was sent, such as a password: only the kind of its error is told.
std::string refusal_of(const char* command, const std::string& kind) {
  const auto told = std::string{command} + ": " + kind;
  if (kind == "WRONGPASS")
    return "Redis refused the password (" + told + ")";
  if (kind == "NOAUTH")
    return "Redis wants a password (" + told + ")";
  return "Redis refused " + told;
}

} // namespace

redis_link::redis_link(redis_self* self, std::shared_ptr<const redis_options> options,
                       const redis_address& address, hooks call)
  : self_(self), options_(std::move(options)), address_(address), call_(std::move(call)),
    patience_(options_->command_timeout) {}

// -- opening and closing -------------------------------------------------------------------------

void redis_link::open() {
  close();
  phase_ = phase::connecting;
  endpoint target;
  target.secure = address_.secure;
  target.host = address_.host;
  target.port = address_.port;
  connect_options how;
  how.tls = options_->tls;
  how.proxy.url = "none";
  how.deadlines.address = options_->connect_timeout;
  how.deadlines.handshake = options_->connect_timeout;
  connecting_ = options_->connector->async_connect(
    self_->io(), target, how,
    self_->bind([this, life = life_](failure why, std::unique_ptr<byte_stream> stream) {
      if (life == life_)
        on_stream(std::move(why), std::move(stream));
    }));
}

void redis_link::on_stream(failure why, std::unique_ptr<byte_stream> stream) {
  connecting_.reset();
  if (why)
    return lose(std::move(why));
  stream_ = std::move(stream);
  reader_.emplace();
  phase_ = phase::greeting;
  greet();
  read();
  call_.turned();
}

void redis_link::greet() {
  if (!address_.password.empty()) {
    redis_command auth{"AUTH"};
    if (!address_.user.empty())
      auth.push_back(address_.user);
    auth.push_back(address_.password);
    greet(auth, "AUTH");
  }
  if (!options_->client_name.empty())
    greet({"CLIENT", "SETNAME", options_->client_name}, "CLIENT SETNAME");
  if (!call_.pushed)
    greet({"INFO", "server"}, "INFO",
          [this](const redisReply& info) { run_id_ = info_field(text_of(info), "run_id"); });
  if (!call_.pushed)
    for (std::size_t i = 0; i < redis_script_count; ++i)
      greet({"SCRIPT", "LOAD", text_of(static_cast<redis_script>(i))}, "SCRIPT LOAD",
            [this, i](const redisReply& digest) { digests_[i] = text_of(digest); });
  greet({"SELECT", std::to_string(address_.database)}, "SELECT", [this](const redisReply&) {
    phase_ = phase::open;
    call_.opened();
  });
}

void redis_link::greet(const redis_command& command, const char* what,
                       std::function<void(const redisReply&)> next) {
  send(command, [this, what, next = std::move(next)](errc, const redisReply* reply) {
    if (reply == nullptr)
      return;
    if (is_error(*reply))
      return lose(
        {errc::no_connection, address_.text() + ": " + refusal_of(what, error_kind(*reply))});
    if (next)
      next(*reply);
  });
}

void redis_link::close(errc why) {
  ++life_;
  phase_ = phase::closed;
  if (auto connecting = std::exchange(connecting_, nullptr))
    connecting->cancel();
  if (stream_)
    stream_->close();
  stream_.reset();
  reader_.reset();
  out_.clear();
  writing_.clear();
  write_under_way_ = false;
  behind_ = 0;
  for (auto& one : std::exchange(pending_, {}))
    if (one.then)
      one.then(why, nullptr);
  for (auto& one : std::exchange(put_off_, {}))
    one->then(why, nullptr);
}

void redis_link::lose(failure why) {
  if (phase_ == phase::closed)
    return;
  close(why.code == errc::expired ? errc::expired : errc::connection_lost);
  call_.lost(why);
}

std::optional<redis_link::time_point> redis_link::deadline() const {
  if (pending_.empty())
    return std::nullopt;
  return patience_.until(pending_.front().sent);
}

void redis_link::check(time_point at) {
  if (const auto due = deadline(); due && *due <= at)
    lose({errc::expired, address_.text() + ": no answer in time"});
}

// -- commands ------------------------------------------------------------------------------------

bool redis_link::has_room() const noexcept {
  return pending_.size() + put_off_.size() < options_->max_pending
         && out_.size() + writing_.size() < options_->max_pending_bytes;
}

void redis_link::send(const redis_command& command, answer then, std::size_t replies) {
  append_command(out_, command);
  for (std::size_t i = 1; i < replies; ++i)
    expect_answer({});
  expect_answer(std::move(then));
}

void redis_link::expect_answer(answer then) { pending_.push_back({std::move(then), now()}); }

void redis_link::call(redis_script which, std::size_t keys, const redis_command& words,
                      answer then) {
  auto what =
    std::make_shared<script_call>(script_call{which, words.size() + 1, {}, std::move(then)});
  append_words(what->words, {std::to_string(keys)});
  append_words(what->words, words);
  if (behind_ > 0)
    return put_off(std::move(what));
  evaluate(what, true);
}

void redis_link::evaluate(const std::shared_ptr<script_call>& what, bool by_digest) {
  append_head(out_, what->count + 2);
  if (by_digest)
    append_words(out_, {"EVALSHA", digests_[static_cast<std::size_t>(what->which)]});
  else
    append_words(out_, {"EVAL", text_of(what->which)});
  out_ += what->words;
  expect_answer([this, what, by_digest](errc why, const redisReply* reply) {
    if (by_digest && reply != nullptr && error_kind(*reply) == "NOSCRIPT") {
      if (behind_ == 0)
        behind_ = pending_.size() + 1; // this one, too, is counted off by `on_reply`
      return put_off(what);
    }
    what->then(why, reply);
  });
}

void redis_link::put_off(std::shared_ptr<script_call> what) { put_off_.push_back(std::move(what)); }

void redis_link::flush() {
  if (write_under_way_ || out_.empty() || !stream_)
    return;
  write_under_way_ = true;
  writing_.swap(out_);
  stream_->async_write(boost::asio::buffer(writing_),
                       self_->bind([this, life = life_](std::error_code why, std::size_t) {
                         if (life == life_)
                           on_written(why);
                       }));
}

void redis_link::on_written(std::error_code why) {
  if (why)
    return lose({errc::connection_lost, address_.text() + ": " + why.message()});
  write_under_way_ = false;
  constexpr std::size_t worth_keeping = 1024 * 1024;
  if (writing_.capacity() > worth_keeping)
    writing_ = {};
  writing_.clear();
  flush();
}

// -- replies -------------------------------------------------------------------------------------

void redis_link::read() {
  stream_->async_read(
    self_->bind([this, life = life_](std::error_code why, std::string_view bytes) {
      if (life == life_)
        on_read(why, bytes);
    }));
}

void redis_link::on_read(std::error_code why, std::string_view bytes) {
  if (why)
    return lose({errc::connection_lost, address_.text() + ": " + why.message()});
  const auto life = life_;
  reader_->feed(bytes);
  patience_.answered(now());
  while (const auto reply = reader_->next()) {
    on_reply(*reply);
    if (life != life_)
      return; // what it said ended this connection
  }
  if (reader_->broken())
    return lose({errc::protocol_error, address_.text() + ": this is no Redis"});
  call_.turned();
  if (life == life_)
    read();
}

void redis_link::on_reply(const redisReply& reply) {
  const auto life = life_;
  if (phase_ == phase::open && call_.pushed) {
    const auto* const kind = element(reply, 0);
    const auto is_event = kind != nullptr && text_of(*kind) == "message";
    if (is_error(reply))
      return lose({errc::protocol_error, address_.text() + ": " + error_kind(reply)});
    if (!is_event && !pending_.empty())
      pending_.pop_front();
    return call_.pushed(reply);
  }
  if (pending_.empty())
    return lose({errc::protocol_error, address_.text() + ": an answer to nothing"});
  const auto one = std::move(pending_.front());
  pending_.pop_front();
  if (one.then)
    one.then(errc::none, &reply);
  if (life != life_ || behind_ == 0 || --behind_ > 0)
    return;
  // All that was under way is answered: now those that were put off, in their order.
  for (const auto& what : std::exchange(put_off_, {}))
    evaluate(what, false);
}

} // namespace wspool
