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

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  std::vector<const CLI::Option*> all = app.get_options();
  for (const CLI::App* const group : app.get_subcommands([](const CLI::App*) { return true; })) {
    const std::vector<const CLI::Option*> more = group->get_options();
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
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
  for (const CLI::Option* const option : options_of(app))
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
    for (const CLI::Option* option : options_of(app))
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

Arguments::Arguments(const char* about, const char* forms)
    : app_(std::make_unique<CLI::App>(about)), into_(app_.get()) {
  app_->name(forms);
  app_->set_help_flag("-h,--help", "Show this help");
  app_->allow_extras();  // so that an unknown option is refused in our words
  app_->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

Arguments::~Arguments() = default;

void Arguments::footer(const char* text) { app_->footer(text); }

void Arguments::group(const char* heading) {
  group_ = heading;
  into_ = app_->add_option_group(heading);
  into_->set_help_flag();
  into_->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void Arguments::put_in_group(CLI::Option* option) const {
  if (group_ != nullptr) option->group(group_);
}

void Arguments::flag(const char* name, bool& value, const char* about) {
  put_in_group(into_->add_flag(name, value, about)->disable_flag_override());
}

void Arguments::flag_or_text(const char* name, std::string& value, const char* about) {
  put_in_group(into_->add_flag(name, value, about));
}

void Arguments::text(const char* name, const char* type, std::string& value, const char* about) {
  put_in_group(into_->add_option(name, value, about)->type_name(type));
}

void Arguments::list(const char* name, const char* type, std::vector<std::string>& values, const char* about) {
  put_in_group(into_->add_option(name, values, about)
                   ->type_name(type)
                   ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                   ->allow_extra_args(false));
}

void Arguments::positional(const char* type, std::string& value, const char* about) {
  put_in_group(app_->add_option(type, value, about));
}

void Arguments::positional(const char* type, std::vector<std::string>& values, const char* about) {
  put_in_group(app_->add_option(type, values, about)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
}

void Arguments::offer_whole_help() {
  put_in_group(app_->get_help_ptr());
  put_in_group(app_->set_help_all_flag("--help-all", "Show every option"));
}

bool Arguments::parse(std::span<const char* const> arguments, Options& options) {
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

bool Arguments::has(const char* name) const { return app_->get_option(name)->count() > 0; }

}  // namespace dockerlint::cli
