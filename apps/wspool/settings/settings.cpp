// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "settings/settings.hpp"

#include "settings/config_file.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>

extern char** environ;

namespace wspool::cli {

namespace {

constexpr std::string_view variable_prefix = "WSPOOL_";

/// Lets a setting take its texts, or says where they stood and what was expected instead.
void assign(const setting& what, const std::vector<std::string>& texts, const std::string& origin) {
  auto expected = what.to.assign(texts);
  if (expected.empty())
    return;
  std::string shown;
  for (auto& text : texts)
    shown += (shown.empty() ? "\"" : ", \"") + text + "\"";
  throw usage_error(origin + ": " + shown + ": expected " + expected);
}

/// Lists in the environment have one value per line; values may hold spaces and commas.
std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    if (end > 0)
      result.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

} // namespace

std::string setting::variable() const {
  std::string result{variable_prefix};
  result.append(section).append("_").append(key);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return result;
}

void settings::section(std::string name, std::string title) {
  sections_.push_back({std::move(name), std::move(title)});
}

void settings::add(std::string key, std::string flags, std::string value, std::string help,
                   target to, std::string example) {
  table_.push_back({sections_.back().name, std::move(key), std::move(flags), std::move(value),
                    std::move(help), std::move(to), std::move(example)});
}

void settings::attach(CLI::App& command, std::initializer_list<std::string_view> sections) {
  auto wanted = [&](const setting& x) {
    return !x.flags.empty()
           && std::find(sections.begin(), sections.end(), x.section) != sections.end();
  };
  auto title_of = [this](const std::string& name) {
    return std::find_if(sections_.begin(), sections_.end(),
                        [&](const section_title& x) { return x.name == name; })
      ->title;
  };
  for (std::size_t i = 0; i < table_.size(); ++i) {
    const auto& x = table_[i];
    if (!wanted(x))
      continue;
    // The texts are fetched from the option later: an empty callback takes them.
    auto option = x.to.how == arity::flag ? command.add_flag(x.flags, x.help)
                                          : command.add_option(x.flags, CLI::callback_t{}, x.help);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    if (x.to.how != arity::flag) {
      auto is_positional = option->get_positional();
      option->type_name(is_positional ? "" : x.value);
      if (is_positional)
        option->expected(-1);
      else
        option->allow_extra_args(false); // or "-H 'A: b' ws://host" would swallow the URL
      if (!x.to.initial.empty())
        option->default_str(x.to.initial);
    }
    option->group(title_of(x.section));
    attached_[&command].emplace(i, option);
  }
}

std::vector<std::string> settings::given(const CLI::App& command,
                                         std::initializer_list<std::string_view> sections) const {
  std::vector<std::string> result;
  if (auto found = attached_.find(&command); found != attached_.end())
    for (auto [index, option] : found->second)
      if (option->count() > 0
          && std::find(sections.begin(), sections.end(), table_[index].section) != sections.end())
        result.push_back(option->get_name());
  return result;
}

void settings::attach_file(CLI::App& command) {
  command.add_option("--config", file_, "Configuration file, see `wspool config print --help`")
    ->type_name("FILE");
}

void settings::resolve(const CLI::App& command) const {
  if (!file_.empty())
    (void)load_file(file_);
  load_environment();
  load_flags(command);
}

std::vector<file_entry> settings::load_file(const std::string& path) const {
  auto result = read_config_file(path);
  for (const auto& entry : result) {
    auto origin = path + ":" + std::to_string(entry.line) + ": " + entry.name;
    auto what = find(entry.name);
    if (what == nullptr)
      throw usage_error(origin + ": unknown key, see `wspool config print` for all");
    if (what->to.how != arity::list && entry.values.size() != 1)
      throw usage_error(origin + ": given " + std::to_string(entry.values.size())
                        + " values: expected one, in quotes if it holds spaces or commas");
    assign(*what, entry.values, origin);
  }
  return result;
}

void settings::load_environment() const {
  for (auto p = environ; *p != nullptr; ++p) {
    std::string_view entry{*p};
    auto split = entry.find('=');
    if (!entry.starts_with(variable_prefix) || split == std::string_view::npos)
      continue;
    auto name = std::string{entry.substr(0, split)};
    auto text = std::string{entry.substr(split + 1)};
    auto what = std::find_if(table_.begin(), table_.end(),
                             [&](const setting& x) { return x.variable() == name; });
    if (what == table_.end()) {
      // Only names that can be meant for us: those of a section.
      auto section = name.substr(variable_prefix.size(),
                                 name.find('_', variable_prefix.size()) - variable_prefix.size());
      auto is_ours = [&](const setting& x) {
        return x.variable().starts_with(std::string{variable_prefix} + section + "_");
      };
      if (std::any_of(table_.begin(), table_.end(), is_ours))
        throw usage_error(name + ": unknown variable, see `wspool config print` for all keys");
      continue;
    }
    assign(*what, what->to.how == arity::list ? split_lines(text) : std::vector{text}, name);
  }
}

void settings::load_flags(const CLI::App& command) const {
  auto found = attached_.find(&command);
  if (found == attached_.end())
    return;
  for (auto [index, option] : found->second) {
    if (option->count() == 0)
      continue;
    const auto& what = table_[index];
    auto texts = option->results();
    if (what.to.how == arity::one)
      texts.erase(texts.begin(), texts.end() - 1);
    assign(what, texts, option->get_name());
  }
}

const setting* settings::find(std::string_view name) const noexcept {
  auto found = std::find_if(table_.begin(), table_.end(),
                            [name](const setting& x) { return x.name() == name; });
  return found != table_.end() ? &*found : nullptr;
}

} // namespace wspool::cli
