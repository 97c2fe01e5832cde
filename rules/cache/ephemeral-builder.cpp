// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

namespace dockerlint::rules {
namespace {

/// Once for the file: it is the builder, not the mount, that is to be changed.
void check(RuleContext& cx) {
  if (cx.project().ci != Ci::ephemeral || cx.model().caches().empty()) return;
  const Mount& first = *cx.model().caches().front().mounts.front();
  cx.report(first.flag->range, "on a builder that is new for each build, this cache is always empty")
      .note("the project's configuration says that its CI has such builders (`ci = \"ephemeral\"`)")
      .note(
          "a cache mount is part of the builder: no `--cache-to` takes it along. Let builds use a builder that stays, "
          "or save the mounts between builds, as the action reproducible-containers/buildkit-cache-dance does");
}

}  // namespace

extern constinit const Rule cache_ephemeral_builder{
    .name = "cache/ephemeral-builder",
    .summary = "cache mounts in a project whose builders do not outlive a build",
    .severity = Severity::info,
    .fix = FixKind::none,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
