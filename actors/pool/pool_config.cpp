// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/config.hpp>

#include "protocol/number_text.hpp"
#include "runtime/text_option.hpp"

#include <wspool/units.hpp>

#include <algorithm>
#include <charconv>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace wspool {

/// One option: its name in the group, the field that it stands for as `validate` calls it, and how
/// its texts become that field's value.
struct config_row {
  const char* key;
  const char* field;
  std::vector<std::string> held; ///< written to by CAF
  bool secret = false;           ///< not to be quoted
  /// @returns what would have been right; empty if all is well. Null for what makes the endpoints,
  /// which need all of them together.
  std::function<std::string(const std::vector<std::string>&, pool_options&)> assign;
};

namespace {

using texts = std::vector<std::string>;
using std::chrono::milliseconds;

constexpr const char* group = "wspool";

// -- texts to values -----------------------------------------------------------------------------

template <class T>
std::string number_text(T value) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// The elements of a list that came as one text: `[...]` as CAF writes it, or separated by commas.
texts split(const texts& held) {
  if (held.size() != 1)
    return held;
  const auto text = trimmed(held.front());
  if (text.starts_with('[')) {
    const std::string copy{text};
    auto list = caf::config_value::parse(copy);
    return list ? compat::texts_of(*list) : held;
  }
  texts result;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    if (auto part = trimmed(text.substr(begin, end - begin)); !part.empty())
      result.emplace_back(part);
    begin = end + 1;
  }
  return result;
}

/// All elements as numbers; false if one is none.
bool parse_numbers(const texts& held, std::vector<std::uint32_t>& into) {
  for (const auto& text : split(held))
    if (!detail::read_number(text, into.emplace_back()))
      return false;
  return true;
}

std::string quoted(const texts& held) {
  std::string result;
  for (const auto& text : held)
    result += (result.empty() ? "\"" : ", \"") + text + '"';
  return result.empty() ? "\"\"" : result;
}

std::string full_key(std::string_view key) { return std::string{group}.append(".").append(key); }

[[noreturn]] void reject(const config_row& where, const std::string& expected) {
  const auto value = where.secret ? std::string{} : ": " + quoted(where.held);
  throw invalid_options{
    {errc::invalid_option, full_key(where.key) + value + ": expected " + expected}};
}

std::string_view to_string(delivery value) {
  return value == delivery::at_least_once ? "at-least-once" : "at-most-once";
}

bool from_string(std::string_view name, delivery& value) {
  value = name == "at-least-once" ? delivery::at_least_once : delivery::at_most_once;
  return name == to_string(value);
}

} // namespace

// -- the table -----------------------------------------------------------------------------------

struct config::table {
  table(caf::config_option_set& to, pool_options from) : options(to), base(std::move(from)) {}

  caf::config_option_set& options;
  pool_options base;
  std::deque<config_row> rows; // whose addresses CAF keeps

  void add(const char* key, const char* field, const char* help, texts initial,
           std::function<std::string(const texts&, pool_options&)> assign) {
    auto& added =
      rows.emplace_back(config_row{key, field, std::move(initial), false, std::move(assign)});
    compat::add_text_option(options, added.held, group, key, help);
  }

  /// An option of one value; `parse(text, field)` says what it expected, or nothing.
  template <class Get, class Parse>
  void one(const char* key, const char* field, const char* help, std::string initial, Get get,
           Parse parse) {
    add(key, field, help, {std::move(initial)},
        [get, parse](const texts& held, pool_options& x) -> std::string {
          return held.size() == 1 ? parse(held.front(), get(x)) : "one value";
        });
  }

  template <class Get>
  void text(const char* key, const char* field, const char* help, Get get) {
    one(key, field, help, get(base), get, [](const std::string& from, std::string& into) {
      into = from;
      return std::string{};
    });
  }

  template <class Get>
  void number(const char* key, const char* field, const char* help, Get get) {
    one(key, field, help, number_text(get(base)), get, [](const std::string& from, auto& into) {
      return detail::read_number(from, into) ? "" : "a number";
    });
  }

  template <class Get>
  void boolean(const char* key, const char* field, const char* help, Get get) {
    one(key, field, help, get(base) ? "true" : "false", get,
        [](const std::string& from, bool& into) {
          into = from == "true";
          return into || from == "false" ? "" : "true or false";
        });
  }

  template <class Get>
  void duration(const char* key, const char* field, const char* help, Get get) {
    one(key, field, help, format_duration(get(base)), get,
        [](const std::string& from, milliseconds& into) {
          const auto value = parse_duration(from);
          into = value.value_or(milliseconds{0});
          return value ? "" : "a duration such as 500ms, 30s or 1h30m";
        });
  }

