// SPDX-License-Identifier: Apache-2.0
#include "cli/added_ignores.hpp"

#include "cli/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace dockerlint::cli {
namespace {

/// As `config`, but of all fixes only those of comments that ignore nothing.
Config only_fixing_comments(Config config) {
  config.fixed = RuleSet::none();
  for (const Rule* const rule : all_rules())
    if (rule->about_ignores) config.fixed.insert(*rule);
  return config;
}

/// Whether two files are the same to BuildKit.
bool same_instructions(const Document& a, const Document& b) {
  return std::equal(a.instructions().begin(), a.instructions().end(), b.instructions().begin(), b.instructions().end(),
                    [](const Instruction& x, const Instruction& y) {
                      return x.kind == y.kind && x.body.text() == y.body.text() &&
                             std::equal(x.flags.begin(), x.flags.end(), y.flags.begin(), y.flags.end(),
                                        [](const Flag& f, const Flag& g) { return f.text == g.text; });
                    }) &&
         a.directives().size() == b.directives().size() && a.escape() == b.escape();
}

}  // namespace

AddedIgnores with_ignores(const std::string& path, const std::string& bytes, const FileSettings& settings,
                          const ProjectView& project, const Past& past, std::string_view reason) {
  AddedIgnores result;
  const auto findings_in = [&](const Document& document, Screened& left_alone) {
    std::vector<Diagnostic> findings = lint(document, settings.config, *settings.catalog, nullptr, project);
    left_alone = take_out(past, document, settings.config, findings, nullptr);
    return findings;
  };
  const Document document = Document::parse(path, bytes);
  const std::vector<Diagnostic> findings = findings_in(document, result.left_alone);
  if (findings.empty()) return result;
  // A comment between two instructions may itself part what was found because they stood together.
  const FixResult added = fix(path, add_ignores(document, findings, reason), only_fixing_comments(settings.config),
                              *settings.catalog, Applicability::safe, project);
  Screened not_counted;
  const std::vector<Diagnostic> left = findings_in(added.document, not_counted);
  if (!same_instructions(document, added.document) || !left.empty()) {
    const bool theirs = std::any_of(left.begin(), left.end(), is_fault);
    result.trouble =
        theirs ? left.front().message : "they would not do; this is a fault in dockerlint, please report it";
    return result;
  }
  result.text = added.document.source().bytes();
  result.findings = findings.size();
  return result;
}

}  // namespace dockerlint::cli
