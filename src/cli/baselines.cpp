// SPDX-License-Identifier: Apache-2.0
#include "cli/baselines.hpp"

#include "cli/paths.hpp"
#include "cli/replace.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace dockerlint::cli {
namespace {

constexpr const char* kDefault = ".dockerlint-baseline.json";

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

std::string counted(std::size_t count, std::string_view one, std::string_view several) {
  return fmt::format("{} {}", count, count == 1 ? one : several);
}

}  // namespace

bool looks_for(const BaselineEntry& entry, const Config& config) {
  const Rule* const rule = find_rule(entry.rule);
  if (rule == nullptr) return true;  // which nothing will ever find again
  if (!config.enabled.contains(*rule)) return false;
  const RuleSettings* const settings = config.settings_of(*rule);
  const Severity usual = settings != nullptr ? settings->severity.value_or(rule->severity) : rule->severity;
  // Some findings of a rule are quieter than others: above info, nobody knows.
  return usual >= config.min_severity && config.min_severity <= Severity::info;
}

std::string Baselines::path_of(const FileSettings& settings) const {
  if (!options_.target.empty()) return real_path(options_.target);
  std::string path = settings.baseline;
  if (options_.file) path = options_.file->empty() ? "" : real_path(*options_.file);
  if (path.empty() && options_.write) path = real_path(kDefault);
  return path;
}

void Baselines::prepare(const FileSettings& settings) {
  const std::string path = path_of(settings);
  if (path.empty()) return;
  const auto [at, is_new] = files_.try_emplace(path);
  if (!is_new) return;
  File& file = at->second;
  file.exists = exists(path);
  file.named = path == settings.baseline || (options_.file && !options_.file->empty());
  if (!file.exists && options_.write) return;
  const std::string name = shown_path(path);
  file.content = read_file(path);
  if (!file.content.trouble.empty()) {
    troubles_.push_back(fmt::format("cannot read the baseline {}: {}{}", name, file.content.trouble,
                                    file.exists ? "" : "; dockerlint --write-baseline makes one"));
    return;
  }
  BaselineReading reading = read_baseline(file.content.bytes);
  if (reading.error.empty()) file.baseline = std::move(reading.baseline);
  else troubles_.push_back(fmt::format("{}:{}:{}: {}", name, reading.line, reading.column, reading.error));
}

std::string Baselines::name_of(const std::string& path, const FileSettings& settings) const {
  return relative_path(folder_part(path_of(settings)), real_path(path));
}

std::span<const BaselineEntry> Baselines::entries_of(const std::string& path, const FileSettings& settings) const {
  const auto file = files_.find(path_of(settings));
  if (file == files_.end()) return {};
  return file->second.baseline.of(name_of(path, settings));
}

void Baselines::linted(const std::string& path, const FileSettings& settings, std::size_t outdated) {
  const auto file = files_.find(path_of(settings));
  if (file == files_.end()) return;
  file->second.linted.emplace(name_of(path, settings), &settings.config);
  file->second.outdated += outdated;
}

void Baselines::found(const std::string& path, const FileSettings& settings, std::vector<BaselineEntry> entries) {
  linted(path, settings, 0);
  std::vector<BaselineEntry>& fresh = files_.at(path_of(settings)).fresh;
  std::move(entries.begin(), entries.end(), std::back_inserter(fresh));
}

/// Whether there is no such Dockerfile any more.
bool Baselines::is_gone(const std::string& file, const std::string& name) const {
  return !name.starts_with('<') && !exists(std::string(folder_part(file)) + name);
}

std::vector<std::string> Baselines::outdated() const {
  std::vector<std::string> lines;
  for (const auto& [path, file] : files_) {
    std::size_t count = file.outdated;
    for (const BaselineEntry& entry : file.baseline.entries)
      if (!file.linted.contains(entry.path) && is_gone(path, entry.path)) count += entry.count;
    if (count > 0)
      lines.push_back(fmt::format("{} of {} {} outdated: run dockerlint --write-baseline",
                                  counted(count, "entry", "entries"), shown_path(path), count == 1 ? "is" : "are"));
  }
  return lines;
}

std::string Baselines::write() {
  std::string done;
  for (auto& [path, file] : files_) {
    Baseline next;
    for (const BaselineEntry& entry : file.baseline.entries) {
      const auto linted = file.linted.find(entry.path);
      const bool stays = linted == file.linted.end() ? !is_gone(path, entry.path) : !looks_for(entry, *linted->second);
      if (stays) next.entries.push_back(entry);
    }
    const std::size_t found = file.fresh.size();
    std::move(file.fresh.begin(), file.fresh.end(), std::back_inserter(next.entries));
    next.tidy();
    const std::string bytes = next.text();
    std::string trouble;
    if (!file.exists) trouble = create_file(path, bytes);
    else if (bytes != file.content.bytes) trouble = replace_file(path, file.content, bytes);
    const std::string name = shown_path(path);
    if (!trouble.empty()) troubles_.push_back(fmt::format("cannot write {}: {}", name, trouble));
    else
      done += fmt::format("{}wrote {} to {}{}", done.empty() ? "" : "\n", counted(found, "finding", "findings"), name,
                          file.named ? "" : fmt::format("; --baseline {} or the key `baseline` takes it", name));
  }
  return done;
}

}  // namespace dockerlint::cli
