// SPDX-License-Identifier: Apache-2.0
// The plan for a person at a terminal, in 100 columns.

#include "plan/plan.hpp"
#include "report/reporters.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dockerlint::plan {
namespace {

constexpr std::size_t kWidth = 100;

class Writer {
 public:
  Writer(const Plan& plan, bool color) : plan_(plan), palette_(color) {}

  std::string write() && {
    if (plan_.caches.empty()) return "no build uses a cache mount\n";
    for (const Cache& cache : plan_.caches) {
      if (!out_.empty()) out_ += '\n';
      write(cache);
    }
    close();
    return std::move(out_);
  }

 private:
  template <typename... Args>
  void put(fmt::format_string<Args...> text, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), text, std::forward<Args>(args)...);
  }

  std::string_view paint(Verdict verdict) const {
    switch (verdict) {
      case Verdict::broken: return palette_.error;
      case Verdict::conflict: return palette_.warning;
      case Verdict::queues:
      case Verdict::unknown: return palette_.info;
      case Verdict::fine: break;
    }
    return palette_.frame;
  }

  void pad(std::size_t columns) { out_.append(columns, ' '); }

  void write(const Cache& cache) {
    const std::string verdict(to_string(cache.verdict));
    const std::string modes = joined(cache.modes, " and ");
    const std::string id = fitted_left(cache.id, 44);
    const std::string what = fitted(what_of(cache), kWidth - 4 - width_of(id) - width_of(modes) - verdict.size());
    put("{}{}{}  {}", palette_.bold, id, palette_.reset, what);
    const std::size_t used = width_of(id) + 2 + width_of(what) + width_of(modes) + 2 + verdict.size();
    pad(used < kWidth ? std::max<std::size_t>(kWidth - used, 2) : 2);
    put("{}  {}{}{}\n", modes, paint(cache.verdict), verdict, palette_.reset);
    for (const User& user : cache.users) write(user, cache);
    if (cache.queue.size() > 1)
      line("queue", palette_.info, fmt::format("{}, one after the other", joined(queue_of(cache))));
    for (const std::size_t finding : cache.findings) write(plan_.findings[finding]);
  }

  void write(const User& user, const Cache& cache) {
    const bool fills = !user.fills.empty();
    const std::string_view kind = fills ? "fills" : user.reads.empty() ? "mounts" : "reads";
    std::string where = fmt::format("{}:{}", user.path, user.at.line);
    std::string who = names_of(user, plan_);
    if (!who.empty()) who = fmt::format("for {}", who);
    std::string does = joined(fills ? user.fills : user.reads);
    if (fills && !user.reads.empty()) does += fmt::format("; read by {}", joined(user.reads));
    if (cache.modes.size() > 1) does = does.empty() ? user.mode : fmt::format("{} · {}", user.mode, does);
    if (cache.targets.size() > 1) does += fmt::format(" at {}", user.target);
    std::string text = fmt::format("{:<30}  ", fitted_left(where, 30));
    text += fmt::format("{:<12}  ", fitted(user.stage, 12));
    if (!who.empty()) text += fmt::format("{}  ", fitted(who, 24));
    text += does;
    line(kind, palette_.frame, text);
  }

  void write(const Finding& finding) {
    const std::string head = fmt::format("{}:{}", finding.path, finding.at.line);
    line(to_string(finding.severity), palette_.of(finding.severity), fmt::format("{}: {}", head, finding.message));
    line("", palette_.frame, fmt::format("{}{}", finding.rule, finding.fix.empty() ? "" : " · fix: " + finding.fix));
  }

  /// Wrapped at blanks where it is too long.
  void line(std::string_view kind, std::string_view paint, std::string text) {
    constexpr std::size_t kIndent = 11;
    bool first = true;
    while (first || !text.empty()) {
      std::string part = text;
      if (width_of(text) > kWidth - kIndent) {
        std::size_t cut = std::min(text.size(), kWidth - kIndent);
        const std::size_t blank = text.rfind(' ', cut);
        if (blank != std::string::npos && blank > cut / 2) cut = blank;
        while (cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80) --cut;
        part = text.substr(0, cut);
      }
      text.erase(0, part.size());
      while (text.starts_with(' ')) text.erase(0, 1);
      while (part.ends_with(' ')) part.pop_back();
      put("  {}{:<7}{}  {}\n", first ? paint : std::string_view(), first ? kind : "", first ? palette_.reset : "",
          visible(part));
      first = false;
    }
  }

  void close() {
    std::size_t errors = 0, warnings = 0;
    for (const Finding& finding : plan_.findings) {
      errors += finding.severity == Severity::error;
      warnings += finding.severity == Severity::warning;
    }
    put("\n{}", counted(plan_));
    if (errors > 0) put(", {} error{}", errors, errors == 1 ? "" : "s");
    if (warnings > 0) put(", {} warning{}", warnings, warnings == 1 ? "" : "s");
    put("\n");
  }

  const Plan& plan_;
  Palette palette_;
  std::string out_;
};

}  // namespace

std::string table(const Plan& plan, const Look& look) { return Writer(plan, look.color).write(); }

}  // namespace dockerlint::plan
