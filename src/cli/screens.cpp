// SPDX-License-Identifier: Apache-2.0
#include "cli/screens.hpp"

#include "cli/baselines.hpp"

#include <algorithm>
#include <utility>

namespace dockerlint::cli {
namespace {

struct Seen {
  std::vector<bool> known;      // of each finding
  std::vector<bool> unchanged;  // of each that is not known
  std::vector<unsigned> left;   // BaselineMatch
};

std::vector<bool> unchanged(const Past& past, const Document& document, std::span<const Diagnostic> findings) {
  std::vector<bool> result(findings.size(), false);
  if (!past.since || past.was == nullptr || findings.empty()) return result;
  const std::string_view now = document.source().bytes();
  const ChangedLines changed(
      document, past.part ? carried(past.part->changed, past.part->text, now) : difference(*past.was, now));
  for (std::size_t i = 0; i < findings.size(); ++i)
    result[i] = !changed.touch(findings[i].range) &&
                std::none_of(findings[i].labels.begin(), findings[i].labels.end(),
                             [&](const Label& label) { return changed.touch(label.range); });
  return result;
}

Seen seen(const Past& past, const Document& document, std::span<const Diagnostic> findings) {
  BaselineMatch matched = match(past.baseline, document, findings);
  Seen result{std::move(matched.known), unchanged(past, document, findings), std::move(matched.left)};
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (result.known[i]) result.unchanged[i] = false;
  return result;
}

}  // namespace

std::vector<Past> pasts_of(std::span<const InlineDockerfile> texts, const SourceText& file, const Past& past) {
  const bool asks = past.since && past.was != nullptr;
  const LineDifference changed = asks ? difference(*past.was, file.bytes()) : LineDifference();
  std::vector<Past> pasts;
  for (const InlineDockerfile& text : texts) {
    Past& one = pasts.emplace_back(past);
    const auto [first, last] =
        std::equal_range(past.baseline.begin(), past.baseline.end(), BaselineEntry{.build = text.build},
                         [](const BaselineEntry& a, const BaselineEntry& b) { return a.build < b.build; });
    one.baseline = {first, last};
    if (asks) one.part = {text.text, of_embedded(changed, file, text)};
  }
  return pasts;
}

Screen screen_for(const Past& past) {
  if (!past.counts()) return {};
  return [&past](const Document& document, std::span<const Diagnostic> findings) {
    Seen result = seen(past, document, findings);
    for (std::size_t i = 0; i < findings.size(); ++i)
      if (result.unchanged[i]) result.known[i] = true;
    return std::move(result.known);
  };
}

void Screened::add(const Screened& other) {
  known += other.known;
  unchanged += other.unchanged;
  outdated += other.outdated;
}

Screened take_out(const Past& past, const Document& document, const Config& config, std::vector<Diagnostic>& findings,
                  std::vector<Suppressed>* known) {
  Screened counted;
  if (!past.counts()) return counted;
  const Seen result = seen(past, document, findings);
  std::vector<Diagnostic> shown;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    counted.known += result.known[i];
    counted.unchanged += result.unchanged[i];
    if (result.known[i] && known != nullptr) known->push_back({std::move(findings[i]), {}, false});
    else if (!result.known[i] && !result.unchanged[i]) shown.push_back(std::move(findings[i]));
  }
  findings = std::move(shown);
  if (known != nullptr)
    std::stable_sort(known->begin(), known->end(), [](const Suppressed& a, const Suppressed& b) {
      return a.finding.range.begin < b.finding.range.begin;
    });
  for (std::size_t i = 0; i < result.left.size(); ++i)
    if (looks_for(past.baseline[i], config)) counted.outdated += result.left[i];
  return counted;
}

}  // namespace dockerlint::cli
