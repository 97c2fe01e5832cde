// SPDX-License-Identifier: Apache-2.0
#pragma once
// The users that commands make: useradd (shadow, and what Fedora calls adduser), adduser (Debian, busybox).

#include "dockerlint/model.hpp"
#include "text/arena.hpp"

#include <optional>
#include <span>

namespace dockerlint {

/// The user that a command makes or changes. `words` are the command without sudo and the like; an absent
/// word is one that nobody knows. What the command does not tell is absent in the user too. Nothing when
/// it makes no user, or nobody can tell which.
std::optional<User> user_made_by(std::span<const Value> words, Family family, Arena& arena);

/// Whether a script could make or change users: cheap, and asked before anything else is looked at.
bool may_change_users(std::string_view script);

/// Whether the script edits the list of users in a way that nobody follows.
bool edits_passwd(std::string_view script);

/// Whether files that are copied to `destination`, which is clean but for a `/` at its end, may bring another list of users.
bool brings_passwd(std::span<const Value> sources, std::string_view destination);

}  // namespace dockerlint
