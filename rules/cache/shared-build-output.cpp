// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>

namespace dockerlint::rules {
namespace {

constexpr std::size_t kMostUsers = 200;  // of a cache whose id a fix changes, or that are looked through

TextRange where(const Mount& mount) {
  const MountOption* option = mount.option(MountKey::id);
  if (option == nullptr) option = mount.option(MountKey::target);
  return option != nullptr ? option->range : mount.flag->range;
}

/// An id of its own for the build's stage. Mounts that only copy out what was built change with it.
std::vector<TextEdit> id_of_stage(const MountedBuild& build) {
  const Stage& stage = build.stage();
  const auto users = build.mount->cache->mounts;
  if (stage.name.empty() || users.size() > kMostUsers) return {};
  std::vector<TextEdit> edits;
  for (const Mount* const user : users) {
    const Stage& other = *user->run->stage;
    if (&other != &stage) {
      if (is_built_on(stage, other) || is_built_on(other, stage)) return {};  // whose cache is it then?
      continue;
    }
    const auto more = edit::lengthen_id(*user, fmt::format("-{}", stage.name));
    if (more.empty()) return {};
    edits.insert(edits.end(), more.begin(), more.end());
  }
  return edits;
}

/// An id for each value of the argument, wherever the cache is used.
std::vector<TextEdit> id_of_argument(const MountedBuild& build, std::string_view argument) {
  const auto users = build.mount->cache->mounts;
  if (users.size() > kMostUsers) return {};
  std::vector<TextEdit> edits;
  for (const Mount* const user : users) {
    // What is not declared there would be nothing.
    if (declaration_of(argument, *user->run->stage, user->flag->range.begin) == nullptr) return {};
    const auto more = edit::lengthen_id(*user, fmt::format("-${{{}}}", argument));
    if (more.empty()) return {};
    edits.insert(edits.end(), more.begin(), more.end());
  }
  return edits;
}

const BuildArg* argument_of(const CacheVariant& variant, std::string_view name, const Project& project) {
  if (variant.builds.empty()) return nullptr;
  for (const BuildArg& argument : project.builds[variant.builds.front().build].args)
    if (argument.name == name) return &argument;
  return nullptr;
}

/// Whether the builds that share this cache all give the argument values of their own.
bool tells_apart(std::string_view argument, const Neighbours::Own& own, const Neighbours& neighbours) {
  std::vector<std::string_view> values;
  for (const Neighbours::Own& other : neighbours.users()) {
    if (other.mount != own.mount || other.user->id != own.user->id) continue;
    const BuildArg* const given = argument_of(*other.variant, argument, neighbours.all().project());
    if (given == nullptr || !given->value.known()) return false;
    if (std::find(values.begin(), values.end(), *given->value.text) != values.end()) return false;
    values.push_back(*given->value.text);
  }
  return values.size() > 1;
}

/// Where the project builds several of these, it is no guess any more.
void tell_services(const SharedBuild& shared, const Neighbours& neighbours, Diagnostic& found) {
  const Neighbours::Own* first = nullptr;
  for (const Neighbours::Own& own : neighbours.users()) {
    if (own.mount != shared.build.mount || !tells_apart(shared.argument, own, neighbours)) continue;
    if (first == nullptr) {
      first = &own;
      continue;
    }
    found.at(Severity::warning);
    found.note(fmt::format("{} and {} are two of them", neighbours.services(*first->variant),
                           neighbours.services(*own.variant)));
    return;
  }
}

/// A service or target whose build needs the mount's stage. Empty where no compose or bake file names one.
std::string_view service_for(const Mount& mount, const Neighbours& neighbours) {
  for (const Neighbours::Own& own : neighbours.users()) {
    if (own.mount != &mount) continue;
    for (const CacheVariant::Member& member : own.variant->builds) {
      const Build& build = neighbours.all().project().builds[member.build];
      const bool reached = own.user->stage < member.reached.size() && member.reached[own.user->stage];
      if (reached && build.defined_by != DefinedBy::dockerfile) return build.name;
    }
  }
  return {};
}

/// Where the project builds both stages, it is no guess any more.
void tell_builds(const SharedBuild& shared, const Neighbours& neighbours, Diagnostic& found) {
  const std::string_view first = service_for(*shared.other.mount, neighbours);
  const std::string_view second = service_for(*shared.build.mount, neighbours);
  if (first.empty() || second.empty()) return;
  found.at(Severity::error);
  found.note(first == second ? fmt::format("both are built for `{}`", first)
                             : fmt::format("one is built for `{}`, the other for `{}`", first, second));
}

void report(const SharedBuild& shared, RuleContext& cx) {
  const Mount& mount = *shared.build.mount;
  const CacheDir& output = *shared.build.output;
  if (!shared.argument.empty() && !shared.selects_sources) {
    Diagnostic& found = cx.report(where(mount), "the builds of every `{}` use this one cache", shared.argument);
    found.at(Severity::info);
    found.label(shared.selection, "selects what is built");
    found.note("they wait for each other, and a copy of what one did not build finds what another one left");
    tell_services(shared, cx.neighbours(), found);
    if (auto edits = id_of_argument(shared.build, shared.argument); !edits.empty())
      found.suggest(Applicability::safe, fmt::format("give each {} a cache of its own", shared.argument),
                    std::move(edits));
    return;
  }

  const bool by_argument = !shared.argument.empty();
  Diagnostic& found =
      by_argument
          ? cx.report(where(mount), "the sources that `{}` selects are all built in this one cache", shared.argument)
          : cx.report(where(mount), "two stages build different sources in this one cache");
  if (output.evidence == Evidence::recalled) found.at(Severity::info);
  else if (!by_argument) tell_builds(shared, cx.neighbours(), found);
  if (by_argument) found.label(shared.selection, "selected here");
  else found.label(where(*shared.other.mount), "and here");
  found.note(fmt::format(
      "{} tells by names and time stamps what is built already: one may ship what the other built, in any sharing mode",
      output.tool->title));
  auto edits = by_argument ? id_of_argument(shared.build, shared.argument) : id_of_stage(shared.build);
  if (!edits.empty())
    found.suggest(Applicability::safe,
                  by_argument ? fmt::format("give each {} a cache of its own", shared.argument)
                              : fmt::format("give `{}` a cache of its own", shared.build.stage().name),
                  std::move(edits));
}

/// Two builds of this Dockerfile that a compose or bake file gives different things to do, in one cache.
struct TwoServices {
  const Neighbours::Own* one = nullptr;
  const Neighbours::Own* other = nullptr;
  std::string_view argument;  // that tells them apart wherever the cache is used; empty: none does
};

/// Build arguments are few; the first that does is named first in the compose file, too.
std::string_view telling_argument(const Neighbours::Own& own, const Neighbours& neighbours) {
  if (own.variant->builds.empty()) return {};
  for (const BuildArg& argument : neighbours.all().project().builds[own.variant->builds.front().build].args) {
    const bool declared =
        declaration_of(argument.name, *own.mount->run->stage, own.mount->flag->range.begin) != nullptr;
    if (declared && tells_apart(argument.name, own, neighbours)) return argument.name;
  }
  return {};
}

/// The first two of different sources.
std::optional<TwoServices> two_services(const Mount& mount, const Neighbours& neighbours) {
  for (const Neighbours::Own& one : neighbours.users()) {
    if (one.mount != &mount || !one.user->builds) continue;
    for (const Neighbours::Own& other : neighbours.users())
      if (other.mount == &mount && other.user->id == one.user->id && &other != &one &&
          neighbours.are_planned(*one.variant, *other.variant) &&
          have_different_sources(*one.variant, *one.user, *other.variant, *other.user))
        return TwoServices{&one, &other, telling_argument(one, neighbours)};
  }
  return std::nullopt;
}

void report(const TwoServices& two, RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  const MountedBuild build{two.one->mount, nullptr, two.one->user->directory};
  Diagnostic& found = cx.report(where(*two.one->mount), "{} and {} build different sources in this one cache",
                                neighbours.services(*two.one->variant), neighbours.services(*two.other->variant));
  found.at(Severity::error);
  found.note(fmt::format(
      "{} tells by names and time stamps what is built already: one may ship what the other built, in any sharing mode",
      build.output->tool->title));
  if (two.argument.empty()) return;
  if (auto edits = id_of_argument(build, two.argument); !edits.empty())
    found.suggest(Applicability::safe, fmt::format("give each {} a cache of its own", two.argument), std::move(edits));
}

/// A text as a part of an id.
std::string as_name(std::string_view text) {
  std::string name(text);
  for (char& c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!plain) c = '-';
  }
  return name.find_first_not_of('-') == std::string::npos ? std::string() : name;
}

/// What a file is called after: its service, its name behind `Dockerfile.`, or its folder.
std::string short_name(const FileCaches& file, const Neighbours& neighbours) {
  if (file.variants.size() == 1)
    if (std::string name = neighbours.service(file.variants.front()); !name.empty()) return as_name(name);
  if (file.embedded) return {};
  std::string_view path = file.path;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.starts_with("Dockerfile.")) return as_name(name.substr(name.find('.') + 1));
  if (const std::size_t dot = name.rfind(".Dockerfile"); dot != name.npos && dot > 0)
    return as_name(name.substr(0, dot));
  if (path.size() <= name.size() + 1) return {};
  path.remove_suffix(name.size() + 1);
  return as_name(path.substr(path.rfind('/') + 1));
}

