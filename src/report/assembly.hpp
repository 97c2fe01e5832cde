// SPDX-License-Identifier: Apache-2.0
#pragma once
// From what a reporter says of each file to one report.

#include "dockerlint/report.hpp"

#include <array>
#include <string>

namespace dockerlint {

/// What is said of one file. A reporter that wants the worst first has a piece for each severity, the gravest in
/// front; others put all into the first.
using Pieces = std::array<std::string, 4>;

/// May be called from several threads at once, as the reporter may.
Pieces render(const Reporter& reporter, const FileReport& report);

/// Puts the pieces of all files together. Each function returns what can be put out by then.
class Assembly {
 public:
  explicit Assembly(const Reporter& reporter) : reporter_(reporter) {}

  std::string begin() const { return reporter_.begin(); }
  /// The next file, in their order.
  std::string add(Pieces pieces);
  std::string finish(const Totals& totals);

 private:
  const Reporter& reporter_;
  Pieces waiting_;  // all but the first
  bool out_ = false;
};

}  // namespace dockerlint
