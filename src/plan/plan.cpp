// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace dockerlint::plan {
namespace {

constexpr std::array<std::string_view, 6> kFormats{"table", "json", "markdown", "mermaid", "dot", "html"};

void add_new(std::vector<std::string>& words, std::string_view word) {
  if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
}

class Maker {
 public:
  Maker(const ProjectCaches& caches, std::vector<Found> found) : caches_(caches) {
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.file < b.file; });
    for (Found& one : found) {
      findings_at_[{one.file, one.mount}].push_back(plan_.findings.size());
      plan_.findings.push_back(std::move(one.finding));
    }
  }

  Plan make() && {
    const auto files = caches_.files();
    for (std::uint32_t f = 0; f < files.size(); ++f) add_services(files[f]);
    for (std::uint32_t f = 0; f < files.size(); ++f)
      for (std::uint32_t v = 0; v < files[f].variants.size(); ++v)
        for (const CacheUser& user : files[f].variants[v].users)
          if (is_built(files[f], v, user)) add(f, v, user);
    for (auto& [key, cache] : by_key_) {
      complete(cache);
      plan_.caches.push_back(std::move(cache.cache));
    }
    return std::move(plan_);
  }

 private:
  /// A cache with what it takes to say who waits.
  struct Making {
    Cache cache;
    struct Place {
      std::uint32_t file, variant, stage;
      std::vector<std::uint32_t> below;
      std::size_t user;
    };
    std::vector<Place> locks;
    std::map<std::pair<std::uint32_t, TextSize>, std::size_t> by_mount;  // index into cache.users
  };

  /// Nobody builds what targets of bake only inherit from; a Dockerfile that is there for nothing else is shown.
  bool is_built(const FileCaches& file, std::uint32_t variant, const CacheUser& user) const {
    const auto reaches = [&](const CacheVariant& one, bool inherited_too) {
      return one.builds.empty() ||
             std::any_of(one.builds.begin(), one.builds.end(), [&](const CacheVariant::Member& member) {
               const bool counts = inherited_too || !caches_.project().builds[member.build].only_inherited;
               return counts && (user.stage >= member.reached.size() || member.reached[user.stage]);
             });
    };
    if (reaches(file.variants[variant], false)) return true;
    const bool others = std::any_of(file.variants.begin(), file.variants.end(),
                                    [&](const CacheVariant& one) { return reaches(one, false); });
    return !others && reaches(file.variants[variant], true);
  }

  void add_services(const FileCaches& file) {
    const bool cached = std::any_of(file.variants.begin(), file.variants.end(),
                                    [](const CacheVariant& variant) { return !variant.users.empty(); });
    for (const CacheVariant& variant : file.variants)
      for (const CacheVariant::Member& member : variant.builds) {
        const Build& build = caches_.project().builds[member.build];
        if (build.only_inherited || (build.defined_by == DefinedBy::dockerfile && !cached)) continue;
        service_of_[member.build] = plan_.services.size();
        Service& service = plan_.services.emplace_back();
        service.name = build.name;
        service.definition = build.definition;
        service.line = build.where.at.line;
        service.dockerfile = file.path;
        if (build.target) service.target = build.target->text.value_or("?");
        for (const Given& platform : build.platforms) service.platforms.push_back(platform.text.value_or("?"));
      }
  }

  void add(std::uint32_t file, std::uint32_t variant, const CacheUser& user) {
    const FileCaches& where = caches_.files()[file];
    // Nobody knows that such an id is the same in two files.
    const std::string key = user.id_known ? "0" + user.id : fmt::format("1{}:{}:{}", where.path, file, user.id);
    Making& making = by_key_[key];
    Cache& cache = making.cache;
    cache.id = user.id;
    cache.known = user.id_known;
    cache.named = cache.named || user.named;
    for (const std::string_view name : {"${TARGETARCH}", "${TARGETPLATFORM}", "${TARGETVARIANT}"})
      cache.per_platform = cache.per_platform || user.id.find(name) != std::string::npos;
    add_new(cache.targets, user.target);
    const std::string mode(user.mode ? to_string(*user.mode) : "?");
    add_new(cache.modes, mode);
    if (user.directory != nullptr && cache.what.empty()) {
      cache.what = user.directory->what;
      cache.tool = user.directory->tool->name;
      cache.kind = to_string(user.directory->kind);
    }
    const auto [entry, is_new] = making.by_mount.try_emplace({file, user.mount}, cache.users.size());
    if (is_new) cache.users.push_back(new_user(where.path, user, mode));
    User& shown = cache.users[entry->second];
    for (const CacheVariant::Member& member : where.variants[variant].builds) {
      const bool reached = user.stage >= member.reached.size() || member.reached[user.stage];
      if (const auto service = service_of_.find(member.build); service != service_of_.end() && reached)
        shown.services.push_back(service->second);
    }
    if (user.mode == Sharing::locked) making.locks.push_back({file, variant, user.stage, user.below, entry->second});
    if (const auto found = findings_at_.find({file, user.mount}); found != findings_at_.end())
      for (const std::size_t finding : found->second)
        if (std::find(cache.findings.begin(), cache.findings.end(), finding) == cache.findings.end())
          cache.findings.push_back(finding);
  }

  static User new_user(const std::string& path, const CacheUser& user, const std::string& mode) {
    User shown;
    shown.path = path;
    shown.at = user.at;
    shown.stage = user.stage_name.empty() ? fmt::format("stage-{}", user.stage) : user.stage_name;
    shown.target = user.target;
    shown.mode = mode;
    shown.says_mode = user.says_mode;
    const auto add_owner = [&](std::string_view name, std::optional<std::uint32_t> value) {
      if (value) shown.owner += fmt::format("{}{}={}", shown.owner.empty() ? "" : ",", name, *value);
    };
    add_owner("uid", user.uid);
    add_owner("gid", user.gid);
    if (user.owner_mode) shown.owner += fmt::format("{}mode={:04o}", shown.owner.empty() ? "" : ",", *user.owner_mode);
    shown.fills = user.fills;
    shown.reads = user.reads;
    return shown;
  }

  /// RUNs of one stage, or of one that is built on another, come one after the other anyway.
  void line_up(Making& making) const {
    std::vector<std::vector<const Making::Place*>> parties;
    for (const Making::Place& place : making.locks) {
      const auto follows = [&](const Making::Place* other) {
        if (other->file != place.file || other->variant != place.variant) return false;
        const auto is_below = [](const Making::Place& a, const Making::Place& b) {
          return std::find(a.below.begin(), a.below.end(), b.stage) != a.below.end();
        };
        return other->stage == place.stage || is_below(place, *other) || is_below(*other, place);
      };
      const auto party = std::find_if(parties.begin(), parties.end(), [&](const auto& members) {
        return std::all_of(members.begin(), members.end(), follows);
      });
      if (party == parties.end()) parties.push_back({&place});
      else party->push_back(&place);
    }
    std::vector<std::string> names;
    for (const auto& members : parties) {
      Cache::Party& party = making.cache.queue.emplace_back();
      for (const Making::Place* place : members) party.users.push_back(place->user);
      party.name = name_of(*members.front());
      const User& user = making.cache.users[members.front()->user];
      if (std::find(names.begin(), names.end(), party.name) != names.end())
        party.name += fmt::format(" ({})", user.stage);
      names.push_back(party.name);
    }
  }

  /// What is built there, or else the Dockerfile.
  std::string name_of(const Making::Place& place) const {
    const FileCaches& file = caches_.files()[place.file];
    std::vector<std::string> names;
    for (const CacheVariant::Member& member : file.variants[place.variant].builds) {
      const Build& build = caches_.project().builds[member.build];
      const bool reached = place.stage >= member.reached.size() || member.reached[place.stage];
      if (build.defined_by != DefinedBy::dockerfile && !build.only_inherited && reached) names.push_back(build.name);
    }
    constexpr std::size_t kMost = 3;
    if (names.empty()) return file.path;
    if (names.size() > kMost) {
      const std::size_t more = names.size() - kMost;
      names.resize(kMost);
      names.push_back(fmt::format("{} more", more));
    }
    return joined(names, "+");
  }

  void complete(Making& making) {
    Cache& cache = making.cache;
    line_up(making);
    std::sort(cache.findings.begin(), cache.findings.end());
    cache.verdict = !cache.known ? Verdict::unknown : cache.queue.size() > 1 ? Verdict::queues : Verdict::fine;
    for (const std::size_t finding : cache.findings) {
      const Severity severity = plan_.findings[finding].severity;
      if (severity == Severity::error) cache.verdict = Verdict::broken;
      else if (severity == Severity::warning) cache.verdict = std::max(cache.verdict, Verdict::conflict);
    }
  }

  const ProjectCaches& caches_;
  Plan plan_;
  std::map<std::pair<std::uint32_t, TextSize>, std::vector<std::size_t>> findings_at_;
  std::map<std::size_t, std::size_t> service_of_;  // by index in Project::builds
  std::map<std::string, Making> by_key_;
};

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::fine: return "fine";
    case Verdict::queues: return "queues";
    case Verdict::unknown: return "unknown";
    case Verdict::conflict: return "conflict";
    case Verdict::broken: return "broken";
  }
  return {};
}