/// What parts this file's cache from others': as short as it may be.
std::string own_name(const Neighbours::Own& own, const Neighbours& neighbours) {
  const auto files = neighbours.all().files();
  const FileCaches& file = files[neighbours.file()];
  std::string name = short_name(file, neighbours);
  const bool taken = std::any_of(own.cache->builds.begin(), own.cache->builds.end(), [&](CacheUserPlace other) {
    return other.file != neighbours.file() && short_name(files[other.file], neighbours) == name;
  });
  if (!taken || name.empty()) return name;
  if (file.embedded) return {};
  std::string_view path = file.path;
  while (path.starts_with("./") || path.starts_with("../")) path.remove_prefix(path.find('/') + 1);
  return as_name(path.ends_with("/Dockerfile") ? path.substr(0, path.rfind('/')) : path);
}

/// An id of its own for the file, wherever it uses the cache.
std::vector<TextEdit> id_of_file(const Neighbours::Own& own, const Neighbours& neighbours) {
  const std::string name = own_name(own, neighbours);
  const Cache* const cache = own.mount->cache;
  if (name.empty() || cache == nullptr || cache->mounts.size() > kMostUsers) return {};
  std::vector<TextEdit> edits;
  for (const Mount* const mount : cache->mounts) {
    const auto more = edit::lengthen_id(*mount, fmt::format("-{}", name));
    if (more.empty()) return {};
    edits.insert(edits.end(), more.begin(), more.end());
  }
  return edits;
}

