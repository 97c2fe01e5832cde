// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/neighbours.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dockerlint {
namespace {

/// What the file does after it has been changed.
FileCaches caches_now(const FileCaches& known, const Model& model, const Catalog& catalog, const Project& project) {
  std::vector<std::size_t> builds;
  for (const CacheVariant& variant : known.variants)
    for (const CacheVariant::Member& member : variant.builds) builds.push_back(member.build);
  return caches_of(model.document(), project, builds, catalog, &model);
}

std::unordered_map<TextSize, const Mount*> mounts_by_place(const Model& model) {
  std::unordered_map<TextSize, const Mount*> mounts;
  for (const Stage& stage : model.stages())
    for (const RunStep& run : stage.runs)
      for (const Mount& mount : run.mounts)
        if (mount.is(MountType::cache)) mounts.emplace(mount.flag->range.begin, &mount);
  return mounts;
}

}  // namespace

Neighbours::Neighbours(const Model& model, const Catalog& catalog, const ProjectView& view) : view_(view) {
  if (view.caches == nullptr) return;
  const FileCaches& before = view.caches->files()[view.file];
  if (is_of(before, model.document().source().bytes())) own_ = &before;
  else own_ = &changed_.emplace(caches_now(before, model, catalog, view.caches->project()));
  std::unordered_map<TextSize, const Mount*> mounts;
  for (const CacheVariant& variant : own_->variants)
    for (const CacheUser& user : variant.users) {
      if (!user.id_known || !variant.reaches(user)) continue;
      if (mounts.empty()) mounts = mounts_by_place(model);
      const auto mount = mounts.find(user.mount);
      if (mount == mounts.end()) continue;
      users_.push_back({mount->second, &user, &variant, view.caches->find(user.id)});
      const auto [known, is_new] = shared_.try_emplace(mount->second->cache, users_.back().cache);
      if (!is_new && known->second != users_.back().cache) known->second = nullptr;
    }
}

const ProjectCache* Neighbours::shared(const Cache& cache) const {
  const auto known = shared_.find(&cache);
  return known == shared_.end() ? nullptr : known->second;
}

bool Neighbours::has_several_platforms() const {
  std::string_view first;
  for (const CacheVariant& variant : variants())
    for (const CacheVariant::Member& member : variant.builds)
      for (const Given& platform : view_.caches->project().builds[member.build].platforms) {
        if (!platform.known()) continue;
        if (first.empty()) first = *platform.text;
        else if (first != *platform.text) return true;
      }
  return false;
}

bool Neighbours::are_planned(const CacheVariant& one, const CacheVariant& other) const {
  const auto planned = [&](const CacheVariant& variant) {
    return std::any_of(variant.builds.begin(), variant.builds.end(), [&](const CacheVariant::Member& member) {
      return all().project().builds[member.build].defined_by != DefinedBy::dockerfile;
    });
  };
  return planned(one) && planned(other);
}

bool Neighbours::are_together(const CacheVariant& one, const CacheVariant& other) const {
  for (const CacheVariant::Member& mine : one.builds)
    for (const CacheVariant::Member& theirs : other.builds)
      if (all().project().together(mine.build, theirs.build)) return true;
  return false;
}

std::string Neighbours::services(const CacheVariant& variant) const {
  std::vector<std::string> names;
  for (const CacheVariant::Member& member : variant.builds) {
    const Build& build = all().project().builds[member.build];
    if (build.defined_by != DefinedBy::dockerfile) names.push_back(fmt::format("`{}`", build.name));
  }
  constexpr std::size_t kMost = 3;
  if (names.size() > kMost) {
    const std::size_t more = names.size() - (kMost - 1);
    names.resize(kMost - 1);
    names.push_back(fmt::format("{} more", more));
  }
  if (names.empty()) return {};
  if (names.size() == 1) return names.front();
  return fmt::format("{} and {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

std::string Neighbours::service(const CacheVariant& variant) const {
  if (variant.builds.size() != 1) return {};
  const Build& build = all().project().builds[variant.builds.front().build];
  return build.defined_by == DefinedBy::dockerfile ? std::string() : build.name;
}

std::string Neighbours::name(CacheUserPlace place) const {
  const FileCaches& file = all().files()[place.file];
  std::string names = file.embedded ? services(all().variant(place)) : std::string();
  return names.empty() ? fmt::format("`{}`", file.path) : names;
}

Elsewhere Neighbours::place(CacheUserPlace place, std::string text) const {
  const std::string names = services(all().variant(place));
  if (!names.empty()) text += fmt::format(", for {}", names);
  return {all().files()[place.file].path, all().user(place).at, std::move(text)};
}

}  // namespace dockerlint
