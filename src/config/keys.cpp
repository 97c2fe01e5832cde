// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include "config/read.hpp"

#include <fmt/format.h>

#include <string>

namespace dockerlint::config {
namespace {

using Type = Key::Type;

constexpr Key kCachePolicy{"cache-policy", Type::choice,
                           "Where package managers' files belong: in cache mounts, or cleaned up in the same RUN",
                           "\"auto\"", kCachePolicies};
constexpr Key kCiKey{"ci", Type::choice, "What becomes of the builder's caches between two builds in CI", "\"unknown\"",
                     kCi};
constexpr Key kFailOnKey{"fail-on", Type::choice, "What makes the exit status 1", "\"warning\"", kFailOn};
constexpr Key kMinSeverity{"min-severity", Type::choice, "What is shown, counts and is fixed", "\"info\"", kSeverities};
constexpr Key kRules{"rules", Type::rules,
                     "Rules, aliases, groups or `all`: how loud, whether to fix, and their options", ""};

constexpr Key kFileKeys[] = {
    {"root", Type::flag, "The files of the folders above are not read", "false"},
    {"extends", Type::strings, "Configuration files that this one builds on; later ones beat earlier ones", "[]"},
    {"exclude", Type::strings, "Patterns of files that are not linted, unless they are named on the command line",
     "[]"},
    kRules,
    kCachePolicy,
    kCiKey,
    kFailOnKey,
    kMinSeverity,
    {"catalog", Type::strings, "Files that say what tools of your own cache, and where; `*` and `**` stand for more",
     "[]"},
    {"baseline", Type::string, "A file with what was found before, which is not shown; empty: none", "\"\""},
    {"overrides", Type::overrides, "What is otherwise for the files that the patterns in `paths` match", ""},
};

constexpr Key kOverrideKeys[] = {
    {"paths", Type::strings, "Patterns of the files that this is for", ""},
    kRules,
    kCachePolicy,
    kCiKey,
    kFailOnKey,
    kMinSeverity,
};

}  // namespace

std::span<const Key> file_keys() { return kFileKeys; }
std::span<const Key> override_keys() { return kOverrideKeys; }

std::string unknown_rule(std::string_view name) {
  if (is_hadolint_name(name)) return fmt::format("'{}' is a rule of hadolint's that has no counterpart here", name);
  const std::string_view meant = RuleSet::nearest(name);
  return fmt::format("unknown rule '{}'{}", name,
                     meant.empty() ? " (dockerlint rules lists them)" : fmt::format(": did you mean {}?", meant));
}

}  // namespace dockerlint::config
