// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/server_options.hpp>

#include "runtime/option_checker.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

namespace wspool {

namespace {

using checker = detail::option_checker;
using detail::text_of;
using std::chrono::milliseconds;

constexpr std::size_t most_connections = 10'000'000;

template <class T>
struct named {
  T value;
  std::string_view text;
};

constexpr std::array parts{
  named<request_part>{request_part::certificate, "certificate"},
  named<request_part>{request_part::none, "none"},
  named<request_part>{request_part::path, "path"},
  named<request_part>{request_part::query, "query"},
  named<request_part>{request_part::header, "header"},
};
constexpr std::array rate_actions{
  named<over_rate>{over_rate::slow_down, "slow-down"},
  named<over_rate>{over_rate::close, "close"},
};
constexpr std::array slow_policies{
  named<slow_consumer>{slow_consumer::drop_oldest, "drop-oldest"},
  named<slow_consumer>{slow_consumer::drop_newest, "drop-newest"},
  named<slow_consumer>{slow_consumer::close_try_again, "close-1013"},
  named<slow_consumer>{slow_consumer::close_policy_violation, "close-1008"},
};

template <class Table, class T>
std::string_view name_in(const Table& table, T value) noexcept {
  auto found =
    std::find_if(table.begin(), table.end(), [value](const auto& x) { return x.value == value; });
  return found != table.end() ? found->text : "unknown";
}

template <class Table, class T>
bool value_in(const Table& table, std::string_view text, T& value) noexcept {
  auto found =
    std::find_if(table.begin(), table.end(), [text](const auto& x) { return x.text == text; });
  if (found == table.end())
    return false;
  value = found->value;
  return true;
}

template <class Table, class T>
void expect_known(checker& check, std::string_view field, const Table& table, T value) {
  std::string all;
  for (const auto& x : table)
    all.append(all.empty() ? "" : ", ").append(x.text);
  check.expect(name_in(table, value) != "unknown", field, text_of(static_cast<int>(value)),
               "one of " + all);
}

/// RFC 9110 §5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
           || marks.find(c) != std::string_view::npos;
  });
}

void check_listen(checker& check, const std::vector<listen_address>& listen) {
  for (std::size_t i = 0; i < listen.size(); ++i) {
    const auto field = "listen[" + std::to_string(i) + "].";
    check.expect(listen[i].address.find(':') != std::string::npos, field + "address",
                 listen[i].address, "host:port");
    check.part(field, check_files(listen[i].tls));
    for (std::size_t j = 0; j < listen[i].certificates.size(); ++j) {
      const auto& one = listen[i].certificates[j];
      const auto which = field + "certificates[" + std::to_string(j) + "].";
      check.expect(!listen[i].tls.certificate_file.empty(), which + "name", one.name,
                   "a certificate in tls, too, for clients that ask for no name");
      check.expect(one.name.find('.') != std::string::npos, which + "name", one.name,
                   "a host's name");
      tls_options files;
      files.certificate_file = one.certificate_file;
      files.key_file = one.key_file;
      check.expect(!one.certificate_file.empty(), which + "certificate_file", "", "a file");
      check.part(which, check_files(files));
    }
  }
}

void check_field(checker& check, const std::string& field, const request_field& x) {
  expect_known(check, field + ".part", parts, x.part);
  switch (x.part) {
    case request_part::certificate:
      break;
    case request_part::none:
      check.expect(!x.required, field + ".required", "true", "false, as part is none");
      break;
    case request_part::path:
      check.expect(x.name.starts_with('/'), field + ".name", x.name,
                   "a path's beginning, such as /ws/");
      break;
    case request_part::query:
      check.expect(!x.name.empty(), field + ".name", x.name, "a parameter's name");
      break;
    case request_part::header:
      check.expect(is_token(x.name), field + ".name", x.name, "a header's name");
      break;
  }
  check.expect(x.fallback.size() <= 255, field + ".fallback", x.fallback.substr(0, 255),
               "at most 255 bytes");
}

