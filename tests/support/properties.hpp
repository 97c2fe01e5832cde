// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is always true, whatever the input. Written once, held against every example, every file of
// the corpus, and whatever the fuzzer thinks of. Each function says what it found broken: nothing is good.

#include "dockerlint/config.hpp"
#include "dockerlint/lint.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::test {

/// Token deletions that a small input is put through whole; of a bigger one, a sample of this size.
inline constexpr std::size_t kDeletions = 64;

/// The tokens tile the file, the tree and the model stay inside it and in order.
std::vector<std::string> broken_by_reading(const std::string& path, std::string_view bytes);

/// The same with any one token taken out: at most `deletions` of them, evenly spread.
std::vector<std::string> broken_by_deletion(const std::string& path, std::string_view bytes, std::size_t deletions);

/// Findings are in order and in the file, and say one line. Edits stay inside an instruction, or a
/// comment that the finding is about, on UTF-8 boundaries; safe ones cover no other comment. A rule
/// that says it always or never fixes does. With `\r\n` the findings are the same.
std::vector<std::string> broken_by_linting(const std::string& path, std::string_view bytes, const Config& config);

/// Fixes settle, and fixing again changes nothing. The result is the sum of the edits of the fixes that
/// are said to be applied, so that every other byte is where it was, and is not much longer; no new errors; no instruction is lost
/// but those that an edit takes away whole, and so with comments, of which a safe fix takes none; nothing was refused
/// by the trust gate. With `\r\n` the result is the same in `\r\n`.
std::vector<std::string> broken_by_fixing(const std::string& path, std::string_view bytes, const Config& config,
                                          Applicability at_least);

/// All of the above, with safe fixes and with unsafe ones.
std::vector<std::string> broken_properties(const std::string& path, std::string_view bytes, const Config& config,
                                           std::size_t deletions = kDeletions);

/// All rules run, and what they only hint at counts.
Config everything();

/// A configuration in which `rule` alone runs.
Config only(const Rule& rule);

}  // namespace dockerlint::test