Plan make_plan(const ProjectCaches& caches, std::vector<Found> found) { return Maker(caches, std::move(found)).make(); }

std::span<const std::string_view> format_names() { return kFormats; }

std::string shown(const Plan& plan, Format format, const Look& look) {
  switch (format) {
    case Format::table: return table(plan, look);
    case Format::json: return json(plan);
    case Format::markdown: return markdown(plan);
    case Format::mermaid: return mermaid(plan);
    case Format::dot: return dot(plan);
    case Format::html: return html(plan);
  }
  return {};
}

std::string joined(std::span<const std::string> words, std::string_view between) {
  return fmt::format("{}", fmt::join(words, between));
}

std::string names_of(const User& user, const Plan& plan) {
  std::vector<std::string> names;
  for (const std::size_t service : user.services)
    if (!plan.services[service].definition.empty()) names.push_back(plan.services[service].name);
  constexpr std::size_t kMost = 4;
  if (names.size() > kMost) {
    const std::size_t more = names.size() - kMost;
    names.resize(kMost);
    names.push_back(fmt::format("{} more", more));
  }
  return joined(names);
}

std::string what_of(const Cache& cache) {
  std::string what = cache.what.empty() ? "nothing known of it" : cache.what;
  if (cache.per_platform) what += ", one for each platform";
  return what;
}

std::string counted(const Plan& plan) {
  const auto number = [](std::size_t n, std::string_view what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  return fmt::format("{}, {}", number(plan.caches.size(), "cache"), number(plan.services.size(), "build"));
}

std::vector<std::string> queue_of(const Cache& cache) {
  std::vector<std::string> names;
  for (const Cache::Party& party : cache.queue) names.push_back(party.name);
  return names;
}

}  // namespace dockerlint::plan
