// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "session_model.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace wspool::test {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

/// Numbers from here on are of messages that the server lost.
constexpr std::uint64_t first_lost = 1'000'000;

} // namespace

// -- the server -----------------------------------------------------------------------------------

void model_server::open() { cut(); }

void model_server::cut() {
  connected_ = false;
  members_.clear();
  from_client.clear();
  to_client.clear();
}

void model_server::say(const server_reply& what) {
  to_client.push_back(*dialect_of(dialect_kind::v1).encode(what));
}

std::optional<position> model_server::latest(const channel& of) const {
  if (!of.history)
    return std::nullopt;
  return position{"e" + std::to_string(of.epoch), of.offset};
}

void model_server::say_event(const std::string& name, std::size_t index) {
  const auto& here = channels.at(name);
  publication message;
  message.channel = name;
  message.data = json::value(here.numbers[index]);
  replies::event event{std::make_shared<const publication>(std::move(message)), std::nullopt};
  if (here.history)
    event.where = here.places[index];
  say(event);
  if (repeats && here.history)
    say(event);
}

void model_server::publish(const std::string& name, std::uint64_t number) {
  auto& here = channels[name];
  ++here.offset;
  here.places.push_back({"e" + std::to_string(here.epoch), here.offset});
  here.numbers.push_back(number);
  if (members_.contains(name))
    say_event(name, here.numbers.size() - 1);
}

void model_server::begin_epoch(const std::string& name) {
  auto& here = channels[name];
  ++here.epoch;
  here.offset = 0;
}

void model_server::lose_one(const std::string& name) {
  auto& here = channels[name];
  ++here.offset;
  here.places.push_back({"e" + std::to_string(here.epoch), here.offset});
  here.numbers.push_back(first_lost + here.numbers.size());
  if (members_.contains(name) && random_() % 2 == 0)
    say(replies::gap{name, latest(here)});
  else if (members_.contains(name) && !here.history)
    say(replies::gap{name, std::nullopt}); // else the next one's offset tells
}

bool model_server::take(time_point now) {
  if (from_client.empty())
    return false;
  const auto message = std::move(from_client.front().message);
  from_client.pop_front();
  const auto heard =
    dialect_of(dialect_kind::v1).decode(message.data, message.kind, request_limits{});
  if (const auto* request = std::get_if<client_request>(&heard)) {
    if (!connected_ && !std::holds_alternative<requests::connect>(*request))
      ++violations;
    std::visit([&](const auto& x) { on(x, now); }, *request);
  } else {
    ++violations;
  }
  return true;
}

bool model_server::refuse(const std::optional<message_id>& id) {
  if (refusals == 0)
    return false;
  --refusals;
  rejection why;
  why.code = message_errc::unavailable;
  why.message = "not now";
  why.id = id;
  why.retry_after = std::chrono::milliseconds{random_() % 500};
  say(why);
  return true;
}

