// SPDX-License-Identifier: Apache-2.0
#pragma once
// The caches of a whole project, by their ids: an id is global to a builder, so that whoever uses one shares it with
// all others. What a build does with caches is summed up in plain data that owns its strings, so that the models
// need not live; what a rule asks about the other files is looked up, however many files there are.

#include "dockerlint/catalog.hpp"
#include "dockerlint/model.hpp"
#include "dockerlint/project.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace dockerlint {

/// One cache mount of a RUN, as one build has it.
struct CacheUser {
  TextSize mount = 0;  // where its flag begins in the Dockerfile
  TextSize run = 0;    // where its RUN begins
  LineColumn at;       // of the flag, in the file that it stands in
  std::string id;      // as the builder takes it, with ${TARGETARCH} and the like as written
  bool id_known = true;
  bool named = false;           // the file gives the id; else it is the target
  bool plain = false;           // no variable in it, and no base: nothing sets it apart on purpose
  std::string target;           // absolute; empty: nobody knows
  std::optional<Sharing> mode;  // as BuildKit takes it; absent when a variable decides it
  bool says_mode = false;
  std::optional<std::uint32_t> uid, gid, owner_mode;
  bool owned_by_variable = false;       // uid, gid or mode are not known
  bool based = false;                   // on an image or a stage: its content comes from there
  const CacheDir* directory = nullptr;  // what lies there: by the path, or because a build has its output there
  const CacheDir* cache = nullptr;      // Catalog::cache_of()
  bool empties = false;                 // the RUN may delete what is in it
  std::uint32_t stage = 0;              // index
  std::string stage_name;               // empty without AS
  std::vector<std::uint32_t> below;     // stages that it is built on
  std::string base;                     // the stage's image; empty: nobody knows
  const Image* image = nullptr;         // its facts
  std::optional<std::uint32_t> user;    // uid of who runs the RUN
  bool native = true;                   // runs on the platform that the image is for
  bool builds = false;                  // a build has its output in it
  std::vector<std::string> sources;     // of that build: directories of the context; see builds.hpp
  bool sources_known = false;           // and nothing else
  std::vector<std::string> fills;       // what fills it: "npm ci"
  std::vector<std::string> reads;       // what only reads it: "cp"
};

/// What builds of one Dockerfile have in common that are given the same arguments.
struct CacheVariant {
  struct Member {
    std::size_t build;          // in Project::builds
    std::vector<bool> reached;  // by index of the stage: whether the build's target needs it
  };
  std::vector<Member> builds;
  std::string context;           // of the sources, clean; empty: nobody knows
  std::vector<CacheUser> users;  // in the order of the file

  bool reaches(const CacheUser& user) const;
};

/// One Dockerfile, in a file of its own or in a compose or bake file.
struct FileCaches {
  std::string path;                // as it was given to us
  std::size_t size = 0, hash = 0;  // of its bytes
  bool embedded = false;           // it stands in a compose or bake file, which `path` and CacheUser::at are of
  std::vector<CacheVariant> variants;
};

/// `builds` are those of this Dockerfile, as indices into `project`; empty: it is built as it stands. Whoever has its
/// model as it stands gives it, with the catalog that the model is asked with.
FileCaches caches_of(const Document& document, const Project& project, std::span<const std::size_t> builds,
                     const Catalog& catalog, const Model* as_it_stands = nullptr);
/// Whether `caches` was made of these bytes.
bool is_of(const FileCaches& caches, std::string_view bytes);

/// One user in a project.
struct CacheUserPlace {
  std::uint32_t file = 0, variant = 0, user = 0;
  bool operator==(const CacheUserPlace&) const = default;
};

/// The first of some users, and the first that is in another file than it: one of the two is not in the file
/// that asks.
class FirstUsers {
 public:
  /// In the order of the files.
  void add(CacheUserPlace place) {
    if (!first_ || last_ != place.file) ++files_;
    last_ = place.file;
    if (!first_) first_ = place;
    else if (!other_ && place.file != first_->file) other_ = place;
  }
  bool any() const { return first_.has_value(); }
  /// In how many files they are.
  std::uint32_t files() const { return files_; }
  /// The first in another file. Null when there is none.
  const CacheUserPlace* besides(std::uint32_t file) const {
    if (first_ && first_->file != file) return &*first_;
    return other_ ? &*other_ : nullptr;
  }
  /// The first in a file before this one.
  const CacheUserPlace* before(std::uint32_t file) const { return first_ && first_->file < file ? &*first_ : nullptr; }

