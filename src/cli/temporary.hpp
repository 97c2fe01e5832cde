// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file that is written before it takes another's place.

#include "cli/descriptor.hpp"

namespace dockerlint::cli {

struct TemporaryName;

/// A new file in a directory. Where the system can do that it has no name until it is whole, so that not even
/// SIGKILL leaves it behind; elsewhere it is named `.dockerlint-` and 16 digits, and removed when it is not wanted.
class Temporary {
 public:
  /// `directory` is open, and stays so.
  explicit Temporary(int directory);
  ~Temporary();
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  /// Why there is no file: errno, or 0.
  int error() const { return error_; }
  int descriptor() const { return file_.get(); }

  /// Takes the place of what `name` in the directory names, in one step. Returns errno, or 0.
  int rename_to(const char* name);
  /// Is called `name` from now on, in one step, if nothing is. Returns errno, EEXIST for example, or 0.
  int link_to(const char* name);

 private:
  int open_file();
  bool enter_name();
  void leave_name();

  int directory_;
  TemporaryName* name_ = nullptr;  // while it may have one
  int error_ = 0;
  Descriptor file_;
};

/// From now on signals that end the program take the names of temporary files with them.
void remove_temporaries_on_signals();

}  // namespace dockerlint::cli
