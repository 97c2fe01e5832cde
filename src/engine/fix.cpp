// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/lint.hpp"
#include "engine/apply.hpp"
#include "engine/gate.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace dockerlint {
namespace {

/// More passes than any chain of fixes needs: each one settles what overlapped in the one before.
constexpr int kMaxPasses = 20;

class Fixer {
 public:
  Fixer(Document document, const Config& config, const Catalog& catalog, Applicability at_least,
        const ProjectView& project, const std::set<std::string, std::less<>>& left_out, const Screen& screen)
      : original_(std::string(document.source().bytes())),
        config_(config),
        catalog_(catalog),
        at_least_(at_least),
        project_(project),
        left_out_(left_out),
        screen_(screen),
        result_{std::move(document), {}, {}, {}} {}

  FixResult run() && {
    found_ = findings_in(result_.document);
    screen();
    for (int pass = 0;;) {
      const auto wanted = select();
      if (wanted.empty()) break;
      if (pass == kMaxPasses) {
        not_settled(wanted);
        break;
      }
      if (take(apply_fixes(bytes(), wanted))) ++pass;
      else go_up_to_the_fault(wanted);
    }
    for (std::size_t i = 0; i < found_.size(); ++i)
      if (!left_alone_[i]) result_.left.push_back(std::move(found_[i]));
    return std::move(result_);
  }

 private:
  std::string_view bytes() const { return result_.document.source().bytes(); }

  std::vector<const Diagnostic*> select() const {
    std::vector<const Diagnostic*> wanted;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const Diagnostic& found = found_[i];
      if (!left_alone_[i] && found.fix && !found.fix->edits.empty() &&
          config_.applies(*found.rule, *found.fix, at_least_) && !is_refused(*found.rule) &&
          !left_out_.contains(found.fix->group))
        wanted.push_back(&found);
    }
    return wanted;
  }

  std::vector<Diagnostic> findings_in(const Document& document) const {
    return lint(document, config_, catalog_, nullptr, project_);
  }

  void screen() {
    left_alone_.assign(found_.size(), false);
    if (screen_) left_alone_ = screen_(result_.document, found_);
  }

  bool is_refused(const Rule& rule) const {
    return std::any_of(result_.refused.begin(), result_.refused.end(),
                       [&](const RefusedFix& r) { return r.rule == &rule; });
  }

  struct Reading {
    Document document;
    std::vector<Diagnostic> findings;
  };

  /// What the fixes lead to, if the gate lets it through; else refusal_ says why it does not.
  std::optional<Reading> checked(const Applied& applied) {
    Document document = Document::parse(result_.document.source().path(), applied.text);
    std::vector<Diagnostic> findings = findings_in(document);
    if (auto why = gate({result_.document, found_}, {document, findings}, applied, catalog_)) {
      refusal_ = std::move(*why);
      return std::nullopt;
    }
    return Reading{std::move(document), std::move(findings)};
  }

  /// Makes the text that the fixes lead to the current one, if the gate lets it through.
  bool take(const Applied& applied) {
    auto reading = checked(applied);
    if (!reading) return false;
    for (const Diagnostic* fixed : applied.fixed)
      result_.applied.push_back(
          {fixed->rule, fixed->fix->title, line_of(*fixed), fixed->fix->group, fixed->fix->group_files});
    result_.document = std::move(reading->document);
    found_ = std::move(reading->findings);
    screen();
    return true;
  }

  /// The gate has refused all together. Takes those before the one at fault; where it is the first, it and all others
  /// of its rule are left out from now on. So each fault costs a few readings, however many fixes there are.
  void go_up_to_the_fault(std::span<const Diagnostic* const> wanted) {
    std::size_t good = 0, bad = wanted.size();  // how many of the first ones the gate lets through, and does not
    std::string why = refusal_;
    while (bad - good > 1) {
      const std::size_t middle = good + (bad - good) / 2;
      if (checked(apply_fixes(bytes(), wanted.first(middle)))) {
        good = middle;
      } else {
        bad = middle;
        why = refusal_;
      }
    }
    if (good > 0 && take(apply_fixes(bytes(), wanted.first(good)))) return;
    const Diagnostic& fault = *wanted[bad - 1];
    result_.refused.push_back({fault.rule, fault.fix->title, line_of(fault), std::move(why)});
  }

  void not_settled(const std::vector<const Diagnostic*>& wanted) {
    result_.applied.clear();
    for (const Diagnostic* one : wanted)
      result_.refused.push_back({one->rule, one->fix->title, line_of(*one), "its fixes never come to an end"});
    result_.document = Document::parse(result_.document.source().path(), std::move(original_));
    found_ = findings_in(result_.document);
    screen();
  }

  std::uint32_t line_of(const Diagnostic& found) const { return result_.document.source().line_of(found.range.begin); }

  std::string original_;
  const Config& config_;
  const Catalog& catalog_;
  Applicability at_least_;
  ProjectView project_;
  const std::set<std::string, std::less<>>& left_out_;
  const Screen& screen_;
  FixResult result_;               // `left` is filled in the end
  std::vector<Diagnostic> found_;  // in the document as it is
  std::vector<bool> left_alone_;   // of these
  std::string refusal_;
};

}  // namespace

FixResult fix(std::string path, std::string bytes, const Config& config, const Catalog& catalog, Applicability at_least,
              const ProjectView& project, const std::set<std::string, std::less<>>& left_out, const Screen& screen) {
  return Fixer(Document::parse(std::move(path), std::move(bytes)), config, catalog, at_least, project, left_out, screen)
      .run();
}

}  // namespace dockerlint
