// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.hpp"

#include "cli/choices.hpp"
#include "cli/refusal.hpp"
#include "text/near_name.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>

namespace dockerlint::cli {
namespace {

OptionUsage usage_of(const CLI::Option& option) {
  OptionUsage usage;
  if (!option.get_positional()) {
    for (const std::string& name : option.get_snames()) usage.names.push_back('-' + name);
    for (const std::string& name : option.get_lnames()) usage.names.push_back("--" + name);
  }
  usage.about = option.get_description();
  usage.group = option.get_group();
  usage.value = option.get_positional() ? option.get_name(true) : option.get_type_name();
  usage.repeated = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  if (!option.get_positional() && option.get_items_expected_max() == 0) return usage;
  usage.takes = OptionUsage::Takes::text;
  if (usage.value.find('|') != std::string::npos) {
    usage.takes = OptionUsage::Takes::word;
    usage.words = CLI::detail::split(usage.value, '|');
  }
  for (const ValueKind& kind : value_kinds()) {
    if (kind.name != usage.value) continue;
    usage.takes = kind.takes;
    usage.words = kind.words;
  }
  return usage;
}

/// With the help last.
CommandUsage usage_of(const CLI::App& app) {
  CommandUsage usage;
  usage.about = app.get_description();
  usage.more = app.get_footer();
  const std::string forms = app.get_name();
  for (std::string_view rest = forms; !rest.empty();) {
    const std::string_view form = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), form.size() + 1));
    usage.forms.emplace_back(trim(form));
  }
  for (const CLI::Option* const option : app.get_options())
    if (option != app.get_help_ptr() && option != app.get_help_all_ptr()) usage.options.push_back(usage_of(*option));
  usage.options.push_back(usage_of(*app.get_help_ptr()));
  if (app.get_help_all_ptr() != nullptr) usage.options.push_back(usage_of(*app.get_help_all_ptr()));
  return usage;
}

void refuse_unknown(const CLI::App& app) {
  for (const std::string& extra : app.remaining()) {
    if (extra == "--") continue;  // which CLI11 has heeded, but counts among what it did not take
    if (extra.size() < 2 || extra.front() != '-')
      throw Refusal{fmt::format("too many arguments: {}{}", extra, kSeeHelp)};
    const std::string given = extra.substr(0, extra.find('='));
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    std::string_view meant = near_name(given, candidates);
    const auto begins = [&](std::string_view name) { return given.size() > 4 && name.starts_with(given); };
    if (meant.empty() && std::count_if(candidates.begin(), candidates.end(), begins) == 1)
      meant = *std::find_if(candidates.begin(), candidates.end(), begins);
    throw Refusal{fmt::format("unknown option {}{}{}", given,
                              meant.empty() ? "" : fmt::format(": did you mean {}?", meant), kSeeHelp)};
  }
}

/// As parse() returns.
bool describe(const CLI::App& app, Options& options) {
  options.command = Command::help;
  options.usage = usage_of(app);
  return false;
}

}  // namespace

Arguments::Arguments(const char* about, const char* forms) : app_(std::make_unique<CLI::App>(about)) {
  app_->name(forms);
  app_->set_help_flag("-h,--help", "Show this help");
  app_->allow_extras();  // so that an unknown option is refused in our words
  app_->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

Arguments::~Arguments() = default;

void Arguments::footer(const char* text) { app_->footer(text); }

void Arguments::flag(const char* name, bool& value, const char* about) {
  declared_.push_back({Kind::flag, name, nullptr, &value, about, group_});
}

void Arguments::flag_or_text(const char* name, std::string& value, const char* about) {
  declared_.push_back({Kind::flag_or_text, name, nullptr, &value, about, group_});
}

void Arguments::text(const char* name, const char* type, std::string& value, const char* about) {
  declared_.push_back({Kind::text, name, type, &value, about, group_});
}

void Arguments::list(const char* name, const char* type, std::vector<std::string>& values, const char* about) {
  declared_.push_back({Kind::list, name, type, &values, about, group_});
}

void Arguments::positional(const char* type, std::string& value, const char* about) {
  declared_.push_back({Kind::positional, type, type, &value, about, group_});
}

void Arguments::positional(const char* type, std::vector<std::string>& values, const char* about) {
  declared_.push_back({Kind::positional, type, type, &values, about, group_});
}

void Arguments::offer_whole_help() {
  for (CLI::Option* const help : {app_->get_help_ptr(), app_->set_help_all_flag("--help-all", "Show every option")})
    if (group_ != nullptr) help->group(group_);
}

bool Arguments::Declared::is(std::string_view argument) const {
  const std::string_view own = name;
  return argument.starts_with(own) && (argument.size() == own.size() || argument[own.size()] == '=');
}

/// Whether help is asked for, or something that may be anything.
bool Arguments::needs_all(std::span<const char* const> arguments) const {
  return std::any_of(arguments.begin(), arguments.end(), [&](std::string_view argument) {
    return argument.size() > 1 && argument.front() == '-' && argument != "--" &&
           std::none_of(declared_.begin(), declared_.end(), [&](const Declared& one) { return one.is(argument); });
  });
}

void Arguments::tell_parser(const Declared& declared) {
  const auto& [kind, name, type, value, about, group] = declared;
  CLI::Option* option = nullptr;
  if (bool* const* const flag = std::get_if<bool*>(&value)) {
    option = app_->add_flag(name, **flag, about)->disable_flag_override();
  } else if (std::string* const* const text = std::get_if<std::string*>(&value)) {
    option = kind == Kind::flag_or_text ? app_->add_flag(name, **text, about) : app_->add_option(name, **text, about);
  } else {
    option = app_->add_option(name, *std::get<std::vector<std::string>*>(value), about)
                 ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    if (kind == Kind::list) option->allow_extra_args(false);
  }
  if (type != nullptr && kind != Kind::positional) option->type_name(type);
  if (group != nullptr) option->group(group);
}

bool Arguments::parse(std::span<const char* const> arguments, Options& options) {
  // CLI11 takes long for each option that it is told of, so that is done for those that are given, as a rule.
  const bool all = needs_all(arguments);
  for (const Declared& one : declared_)
    if (all || one.kind == Kind::positional ||
        std::any_of(arguments.begin(), arguments.end(), [&](const char* argument) { return one.is(argument); }))
      tell_parser(one);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app_->parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return describe(*app_, options);
  } catch (const CLI::CallForAllHelp&) {
    options.whole_help = true;
    return describe(*app_, options);
  } catch (const CLI::ArgumentMismatch& error) {
    // "--format: 1 required FORMAT missing", "fix was given a disallowed flag override"
    const std::string_view text = error.what();
    const bool flag = text.find("override") != std::string_view::npos;
    const std::string_view name = text.substr(0, text.find_first_of(": "));
    throw Refusal{fmt::format("{}{} {} value{}", name.starts_with('-') ? "" : "--", name, flag ? "takes no" : "needs a",
                              kSeeHelp)};
  } catch (const CLI::Error& error) {
    throw Refusal{error.what()};
  }
  refuse_unknown(*app_);
  return true;
}

bool Arguments::has(const char* name) const {
  const CLI::Option* const option = app_->get_option_no_throw(name);
  return option != nullptr && option->count() > 0;
}

}  // namespace dockerlint::cli