 private:
  std::optional<CacheUserPlace> first_, other_;
  std::uint32_t last_ = 0, files_ = 0;
};

/// Whose a cache is, for one who runs the RUN: with another of these, one id is another cache.
struct CacheOwner {
  std::optional<std::uint32_t> uid, gid, mode;
  std::uint32_t user = 0;
  bool operator==(const CacheOwner&) const = default;
};

/// All users of one id.
struct ProjectCache {
  std::string_view id;
  std::vector<CacheUserPlace> users;  // in the order of the files
  std::array<FirstUsers, 3> by_mode;  // by Sharing
  FirstUsers open;                    // they do not lock
  FirstUsers unknown_mode;
  FirstUsers unknown_directory;                                     // Catalog::cache_of() knows nothing
  FirstUsers decided;                                               // the catalog knows which mode is right
  FirstUsers needs_lock;                                            // or may need it
  std::vector<std::pair<const CacheDir*, FirstUsers>> directories;  // CacheUser::directory
  FirstUsers elsewhere;                                             // at none of these
  std::array<FirstUsers, 2> by_libc;                                // of their images: glibc, musl
  FirstUsers unknown_libc;
  std::vector<std::pair<CacheOwner, FirstUsers>> owners;
  FirstUsers unknown_owner;                                        // or one who runs the RUN, or what it is based on
  std::vector<std::pair<std::string_view, FirstUsers>> platforms;  // for which compose or bake files build natively
  std::vector<CacheUserPlace> builds;                              // those with output here, some of each file

  const FirstUsers& locking() const { return by_mode[static_cast<std::size_t>(Sharing::locked)]; }
  /// The users of the directory. Null when there are none.
  const FirstUsers* of(const CacheDir& directory) const;
};

/// What lies between the files.
class ProjectCaches {
 public:
  /// `project` must outlive it. The files are in the order in which they are reported.
  ProjectCaches(const Project& project, std::vector<FileCaches> files);
  ProjectCaches(const ProjectCaches&) = delete;
  ProjectCaches& operator=(const ProjectCaches&) = delete;

  const Project& project() const { return project_; }
  std::span<const FileCaches> files() const { return files_; }
  /// Sorted by id.
  std::span<const ProjectCache> caches() const { return caches_; }
  /// Null when nobody has the id.
  const ProjectCache* find(std::string_view id) const;

  const CacheUser& user(CacheUserPlace place) const {
    return files_[place.file].variants[place.variant].users[place.user];
  }
  const CacheVariant& variant(CacheUserPlace place) const { return files_[place.file].variants[place.variant]; }
  /// RUNs that lock `first` and then `second`.
  const FirstUsers* locks(std::string_view first, std::string_view second) const;
  /// The id under which most files have a download cache of this kind: see scatter_key(). Of several the first.
  std::string_view usual_id(const std::string& scatter_key) const;

 private:
  void add(const CacheUser& user, CacheUserPlace place);
  void add_platforms(const CacheUser& user, CacheUserPlace place, ProjectCache& cache) const;
  void add_locks(const CacheVariant& variant, CacheUserPlace place);
  void choose_ids();

  const Project& project_;
  std::vector<FileCaches> files_;
  std::vector<ProjectCache> caches_;
  std::unordered_map<std::string_view, std::size_t> by_id_;
  std::map<std::pair<std::string_view, std::string_view>, FirstUsers> locks_;
  std::unordered_map<std::string, std::string_view> usual_;
};

/// The locks that a RUN waits for, in this order, as one build has it: none that it has already, by another mount.
std::vector<const CacheUser*> locks_of_run(const CacheVariant& variant, TextSize run);

/// What users have in common that could be under one id: the same directory at the same place, for the same kind of
/// image, with the same owner and mode. Empty for one that is set apart on purpose, or that is not for sharing.
std::string scatter_key(const CacheUser& user);

/// Whether builds of these two have different sources: neither has anything of the other's.
bool have_different_sources(const CacheVariant& a, const CacheUser& one, const CacheVariant& b, const CacheUser& other);

/// Where a file of the project stands in it.
struct ProjectView {
  const ProjectCaches* caches = nullptr;  // null: the file is alone
  std::uint32_t file = 0;
};

}  // namespace dockerlint
