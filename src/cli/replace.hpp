// SPDX-License-Identifier: Apache-2.0
#pragma once
// Replacing files whole. Whatever happens on the way, a file on disk is either what it was or what it was to become.

#include "cli/files.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace dockerlint::cli {

/// Puts `bytes` in the place of the file that `was` was read from, unless it is another by now; a symbolic link stays
/// and its target is replaced. Mode, access control list, extended attributes and, where permitted, owner stay. A file
/// with several hard links is parted from the others: a file that is written in place can be left half written.
/// Returns what went wrong; empty when all went well.
std::string replace_file(const std::string& path, const FileContent& was, std::string_view bytes);

/// Makes a file with the mode that a new file has, whole or not at all. That there is one by now is a fault. Returns
/// what went wrong; empty when all went well.
std::string create_file(const std::string& path, std::string_view bytes);

/// The same in two steps, for several files that are to be replaced together: what can fail, fails in the first.
class Replacement {
 public:
  /// Writes `bytes` beside the file. All three must outlive the replacement.
  Replacement(const std::string& path, const FileContent& was, std::string_view bytes);
  ~Replacement();
  Replacement(Replacement&&) noexcept;
  Replacement& operator=(Replacement&&) noexcept;

  /// Why it cannot be done; empty when it can.
  const std::string& trouble() const { return trouble_; }
  /// Puts it in the file's place. Returns what went wrong.
  std::string commit();

 private:
  struct Prepared;
  std::unique_ptr<Prepared> prepared_;
  std::string trouble_;
};

}  // namespace dockerlint::cli