void model_server::on(const requests::connect& x, time_point) {
  if (refuse(x.id))
    return;
  connected_ = true;
  say(replies::connected{x.id, "c", x.session.value_or("?"), "", 65'536, deduplication});
}

void model_server::on(const requests::subscribe& x, time_point) {
  if (refuse(x.id))
    return;
  auto& here = channels[x.channel];
  members_.insert(x.channel);
  replies::subscribed answer{x.id, x.channel, latest(here), std::nullopt};
  if (!x.recover)
    return say(answer);
  const auto found = std::find(here.places.begin(), here.places.end(), *x.recover);
  const bool at_begin =
    x.recover->offset == 0 && latest(here) && x.recover->epoch == latest(here)->epoch;
  const auto first_missed = here.offset - std::min<std::uint64_t>(here.offset, kept) + 1;
  answer.recovered = here.history && latest(here)->epoch == x.recover->epoch
                     && (found != here.places.end() || at_begin)
                     && x.recover->offset + 1 >= first_missed;
  say(answer);
  if (!*answer.recovered)
    return;
  const auto missed = here.offset - x.recover->offset;
  for (auto i = here.numbers.size() - missed; i < here.numbers.size(); ++i)
    say_event(x.channel, i);
}

void model_server::on(const requests::unsubscribe& x, time_point) {
  if (refuse(x.id))
    return;
  members_.erase(x.channel);
  say(replies::ack{x.id, std::nullopt, false});
}

void model_server::on(const requests::publish& x, time_point now) {
  const auto id = json::serialize(to_json(*x.id));
  const auto before = published_.find(id);
  if (before != published_.end() && now - before->second.when < deduplication) {
    if (refusals > 0) {
      (void)refuse(x.id); // it cannot tell yet what became of it
      return;
    }
    return say(replies::ack{x.id, before->second.where, true});
  }
  if (refuse(x.id))
    return;
  publish(x.message.channel, std::get<json::value>(*x.message.data).to_number<std::uint64_t>());
  const auto where = latest(channels[x.message.channel]);
  published_[id] = {x.message.channel, where, now};
  say(replies::ack{x.id, where, false});
}

void model_server::on(const requests::query& x, time_point) {
  if (!refuse(x.id))
    say(replies::response{x.id, x.data});
}

void model_server::on(const requests::command& x, time_point) {
  if (refuse(x.id))
    return;
  ++commands[json::serialize(std::get<json::value>(*x.data))];
  say(replies::ack{x.id, std::nullopt, false});
}

void model_server::on(const requests::presence& x, time_point) {
  if (!refuse(x.id))
    say(replies::presence{x.id, x.channel, {}, 0});
}

void model_server::on(const requests::disconnect& x, time_point) {
  say(replies::ack{x.id, std::nullopt, false});
}

// -- the story ------------------------------------------------------------------------------------

namespace {

session_settings settings_of(std::uint64_t seed) {
  session_settings result;
  result.session = "model";
  result.timeout = 40s; // longer than ids are known
  result.max_pending = 40;
  result.seed = seed;
  return result;
}

} // namespace

session_story::session_story(std::uint64_t seed)
  : random_(seed), server_(random_), core_(settings_of(seed), *this) {
  server_.channels["c"].history = false;
}

void session_story::play(std::size_t steps) {
  for (std::size_t i = 0; i < steps; ++i) {
    act();
    if (to_be_cut_ || server_.stuck(now_))
      cut();
  }
  settle();
}

void session_story::complain(const std::string& what) {
  if (wrong_.empty())
    wrong_ = what;
}

void session_story::act() {
  const auto ticket = new_ticket();
  switch (below(14)) {
    case 0:
      return subscribe();
    case 1: {
      const auto who = 1 + below(3);
      const auto from = any_channel();
      seen_[{who, from}] = {};
      return core_.unsubscribe(ticket, who, from, now_);
    }
    case 2:
    case 3:
      publishing_[ticket] = ++last_number_;
      return core_.publish(ticket, any_channel(), {std::to_string(last_number_)}, now_);
    case 4:
      return core_.query(ticket, "q", {"1"}, 0ms, now_);
    case 5:
      return core_.command(ticket, "do", {std::to_string(ticket)}, now_);
    case 6:
      return core_.presence(ticket, any_channel(), now_);
    case 7:
    case 8:
      answers_[ticket] = 1; // nobody asks
      return server_.publish(any_channel(), ++last_number_);
    case 9:
      answers_[ticket] = 1;
      return disturb();
    default:
      answers_[ticket] = 1;
      for (auto n = below(6); n > 0; --n)
        carry();
      return pass(std::chrono::milliseconds{below(10) == 0 ? below(8'000) : below(200)});
  }
}

void session_story::subscribe() {
  const auto ticket = last_ticket_;
  const auto who = 1 + below(3);
  const auto to = any_channel();
  subscribing_[ticket] = {who, to};
  core_.subscribe(ticket, who, {to, below(2) == 0, {}}, now_);
}

void session_story::disturb() {
  switch (below(6)) {
    case 0:
      return server_.begin_epoch(std::string(1, static_cast<char>('a' + below(2))));
    case 1:
      return server_.lose_one(any_channel());
    case 2:
      server_.refusals = static_cast<unsigned>(below(4));
      return;
    case 3:
      server_.repeats = below(2) == 0;
      return;
    case 4:
      return open_ ? cut() : open();
    default:
      return open();
  }
}

void session_story::open() {
  if (open_)
    return;
  open_ = true;
  written_ = 0;
  server_.open();
  core_.opened(now_);
}

/// The server may have taken some more, and said what nobody hears.
void session_story::cut() {
  to_be_cut_ = false;
  if (!open_)
    return;
  for (auto n = server_.stuck(now_) ? 0 : below(4); n > 0; --n)
    server_.take(now_);
  for (auto n = below(4); n > 0 && !server_.to_client.empty(); --n) {
    const auto message = std::move(server_.to_client.front());
    server_.to_client.pop_front();
    core_.heard(message.data, message.kind, now_);
  }
  open_ = false;
  server_.cut();
  core_.lost("cut", now_);
}

bool session_story::carry() {
  if (!open_)
    return false;
  if (below(2) == 0 && server_.take(now_))
    return true;
  if (!server_.to_client.empty()) {
    const auto message = std::move(server_.to_client.front());
    server_.to_client.pop_front();
    core_.heard(message.data, message.kind, now_);
    return true;
  }
  return server_.take(now_);
}

void session_story::pass(std::chrono::milliseconds time) {
  const auto target = now_ + time;
  while (const auto due = core_.next_due()) {
    if (*due > target)
      break;
    now_ = std::max(now_, *due);
    core_.tick(now_);
    if (to_be_cut_)
      cut();
  }
  now_ = target;
}

/// No more faults: everything comes to its end.
void session_story::settle() {
  server_.refusals = 0;
  server_.repeats = false;
  for (int i = 0; i < 250; ++i) {
    open();
    while (carry())
      ;
    pass(200ms);
  }
}

// -- effects --------------------------------------------------------------------------------------

void session_story::write(encoded_message message) {
  if (!open_)
    complain("written without a connection: " + message.data);
  const bool is_connect = message.data.find("\"type\":\"connect\"") != message.data.npos;
  if (written_++ == 0 && !is_connect)
    complain("connect does not come first: " + message.data);
  server_.from_client.push_back({std::move(message), now_});
}

void session_story::restart(const std::string&) { to_be_cut_ = true; }

void session_story::give_up(const session_failure& why) { complain("given up: " + why.text); }

void session_story::answer(session_ticket ticket, session_outcome outcome) {
  ++answers_[ticket];
  const auto publishing = publishing_.find(ticket);
  if (publishing != publishing_.end() && std::holds_alternative<publish_outcome>(outcome))
    acknowledged_.insert(publishing->second);
  const auto subscribing = subscribing_.find(ticket);
  if (subscribing == subscribing_.end())
    return;
  auto& mine = seen_[{subscribing->second.who, subscribing->second.channel}];
  if (const auto* report = std::get_if<subscribe_report>(&outcome); report && !mine.active) {
    mine.active = true;
    mine.last.reset();
    mine.gap = true; // any may come first, from the place on
    const auto& places = server_.channels[subscribing->second.channel].places;
    const auto found =
      std::find(places.begin(), places.end(), position{report->place.epoch, report->place.offset});
    if (found != places.end()) {
      mine.last = static_cast<std::size_t>(found - places.begin());
      mine.gap = false;
    }
  }
}

void session_story::tell(session_subscriber who, const channel_event& what) {
  auto& mine = seen_[{who, what.channel}];
  if (!mine.active)
    return complain("an event for who has not subscribed");
  const auto& numbers = server_.channels[what.channel].numbers;
  const auto found = std::find(numbers.begin(), numbers.end(), std::stoull(what.data.data));
  if (found == numbers.end())
    return complain("an event that nobody published");
  const auto index = static_cast<std::size_t>(found - numbers.begin());
  if (mine.last && index <= *mine.last)
    complain("again, or out of order: " + what.data.data);
  if (!mine.gap && mine.last && index != *mine.last + 1)
    complain("a gap that was not told before " + what.data.data);
  mine.last = index;
  mine.gap = false;
}

void session_story::tell(session_subscriber who, const channel_gap_event& what) {
  auto& mine = seen_[{who, what.channel}];
  if (!mine.active)
    complain("a gap for who has not subscribed");
  mine.gap = true;
}

// -- the verdict ----------------------------------------------------------------------------------

void session_story::check_publications() {
  std::map<std::uint64_t, std::size_t> times;
  for (const auto& [name, here] : server_.channels)
    for (const auto number : here.numbers)
      if (number < first_lost)
        ++times[number];
  for (const auto& [number, count] : times)
    if (count > 1)
      complain("published " + std::to_string(count) + " times: " + std::to_string(number));
  for (const auto number : acknowledged_)
    if (times[number] != 1)
      complain("acknowledged, and not published: " + std::to_string(number));
}

void session_story::check_subscribers() {
  for (const auto& [key, mine] : seen_) {
    const auto& here = server_.channels[key.second];
    if (!mine.active || mine.gap || !mine.last)
      continue;
    // A message that the server lost last is told of by the next one's offset, which is not there.
    auto end = here.numbers.size();
    while (end > 0 && here.numbers[end - 1] >= first_lost)
      --end;
    if (*mine.last + 1 < end)
      complain("the last messages of " + key.second + " are missing, and no gap was told");
  }
}

std::string session_story::verdict() {
  check_publications();
  check_subscribers();
  for (session_ticket x = 1; x <= last_ticket_; ++x)
    if (answers_[x] != 1)
      complain("request " + std::to_string(x) + " has " + std::to_string(answers_[x])
               + " outcomes");
  for (const auto& [what, count] : server_.commands)
    if (count > 1)
      complain("command " + what + " was done " + std::to_string(count) + " times");
  if (server_.violations > 0)
    complain("the server heard what it must not hear");
  if (core_.stats().pending != 0)
    complain("something is pending");
  core_.close(now_);
  settle();
  if (finished_ != 1)
    complain("it did not close once");
  return wrong_;
}

} // namespace wspool::test
