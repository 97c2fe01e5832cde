// SPDX-License-Identifier: Apache-2.0
#include "cli/choices.hpp"

#include "cli/catalogs.hpp"
#include "cli/refusal.hpp"
#include "dockerlint/report.hpp"
#include "dockerlint/rule.hpp"
#include "plan/plan.hpp"
#include "text/near_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dockerlint::cli {
namespace {

std::string joined(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out += out.empty() ? std::string(word) : fmt::format(", {}", word);
  return out;
}

std::vector<std::string> strings(std::span<const std::string_view> words) { return {words.begin(), words.end()}; }

std::vector<std::string> names_of_rules() {
  std::vector<std::string> names;
  for (const Rule* const rule : all_rules()) {
    std::string group(rule->name.substr(0, rule->name.find('/')));
    if (std::find(names.begin(), names.end(), group) == names.end()) names.push_back(std::move(group));
  }
  for (const Rule* const rule : all_rules()) names.emplace_back(rule->name);
  return names;
}

std::vector<std::string> what_has_a_page() {
  std::vector<std::string> names;
  for (const Rule* const rule : all_rules()) names.emplace_back(rule->name);
  for (const std::string_view tool : tool_names(Catalog::builtin())) names.emplace_back(tool);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

std::size_t choose(std::string_view what, std::string_view value, std::span<const std::string_view> known) {
  const auto found = std::find(known.begin(), known.end(), value);
  if (found == known.end()) {
    const std::string_view meant = near_name(value, known);
    throw Refusal{fmt::format("unknown {} '{}'{} (known: {})", what, value,
                              meant.empty() ? "" : fmt::format(": did you mean {}?", meant), joined(known))};
  }
  return static_cast<std::size_t>(found - known.begin());
}

const std::vector<ValueKind>& value_kinds() {
  using Takes = OptionUsage::Takes;
  static const std::vector<ValueKind> kinds = {
      {"FILE", Takes::file},
      {"PATH", Takes::file},
      {"FOLDER", Takes::file},
      {"LOG", Takes::file},
      {"RULES", Takes::words, names_of_rules()},
      {"NAME", Takes::word, what_has_a_page()},
      {"FORMAT", Takes::word, strings(format_names())},
      {"VIEW", Takes::word, strings(plan::format_names())},
      {"WHAT", Takes::word, strings(kEmitted)},
      {"SEVERITY", Takes::word, strings(kSeverities)},
      {"LEVEL", Takes::word, strings(kFailOn)},
      {"WHEN", Takes::word, strings(kWhen)},
      {"ACTION", Takes::word, strings(kActions)},
      {"SHELL", Takes::word, strings(kShells)},
  };
  return kinds;
}

}  // namespace dockerlint::cli
