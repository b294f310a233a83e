// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/watched_connector.hpp"

#include <charconv>
#include <string_view>
#include <utility>

namespace wspool::chaos {

namespace {

/// One socket in the table, from the attempt on; ends with the last that holds it.
class entry {
public:
  entry(life_table_ptr lives, const std::string& origin)
    : lives_(std::move(lives)), number_(lives_->begin(origin)) {}
  entry(const entry&) = delete;
  entry& operator=(const entry&) = delete;
  ~entry() { end(); }

  void end() { lives_->end(number_); }

  /// Looks for the attempt's name in an upgrade request.
  void read_name(std::string_view request) {
    const std::string_view mark{"\r\nX-Attempt: "};
    const auto at = request.find(mark);
    if (at == std::string_view::npos)
      return;
    std::uint32_t attempt = 0;
    const auto* begin = request.data() + at + mark.size();
    std::from_chars(begin, request.data() + request.size(), attempt);
    lives_->name(number_, attempt);
  }

private:
  life_table_ptr lives_;
  std::size_t number_;
};
using entry_ptr = std::shared_ptr<entry>;

class watched_stream : public byte_stream {
public:
  watched_stream(std::unique_ptr<byte_stream> inner, entry_ptr life)
    : inner_(std::move(inner)), life_(std::move(life)) {}
  ~watched_stream() override {
    inner_.reset();
    life_->end();
  }

  void async_read(read_handler handler) override { inner_->async_read(std::move(handler)); }
  void async_write(boost::asio::const_buffer bytes, write_handler handler) override {
    if (!std::exchange(named_, true))
      life_->read_name({static_cast<const char*>(bytes.data()), bytes.size()});
    inner_->async_write(bytes, std::move(handler));
  }
  std::size_t in_doubt(std::size_t taken, std::size_t size) const noexcept override {
    return inner_->in_doubt(taken, size);
  }
  void shutdown() override { inner_->shutdown(); }
  void close(bool reset) override {
    inner_->close(reset);
    life_->end();
  }
  std::string peer() const override { return inner_->peer(); }

private:
  std::unique_ptr<byte_stream> inner_;
  entry_ptr life_;
  bool named_ = false;
};

class watched_operation : public connect_operation {
public:
  watched_operation(std::shared_ptr<connect_operation> inner, entry_ptr life)
    : inner_(std::move(inner)), life_(life) {}
  void cancel() override {
    inner_->cancel();
    if (auto life = life_.lock())
      life->end();
  }

private:
  std::shared_ptr<connect_operation> inner_;
  std::weak_ptr<entry> life_;
};

class watched_connector : public connector {
public:
  watched_connector(life_table_ptr lives, std::function<void()> on_attempt)
    : lives_(std::move(lives)), on_attempt_(std::move(on_attempt)) {}

  std::shared_ptr<connect_operation> async_connect(std::shared_ptr<boost::asio::io_context> context,
                                                   const endpoint& target,
                                                   const connect_options& options,
                                                   handler done) override {
    if (on_attempt_)
      on_attempt_();
    auto life = std::make_shared<entry>(lives_, target.origin());
    auto operation = inner_->async_connect(
      std::move(context), target, options,
      [life, done = std::move(done)](failure why, std::unique_ptr<byte_stream> stream) {
        if (why)
          life->end();
        else
          stream = std::make_unique<watched_stream>(std::move(stream), life);
        done(std::move(why), std::move(stream));
      });
    return std::make_shared<watched_operation>(std::move(operation), life);
  }

private:
  life_table_ptr lives_;
  std::function<void()> on_attempt_;
  std::shared_ptr<connector> inner_ = make_connector();
};

} // namespace

std::shared_ptr<connector> make_watched_connector(life_table_ptr lives,
                                                  std::function<void()> on_attempt) {
  return std::make_shared<watched_connector>(std::move(lives), std::move(on_attempt));
}

} // namespace wspool::chaos