  template <class Get>
  void bytes(const char* key, const char* field, const char* help, Get get) {
    one(key, field, help, format_bytes(get(base)), get,
        [](const std::string& from, std::size_t& into) {
          const auto value = parse_bytes(from);
          into = static_cast<std::size_t>(value.value_or(0));
          return value ? "" : "a number of bytes such as 64MiB";
        });
  }

  template <class Get>
  void choice(const char* key, const char* field, const char* help, const char* names, Get get) {
    one(key, field, help, std::string{to_string(get(base))}, get,
        [names](const std::string& from, auto& into) {
          return from_string(from, into) ? "" : names;
        });
  }

  void describe_pool();
  void describe_connect();
  void describe_deflate();
  void describe_survival();
  void describe_bounds();

  [[nodiscard]] const config_row& find(std::string_view key) const;
  void check_keys(const caf::settings& given) const;
  void assign_endpoints(pool_options& into) const;
  [[nodiscard]] failure translate(failure found, bool urls_given) const;
};

// -- the options ---------------------------------------------------------------------------------

/// `field(x)` of `pool_options& x`, as a function.
#define WSPOOL_FIELD(path)                                                                         \
  [](pool_options & x) -> auto& { return x.path; }

void config::table::describe_pool() {
  add("urls", "endpoints.url", "ws:// and wss:// URLs of the servers", {}, nullptr);
  add("connections", "endpoints.connections", "connections for each URL",
      {number_text(endpoint_options{}.connections)}, nullptr);
  add("weights", "endpoints.weight", "for the schedule weighted, in the order of the URLs", {},
      nullptr);
  add("groups", "endpoints.group",
      "for the schedule failover, lower ones preferred; default: the order of the URLs", {},
      nullptr);
  text("name", "name", "name of the pool in logs and metrics", WSPOOL_FIELD(name));
  choice("schedule", "schedule", "who gets the next message",
         "round-robin, random, weighted, least-pending, power-of-two, lowest-rtt, failover or hash",
         WSPOOL_FIELD(schedule));
  choice("delivery", "policy", "at-most-once (never twice) or at-least-once (never lost)",
         "at-most-once or at-least-once", WSPOOL_FIELD(policy));
  number("seed", "seed", "of all randomness; 0: from the system", WSPOOL_FIELD(seed));
}

void config::table::describe_connect() {
  add("headers", "connect.upgrade.headers",
      "\"NAME: VALUE\" of the upgrade request; several as a list", {},
      [](const texts& held, pool_options& x) -> std::string {
        for (const auto& text : held) {
          const auto colon = text.find(':');
          if (colon == std::string::npos || colon == 0)
            return "NAME: VALUE";
          const auto value = trimmed(std::string_view{text}.substr(colon + 1));
          x.connect.upgrade.headers.push_back({text.substr(0, colon), std::string{value}});
        }
        return {};
      });
  rows.back().secret = true; // Authorization, Cookie
  add("subprotocols", "connect.upgrade.subprotocols", "to offer, in this order",
      base.connect.upgrade.subprotocols, [](const texts& held, pool_options& x) {
        x.connect.upgrade.subprotocols = split(held);
        return std::string{};
      });
  text("origin", "connect.upgrade.origin", "the Origin header",
       WSPOOL_FIELD(connect.upgrade.origin));
  text("auth", "connect.upgrade.basic", "basic credentials, user:password",
       WSPOOL_FIELD(connect.upgrade.basic));
  rows.back().secret = true;
  text("bearer", "connect.upgrade.bearer", "a bearer token", WSPOOL_FIELD(connect.upgrade.bearer));
  rows.back().secret = true;
  number("redirects", "connect.upgrade.max_redirects", "to follow in one attempt",
         WSPOOL_FIELD(connect.upgrade.max_redirects));
  boolean("verify", "connect.tls.verify", "verify the server's certificate",
          WSPOOL_FIELD(connect.tls.verify));
  text("ca", "connect.tls.ca_file", "PEM file of authorities to trust; default: the system's",
       WSPOOL_FIELD(connect.tls.ca_file));
  text("cert", "connect.tls.certificate_file", "PEM file of a client certificate",
       WSPOOL_FIELD(connect.tls.certificate_file));
  text("key", "connect.tls.key_file", "PEM file of its key; default: in the certificate's",
       WSPOOL_FIELD(connect.tls.key_file));
  text("server-name", "connect.tls.server_name",
       "name to ask for and to verify; default: the URL's host",
       WSPOOL_FIELD(connect.tls.server_name));
  text("proxy", "connect.proxy.url",
       "http://, socks5:// or socks5h:// URL, or none; default: the environment's",
       WSPOOL_FIELD(connect.proxy.url));
  boolean("no-delay", "connect.no_delay", "TCP_NODELAY", WSPOOL_FIELD(connect.no_delay));
  bytes("max-message", "connect.limits.max_message_bytes", "largest message taken or sent",
        WSPOOL_FIELD(connect.limits.max_message_bytes));
  bytes("max-header", "connect.limits.max_header_bytes", "largest head of an upgrade's answer",
        WSPOOL_FIELD(connect.limits.max_header_bytes));
  duration("address-timeout", "connect.deadlines.address", "of a TCP connect, for each address",
           WSPOOL_FIELD(connect.deadlines.address));
  duration("handshake-timeout", "connect.deadlines.handshake", "of proxy, TLS and upgrade together",
           WSPOOL_FIELD(connect.deadlines.handshake));
  duration("idle-timeout", "connect.deadlines.idle", "without a message either way; 0s: never",
           WSPOOL_FIELD(connect.deadlines.idle));
  duration("close-timeout", "connect.deadlines.close", "of the closing handshake",
           WSPOOL_FIELD(connect.deadlines.close));
}

