// SPDX-License-Identifier: Apache-2.0
// The manual page. Its options are those that are parsed; what stands around them is said here.
#include "cli/usage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dockerlint::cli {
namespace {

/// Text of a line: nothing in it is a request or an escape, and what is a hyphen for us is one for grep too.
std::string roff(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("…")) {
      out += "...";
      i += std::string_view("…").size() - 1;
    } else if (text[i] == '\\') {
      out += "\\e";
    } else if (text[i] == '-') {
      out += "\\-";
    } else {
      out += text[i];
    }
  }
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

/// The words in capitals are for something else, the others are typed as they are.
std::string synopsis(std::string_view form) {
  std::string out;
  for (std::string_view rest = form; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    const bool variable = std::any_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    out += (out.empty() ? "" : " ") + (variable ? italic(word) : bold(word));
  }
  return out;
}

/// Paragraphs with blank lines between them.
std::string prose(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    out += line.empty() ? ".PP\n" : roff(line) + (text.starts_with('\n') || text.empty() ? "\n" : "\n.br\n");
  }
  return out;
}

std::string item(const OptionUsage& option) {
  std::string names;
  for (const std::string& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
  if (option.takes != OptionUsage::Takes::nothing) names += (names.empty() ? "" : " ") + italic(option.value);
  return fmt::format(".TP\n{}\n{}\n", names, roff(option.about));
}

std::string items(const CommandUsage& command, std::string_view group) {
  std::string out;
  for (const OptionUsage& option : command.options)
    if (option.group == group) out += item(option);
  return out;
}

std::string lint_options(const CommandUsage& lint) {
  std::string out;
  std::vector<std::string> groups;
  for (const OptionUsage& option : lint.options)
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.push_back(option.group);
  for (const std::string& group : groups) out += fmt::format(".SS {}\n", roff(group)) + items(lint, group);
  return out;
}

std::string commands(const CommandLine& all) {
  std::string out;
  for (const CommandUsage& command : all) {
    if (command.name.empty()) continue;
    out += fmt::format(".SS {}\n", roff(command.forms.front())) + prose(command.about);
    for (const OptionUsage& option : command.options)
      if (option.names.empty() || option.names.back() != "--help") out += item(option);
    if (!command.more.empty()) out += ".PP\n" + prose(command.more);
  }
  return out;
}

constexpr std::string_view kDescription = R"(.B dockerlint
reads Dockerfiles exactly as BuildKit does, says what is wrong with them, above all with their cache mounts, and mends
it:
.B \-\-fix
applies the fixes that cannot break a build.
.PP
Without a
.I PATH
all Dockerfiles below the current directory are linted; what git ignores is left out.
)";

constexpr std::string_view kStatus = R"(.TP
.B 0
Nothing at or above
.B \-\-fail\-on
is left.
.TP
.B 1
Something is.
.TP
.B 2
It could not do its job: arguments, configuration, a file that cannot be read or written.
)";

constexpr std::string_view kEnvironment = R"(.TP
.BR NO_COLOR ", " CLICOLOR_FORCE ", " TERM
No colours; colours even where there is no terminal; none if it is
.BR dumb .
An option
.B \-\-color
beats them.
.TP
.BR FORCE_HYPERLINK
Hyperlinks in any case, or, if it is 0, none.
.TP
.B DOCKERLINT_DOCS_URL
Where the pages of the rules are, for hyperlinks: what stands before
.IR cache/lost\-output.md .
Without it, the pages that were installed with the program.
.TP
.B GITHUB_STEP_SUMMARY
A file that gets a summary as well, with
.BR "\-\-format github" .
)";

constexpr std::string_view kFiles = R"(.TP
.I .dockerlint.toml
The configuration, looked for from each file's folder upwards.
.TP
.I .hadolint.yaml
Is honoured where there is no
.IR .dockerlint.toml .
)";

constexpr std::string_view kExamples = R"(.TP
.B dockerlint \-\-fix
Mend all Dockerfiles below the current directory.
.TP
.B dockerlint \-\-diff | git apply
The same, looked at first.
.TP
.B dockerlint explain cache/lost\-output
What a rule finds, why it matters, and what to do.
)";

}  // namespace

std::string man_page(const CommandLine& all) {
  const CommandUsage& lint = all.front();
  std::string forms;
  for (const CommandUsage& command : all)
    for (const std::string& form : command.forms) forms += (forms.empty() ? "" : ".br\n") + synopsis(form) + '\n';
  return fmt::format(R"(.\" Made by `dockerlint man`.
.TH DOCKERLINT 1 "" "dockerlint {}" "User Commands"
.SH NAME
dockerlint \- find what is wrong with Dockerfiles, and fix it
.SH SYNOPSIS
.nh
.ad l
{}.ad
.hy
.SH DESCRIPTION
{}.SH OPTIONS
{}.PP
{}.SH COMMANDS
{}.SH EXIT STATUS
{}.SH ENVIRONMENT
{}.SH FILES
{}.SH EXAMPLES
{})",
                     DOCKERLINT_VERSION, forms, kDescription, lint_options(lint), prose(lint.more), commands(all),
                     kStatus, kEnvironment, kFiles, kExamples);
}

}  // namespace dockerlint::cli
