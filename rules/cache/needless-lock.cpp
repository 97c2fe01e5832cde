// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/declarations.hpp"
#include "dockerlint/fix_group.hpp"
#include "dockerlint/parallel.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace dockerlint::rules {
namespace {

constexpr Option<OptionWords> kExcept{"except", "targets and ids of caches whose lock is wanted"};
constexpr const RuleOption* kOptions[] = {&kExcept};

/// One mode for all mounts of a cache: it is wanted for all of them, or for none.
bool is_wanted(const Cache& cache, const std::vector<std::string_view>& wanted) {
  const auto is_named = [&](const Value& value) {
    return value && std::find(wanted.begin(), wanted.end(), *value) != wanted.end();
  };
  return std::any_of(cache.mounts.begin(), cache.mounts.end(),
                     [&](const Mount* mount) { return is_named(mount->target) || is_named(mount->id); });
}

/// Whether no mount of the cache may need the lock. One id under two modes is worse than a lock too many:
/// the modes do not see each other's directory.
bool needs_no_lock(const Cache& cache, const RuleContext& cx, EmptyingRuns& emptying) {
  for (const Mount* const mount : cache.mounts) {
    const CacheDir* const known = cx.catalog().cache_of(*mount);
    if (known == nullptr || known->concurrency != Concurrency::safe) return false;
    if (emptying.contains(*mount->run)) return false;
  }
  return true;
}

constexpr std::size_t kMostUsers = 256;  // of an id that are looked through

/// Who else in the project locks a cache of this file.
struct Queue {
  const ProjectCache* cache = nullptr;       // null: nobody
  bool several = false;                      // caches, as builds of this file give the mount different ids
  const CacheUserPlace* waits = nullptr;     // in another file; one that is built together with this, if there is one
  bool together = false;                     // it is
  const CacheUserPlace* needs_it = nullptr;  // another file that may need the lock
};

/// The builds that one command starts with those of this file. There are many groups of builds, and each is looked
/// through once.
class Fellows {
 public:
  explicit Fellows(const Neighbours& neighbours) : neighbours_(neighbours) {}

  /// Another file's lock that one command takes with this one.
  const CacheUserPlace* locking(const Neighbours::Own& own) {
    const std::set<std::size_t>& fellows = of(*own.variant);
    const auto& users = own.cache->users;
    for (std::size_t i = 0; !fellows.empty() && i < std::min(users.size(), kMostUsers); ++i) {
      if (users[i].file == neighbours_.file() || neighbours_.all().user(users[i]).mode != Sharing::locked) continue;
      const auto& builds = neighbours_.all().variant(users[i]).builds;
      if (std::any_of(builds.begin(), builds.end(), [&](const auto& member) { return fellows.contains(member.build); }))
        return &users[i];
    }
    return nullptr;
  }

 private:
  const std::set<std::size_t>& of(const CacheVariant& variant) {
    const auto [known, is_new] = fellows_.try_emplace(&variant);
    if (is_new)
      for (const BuildGroup& group : neighbours_.all().project().groups)
        if (std::any_of(variant.builds.begin(), variant.builds.end(), [&](const CacheVariant::Member& member) {
              return std::binary_search(group.builds.begin(), group.builds.end(), member.build);
            }))
          known->second.insert(group.builds.begin(), group.builds.end());
    return known->second;
  }