/// Whether another file has the cache and builds nothing in it: it may want what this one has built.
bool may_be_wanted_elsewhere(const Neighbours::Own& own, const Neighbours& neighbours) {
  const auto& users = own.cache->users;
  return users.size() > kMostUsers || std::any_of(users.begin(), users.end(), [&](CacheUserPlace user) {
           return user.file != neighbours.file() && !neighbours.all().user(user).builds;
         });
}

/// A build of a file before this one that has its output in the same cache.
void check_neighbour(const Neighbours::Own& own, RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  for (const CacheUserPlace other : own.cache->builds) {
    if (other.file >= neighbours.file()) return;
    const CacheUser& theirs = neighbours.all().user(other);
    const CacheVariant& variant = neighbours.all().variant(other);
    if (theirs.directory != own.user->directory || !have_different_sources(*own.variant, *own.user, variant, theirs))
      continue;
    const CacheDir& output = *own.user->directory;
    Diagnostic& found = cx.report(where(*own.mount), "this build and that of {} have different sources and one cache",
                                  neighbours.name(other));
    if (output.evidence == Evidence::recalled) found.at(Severity::info);
    else if (neighbours.are_planned(*own.variant, variant)) found.at(Severity::error);
    found.label(neighbours.place(other, "and here"));
    found.note(fmt::format(
        "an id means one cache for all that a builder builds, and {} tells by names and time stamps what is built "
        "already: one may ship what the other built, in any sharing mode",
        output.tool->title));
    if (auto edits = id_of_file(own, neighbours); !edits.empty())
      found.suggest(may_be_wanted_elsewhere(own, neighbours) ? Applicability::unsafe : Applicability::safe,
                    fmt::format("give `{}` a cache of its own", own_name(own, neighbours)), std::move(edits));
    return;
  }
}

void check(RuleContext& cx) {
  const Neighbours& neighbours = cx.neighbours();
  std::vector<const Cache*> said;  // one finding for one cache
  for (const Neighbours::Own& own : neighbours.users()) {
    if (!own.user->builds || std::find(said.begin(), said.end(), own.mount->cache) != said.end()) continue;
    const auto two = two_services(*own.mount, neighbours);
    if (!two) continue;
    report(*two, cx);
    said.push_back(own.mount->cache);
  }
  for (const SharedBuild& shared : shared_builds(cx.model(), cx.catalog())) {
    if (std::find(said.begin(), said.end(), shared.build.mount->cache) != said.end()) continue;
    report(shared, cx);
    said.push_back(shared.build.mount->cache);
  }
  for (const Neighbours::Own& own : neighbours.users()) {
    if (!own.user->builds || own.cache == nullptr) continue;
    if (std::find(said.begin(), said.end(), own.mount->cache) != said.end()) continue;
    check_neighbour(own, cx);
    said.push_back(own.mount->cache);
  }
}

}  // namespace

extern constinit const Rule cache_shared_build_output{
    .name = "cache/shared-build-output",
    .summary = "different builds whose output lies in one cache, so that one may ship what the other built",
    .severity = Severity::warning,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .of_projects = true,
    .check = check,
};

}  // namespace dockerlint::rules
