// SPDX-License-Identifier: Apache-2.0
// Real projects: the trees in projects/ of the folder that DOCKERLINT_CORPUS names. meta.json in each lists builds, as
// read by simpler means: for each of them the same Dockerfile, target and arguments are found, or differences.json says
// why not.

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
#include <set>

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
  if (corpus == nullptr) {
    SUCCEED("DOCKERLINT_CORPUS names no folder");
    return;
  }
  const json known = json::parse(read_file("tests/projects/differences.json").value_or("{}"));
  std::set<std::string> used;
  std::size_t builds = 0;
  std::size_t trees = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(corpus) / "projects")) {
    if (!entry.is_directory()) continue;
    const Tree tree = read_tree(entry.path());
    ++trees;
    for (const json& wanted : tree.meta["builds"]) {
      ++builds;
      const std::string key = fmt::format("{}/{}", tree.name, wanted["service"].get<std::string>());
      const std::string difference = differs(tree, wanted);
      INFO(key);
      if (difference.empty()) continue;
      used.insert(key);
      CHECK(difference == (known.contains(key) ? known[key].get<std::string>() : ""));
    }
  }
  CHECK(trees >= 60);
  CHECK(builds >= 300);
  for (const auto& [key, reason] : known.items()) {
    INFO(key);
    if (key.find('/') != std::string::npos) CHECK(used.contains(key));
  }
}
