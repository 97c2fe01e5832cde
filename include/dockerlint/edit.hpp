// SPDX-License-Identifier: Apache-2.0
#pragma once
// Edits in the words of a Dockerfile, so that no rule counts bytes. Each is as small as the change means.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/model.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace dockerlint::edit {

/// Gives the mount `key=value`: replaces the value that counts, or appends the option.
std::vector<TextEdit> set_mount_option(const Mount& mount, MountKey key, std::string_view value);

/// Gives the mount, and every other mount of the same cache, this sharing mode: one cache under two modes
/// is two directories. Empty when a mode is a variable, which is not ours to overwrite, and when more than 200
/// mounts use the cache: the fix of each would hold the edits of all.
std::vector<TextEdit> set_sharing(const Mount& mount, Sharing mode);

/// Takes one option out of the mount, with the comma that parted it from the others.
std::vector<TextEdit> remove_mount_option(const Mount& mount, const MountOption& option);

/// Takes a flag out, with the blanks, or the continued line, that parted it from what follows.
std::vector<TextEdit> remove_flag(const Document& document, const Instruction& instruction, const Flag& flag);

/// Whether BuildKit takes the instruction with `edits` applied, as far as it can be read alone. A fix
/// that corrects what was refused asks this first: behind one mistake there may be another.
bool is_accepted(const Document& document, const Instruction& instruction, std::span<const TextEdit> edits);

}  // namespace dockerlint::edit
