// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cache mounts that lie where the tool they are meant for does not look.

#include "dockerlint/directory_use.hpp"
#include "dockerlint/model.hpp"

#include <string>
#include <vector>

namespace dockerlint {

struct MissedMount {
  const Mount* mount = nullptr;
  DirectoryUse use;    // of the directory that it is meant for, and where that is
  std::string target;  // what the mount would have to name; empty where nobody can tell
};

/// Those of the RUN, as far as it is sure that nothing in it uses them.
std::vector<MissedMount> missed_mounts(const RunStep& run, const Model& model, const Catalog& catalog);

/// Whether this mount is one of them.
bool is_missed(const Mount& mount, const Model& model, const Catalog& catalog);

}  // namespace dockerlint
