// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_config

#include "support/unit_test.hpp"

#include "support/caf_config.hpp"

#include <wspool/config.hpp>
#include <wspool/units.hpp>

#include <rapidcheck.h>

#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

namespace pool_config_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace {

using arguments = std::vector<std::string>;

/// A configuration that was given a file and a command line.
class configured {
public:
  explicit configured(arguments command_line, const std::string& file = {},
                      pool_options defaults = {})
    : cfg_(std::move(defaults)) {
    std::istringstream in{file};
    error_ = cfg_.parse(std::move(command_line), in);
  }

  [[nodiscard]] bool parsed() const { return !error_; }
  [[nodiscard]] pool_options options() const { return cfg_.to_pool_options(); }
  /// What is wrong, without the sentence that all invalid options begin with.
  [[nodiscard]] std::string complaint() const {
    try {
      (void)options();
      return "none";
    } catch (const invalid_options& e) {
      const std::string text = e.what();
      const auto sentence = std::string{describe(e.code())} + ": ";
      return text.starts_with(sentence) ? text.substr(sentence.size()) : text;
    }
  }

  config& get() { return cfg_; }

private:
  config cfg_;
  caf::error error_;
};

configured file(const std::string& lines) {
  return configured{{}, group_in_file("wspool", "urls = [\"ws://localhost:9001\"]\n" + lines)};
}

configured command_line(arguments args) {
  args.insert(args.begin(), "--wspool.urls=ws://localhost:9001");
  return configured{std::move(args)};
}

pool_options with_endpoint() {
  pool_options result;
  result.endpoints.push_back({"ws://example.org/", 3, 2, 1});
  return result;
}

} // namespace

// -- what stands without a word -------------------------------------------------------------------

