// SPDX-License-Identifier: Apache-2.0
#include "sweep/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace dockerlint::sweep {
namespace {

class Page {
 public:
  template <typename... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
    text_ += '\n';
  }

  /// Bytes that no Markdown shows are written \xNN.
  void block(std::string_view bytes) {
    std::string fence = "```";
    while (bytes.find(fence) != bytes.npos) fence += '`';
    line("{}dockerfile", fence);
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x20 || c == '\n' || c == '\t') text_ += c;
      else fmt::format_to(std::back_inserter(text_), "\\x{:02x}", byte);
    }
    if (!bytes.ends_with('\n')) text_ += "\\\n";  // no line end
    line("{}", fence);
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_failure(const Failure& failure, Page& page) {
  constexpr std::size_t kFew = 10;
  page.line("### {}\n\nIn {} files:\n", failure.first, failure.files.size());
  for (std::size_t i = 0; i < std::min(failure.files.size(), kFew); ++i) page.line("- {}", failure.files[i]);
  if (failure.files.size() > kFew) page.line("- …");
  page.line("\nThe first, reduced:\n");
  page.block(failure.smallest);
  page.line("");
}

void add_counts(std::string_view title, const std::map<std::string, Counted>& counts, Page& page) {
  page.line("### {}\n\n| | times | first |\n|---|---|---|", title);
  std::vector<std::pair<std::string, Counted>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second.times > b.second.times; });
  for (const auto& [what, counted] : sorted) page.line("| {} | {} | {} |", what, counted.times, counted.first);
  page.line("");
}

}  // namespace

std::string report(const Sweep& sweep, const Settings& settings, const Against& against) {
  Page page;
  page.line("# Sweep\n\n| | |\n|---|---|");
  page.line("| files | {} ({:.1f} MB) |", sweep.files, static_cast<double>(sweep.bytes) * 1e-6);
  page.line("| findings | {}, of which {} are fixed |", sweep.findings, sweep.fixed);
  page.line("| kinds of faults | {} |", sweep.failures.size());
  if (!settings.program.empty())
    page.line("| CPU time of the program | {:.2f} s; the most: {:.3f} s for {} |", sweep.cpu, sweep.most_cpu,
              sweep.slowest);
  if (!settings.builder.empty())
    page.line("| builds | {}; {} files did not build as they were |", sweep.built, sweep.broken_before);
  page.line("");
  if (!sweep.failures.empty()) page.line("## Faults\n");
  for (const Failure& failure : sweep.failures) add_failure(failure, page);
  if (against.command.empty()) return page.take();
  page.line("## Against `{}`\n\nBoth say the same {} times.\n", against.command, sweep.differences.agreed);
  add_counts("Only dockerlint", sweep.differences.only_we, page);
  add_counts("Only the other", sweep.differences.only_they, page);
  return page.take();
}

}  // namespace dockerlint::sweep
