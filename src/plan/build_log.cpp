// SPDX-License-Identifier: Apache-2.0
#include "plan/build_log.hpp"

#include "model/paths.hpp"
#include "plan/log_text.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace dockerlint::plan {
namespace {

std::int64_t number(std::string_view digits) {
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// Days since 1970-01-01 (Howard Hinnant, days_from_civil).
std::int64_t days(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

std::vector<LoggedMount> mounts_of(std::string_view text) {
  std::vector<LoggedMount> mounts;
  if (!text.starts_with("RUN ")) return mounts;
  for (std::string_view flag : flags_of(text)) {
    if (!flag.starts_with("--mount=")) continue;
    flag.remove_prefix(8);
    LoggedMount mount;
    bool cache = false;
    while (!flag.empty()) {
      const std::string_view field = flag.substr(0, flag.find(','));
      flag.remove_prefix(std::min(flag.size(), field.size() + 1));
      const std::string_view key = field.substr(0, field.find('='));
      const std::string_view value = field.size() > key.size() ? field.substr(key.size() + 1) : std::string_view();
      if (key == "type") cache = value == "cache";
      else if (key == "id") mount.id = value;
      else if (key == "target" || key == "dst" || key == "destination") mount.target = clean_path(value);
      else if (key == "sharing") mount.locked = value == "locked";
    }
    if (mount.id.empty()) mount.id = mount.target;
    if (cache) mounts.push_back(std::move(mount));
  }
  std::stable_sort(mounts.begin(), mounts.end(),
                   [](const LoggedMount& a, const LoggedMount& b) { return a.target < b.target; });
  return mounts;
}

BuildLog no_log(std::string_view why) {
  BuildLog log;
  log.trouble = fmt::format("{}: write one with `docker buildx bake --progress=rawjson 2>LOG`", why);
  log.line = 1;
  return log;
}

}  // namespace

std::optional<std::int64_t> time_of(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[10] != 'T') return std::nullopt;
  std::int64_t time = days(number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8, 2))) * 86400;
  time += number(text.substr(11, 2)) * 3600 + number(text.substr(14, 2)) * 60 + number(text.substr(17, 2));
  std::int64_t micro = 0;
  std::size_t at = 19;
  if (text[at] == '.') {
    std::int64_t unit = 100000;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
      micro += (text[at] - '0') * unit;
  }
  if (at + 6 <= text.size() && (text[at] == '+' || text[at] == '-')) {
    const std::int64_t offset = number(text.substr(at + 1, 2)) * 3600 + number(text.substr(at + 4, 2)) * 60;
    time += text[at] == '+' ? -offset : offset;
  }
  return time * 1000000 + micro;
}

std::vector<std::string_view> flags_of(std::string_view text) {
  std::vector<std::string_view> flags;
  text.remove_prefix(std::min(text.find(' '), text.size()));
  for (;;) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    if (!text.starts_with("--")) return flags;
    flags.push_back(text.substr(0, text.find_first_of(" \t")));
    text.remove_prefix(flags.back().size());
  }
}

void add_name(std::string_view name, LoggedStep& step) {
  const bool is_first = step.name.empty();
  if (is_first) step.name = name;
  if (!name.starts_with('[')) return;
  const std::size_t close = name.find("] ");
  if (close == std::string_view::npos) return;
  const std::string_view inside = name.substr(1, close - 1);
  const std::size_t blank = inside.rfind(' ');
  const std::string_view count = inside.substr(blank == std::string_view::npos ? 0 : blank + 1);
  const std::size_t slash = count.find('/');
  const std::string_view chain = blank == std::string_view::npos ? "" : inside.substr(0, blank);
  if (slash == std::string_view::npos || slash == 0 || number(count.substr(slash + 1)) <= 0) {
    if (is_first) step.chains = {std::string(inside)};  // "[api] exporting to image"
    return;
  }
  if (is_first) {
    step.number = static_cast<std::size_t>(number(count.substr(0, slash)));
    step.of = static_cast<std::size_t>(number(count.substr(slash + 1)));
    step.text = trim(name.substr(close + 2));
    step.mounts = mounts_of(step.text);
  }
  if (std::find(step.chains.begin(), step.chains.end(), chain) == step.chains.end()) step.chains.emplace_back(chain);
}

std::string failed_step(std::string_view name, bool canceled) {
  return fmt::format("`{}` {}: only the log of a build that went through says how long it takes", name,
                     canceled ? "was canceled" : "failed");
}

BuildLog read_build_log(std::string_view bytes) {
  constexpr std::size_t kLookedAt = 65536;
  const std::string_view begin = bytes.substr(0, kLookedAt);
  if (trim_left(begin).starts_with('{') || begin.find("\n{") != begin.npos) {
    BuildLog log = read_json_log(bytes);
    if (!log.steps.empty() || !log.trouble.empty()) return log;
    return no_log("there is JSON in it, but no step of a build");
  }
  BuildLog log = read_plain_log(bytes);
  if (!log.steps.empty() || !log.trouble.empty()) return log;
  if (begin.find("[+] Building") != begin.npos)
    return no_log("this is what --progress=tty shows, which leaves out times");
  if (begin.starts_with("Step 1/") || begin.find("\nStep 1/") != begin.npos)
    return no_log("this is a log of the classic builder, which says no times");
  return no_log("this is no log of a build");
}

}  // namespace dockerlint::plan