CAF_TEST(without_options_the_defaults_of_the_code_stand) {
  auto defaults = with_endpoint();
  defaults.name = "mine";
  defaults.heartbeat.interval = 1'234ms;
  defaults.queue.max_bytes = 777;
  defaults.reconnect.attempts = 5;
  defaults.policy = delivery::at_least_once;
  defaults.connect.tls.verify = false;
  defaults.connect.upgrade.headers.push_back({"X-A", "b"});
  const auto options = configured{{}, "", defaults}.options();
  CAF_REQUIRE_EQUAL(options.endpoints.size(), 1u);
  CAF_CHECK_EQUAL(options.endpoints[0].url, "ws://example.org/");
  CAF_CHECK_EQUAL(options.endpoints[0].connections, 3u);
  CAF_CHECK_EQUAL(options.name, "mine");
  CAF_CHECK(options.heartbeat.interval == 1'234ms);
  CAF_CHECK_EQUAL(options.queue.max_bytes, 777u);
  CAF_CHECK(options.reconnect.attempts == 5u);
  CAF_CHECK(options.policy == delivery::at_least_once);
  CAF_CHECK(!options.connect.tls.verify);
  CAF_CHECK_EQUAL(options.connect.upgrade.headers.size(), 1u);
}

CAF_TEST(every_default_survives_its_way_through_text) {
  const auto was = with_endpoint();
  const auto is = configured{{}, "", was}.options();
  CAF_CHECK(is.schedule == was.schedule && is.policy == was.policy);
  CAF_CHECK(is.queue.overflow == was.queue.overflow);
  CAF_CHECK_EQUAL(is.queue.high_water, was.queue.high_water);
  CAF_CHECK_EQUAL(is.queue.low_water, was.queue.low_water);
  CAF_CHECK_EQUAL(is.rotation.jitter, was.rotation.jitter);
  CAF_CHECK_EQUAL(is.reconnect.multiplier, was.reconnect.multiplier);
  CAF_CHECK(!is.reconnect.attempts);
  CAF_CHECK_EQUAL(is.window.max_bytes, was.window.max_bytes);
  CAF_CHECK_EQUAL(is.connect.limits.max_message_bytes, was.connect.limits.max_message_bytes);
  CAF_CHECK(is.connect.deadlines.handshake == was.connect.deadlines.handshake);
  CAF_CHECK(is.monitor.history == was.monitor.history);
  CAF_CHECK(is.connect.tls.verify && is.connect.no_delay && !is.connect.deflate.enabled);
}

CAF_TEST(the_sharing_scheduler_is_preferred_but_not_forced) {
  CAF_CHECK_EQUAL(policy_of(command_line({}).get()), "sharing");
  CAF_CHECK_EQUAL(policy_of(command_line({policy_flag("stealing")}).get()), "stealing");
}

CAF_TEST(a_system_starts_with_it) {
  auto configuration = command_line({"--" + compat::caf_key("scheduler.max-threads") + "=2"});
  caf::actor_system system{configuration.get()};
  CAF_CHECK_EQUAL(render(system, caf::make_error(errc::queue_full)).substr(0, 10), "queue_full");
}

// -- files and command lines ----------------------------------------------------------------------

CAF_TEST(a_file_sets_options_in_cafs_own_manner) {
  const configured x{{},
                     group_in_file("wspool",
                                   "urls = [\"ws://10.0.0.1:9001/\", \"wss://10.0.0.2/\"]\n"
                                   "connections = 4\n"
                                   "schedule = \"least-pending\"\n"
                                   "delivery = \"at-least-once\"\n"
                                   "heartbeat-interval = 10s\n"
                                   "heartbeat-timeout = 500ms\n"
                                   "reconnect-multiplier = 1.5\n"
                                   "reconnect-attempts = 7\n"
                                   "queue-bytes = \"2MiB\"\n"
                                   "queue-messages = 50\n"
                                   "overflow = \"reject\"\n"
                                   "verify = false\n"
                                   "headers = [\"X-Tenant: blue\", \"X-Other:green\"]\n")};
  CAF_REQUIRE(x.parsed());
  const auto options = x.options();
  CAF_REQUIRE_EQUAL(options.endpoints.size(), 2u);
  CAF_CHECK_EQUAL(options.endpoints[1].url, "wss://10.0.0.2/");
  CAF_CHECK_EQUAL(options.endpoints[1].connections, 4u);
  CAF_CHECK(options.schedule == schedule::least_pending);
  CAF_CHECK(options.policy == delivery::at_least_once);
  CAF_CHECK(options.heartbeat.interval == 10s && options.heartbeat.timeout == 500ms);
  CAF_CHECK_EQUAL(options.reconnect.multiplier, 1.5);
  CAF_CHECK(options.reconnect.attempts == 7u);
  CAF_CHECK_EQUAL(options.queue.max_bytes, 2u * 1024 * 1024);
  CAF_CHECK_EQUAL(options.queue.max_messages, 50u);
  CAF_CHECK(options.queue.overflow == overflow::reject);
  CAF_CHECK(!options.connect.tls.verify);
  const auto& headers = options.connect.upgrade.headers;
  CAF_REQUIRE_EQUAL(headers.size(), 2u);
  CAF_CHECK(headers[0].name == "X-Tenant" && headers[0].value == "blue");
  CAF_CHECK(headers[1].name == "X-Other" && headers[1].value == "green");
}

CAF_TEST(a_value_may_be_quoted_or_not) {
  for (const char* line : {"heartbeat-interval = 90s", "heartbeat-interval = \"90s\"",
                           "heartbeat-interval = \"1m30s\""})
    CAF_CHECK(file(line).options().heartbeat.interval == 90s);
  for (const char* line :
       {"queue-bytes = 4096", "queue-bytes = \"4096\"", "queue-bytes = \"4KiB\""})
    CAF_CHECK(file(line).options().queue.max_bytes == 4'096u);
  for (const char* line : {"connections = 3", "connections = \"3\""})
    CAF_CHECK(file(line).options().endpoints[0].connections == 3u);
  for (const char* line : {"compress = true", "compress = \"true\""})
    CAF_CHECK(file(line).options().connect.deflate.enabled);
  for (const char* line : {"reconnect-multiplier = 3", "reconnect-multiplier = 3.0"})
    CAF_CHECK(file(line).options().reconnect.multiplier == 3.0);
}

CAF_TEST(a_command_line_sets_options) {
  const auto x = command_line({"--wspool.connections=2", "--wspool.heartbeat-interval=1h30m",
                               "--wspool.queue-bytes=64KiB", "--wspool.no-delay=false",
                               "--wspool.auth=user:pa=ss", "--wspool.name=a pool",
                               "--wspool.reconnect-attempts=unlimited", "--wspool.max-age=0s"});
  CAF_REQUIRE(x.parsed());
  const auto options = x.options();
  CAF_CHECK_EQUAL(options.endpoints[0].connections, 2u);
  CAF_CHECK(options.heartbeat.interval == 90min);
  CAF_CHECK_EQUAL(options.queue.max_bytes, 65'536u);
  CAF_CHECK(!options.connect.no_delay);
  CAF_CHECK_EQUAL(options.connect.upgrade.basic, "user:pa=ss");
  CAF_CHECK_EQUAL(options.name, "a pool");
  CAF_CHECK(!options.reconnect.attempts);
}

CAF_TEST(a_command_line_wins_over_a_file) {
  const configured x{{"--wspool.connections=9", "--wspool.urls=ws://b"},
                     group_in_file("wspool", "urls = [\"ws://a1\", \"ws://a2\"]\n"
                                             "connections = 4\nname = \"f\"\n")};
  const auto options = x.options();
  CAF_REQUIRE_EQUAL(options.endpoints.size(), 1u);
  CAF_CHECK_EQUAL(options.endpoints[0].url, "ws://b");
  CAF_CHECK_EQUAL(options.endpoints[0].connections, 9u);
  CAF_CHECK_EQUAL(options.name, "f");
}

CAF_TEST(lists_may_be_one_text) {
  for (const char* text :
       {"ws://a,ws://b", "ws://a, ws://b", "[\"ws://a\", \"ws://b\"]", " ws://a ,ws://b, "}) {
    CAF_MESSAGE(text);
    const configured x{{std::string{"--wspool.urls="} + text}};
    CAF_REQUIRE(x.parsed());
    const auto options = x.options();
    CAF_REQUIRE_EQUAL(options.endpoints.size(), 2u);
    CAF_CHECK(options.endpoints[0].url == "ws://a" && options.endpoints[1].url == "ws://b");
  }
  CAF_CHECK(file("subprotocols = \"mqtt, wamp\"").options().connect.upgrade.subprotocols.size()
            == 2u);
}

CAF_TEST(weights_and_groups_go_with_the_urls) {
  const configured x{{"--wspool.urls=ws://a,ws://b,ws://c", "--wspool.weights=3,2,1"}};
  const auto options = x.options();
  CAF_REQUIRE_EQUAL(options.endpoints.size(), 3u);
  for (std::uint32_t i = 0; i < 3; ++i) {
    CAF_CHECK_EQUAL(options.endpoints[i].weight, 3 - i);
    CAF_CHECK_EQUAL(options.endpoints[i].group, i);
  }
  const auto grouped = configured{{},
                                  group_in_file("wspool", "urls = [\"ws://a\", \"ws://b\"]\n"
                                                          "groups = [1, 0]\n")}
                         .options();
  CAF_CHECK(grouped.endpoints[0].group == 1 && grouped.endpoints[1].group == 0);
}

CAF_TEST(configured_urls_replace_those_of_the_code) {
  const auto options = configured{{"--wspool.urls=ws://a"}, "", with_endpoint()}.options();
  CAF_REQUIRE_EQUAL(options.endpoints.size(), 1u);
  CAF_CHECK_EQUAL(options.endpoints[0].url, "ws://a");
}

CAF_TEST(without_urls_a_pool_has_no_endpoints_yet) {
  const auto options = configured{{"--wspool.connections=7"}}.options();
  CAF_CHECK(options.endpoints.empty());
  // But what is said of them must be right.
  CAF_CHECK_EQUAL(configured{{"--wspool.connections=x"}}.complaint(),
                  "wspool.connections: \"x\": expected a number");
}

CAF_TEST(an_option_can_be_set_by_the_program) {
  configured x{{"--wspool.urls=ws://a"}};
  x.get().set("wspool.connections", 8);
  x.get().set("wspool.heartbeat-interval", caf::timespan{3s});
  CAF_CHECK(x.options().endpoints[0].connections == 8u);
  CAF_CHECK(x.options().heartbeat.interval == 3s);
}

// -- complaints -----------------------------------------------------------------------------------

CAF_TEST(a_complaint_names_the_key_quotes_the_value_and_says_what_was_expected) {
  struct wrong {
    const char* line;
    const char* complaint;
  };
  for (auto [line, complaint] : {
         wrong{"max-age = \"30\"",
               "wspool.max-age: \"30\": expected a duration such as 500ms, 30s or 1h30m"},
         wrong{"heartbeat-interval = 30", "wspool.heartbeat-interval: \"30\": expected a duration"},
         wrong{"heartbeat-interval = 30us", "wspool.heartbeat-interval: \"30000ns\": expected a"},
         wrong{"queue-bytes = \"64XB\"", "wspool.queue-bytes: \"64XB\": expected a number of byt"},
         wrong{"queue-bytes = -1", "wspool.queue-bytes: \"-1\": expected a number of bytes"},
         wrong{"connections = \"five\"", "wspool.connections: \"five\": expected a number"},
         wrong{"connections = [1, 2]", "wspool.connections: \"1\", \"2\": expected a number"},
         wrong{"name = [\"a\", \"b\"]", "wspool.name: \"a\", \"b\": expected one value"},
         wrong{"schedule = \"best\"", "wspool.schedule: \"best\": expected round-robin, random"},
         wrong{"overflow = \"panic\"", "wspool.overflow: \"panic\": expected drop-oldest"},
         wrong{"delivery = \"exactly-once\"", "wspool.delivery: \"exactly-once\": expected at-"},
         wrong{"verify = 1", "wspool.verify: \"1\": expected true or false"},
         wrong{"reconnect-attempts = \"many\"", "wspool.reconnect-attempts: \"many\": expected a"},
         wrong{"weights = [1, 2]", "wspool.weights: \"1\", \"2\": expected a number for each of"},
         wrong{"groups = \"a\"", "wspool.groups: \"a\": expected a number for each of the 1 URLs"},
       }) {
    CAF_MESSAGE(line);
    const auto said = file(line).complaint();
    CAF_CHECK_EQUAL(said.substr(0, std::string_view{complaint}.size()), complaint);
  }
}

CAF_TEST(what_the_pool_would_refuse_is_refused_under_the_options_key) {
  struct wrong {
    const char* line;
    const char* complaint;
  };
  for (auto [line, complaint] : {
         wrong{"reconnect-initial = 0s", "wspool.reconnect-initial: \"0s\": expected"},
         wrong{"reconnect-max = 10ms", "wspool.reconnect-max: \"10ms\": expected"},
         wrong{"heartbeat-timeout = 0s", "wspool.heartbeat-timeout: \"0s\": expected"},
         wrong{"low-water = 0.9", "wspool.low-water: \"0.9\": expected less than"},
         wrong{"connections = 0", "wspool.connections: \"0\": expected 1 to"},
         wrong{"weights = 0", "wspool.weights: \"0\": expected 1 to"},
         wrong{"name = \"\"", "wspool.name: \"\": expected"},
         wrong{"urls = \"http//x\"", "wspool.urls: "},
         wrong{"client-window-bits = 3", "wspool.client-window-bits: 3 is not"},
         wrong{"cert = \"/nonexistent.pem\"", "wspool.cert: \"/nonexistent.pem\""},
         wrong{"proxy = \"gopher://x\"", "wspool.proxy: "},
         wrong{"headers = [\"Host: x\"]", "wspool.headers: \"Host\" is set by the handshake"},
       }) {
    CAF_MESSAGE(line);
    const auto said = file(line).complaint();
    CAF_CHECK_EQUAL(said.substr(0, std::string_view{complaint}.size()), complaint);
  }
}

CAF_TEST(an_unknown_key_of_the_group_is_an_error) {
  CAF_CHECK_EQUAL(file("conections = 5").complaint(),
                  "wspool.conections: \"5\": there is no such option");
  CAF_CHECK(!command_line({"--wspool.conections=5"}).parsed());
}

CAF_TEST(secrets_are_not_quoted) {
  for (const char* line : {"auth = [\"hunter2\", \"x\"]", "bearer = [\"hunter2\", \"x\"]",
                           "headers = [\"hunter2\"]", "auth = \"hunter2\""}) {
    CAF_MESSAGE(line);
    const auto said = file(line).complaint();
    CAF_CHECK_NOT_EQUAL(said, "none");
    CAF_CHECK(said.find("hunter2") == std::string::npos);
  }
}

CAF_TEST(the_code_of_what_is_wrong_is_kept) {
  auto code = [](const configured& x) {
    try {
      (void)x.options();
    } catch (const invalid_options& e) {
      return e.code();
    }
    return errc::none;
  };
  CAF_CHECK(code(file("connections = 0")) == errc::invalid_option);
  CAF_CHECK(code(file("urls = \"ftp://x\"")) == errc::invalid_url);
  CAF_CHECK(code(file("headers = \"Host: x\"")) == errc::invalid_header);
  CAF_CHECK(code(file("ca = \"/nonexistent.pem\"")) == errc::tls_configuration);
}

CAF_TEST(any_duration_and_any_size_comes_through_in_both_forms) {
  CAF_CHECK(rc::check("in quotes and without, in a file and on a command line", [] {
    const std::chrono::milliseconds span{*rc::gen::inRange<std::int64_t>(1, 86'400'000)};
    const auto bytes = *rc::gen::inRange<std::uint64_t>(1, std::uint64_t{1} << 40);
    const auto plain_span = std::to_string(span.count()) + "ms";
    const auto size = format_bytes(bytes);
    auto same = [&](const configured& x) {
      const auto options = x.options();
      return options.reconnect.minimum_uptime == span && options.queue.max_bytes == bytes;
    };
    RC_ASSERT(
      same(file("minimum-uptime = " + plain_span + "\nqueue-bytes = " + std::to_string(bytes))));
    RC_ASSERT(same(
      file("minimum-uptime = \"" + format_duration(span) + "\"\nqueue-bytes = \"" + size + "\"")));
    RC_ASSERT(same(command_line(
      {"--wspool.minimum-uptime=" + format_duration(span), "--wspool.queue-bytes=" + size})));
  }));
}

} // namespace pool_config_test
