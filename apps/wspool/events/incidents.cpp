// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "events/incidents.hpp"

#include "process/text.hpp"

#include <wspool/units.hpp>

#include <chrono>

namespace wspool::cli {

namespace {

std::string quoted_tail(const std::string& text) {
  return text.empty() ? "" : " \"" + printable(text, 200) + "\"";
}

/// As people say it: "450ms", "1.8s", "2m".
std::string rounded(std::chrono::milliseconds value) {
  using namespace std::chrono;
  if (value < seconds{1} || value >= minutes{2})
    return format_duration(value < seconds{1} ? value : milliseconds{round<seconds>(value)});
  auto tenths = round<duration<std::int64_t, std::deci>>(value).count();
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "s";
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

} // namespace

void incidents::refused(const unexpected_response_event& x) {
  auto& result = open_[x.connection.slot];
  result.endpoint = x.endpoint;
  result.refusal = "the server refused the upgrade: " + std::to_string(x.response.status);
  if (!x.response.reason.empty())
    result.refusal += " " + printable(x.response.reason, 100);
  auto retry_after = x.response.header_value("Retry-After");
  if (!retry_after.empty())
    result.refusal += ", Retry-After: " + printable(retry_after, 100);
  result.refusal += quoted_tail(first_line(x.response.body));
}

void incidents::failed(const error_event& x) {
  auto& result = open_[x.connection.slot];
  result.endpoint = x.endpoint;
  auto what = std::string{describe(x.code)};
  auto detail = printable(x.text);
  // The text may say it all by itself.
  if (detail.starts_with(what))
    result.error = detail;
  else
    result.error = detail.empty() ? what : what + ": " + detail;
}

void incidents::closed(const close_event& x) {
  auto is_planned = x.why == errc::shutdown || (x.clean && x.began == initiator::local);
  if (is_planned)
    return forget(x.connection.slot);
  auto& result = open_[x.connection.slot];
  result.endpoint = x.endpoint;
  result.clean = x.clean;
  result.close = "close code " + std::to_string(x.code);
  auto name = name_of_close(x.code);
  if (!name.empty())
    result.close.append(", ").append(name);
  result.close += quoted_tail(x.reason);
}

void incidents::forget(std::uint32_t slot) { open_.erase(slot); }

std::string incidents::text_of(const incident& x, errc why) {
  if (!x.refusal.empty())
    return x.refusal;
  if (x.clean)
    return "the server closed the connection (" + x.close + ")";
  if (!x.close.empty())
    return "lost the connection: " + (x.error.empty() ? std::string{describe(why)} : x.error) + " ("
           + x.close + ")";
  return x.error.empty() ? std::string{describe(why)} : x.error;
}

std::string incidents::take(std::uint32_t slot, const std::string& endpoint, errc why) {
  auto result = endpoint + ": " + text_of(open_[slot], why);
  forget(slot);
  return result;
}

std::string incidents::retries(const retry_event& x) {
  return take(x.slot, x.endpoint, x.why) + "; retrying in " + rounded(x.delay) + " (attempt "
         + std::to_string(x.attempt) + ")";
}

std::string incidents::gives_up(const given_up_event& x) {
  auto result = take(x.slot, x.endpoint, x.why) + "; giving up after " + std::to_string(x.attempts)
                + (x.attempts == 1 ? " attempt" : " attempts");
  return result;
}

std::string incidents::ejects(const ejected_event& x) const {
  return x.endpoint + ": keeps failing; not used for " + rounded(x.duration);
}

std::vector<std::string> incidents::take_all() {
  std::vector<std::string> result;
  for (auto& [slot, x] : open_)
    result.push_back(x.endpoint + ": " + text_of(x, errc::none));
  open_.clear();
  return result;
}

} // namespace wspool::cli
