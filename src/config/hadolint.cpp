// SPDX-License-Identifier: Apache-2.0
// hadolint's own configuration, for projects that have no other. Its keys: the section "Configure" of its README.
#include "config/keys.hpp"
#include "config/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dockerlint::config {
namespace {

using Kind = Value::Kind;

/// What hadolint calls a severity. "ignore" and "none" mean: whatever it finds.
std::optional<Severity> severity_named(std::string_view word) {
  if (word == "error") return Severity::error;
  if (word == "warning") return Severity::warning;
  if (word == "info") return Severity::info;
  if (word == "style" || word == "ignore" || word == "none") return Severity::hint;
  return std::nullopt;
}

class HadolintReader {
 public:
  explicit HadolintReader(std::shared_ptr<const Source> source)
      : source_(source), layer_{std::move(source), {}, {}, {}, {}, {}, {}, {}, {}} {}

  FileLayers read(const Value& root) && {
    bool never_fails = false;
    for (const Entry& entry : root.entries) {
      if (entry.key == "ignored")
        rules(entry, [](RuleSetting& setting, Origin origin) { setting.enabled = {false, std::move(origin)}; });
      else if (entry.key == "override") overrides(entry);
      else if (entry.key == "failure-threshold") threshold(entry);
      else if (entry.key == "no-fail") never_fails = flag(entry);
      else file_.without_counterpart.push_back(entry.key);
      if (entry.key == "no-fail" && never_fails) no_fail_ = entry.place;
    }
    if (never_fails) layer_.fail_on = {std::nullopt, {source_, no_fail_}};
    auto& names = file_.without_counterpart;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    file_.layers.push_back(std::move(layer_));
    return std::move(file_);
  }

 private:
  void expected(const Entry& entry, std::string_view what) {
    file_.problems.push_back(
        {entry.value.place, fmt::format("'{}' takes {}, not {}", entry.key, what, entry.value.kind_name())});
  }

  bool flag(const Entry& entry) {
    if (entry.value.kind != Kind::boolean) expected(entry, "true or false");
    return entry.value.boolean;
  }

  void threshold(const Entry& entry) {
    if (entry.value.kind != Kind::words) return expected(entry, "a severity");
    if (const auto severity = severity_named(entry.value.words)) {
      layer_.fail_on = {*severity, {source_, entry.place}};
      return;
    }
    file_.problems.push_back(
        {entry.value.place, fmt::format("unknown severity '{}' (known: error, warning, info, style, "
                                        "ignore, none)",
                                        entry.value.words)});
  }

  template <typename Change>
  void rules(const Entry& entry, const Change& change) {
    if (entry.value.kind == Kind::other) return;  // a key with nothing below it
    if (entry.value.kind != Kind::list) return expected(entry, "a list of rules");
    for (const Value& item : entry.value.items) {
      const Rule* const rule = item.kind == Kind::words ? find_rule(item.words) : nullptr;
      if (rule == nullptr) {
        file_.without_counterpart.push_back(item.kind == Kind::words ? item.words : std::string(item.kind_name()));
        continue;
      }
      RuleSetting setting;
      setting.rules = {RuleSet::place_of(*rule)};
      setting.single = true;
      change(setting, Origin{source_, item.place});
      layer_.rules.push_back(std::move(setting));
    }
  }

  void overrides(const Entry& entry) {
    if (entry.value.kind == Kind::other) return;
    if (entry.value.kind != Kind::table) return expected(entry, "lists of rules by severity");
    for (const Entry& one : entry.value.entries) {
      if (const auto severity = severity_named(one.key))
        rules(one, [&](RuleSetting& setting, Origin origin) { setting.severity = {*severity, std::move(origin)}; });
      else file_.without_counterpart.push_back(fmt::format("override.{}", one.key));
    }
  }

  std::shared_ptr<const Source> source_;
  Layer layer_;
  FileLayers file_;
  Place no_fail_;
};

}  // namespace

FileLayers read_hadolint(const Value& root, std::shared_ptr<const Source> source) {
  if (root.kind != Kind::table) {
    FileLayers file;
    file.problems.push_back({root.place, "a configuration is a table of keys"});
    return file;
  }
  return HadolintReader(std::move(source)).read(root);
}

}  // namespace dockerlint::config