void config::table::describe_deflate() {
  boolean("compress", "connect.deflate.enabled", "offer permessage-deflate",
          WSPOOL_FIELD(connect.deflate.enabled));
  number("client-window-bits", "connect.deflate.client_window_bits", "9 to 15, of what we send",
         WSPOOL_FIELD(connect.deflate.client_window_bits));
  number("server-window-bits", "connect.deflate.server_window_bits",
         "9 to 15, of what the server sends", WSPOOL_FIELD(connect.deflate.server_window_bits));
  boolean("client-context-takeover", "connect.deflate.client_context_takeover",
          "compress each message knowing the ones before",
          WSPOOL_FIELD(connect.deflate.client_context_takeover));
  boolean("server-context-takeover", "connect.deflate.server_context_takeover",
          "the same for the server", WSPOOL_FIELD(connect.deflate.server_context_takeover));
  bytes("compress-minimum", "connect.deflate.minimum_bytes", "smaller messages travel as they are",
        WSPOOL_FIELD(connect.deflate.minimum_bytes));
  number("compress-level", "connect.deflate.level", "zlib's effort, 0 to 9",
         WSPOOL_FIELD(connect.deflate.level));
}

void config::table::describe_survival() {
  duration("heartbeat-interval", "heartbeat.interval", "ping after so much silence; 0s: never",
           WSPOOL_FIELD(heartbeat.interval));
  duration("heartbeat-timeout", "heartbeat.timeout",
           "silent so long after a ping, a connection is dead", WSPOOL_FIELD(heartbeat.timeout));
  duration("reconnect-initial", "reconnect.initial", "ceiling of the first delay",
           WSPOOL_FIELD(reconnect.initial));
  duration("reconnect-max", "reconnect.maximum", "ceiling of all delays",
           WSPOOL_FIELD(reconnect.maximum));
  number("reconnect-multiplier", "reconnect.multiplier", "growth of the ceiling with each attempt",
         WSPOOL_FIELD(reconnect.multiplier));
  const auto& attempts = base.reconnect.attempts;
  one("reconnect-attempts", "reconnect.attempts",
      "in a row before a connection is given up, or unlimited",
      attempts ? number_text(*attempts) : "unlimited", WSPOOL_FIELD(reconnect.attempts),
      [](const std::string& from, std::optional<std::uint32_t>& into) {
        into.reset();
        const bool good = from == "unlimited" || detail::read_number(from, into.emplace());
        if (from == "unlimited")
          into.reset();
        return good ? "" : "a number or unlimited";
      });
  duration("minimum-uptime", "reconnect.minimum_uptime", "a shorter life does not reset the delays",
           WSPOOL_FIELD(reconnect.minimum_uptime));
  number("ejection-failures", "ejection.failures",
         "of a URL in a row that eject it while another one serves; 0: never",
         WSPOOL_FIELD(ejection.failures));
  duration("ejection-base", "ejection.base", "first ejection; each further one is longer by it",
           WSPOOL_FIELD(ejection.base));
  duration("ejection-max", "ejection.maximum", "longest ejection", WSPOOL_FIELD(ejection.maximum));
  duration("slow-start", "ejection.slow_start", "in which a recovered URL's share grows to full",
           WSPOOL_FIELD(ejection.slow_start));
  duration("max-age", "rotation.max_age", "replace connections that are so old; 0s: never",
           WSPOOL_FIELD(rotation.max_age));
  number("max-age-jitter", "rotation.jitter", "up to this share is taken off the age, at random",
         WSPOOL_FIELD(rotation.jitter));
  duration("drain", "rotation.drain",
           "how long a connection that is replaced, or a pool that is closed, may take to finish",
           WSPOOL_FIELD(rotation.drain));
}