  const Neighbours& neighbours_;
  std::map<const CacheVariant*, std::set<std::size_t>> fellows_;
};

Queue queue_of(const Cache& cache, const Neighbours& neighbours, Fellows& fellows) {
  Queue queue;
  for (const Neighbours::Own& own : neighbours.users()) {
    if (own.mount->cache != &cache || own.cache == nullptr) continue;
    if (const CacheUserPlace* const other = own.cache->locking().besides(neighbours.file())) {
      queue.several = queue.several || (queue.cache != nullptr && queue.cache != own.cache);
      queue.cache = own.cache;
      const CacheUserPlace* const together = queue.together ? nullptr : fellows.locking(own);
      if (together != nullptr) queue.waits = together;
      else if (queue.waits == nullptr) queue.waits = other;
      queue.together = queue.together || together != nullptr;
    }
    if (const CacheUserPlace* const needs = own.cache->needs_lock.besides(neighbours.file())) queue.needs_it = needs;
  }
  return queue;
}

/// Whether BuildKit does the RUN of the mount once for both builds, as far as their arguments say.
bool is_one_step(const Neighbours::Own& one, const Neighbours::Own& other, const Project& project) {
  const auto arguments = [&](const Neighbours::Own& own) {
    return own.variant->builds.empty() ? std::span<const BuildArg>()
                                       : std::span(project.builds[own.variant->builds.front().build].args);
  };
  const auto differ = [&](const BuildArg& argument, std::span<const BuildArg> others) {
    if (declaration_of(argument.name, *one.mount->run->stage, one.mount->flag->range.begin) == nullptr) return false;
    const auto given =
        std::find_if(others.begin(), others.end(), [&](const BuildArg& b) { return b.name == argument.name; });
    return given == others.end() ||
           (argument.value.known() && given->value.known() && *argument.value.text != *given->value.text);
  };
  const auto of_one = arguments(one), of_other = arguments(other);
  return std::none_of(of_one.begin(), of_one.end(), [&](const BuildArg& a) { return differ(a, of_other); }) &&
         std::none_of(of_other.begin(), of_other.end(), [&](const BuildArg& a) { return differ(a, of_one); });
}

/// Builds of this very file that one command starts, and that wait for each other at this mount.
void tell_of_services(const Mount& mount, const Neighbours& neighbours, Diagnostic& found) {
  const Neighbours::Own* first = nullptr;
  for (const Neighbours::Own& own : neighbours.users()) {
    if (own.mount != &mount) continue;
    if (first == nullptr) {
      first = &own;
      continue;
    }
    if (own.user->id != first->user->id || !neighbours.are_together(*first->variant, *own.variant) ||
        is_one_step(*first, own, neighbours.all().project()))
      continue;
    found.note(fmt::format("{} and {} are built of this file at once, and queue here",
                           neighbours.services(*first->variant), neighbours.services(*own.variant)));
    return;
  }
}

/// Says who waits, and lets all of them go at once: one id under two modes would be worse.
void tell_of(const Queue& queue, const Mount& mount, const Neighbours& neighbours, Diagnostic& found) {
  tell_of_services(mount, neighbours, found);
  if (queue.cache == nullptr) return;
  const std::size_t files = queue.cache->locking().files();
  found.label(neighbours.place(*queue.waits, "waits for it, too"));
  found.note(fmt::format("the RUNs of {} Dockerfiles queue for this id, one after the other{}", files,
                         queue.together ? "" : ", whenever they are built at once"));
  if (queue.several) found.fix.reset();
  join_group(found, fmt::format("cache/needless-lock {}", queue.cache->id), files);
}

/// Whether a comment above the RUN, or in it, speaks of the lock: its author has had a reason. One that stands further
/// up in the stage has to name the tool, too.
bool is_explained(const RunStep& run, std::string_view tool, const Document& document) {
  constexpr std::uint32_t kMostLines = 100;  // above the RUN
  const SourceText& source = document.source();
  const auto is_comment = [&](std::uint32_t number) {
    const std::string_view line = source.line(number);
    const std::size_t text = line.find_first_not_of(" \t");
    return text != line.npos && line[text] == '#';
  };
  const auto speaks_of_lock = [&](std::uint32_t number) {
    const std::string_view line = source.line(number);
    return line.find("=locked") != line.npos || line.find("sharing") != line.npos;
  };
  std::uint32_t first = run.instruction->first_line;
  while (first > 1 && is_comment(first - 1)) --first;
  for (std::uint32_t number = first; number <= run.instruction->last_line; ++number)
    if (is_comment(number) && speaks_of_lock(number)) return true;

  const std::uint32_t stage = run.stage->from == nullptr ? 1 : run.stage->from->first_line;
  bool lock = false, named = false;  // in the comment that is gone through
  for (std::uint32_t number = std::max(stage, first > kMostLines ? first - kMostLines : 1); number < first; ++number) {
    const bool comment = is_comment(number);
    lock = comment && (lock || speaks_of_lock(number));
    named = comment && (named || source.line(number).find(tool) != std::string_view::npos);
    if (lock && named) return true;
  }
  return false;
}

/// Asks it of each RUN and tool once.
class Explained {
 public:
  explicit Explained(const RuleContext& cx) : cx_(cx) {}
  bool any_of(std::span<const Mount* const> mounts) {
    return std::any_of(mounts.begin(), mounts.end(), [&](const Mount* mount) {
      const CacheDir* const cache = cx_.catalog().cache_of(*mount);
      if (cache == nullptr) return false;
      const auto [it, is_new] = known_.try_emplace({mount->run, cache->tool}, false);
      if (is_new) it->second = is_explained(*mount->run, cache->tool->name, cx_.document());
      return it->second;
    });
  }

