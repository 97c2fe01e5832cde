// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/option.hpp"

#include "dockerlint/rule.hpp"

#include <algorithm>

namespace dockerlint {

const OptionValue* RuleContext::chosen(const RuleOption& option) const {
  const auto place = std::find(rule_.options.begin(), rule_.options.end(), &option) - rule_.options.begin();
  if (options_ == nullptr || static_cast<std::size_t>(place) >= options_->size()) return nullptr;
  const auto& value = (*options_)[static_cast<std::size_t>(place)];
  return value ? &*value : nullptr;
}

bool RuleContext::option(const Option<bool>& option) const {
  const OptionValue* const value = chosen(option);
  return value != nullptr ? std::get<bool>(*value) : std::get<bool>(option.fallback);
}

std::int64_t RuleContext::option(const Option<std::int64_t>& option) const {
  const OptionValue* const value = chosen(option);
  return value != nullptr ? std::get<std::int64_t>(*value) : std::get<std::int64_t>(option.fallback);
}

std::string_view RuleContext::option(const Option<std::string_view>& option) const {
  const OptionValue* const value = chosen(option);
  return value != nullptr ? std::get<std::string>(*value) : std::get<std::string_view>(option.fallback);
}

std::vector<std::string_view> RuleContext::option(const Option<OptionWords>& option) const {
  if (const OptionValue* const value = chosen(option)) {
    const auto& words = std::get<std::vector<std::string>>(*value);
    return {words.begin(), words.end()};
  }
  const OptionWords words = std::get<OptionWords>(option.fallback);
  return {words.begin(), words.end()};
}

std::string_view to_string(CachePolicy policy) {
  switch (policy) {
    case CachePolicy::automatic: return "auto";
    case CachePolicy::mounts: return "mounts";
    case CachePolicy::clean: return "clean";
  }
  return "";
}

std::string_view to_string(Ci ci) {
  switch (ci) {
    case Ci::unknown: return "unknown";
    case Ci::ephemeral: return "ephemeral";
    case Ci::persistent: return "persistent";
  }
  return "";
}

}  // namespace dockerlint
