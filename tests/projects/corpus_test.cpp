// SPDX-License-Identifier: Apache-2.0
// Real projects: the trees in projects/ of the folder that DOCKERLINT_CORPUS names. meta.json in each lists builds, as
// read by simpler means: for each of them the same Dockerfile, target and arguments are found, or differences.json says
// what else, by the reason why. With DOCKERLINT_BLESS=1 it is rewritten; what has no reason yet is "unexplained" there,
// which is no reason.

#include "project/paths.hpp"
#include "project/read.hpp"
#include "support/catch.hpp"
#include "support/page.hpp"
#include "support/project_case.hpp"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

using namespace dockerlint;
using namespace dockerlint::test;
using nlohmann::json;

namespace {

struct Tree {
  std::string name;
  json meta;
  Project project;
};

Tree read_tree(const std::filesystem::path& folder) {
  Tree tree{folder.filename().string(), json::parse(read_file((folder / "meta.json").string()).value_or("{}")), {}};
  // The tree is the part `root` of a repository; its paths are those of the repository where bake is started there.
  const std::string root = tree.meta["root"];
  const std::string prefix = root.empty() ? "" : root + "/";
  const MemoryFiles files(files_below(folder.string(), prefix));
  const std::string file = tree.meta["file"];
  tree.project = project::read_project({{{prefix + file, false}}, {}}, files);
  return tree;
}

std::string text_of(const json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string differs(const Tree& tree, const json& wanted) {
  const std::string name = wanted["service"];
  const auto found = std::find_if(tree.project.builds.begin(), tree.project.builds.end(),
                                  [&](const Build& build) { return build.name == name; });
  if (found == tree.project.builds.end()) return "not found";
  std::string out;
  const auto differ = [&](std::string_view what, const std::string& ours, const std::string& theirs) {
    if (ours != theirs) out += fmt::format("{}{} is `{}`, not `{}`", out.empty() ? "" : "; ", what, ours, theirs);
  };
  if (wanted.value("remote", false)) {
    differ("context", found->remote ? found->context.text.value_or("unknown") : "here", wanted["context"]);
    return out;
  }
  const std::string root = tree.meta["root"];
  std::string path = found->dockerfile ? found->dockerfile->text.value_or("unknown") : "none";
  const std::string theirs = wanted["path"];
  if (!root.empty() && path == root + "/" + theirs) path = theirs;  // relative to the tree, not to the repository
  differ("dockerfile", path, theirs);
  differ("target", found->target ? found->target->text.value_or("unknown") : "", text_of(wanted["target"]));
  if (wanted.contains("args") && wanted["args"].is_object())
    for (const auto& [key, value] : wanted["args"].items()) {
      const auto arg = std::find_if(found->args.begin(), found->args.end(),
                                    [&, name = key](const BuildArg& one) { return one.name == name; });
      differ(key, arg == found->args.end() ? "missing" : arg->value.text.value_or("unknown"), text_of(value));
    }
  return out;
}

}  // namespace

TEST_CASE("the builds of real projects are found") {
  const char* const corpus = std::getenv("DOCKERLINT_CORPUS");
  if (corpus == nullptr || !std::filesystem::exists(std::filesystem::path(corpus) / "projects")) {
    SUCCEED("DOCKERLINT_CORPUS names no folder with projects");
    return;
  }
  const std::string list = "tests/projects/differences.json";
  json reasons = json::parse(read_file(list).value_or("{}"));
  std::map<std::string, std::string> known;
  for (const auto& [reason, builds] : reasons.items())
    for (const auto& [build, difference] : builds.items()) known.emplace(build, difference.get<std::string>());
  std::map<std::string, std::string> found;
  std::size_t builds = 0;
  std::size_t trees = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(corpus) / "projects")) {
    if (!entry.is_directory()) continue;
    const Tree tree = read_tree(entry.path());
    ++trees;
    for (const json& wanted : tree.meta["builds"]) {
      ++builds;
      std::string difference = differs(tree, wanted);
      if (!difference.empty())
        found.emplace(fmt::format("{}/{}", tree.name, wanted["service"].get<std::string>()), std::move(difference));
    }
  }
  CHECK(trees >= 60);
  CHECK(builds >= 300);
  if (blessing()) {
    for (auto& [reason, of_reason] : reasons.items()) {
      const json before = of_reason;
      of_reason = json::object();
      for (const auto& [build, difference] : before.items())
        if (const auto now = found.find(build); now != found.end()) of_reason[build] = now->second;
    }
    for (const auto& [build, difference] : found)
      if (!known.contains(build)) reasons["unexplained"][build] = difference;
    REQUIRE(write_file(list, reasons.dump(2) + '\n'));
    return;
  }
  CHECK(found == known);
  CHECK_FALSE(reasons.contains("unexplained"));
}
