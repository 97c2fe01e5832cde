// SPDX-License-Identifier: Apache-2.0
#include "report/assembly.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace dockerlint {
namespace {

std::size_t rank(Severity severity) {
  return static_cast<std::size_t>(Severity::error) - static_cast<std::size_t>(severity);
}

}  // namespace

Pieces render(const Reporter& reporter, const FileReport& report) {
  Pieces pieces;
  if (!reporter.worst_first()) {
    pieces.front() = reporter.file(report);
    return pieces;
  }
  std::array<std::vector<Diagnostic>, std::tuple_size_v<Pieces>> ranked;
  for (const Diagnostic& found : report.findings) ranked[rank(found.severity)].push_back(found);
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (!ranked[i].empty()) pieces[i] = reporter.file({report.source, ranked[i], {}, report.fail_on});
  return pieces;
}

std::string Assembly::add(Pieces pieces) {
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i].empty()) continue;
    if (!waiting_[i].empty()) waiting_[i] += reporter_.separator();
    waiting_[i] += pieces[i];
  }
  if (pieces.front().empty()) return {};
  if (std::exchange(out_, true)) pieces.front().insert(0, reporter_.separator());
  return std::move(pieces.front());
}

std::string Assembly::finish(const Totals& totals) {
  std::string text;
  for (std::string& piece : waiting_) {
    if (piece.empty()) continue;
    if (std::exchange(out_, true)) text += reporter_.separator();
    text += std::exchange(piece, {});
  }
  return text + reporter_.finish(totals);
}

}  // namespace dockerlint
