// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// A client that asks for no WebSocket: it gets one answer, and then the connection ends.

#include "hub/client_state.hpp"

#include "hub/http_plan.hpp"

#include <utility>

namespace wspool {

namespace {

/// So much of a file is read at a time: a turn of the thread is short, and memory is bounded.
constexpr std::size_t piece_bytes = 64 * 1024;

} // namespace

void client_state::on_http_request(time_point at) {
  auto plan = plan_http(codec_.request(), *options_);
  switch (plan.what) {
    case http_plan::kind::answer:
      return answer_http(plan.status, std::move(plan.headers), plan.body, at);
    case http_plan::kind::readiness:
      return answer_readiness();
    case http_plan::kind::metrics:
      return answer_metrics();
    case http_plan::kind::file:
      return answer_file(plan.directory, plan.file, at);
  }
}

void client_state::answer_http(unsigned status, std::vector<header> headers, std::string_view body,
                               time_point at) {
  begin_answer(status, std::move(headers), body.size(), at);
  if (codec_.request().method != "HEAD")
    codec_.output().append(body);
}

void client_state::begin_answer(unsigned status, std::vector<header> headers, std::uint64_t length,
                                time_point at) {
  refused_ = true;
  headers.push_back({"X-Content-Type-Options", "nosniff"});
  codec_.respond(status, headers, length);
  compat::tell(self_, gate_, internal::pack(internal::refused{status, true}));
  // As expected as a close: those who look after a server ask every few seconds.
  finish_after_flush({errc::closed, "HTTP " + std::to_string(status), {}}, at);
}

/// Answers once somebody else has said what; until the handshake's deadline.
template <class To, class F, class... Ts>
void client_state::answer_after(const To& whom, F say, Ts... question) {
  phase_ = phase::answering;
  using answer = typename F::argument;
  compat::ask(self_, whom, caf::infinite, question...)
    .then(
      [this, say](answer& said) {
        if (phase_ != phase::answering || finale_)
          return;
        say(*this, said, now());
        read();
      },
      [this](const caf::error&) {
        if (phase_ == phase::answering && !finale_)
          answer_unavailable();
      });
}

void client_state::answer_unavailable() {
  answer_http(503, {{"Retry-After", "5"}}, "There is no answer just now.\n", now());
  read();
}

void client_state::answer_readiness() {
  struct by_gate {
    using argument = internal::parcel<internal::gate_counts>;
    void operator()(client_state& self, const argument& counts, time_point at) const {
      const auto& ask = self.options_->http.ready;
      const auto said = counts->closed ? readiness{false, "draining"} : ask ? ask() : readiness{};
      self.answer_http(said.ready ? 200 : 503, {{"Content-Type", "text/plain; charset=utf-8"}},
                       said.text + '\n', at);
    }
  };
  answer_after(gate_, by_gate{}, sample_atom_v);
}

void client_state::answer_metrics() {
  struct by_hub {
    using argument = std::string;
    void operator()(client_state& self, const argument& text, time_point at) const {
      self.answer_http(200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, text,
                       at);
    }
  };
  answer_after(hub_, by_hub{}, metrics_atom_v);
}

void client_state::answer_file(const std::string& directory, const std::string& path,
                               time_point at) {
  auto file = static_file::open(directory, path, options_->http.max_file_bytes);
  if (!file)
    return answer_http(404, {{"Content-Type", "text/plain; charset=utf-8"}},
                       "There is nothing here.\n", at);
  begin_answer(200, {{"Content-Type", std::string{content_type_of(path)}}}, file->size(), at);
  if (codec_.request().method != "HEAD" && !file->done())
    file_ = std::make_unique<static_file>(std::move(*file));
}

/// @returns false if the file broke off: what was promised cannot be kept.
bool client_state::read_file() {
  if (!file_ || codec_.output().size() >= piece_bytes)
    return true;
  const bool good = file_->read(codec_.output(), piece_bytes);
  if (!good || file_->done())
    file_.reset();
  return good;
}

} // namespace wspool
