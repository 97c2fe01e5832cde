// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file's place in its project, as a rule asks about it: its own cache mounts in each of its builds, and who else has
// their ids.

#include "dockerlint/project_caches.hpp"

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace dockerlint {

class Neighbours {
 public:
  /// One cache mount of this file, as some builds of it have it.
  struct Own {
    const Mount* mount;  // in the model that the rule sees
    const CacheUser* user;
    const CacheVariant* variant;
    const ProjectCache* cache;  // the users of its id, as of when the project was read; null when there are none
  };

  Neighbours(const Model& model, const Catalog& catalog, const ProjectView& view);
  Neighbours(const Neighbours&) = delete;
  Neighbours& operator=(const Neighbours&) = delete;

  /// Those that some build runs and whose id is known, by build, then in the order of the file. Empty where there is
  /// no project.
  std::span<const Own> users() const { return users_; }
  std::span<const CacheVariant> variants() const {
    return own_ != nullptr ? std::span<const CacheVariant>(own_->variants) : std::span<const CacheVariant>();
  }
  /// The users of this file's cache in the project. Null when it is not known there, and when builds of this file give
  /// its mounts several ids.
  const ProjectCache* shared(const Cache& cache) const;
  /// Where this file stands among all: see FirstUsers.
  std::uint32_t file() const { return view_.file; }
  const ProjectCaches& all() const { return *view_.caches; }

  /// Whether the file is built for several platforms, as its builds say.
  bool has_several_platforms() const;
  /// Whether a compose or bake file names a build of both.
  bool are_planned(const CacheVariant& one, const CacheVariant& other) const;
  /// Whether one command builds both.
  bool are_together(const CacheVariant& one, const CacheVariant& other) const;
  /// The names of services or targets that are built so, as far as compose or bake files say: "`api` and `web`".
  std::string services(const CacheVariant& variant) const;
  /// The name of the one service that this variant is; empty where it is none, or several.
  std::string service(const CacheVariant& variant) const;
  /// What to call the Dockerfile of another user: its path, or the service that it is written in.
  std::string name(CacheUserPlace place) const;
  /// Another user as a second place: `text` with the service, if it is one.
  Elsewhere place(CacheUserPlace place, std::string text) const;

 private:
  ProjectView view_;
  const FileCaches* own_ = nullptr;    // of the file as it is; null: there is no project
  std::optional<FileCaches> changed_;  // since the project was read
  std::vector<Own> users_;
  std::unordered_map<const Cache*, const ProjectCache*> shared_;
};

}  // namespace dockerlint
