// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/parallel.hpp"
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <map>

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

/// Who else in the project locks a cache of this file.
struct Queue {
  const ProjectCache* cache = nullptr;       // null: nobody
  bool several = false;                      // caches, as builds of this file give the mount different ids
  const CacheUserPlace* needs_it = nullptr;  // another file that may need the lock
};

Queue queue_of(const Cache& cache, const Neighbours& neighbours) {
  Queue queue;
  for (const Neighbours::Own& own : neighbours.users()) {
    if (own.mount->cache != &cache || own.cache == nullptr) continue;
    if (own.cache->by_mode[static_cast<std::size_t>(Sharing::locked)].besides(neighbours.file()) != nullptr) {
      queue.several = queue.several || (queue.cache != nullptr && queue.cache != own.cache);
      queue.cache = own.cache;
    }
    if (const CacheUserPlace* const needs = own.cache->needs_lock.besides(neighbours.file())) queue.needs_it = needs;
  }
  return queue;
}

/// Says who waits, and lets all of them go at once: one id under two modes would be worse.
void tell_of(const Queue& queue, const Neighbours& neighbours, Diagnostic& found) {
  if (queue.cache == nullptr) return;
  const std::size_t files = queue.cache->locking_files;
  found.label(
      neighbours.place(*queue.cache->by_mode[static_cast<std::size_t>(Sharing::locked)].besides(neighbours.file()),
                       "waits for it, too"));
  found.note(fmt::format("the RUNs of {} Dockerfiles queue for this id, one after the other", files));
  if (!found.fix) return;
  if (queue.several) return found.fix.reset();
  found.fix->title += fmt::format(", in all {} files", files);
  found.fix->group = fmt::format("cache/needless-lock {}", queue.cache->id);
  found.fix->group_files = files;
}

/// Whether a comment above the RUN, or in it, speaks of the lock: its author has had a reason.
bool is_explained(const RunStep& run, const Document& document) {
  const SourceText& source = document.source();
  const auto is_comment = [&](std::uint32_t number) {
    const std::string_view line = source.line(number);
    const std::size_t text = line.find_first_not_of(" \t");
    return text != line.npos && line[text] == '#';
  };
  std::uint32_t first = run.instruction->first_line;
  while (first > 1 && is_comment(first - 1)) --first;
  for (std::uint32_t number = first; number <= run.instruction->last_line; ++number)
    for (const std::string_view sign : {"=locked", "sharing"})
      if (is_comment(number) && source.line(number).find(sign) != std::string_view::npos) return true;
  return false;
}

/// Asks it of each RUN once.
class Explained {
 public:
  explicit Explained(const Document& document) : document_(document) {}
  bool any_of(std::span<const Mount* const> mounts) {
    return std::any_of(mounts.begin(), mounts.end(), [&](const Mount* mount) {
      const auto [it, is_new] = known_.try_emplace(mount->run, false);
      if (is_new) it->second = is_explained(*mount->run, document_);
      return it->second;
    });
  }

 private:
  const Document& document_;
  std::map<const RunStep*, bool> known_;
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
    tell_of(queue, cx.neighbours(), found);
    return;
  }
  if (cache->concurrency != Concurrency::safe || !needs_no_lock) return;

  Diagnostic& found = cx.report(where, "builds wait for each other here, but {} needs no lock", cache->what);
  if (cache->evidence == Evidence::recalled) found.at(Severity::info);
  found.note(std::string(cache->why));
  if (explained) {
    found.note("a comment speaks of the lock, and would no longer be true: that is for you to change");
    return;
  }
  // A build argument may lead the mount somewhere else, to a cache that needs its lock.
  const bool fixed_target = mount.option(MountKey::target)->value.find('$') == std::string_view::npos;
  if (auto edits = edit::set_sharing(mount, Sharing::shared); !edits.empty())
    found.suggest(fixed_target && cache->evidence > Evidence::recalled ? Applicability::safe : Applicability::unsafe,
                  "say sharing=shared", std::move(edits));
  tell_of(queue, cx.neighbours(), found);
}

void check(RuleContext& cx) {
  const std::vector<std::string_view> wanted = cx.option(kExcept);
  EmptyingRuns emptying(cx.catalog());
  Explained explained(cx.document());
  for (const Cache& cache : cx.model().caches()) {
    if (is_wanted(cache, wanted)) continue;
    const Queue queue = queue_of(cache, cx.neighbours());
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
