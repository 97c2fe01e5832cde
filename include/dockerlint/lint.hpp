// SPDX-License-Identifier: Apache-2.0
#pragma once
// The things dockerlint does. Until version 1.0 this interface promises nothing; the command
// line, the JSON output and the names of rules do.

#include "dockerlint/catalog.hpp"
#include "dockerlint/config.hpp"
#include "dockerlint/diagnostic.hpp"
#include "dockerlint/project_caches.hpp"
#include "dockerlint/syntax.hpp"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint {

/// What the enabled rules find and the file's own comments do not ignore, by position, then by rule.
/// A rule that throws becomes an `internal/rule-failed` finding; the others' work is kept.
/// What comments ignore is put into `suppressed`, in the same order, if somebody asks for it. In a project, rules
/// also see what the other files do with the caches of this one.
std::vector<Diagnostic> lint(const Document& document, const Config& config, const Catalog& catalog,
                             std::vector<Suppressed>* suppressed = nullptr, const ProjectView& project = {});

/// Says of each finding whether the run leaves it alone: because it was known before, or stands on a line that is as
/// it was. May be asked several times, of several states of one file.
using Screen = std::function<std::vector<bool>(const Document&, std::span<const Diagnostic>)>;

struct AppliedFix {
  const Rule* rule;
  std::string title;
  std::uint32_t line;      // from 1, in the text that the fix was made for
  std::string group = {};  // see Fix
  std::size_t group_files = 0;
};

/// A fix that the trust gate refused, so that nothing of it is in the result. Always our own fault.
struct RefusedFix {
  const Rule* rule;
  std::string title;
  std::uint32_t line;
  std::string reason;
};

struct FixResult {
  Document document;             // the fixed file, or the file as it was
  std::vector<Diagnostic> left;  // findings in `document`
  std::vector<AppliedFix> applied;
  std::vector<RefusedFix> refused;
};

/// Applies what does not conflict, reads the result anew, and repeats until nothing is left to do.
/// Each pass goes through the trust gate: no new syntax error, no instruction or comment changed that
/// no fix names, no finding left that was fixed, no new error or warning as grave. What `screen` names is neither fixed nor left.
/// Of fixes that belong together with fixes in other files, those whose group is in `left_out` are not applied.
FixResult fix(std::string path, std::string bytes, const Config& config, const Catalog& catalog, Applicability at_least,
              const ProjectView& project = {}, const std::set<std::string, std::less<>>& left_out = {},
              const Screen& screen = {});

/// The file with `# dockerlint ignore=…` comments that hide the findings: one above each instruction that carries some,
/// and one for the whole file where none does. Comments that are there are made longer. `reason` is one line, or empty.
std::string add_ignores(const Document& document, std::span<const Diagnostic> findings, std::string_view reason);

}  // namespace dockerlint