void check_entrance(checker& check, const entrance_options& x) {
  check.expect(x.space.part != request_part::certificate, "entrance.space.part", "certificate",
               "one that all clients have");
  check_field(check, "entrance.space", x.space);
  check_field(check, "entrance.identity", x.identity);
  for (std::size_t i = 0; i < x.origins.size(); ++i)
    check.expect(x.origins[i].find("://") != std::string::npos && !x.origins[i].ends_with('/'),
                 "entrance.origins[" + std::to_string(i) + "]", x.origins[i],
                 "scheme://host[:port] without a path");
  for (std::size_t i = 0; i < x.subprotocols.size(); ++i)
    check.expect(is_token(x.subprotocols[i]), "entrance.subprotocols[" + std::to_string(i) + "]",
                 x.subprotocols[i], "a token");
  check.expect(!x.subprotocol_required || !x.subprotocols.empty(), "entrance.subprotocol_required",
               "true", "false, as entrance.subprotocols is empty");
}

void check_http(checker& check, const http_options& x) {
  for (std::size_t i = 0; i < x.files.size(); ++i) {
    const auto field = "http.files[" + std::to_string(i) + "].";
    const auto& [prefix, directory] = x.files[i];
    check.expect(prefix.starts_with('/') && prefix.ends_with('/'), field + "prefix", prefix,
                 "a path that begins and ends with /");
    std::error_code error;
    check.expect(std::filesystem::is_directory(directory, error), field + "directory", directory,
                 "a directory");
  }
}

void check_admission(checker& check, const admission_options& x) {
  check.within<std::size_t>("admission.max_connections", x.max_connections, 1, most_connections);
  check.within<std::size_t>("admission.max_per_address", x.max_per_address, 0, most_connections);
  check.duration("admission.handshake", x.handshake, milliseconds{1});
}

/// What server and client connections have in common is checked where it belongs.
void check_connection(checker& check, const server_options& options) {
  connect_options common;
  common.limits = options.limits;
  common.deflate = options.deflate;
  check.part("", validate(common));
}

void check_backlog(checker& check, const backlog_options& x) {
  check.at_least<std::size_t>("backlog.max_messages", x.max_messages, 1);
  check.at_least<std::size_t>("backlog.max_bytes", x.max_bytes, 1);
  expect_known(check, "backlog.policy", slow_policies, x.policy);
}

void check_stay(checker& check, const stay_options& x) {
  check.duration("stay.heartbeat.interval", x.heartbeat.interval);
  if (x.heartbeat.interval > milliseconds{0})
    check.duration("stay.heartbeat.timeout", x.heartbeat.timeout, milliseconds{1});
  check.duration("stay.idle", x.idle);
  check.duration("stay.max_age", x.max_age);
  // All of the age taken off would close a client the moment it came.
  check.within("stay.jitter", x.jitter, 0.0, 0.9);
  check.duration("stay.close", x.close);
}

} // namespace

std::string_view to_string(request_part value) noexcept { return name_in(parts, value); }
bool from_string(std::string_view name, request_part& value) noexcept {
  return value_in(parts, name, value);
}

std::string_view to_string(over_rate value) noexcept { return name_in(rate_actions, value); }
bool from_string(std::string_view name, over_rate& value) noexcept {
  return value_in(rate_actions, name, value);
}

std::string_view to_string(slow_consumer value) noexcept { return name_in(slow_policies, value); }
bool from_string(std::string_view name, slow_consumer& value) noexcept {
  return value_in(slow_policies, name, value);
}

failure validate(const server_options& options) {
  checker check;
  check.name("name", options.name);
  check.expect(!options.listen.empty(), "listen", "", "at least one address");
  check_listen(check, options.listen);
  check_entrance(check, options.entrance);
  check_http(check, options.http);
  check_admission(check, options.admission);
  check_connection(check, options);
  expect_known(check, "rate.action", rate_actions, options.rate.action);
  check_backlog(check, options.backlog);
  check_stay(check, options.stay);
  check.at_least<std::size_t>("max_unread_bytes", options.max_unread_bytes, 1);
  return check.take();
}

} // namespace wspool