void config::table::describe_bounds() {
  number("queue-messages", "queue.max_messages", "that may wait for a connection",
         WSPOOL_FIELD(queue.max_messages));
  bytes("queue-bytes", "queue.max_bytes", "that may wait for a connection",
        WSPOOL_FIELD(queue.max_bytes));
  choice("overflow", "queue.overflow", "what happens to a message that finds the queue full",
         "drop-oldest, drop-newest, reject or block", WSPOOL_FIELD(queue.overflow));
  number("high-water", "queue.high_water", "share of its bounds at which an event says it fills",
         WSPOOL_FIELD(queue.high_water));
  number("low-water", "queue.low_water", "share at which an event says it has emptied",
         WSPOOL_FIELD(queue.low_water));
  number("window-messages", "window.max_messages",
         "that one connection may hold unwritten or unconfirmed",
         WSPOOL_FIELD(window.max_messages));
  bytes("window-bytes", "window.max_bytes", "the same in bytes", WSPOOL_FIELD(window.max_bytes));
  bytes("window-unread", "window.max_unread_bytes",
        "received bytes that a subscriber may hold before no more are read",
        WSPOOL_FIELD(window.max_unread_bytes));
  duration("monitor-interval", "monitor.interval", "between two snapshots; 0s: none",
           WSPOOL_FIELD(monitor.interval));
  duration("monitor-history", "monitor.history", "how far back snapshots are kept",
           WSPOOL_FIELD(monitor.history));
}

#undef WSPOOL_FIELD

// -- putting it together -------------------------------------------------------------------------

const config_row& config::table::find(std::string_view key) const {
  return *std::find_if(rows.begin(), rows.end(),
                       [key](const config_row& x) { return x.key == key; });
}

/// CAF takes any key of a file.
void config::table::check_keys(const caf::settings& given) const {
  for (const auto& [key, value] : given)
    if (std::none_of(rows.begin(), rows.end(),
                     [&, k = key](const config_row& x) { return k == x.key; }))
      throw invalid_options{{errc::invalid_option, full_key({key.data(), key.size()}) + ": "
                                                     + quoted(compat::texts_of(value))
                                                     + ": there is no such option"}};
}

void config::table::assign_endpoints(pool_options& into) const {
  const auto& connections = find("connections");
  std::uint32_t count = 0;
  if (connections.held.size() != 1 || !detail::read_number(connections.held.front(), count))
    reject(connections, "a number");
  const auto urls = split(find("urls").held);
  if (urls.empty())
    return;
  auto numbers = [&](const config_row& from) {
    std::vector<std::uint32_t> result;
    if (!parse_numbers(from.held, result) || (!result.empty() && result.size() != urls.size()))
      reject(from, "a number for each of the " + std::to_string(urls.size()) + " URLs");
    return result;
  };
  const auto weights = numbers(find("weights"));
  const auto groups = numbers(find("groups"));
  into.endpoints.clear();
  for (std::uint32_t i = 0; i < urls.size(); ++i)
    into.endpoints.push_back(
      {urls[i], count, weights.empty() ? 1 : weights[i], groups.empty() ? i : groups[i]});
}

/// Says which key a field came from: `heartbeat.timeout: …` is `wspool.heartbeat-timeout: …`.
failure config::table::translate(failure found, bool urls_given) const {
  auto& text = found.detail;
  if (urls_given && text.starts_with("endpoints["))
    text.erase(text.find('['), text.find(']') + 1 - text.find('['));
  else if (text.starts_with("connect.\"")) // a header, by its name
    text.insert(text.find('"'), "upgrade.headers: ");
  const auto colon = text.find(':');
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& x) {
    return std::string_view{text}.substr(0, colon) == x.field;
  });
  if (row != rows.end())
    text.replace(0, colon, full_key(row->key));
  return found;
}

config::config(pool_options defaults)
  : table_(std::make_unique<table>(custom_options_, std::move(defaults))) {
  prepare(*this);
  compat::prefer_sharing(*this);
  table_->describe_pool();
  table_->describe_connect();
  table_->describe_deflate();
  table_->describe_survival();
  table_->describe_bounds();
}

config::~config() = default;

pool_options config::to_pool_options() const {
  if (auto given = content.find(compat::text_view(group)); given != content.end())
    if (const auto* keys = caf::get_if<caf::settings>(&given->second))
      table_->check_keys(*keys);
  auto result = table_->base;
  for (const auto& x : table_->rows)
    if (x.assign)
      if (auto expected = x.assign(x.held, result); !expected.empty())
        reject(x, expected);
  table_->assign_endpoints(result);
  if (auto bad = validate(result))
    throw invalid_options{table_->translate(std::move(bad), !table_->find("urls").held.empty())};
  return result;
}

} // namespace wspool
