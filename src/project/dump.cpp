// SPDX-License-Identifier: Apache-2.0
#include "project/dump.hpp"

#include "text/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace dockerlint {
namespace {

std::string shown(const Given& given) { return given.text ? quoted(*given.text) : "(unknown)"; }

void append_dockerfile(std::string& out, const Build& build) {
  if (build.inline_dockerfile) {
    const InlineDockerfile& text = *build.inline_dockerfile;
    const auto lines = std::count(text.text.begin(), text.text.end(), '\n');
    fmt::format_to(std::back_inserter(out), "  dockerfile inline at {}, {} line{}{}\n", to_string(text.where), lines,
                   lines == 1 ? "" : "s",
                   text.editable         ? ""
                   : text.pieces.empty() ? ", places unknown"
                                         : ", not editable");
  } else if (build.dockerfile) {
    out += "  dockerfile " + (build.dockerfile->text ? *build.dockerfile->text : std::string("(unknown)"));
    out += build.dockerfile->text && !build.dockerfile_found ? " (missing)\n" : "\n";
  }
}

void append_build(std::string& out, const Project& project, const Build& build) {
  const auto to = std::back_inserter(out);
  if (build.defined_by == DefinedBy::dockerfile) {
    fmt::format_to(to, "dockerfile {}\n", build.name);
    return;
  }
  fmt::format_to(to, "{} {} at {}\n", build.defined_by == DefinedBy::compose ? "service" : "target", build.name,
                 to_string(build.where));
  fmt::format_to(to, "  context {}{}\n", build.context.text ? *build.context.text : "(unknown)",
                 build.remote ? " (remote)" : "");
  append_dockerfile(out, build);
  if (build.target) fmt::format_to(to, "  target {}\n", build.target->text ? *build.target->text : "(unknown)");
  for (const BuildArg& arg : build.args) fmt::format_to(to, "  arg {} = {}\n", arg.name, shown(arg.value));
  for (const Given& platform : build.platforms)
    fmt::format_to(to, "  platform {}\n", platform.text ? *platform.text : "(unknown)");
  for (const NamedContext& context : build.contexts)
    fmt::format_to(to, "  with {} = {}{}\n", context.name, shown(context.value),
                   context.build ? fmt::format(", which is {}", project.builds[*context.build].name) : "");
  for (const std::string& profile : build.profiles) fmt::format_to(to, "  profile {}\n", profile);
  if (!build.complete) out += "  and more that is unknown\n";
}

}  // namespace

std::string dump_project(const Project& project) {
  std::string out;
  for (const Build& build : project.builds) append_build(out, project, build);
  for (const BuildGroup& group : project.groups) {
    const std::string_view kind = group.defined_by == DefinedBy::bake ? "group" : "profile";
    fmt::format_to(
        std::back_inserter(out), "{} together:",
        group.name.empty() ? group.definition : fmt::format("{}, {} {},", group.definition, kind, group.name));
    for (const std::size_t index : group.builds) out += ' ' + project.builds[index].name;
    out += '\n';
  }
  for (const ProjectTrouble& trouble : project.troubles)
    fmt::format_to(std::back_inserter(out), "{}: {}: {}\n",
                   trouble.severity == Severity::hint ? "unknown" : to_string(trouble.severity),
                   to_string(trouble.where), trouble.message);
  return out;
}

}  // namespace dockerlint
