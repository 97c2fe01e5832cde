// SPDX-License-Identifier: Apache-2.0
#include "plan/simulate.hpp"
#include "report/json_text.hpp"
#include "report/reporters.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <iterator>

namespace dockerlint::plan {
namespace {

using Micro = std::int64_t;

std::string shown_time(Micro micro) {
  const double seconds = static_cast<double>(micro) / 1e6;
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  return fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

}  // namespace

std::string table(const Simulation& s, const Look& look) {
  const Palette palette(look.color);
  std::string out;
  const auto put = std::back_inserter(out);
  fmt::format_to(put, "{}All built at once{}, from the times of {} steps\n\n", palette.bold, palette.reset, s.steps);
  const auto row = [&](std::string_view what, Micro time, Micro against) {
    fmt::format_to(put, "  {:<18}{:>12}", what, shown_time(time));
    if (against > time)
      fmt::format_to(put, "   {:.0f} % less",
                     100.0 * static_cast<double>(against - time) / static_cast<double>(against));
    out += '\n';
  };
  row("as it is", s.as_it_is, 0);
  row("with the fixes", s.with_fixes, s.as_it_is);
  row("without any lock", s.without_locks, s.as_it_is);
  if (s.cached > 0)
    fmt::format_to(put, "\n  {} more {} not run, but taken from the builder's cache: --no-cache runs all.\n", s.cached,
                   s.cached == 1 ? "step was" : "steps were");
  if (!s.has_clock) out += "\n  A plain log has no clock: when steps began is put together from what they stand on.\n";
  if (s.locks.empty()) return out + "\n  No step takes a lock.\n";
  fmt::format_to(put, "\n  {}{:<34}{:>6}{:>14}{:>14}{:>14}{}\n", palette.frame, "lock", "steps", "held", "waited for",
                 "costs", palette.reset);
  for (const LockCost& lock : s.locks) {
    fmt::format_to(put, "  {:<34}{:>6}{:>14}{:>14}{:>14}\n", visible(lock.id), lock.steps, shown_time(lock.held),
                   shown_time(lock.waited), shown_time(lock.costs));
    if (!lock.fix.empty()) fmt::format_to(put, "    fix: {}\n", visible(lock.fix));
    if (lock.added) out += "    comes with the fixes\n";
  }
  return out;
}

std::string json(const Simulation& s) {
  std::string out = fmt::format(
      "{{ \"version\": 1, \"steps\": {}, \"cached\": {}, \"clock\": {}, \"asItIs\": {:.3f}, \"withFixes\": {:.3f}, "
      "\"withoutLocks\": "
      "{:.3f},\n  \"locks\": [",
      s.steps, s.cached, s.has_clock, static_cast<double>(s.as_it_is) / 1e6, static_cast<double>(s.with_fixes) / 1e6,
      static_cast<double>(s.without_locks) / 1e6);
  std::string_view separator = "\n    ";
  for (const LockCost& lock : s.locks) {
    out += separator;
    out += "{ \"id\": ";
    append_json(out, lock.id);
    fmt::format_to(std::back_inserter(out), ", \"steps\": {}, \"held\": {:.3f}, \"waited\": {:.3f}, \"costs\": {:.3f}",
                   lock.steps, static_cast<double>(lock.held) / 1e6, static_cast<double>(lock.waited) / 1e6,
                   static_cast<double>(lock.costs) / 1e6);
    if (!lock.fix.empty()) {
      out += ", \"fix\": ";
      append_json(out, lock.fix);
    }
    if (lock.added) out += ", \"added\": true";
    out += " }";
    separator = ",\n    ";
  }
  return out + (s.locks.empty() ? "] }\n" : "\n  ] }\n");
}

}  // namespace dockerlint::plan
