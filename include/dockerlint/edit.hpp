// SPDX-License-Identifier: Apache-2.0
#pragma once
// Edits in the words of a Dockerfile, so that no rule counts bytes. Each is as small as the change means.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/ignores.hpp"
#include "dockerlint/model.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::edit {

/// Gives the mount `key=value`: replaces the value that counts, or appends the option.
std::vector<TextEdit> set_mount_option(const Mount& mount, MountKey key, std::string_view value);

/// Gives the mount, and every other mount of the same cache, this sharing mode: one cache under two modes
/// is two directories. Empty when a mode is a variable, which is not ours to overwrite, and when more than 200
/// mounts use the cache: the fix of each would hold the edits of all.
std::vector<TextEdit> set_sharing(const Mount& mount, Sharing mode);

/// Lengthens the id of the mount by `suffix`; an id that is not given is where the mount lies. Empty where nothing
/// tells that, or where the id would need quotes.
std::vector<TextEdit> lengthen_id(const Mount& mount, std::string_view suffix);

/// Gives each of these mounts an owner. The owner is part of which cache an id means, so all mounts of a cache are
/// given it together; where USER takes it from variables, from these. Empty when one of them says already whose it is,
/// or where its content comes from, and when there are more than 200.
std::vector<TextEdit> set_owner(std::span<const Mount* const> mounts, std::uint32_t uid,
                                std::optional<std::uint32_t> gid);

/// Takes one option out of the mount, with the comma that parted it from the others. Nothing when that would take one
/// of two quotes.
std::vector<TextEdit> remove_mount_option(const Document& document, const Mount& mount, const MountOption& option);

/// Takes a flag out, with the blanks, or the continued line, that parted it from what follows.
std::vector<TextEdit> remove_flag(const Document& document, const Instruction& instruction, const Flag& flag);

/// Where one more flag of the instruction can stand: behind those that it has, in front of its first word, or of a lone
/// `--` before that, behind which nothing is a flag. The instruction must have a body.
TextSize place_for_flag(const Document& document, const Instruction& instruction);

/// Gives a RUN these mounts, `type=cache,…` each, behind those that it has: one a line where the RUN is written so.
/// Empty where it cannot be done.
std::vector<TextEdit> add_mounts(const Document& document, const RunStep& run, std::span<const std::string> values);

/// Takes a command out of its list, with the `&&` or `;` that joins it and a `|| true` behind it. Empty where what
/// is around it would mean something else then: the only command, one behind `||`, a part of a pipeline, the last one
/// where the one before may fail, as in `a; b`.
std::vector<TextEdit> remove_command(const RunStep& run, const shell::SimpleCommand& command);

/// Takes a word out of a command, with the blanks, or the line, that it stands in. Not the first.
std::vector<TextEdit> remove_word(const Document& document, const shell::SimpleCommand& command, TextRange word);

/// How commands that are put into a script are parted from it.
enum class Lines : std::uint8_t {
  as_written,  // a script of one line stays one, if that is not too long
  each,        // on lines of their own
};

/// Lets the script end in one more command, that runs if those before it did not fail. Empty where nothing can be
/// put behind the script: another interpreter, the JSON form, a command in the background.
std::vector<TextEdit> append_command(const Document& document, const RunStep& run, std::string_view command);
/// The same for several, each on a line of its own where the script is written so.
std::vector<TextEdit> append_commands(const Document& document, const RunStep& run,
                                      std::span<const std::string> commands, Lines lines = Lines::as_written);

/// Takes the instruction out, with its lines. Comments before it stay.
std::vector<TextEdit> remove_instruction(const Document& document, const Instruction& instruction);

/// Puts an instruction, `keyword rest`, on a line of its own before `before` and the comments that belong to it.
std::vector<TextEdit> add_instruction(const Document& document, const Instruction& before, std::string_view keyword,
                                      std::string_view rest);

/// Lets the script begin with one more command, behind a `set -…` if it begins so; the rest runs if that does not
/// fail. Joined as the first two commands are, if there are two; comments stay above what they are about. Empty where nothing can be put
/// before the script: another interpreter, the JSON form, an alternative (`a || b`), a command in the background.
std::vector<TextEdit> prepend_command(const Document& document, const RunStep& run, std::string_view command,
                                      Lines lines = Lines::as_written);
/// The same for several, each on a line of its own where the script is written so, or would grow too long.
std::vector<TextEdit> prepend_commands(const Document& document, const RunStep& run,
                                       std::span<const std::string> commands, Lines lines = Lines::as_written);

/// The commands that let Debian's and Ubuntu's images keep the packages that apt downloads, as Docker's documentation
/// has it; `apt` itself, unlike apt-get, must be told to.
std::vector<std::string> remove_docker_clean(bool for_apt);

/// Declares a build argument in a stage, on a line of its own before `before` and the comments that belong to it.
std::vector<TextEdit> declare_argument(const Document& document, const Instruction& before, std::string_view name);

/// Takes one `NAME=value` out of an ENV or LABEL, with the instruction if there is no other. Empty where a comment
/// would go with it.
std::vector<TextEdit> remove_assignment(const Document& document, const Instruction& in, const Assignment& assignment);

/// Takes names out of the list of a comment, with the commas that part them from the others; with all of them the
/// comment goes, and its line. Empty where comments below it would become parser directives then.
std::vector<TextEdit> remove_ignored(const Document& document, const IgnoreComment& comment,
                                     std::span<const IgnoredName* const> names);

/// The document's text with `edits`, in any order. Absent where two of them overlap.
std::optional<std::string> applied(const Document& document, std::span<const TextEdit> edits);

/// Whether BuildKit takes the instruction, one of the document's, with `edits` applied, as far as it can be read alone,
/// and it ends where it did. A fix that corrects what was refused asks this first: behind one mistake there may be
/// another.
bool is_accepted(const Document& document, const Instruction& instruction, std::span<const TextEdit> edits);

}  // namespace dockerlint::edit
