// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the program's words go: standard output or a file for what was asked for, standard error for the rest.

#include <string>
#include <string_view>

namespace dockerlint::cli {

/// A buffered file descriptor. After the first error it takes everything and writes nothing.
class Output {
 public:
  /// `name` is what a message calls it.
  Output(int fd, std::string name);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text);
  void flush();
  bool is_terminal() const { return terminal_; }
  bool wrote() const { return wrote_; }
  int error() const { return error_; }
  /// For a person; empty when all went well, and when the reader of a pipe has gone: that is no trouble of ours.
  std::string trouble() const;

 private:
  int fd_;
  std::string name_;
  std::string buffer_;
  bool terminal_;
  bool wrote_ = false;
  int error_ = 0;
};

/// `dockerlint: MESSAGE` on standard error; where there is no memory to make that, it says so.
void complain(std::string_view message) noexcept;
/// As it is, on standard error.
void say(std::string_view text);

/// Empty when it is not set.
std::string_view environment(const char* name);

enum class Choice : unsigned char { automatic, always, never };
/// Whether to colour what goes to `fd`: NO_COLOR, CLICOLOR_FORCE and TERM=dumb count when the user leaves it to us.
bool wants_color(Choice choice, int fd);

/// Makes a closed standard stream an open one that refuses everything, so that no file we open gets its number, and
/// a closed pipe and a limit of file size errors of write().
void prepare_standard_streams();

}  // namespace dockerlint::cli
