// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/rule.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace dockerlint::rules {
namespace {

struct Version {
  int minor = 0;
  int patch = 0;
  bool operator<(const Version& other) const { return std::tie(minor, patch) < std::tie(other.minor, other.patch); }
};

/// The frontend that `# syntax=` pins, where it is Docker's and the tag tells the version.
struct Frontend {
  const Directive* directive = nullptr;
  TextRange tag;
  Version version;
  bool labs = false;  // -labs and, before it, -experimental
  bool digest = false;
};

std::optional<int> take_number(std::string_view& text) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<Frontend> frontend_of(const Document& document) {
  for (const Directive& directive : document.directives()) {
    if (directive.name != "syntax") continue;
    const std::string_view value = directive.value.text;
    Frontend frontend{&directive, {}, {}, false, false};
    const std::string_view image = value.substr(0, value.find('@'));
    frontend.digest = image.size() < value.size();
    const std::size_t colon = image.rfind(':');
    if (colon == image.npos || colon + 1 == image.size()) return std::nullopt;
    const std::string_view name = image.substr(0, colon);
    if (name != "docker/dockerfile" && name != "docker/dockerfile-upstream" && !name.ends_with("/docker/dockerfile") &&
        !name.ends_with("/docker/dockerfile-upstream"))
      return std::nullopt;
    const auto at = directive.value.range.begin + static_cast<TextSize>(colon) + 1;
    frontend.tag = {at, at + static_cast<TextSize>(image.size() - colon - 1)};
    std::string_view tag = image.substr(colon + 1);
    if (!tag.starts_with("1.")) return std::nullopt;
    tag.remove_prefix(2);
    const auto minor = take_number(tag);
    if (!minor) return std::nullopt;
    // `1.4` follows the newest 1.4.x.
    frontend.version = {*minor, 1 << 20};
    if (tag.starts_with('.')) {
      tag.remove_prefix(1);
      const auto patch = take_number(tag);
      if (!patch) return std::nullopt;
      frontend.version.patch = *patch;
    }
    frontend.labs = tag == "-labs" || tag == "-experimental";
    if (!tag.empty() && !frontend.labs) return std::nullopt;
    return frontend;
  }
  return std::nullopt;
}

/// What a frontend must have, in its stable and in its labs releases.
struct Feature {
  std::string_view what;
  Version stable;
  Version labs;
};

// docs.docker.com/build/buildkit/dockerfile-release-notes, and the first tag of BuildKit's sources that has it.
constexpr Feature kRunMount{"RUN --mount", {2, 0}, {0, 0}};
constexpr Feature kMountVariables{"variables in a mount", {3, 0}, {3, 0}};
constexpr Feature kHeredoc{"heredocs", {4, 0}, {3, 0}};
constexpr Feature kLink{"--link", {4, 0}, {4, 0}};
constexpr Feature kTmpfsSize{"size= of a tmpfs mount", {4, 0}, {4, 0}};
constexpr Feature kPatterns{"${…#…}, ${…%…} and ${…/…}", {7, 0}, {7, 0}};
constexpr Feature kSecretEnv{"env= of a secret mount", {10, 0}, {10, 0}};
constexpr Feature kUnpack{"ADD --unpack", {17, 0}, {17, 0}};
constexpr Feature kExclude{"--exclude", {19, 0}, {7, 0}};
constexpr Feature kParents{"COPY --parents", {20, 0}, {7, 0}};
constexpr Feature kSecurity{"RUN --security", {20, 0}, {0, 0}};

/// Where a word cuts a variable's value: `${v#x}`. Empty when it does not.
TextRange cut_variable(const Argument& word) {
  for (std::size_t at = word.text.find("${"); at != std::string_view::npos; at = word.text.find("${", at + 2)) {
    std::size_t end = at + 2;
    const auto in_name = [&] {
      const char c = word.text[end];
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    while (end < word.text.size() && in_name()) ++end;
    if (end > at + 2 && end < word.text.size() &&
        std::string_view("#%/").find(word.text[end]) != std::string_view::npos)
      return word.range;
  }
  return {};
}

/// Collects what the file uses and the frontend does not know.
class Search {
 public:
  Search(const Frontend& frontend, RuleContext& cx) : frontend_(frontend), cx_(cx) {}

  void instruction(const Instruction& in) {
    if (in.broken) return;
    for (const Flag& flag : in.flags) this->flag(in, flag);
    if (!in.heredocs.empty()) need(kHeredoc, in.heredocs.front().marker);
    if (in.kind == InstructionKind::run || in.kind == InstructionKind::cmd || in.kind == InstructionKind::entrypoint ||
        in.kind == InstructionKind::shell || in.kind == InstructionKind::healthcheck)
      return;  // a shell expands these
    for (const Argument& word : in.arguments) need(kPatterns, cut_variable(word));
    for (const Assignment& assignment : in.assignments) need(kPatterns, cut_variable(assignment.value));
  }

  void mount(const Mount& mount) {
    need(kRunMount, mount.flag->range);
    for (const MountOption& option : mount.options) {
      if (option.value.find('$') != std::string_view::npos && option.key != MountKey::from)
        need(kMountVariables, option.range);
      if (option.key == MountKey::env && mount.is(MountType::secret)) need(kSecretEnv, option.range);
      if (option.key == MountKey::size && mount.is(MountType::tmpfs)) need(kTmpfsSize, option.range);
    }
  }

  /// One finding for all that is missing: the one thing to change is the directive.
  void report() const {
    if (missing_.empty()) return;
    std::string list;
    Version newest;
    for (const Missing& missing : missing_) {
      if (!list.empty()) list += &missing == &missing_.back() ? " and " : ", ";
      list += missing.feature->what;
      newest = std::max(newest, since(*missing.feature));
    }
    Diagnostic& found = cx_.report(frontend_.tag, "the frontend {} does not know {}",
                                   cx_.document().source().slice(frontend_.tag), list);
    for (const Missing& missing : missing_)
      found.label(missing.where, fmt::format("came with 1.{}", since(*missing.feature).minor));
    const std::string_view tag = frontend_.labs ? "1-labs" : "1";
    if (frontend_.digest) found.note(fmt::format("1.{} has it all", newest.minor));
    else found.suggest(Applicability::safe, fmt::format("follow version {}", tag), {{frontend_.tag, std::string(tag)}});
  }

 private:
  void flag(const Instruction& in, const Flag& flag) {
    const bool copies = in.kind == InstructionKind::copy || in.kind == InstructionKind::add;
    if (copies && flag.name == "link") need(kLink, flag.range);
    if (copies && flag.name == "exclude") need(kExclude, flag.range);
    if (in.kind == InstructionKind::copy && flag.name == "parents") need(kParents, flag.range);
    if (in.kind == InstructionKind::add && flag.name == "unpack") need(kUnpack, flag.range);
    if (in.kind == InstructionKind::run && flag.name == "security") need(kSecurity, flag.range);
  }

  void need(const Feature& feature, TextRange where) {
    if (where.empty() || !(frontend_.version < since(feature))) return;
    if (std::none_of(missing_.begin(), missing_.end(), [&](const Missing& m) { return m.feature == &feature; }))
      missing_.push_back({&feature, where});
  }

  const Version& since(const Feature& feature) const { return frontend_.labs ? feature.labs : feature.stable; }

  struct Missing {
    const Feature* feature;
    TextRange where;  // of its first use
  };

  const Frontend& frontend_;
  RuleContext& cx_;
  std::vector<Missing> missing_;
};

void check(RuleContext& cx) {
  const auto frontend = frontend_of(cx.document());
  if (!frontend) return;
  Search search(*frontend, cx);
  for (const Instruction& in : cx.document().instructions()) search.instruction(in);
  for (const Stage& stage : cx.model().stages())
    for (const RunStep& run : stage.runs)
      for (const Mount& mount : run.mounts) search.mount(mount);
  search.report();
}

}  // namespace

extern constinit const Rule cache_old_frontend{
    .name = "cache/old-frontend",
    .summary = "features that the frontend pinned by # syntax= does not have",
    .severity = Severity::error,
    .fix = FixKind::sometimes,
    .since = "0.1.0",
    .check = check,
};

}  // namespace dockerlint::rules