 private:
  const RuleContext& cx_;
  std::map<std::pair<const RunStep*, const Tool*>, bool> known_;
};

/// Whether the mount of the registry beside it says the same: cargo has one lock for both.
bool is_said_of_registry(const Mount& mount, const CacheDir& cache, const Catalog& catalog) {
  constexpr std::size_t kMostMounts = 200;  // of a RUN
  const auto mounts = mount.run->mounts;
  return mounts.size() <= kMostMounts && std::any_of(mounts.begin(), mounts.end(), [&](const Mount& other) {
           const CacheDir* const beside = catalog.cache_of(other);
           return beside != nullptr && beside != &cache && beside->tool == cache.tool && beside->name == "registry" &&
                  other.sharing == Sharing::locked;
         });
}

void check(const Mount& mount, bool needs_no_lock, bool explained, const Queue& queue, RuleContext& cx) {
  const CacheDir* const cache = cx.catalog().cache_of(mount);
  if (mount.sharing != Sharing::locked || cache == nullptr) return;
  const TextRange where = mount.option(MountKey::sharing)->range;

  if (cache->concurrency == Concurrency::serialised) {
    if (is_said_of_registry(mount, *cache, cx.catalog())) return;
    if (!cache->parallel_sign.empty() && cx.model().scripts_have(*mount.run, cache->parallel_sign)) {
      cx.report(where, "builds wait for each other here, but the script has let them run side by side")
          .at(Severity::info)
          .note(fmt::format("with `{}` in the mount, sharing=shared is enough", cache->parallel_sign));
      return;
    }
    Diagnostic& found = cx.report(where, "builds wait for each other here, for as long as the whole RUN takes");
    found.at(Severity::info);
    found.note(fmt::format("{} needs the lock as it is mounted: {}", cache->what, cache->why));
    found.note(fmt::format("to let builds run side by side: {}", cache->parallel));
    found.fix = edit::share_cargo_lock(cx.model(), cx.catalog(), mount);
    tell_of(queue, mount, cx.neighbours(), found);
    return;
  }
  if (cache->concurrency != Concurrency::safe || !needs_no_lock) return;

  Diagnostic& found = cx.report(where, "builds wait for each other here, but {} needs no lock", cache->what);
  if (cache->evidence == Evidence::recalled) found.at(Severity::info);
  found.note(std::string(cache->why));
  if (explained) {
    found.at(Severity::info);
    found.note("a comment speaks of the lock, and would no longer be true: that is for you to change");
    return;
  }
  // A build argument may lead the mount somewhere else, to a cache that needs its lock.
  const bool fixed_target = mount.option(MountKey::target)->value.find('$') == std::string_view::npos;
  if (auto edits = edit::set_sharing(mount, Sharing::shared); !edits.empty())
    found.suggest(fixed_target && cache->evidence > Evidence::recalled ? Applicability::safe : Applicability::unsafe,
                  "say sharing=shared", std::move(edits));
  tell_of(queue, mount, cx.neighbours(), found);
}

void check(RuleContext& cx) {
  const std::vector<std::string_view> wanted = cx.option(kExcept);
  EmptyingRuns emptying(cx.catalog());
  Explained explained(cx);
  Fellows fellows(cx.neighbours());
  for (const Cache& cache : cx.model().caches()) {
    if (is_wanted(cache, wanted)) continue;
    const Queue queue = queue_of(cache, cx.neighbours(), fellows);
    const bool free = queue.needs_it == nullptr && needs_no_lock(cache, cx, emptying);
    const bool meant = free && explained.any_of(cache.mounts);
    for (const Mount* const mount : cache.mounts) check(*mount, free, meant, queue, cx);
  }
}

}  // namespace

extern constinit const Rule cache_needless_lock{
    .name = "cache/needless-lock",
    .summary = "sharing=locked on caches that builds could use side by side",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .options = kOptions,
    .of_projects = true,
    .check = check,
};

}  // namespace dockerlint::rules
