// SPDX-License-Identifier: Apache-2.0
#include "cli/gather.hpp"

#include "cli/output.hpp"
#include "cli/projects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace dockerlint::cli {

Gathered::Gathered(const Options& options)
    : catalog_(options.catalogs),
      usable_(catalog_.troubles().empty()),
      discovery_(usable_ ? discover(options.files) : Discovery()),
      configurations_(options.configuration, catalog_.get(), options.catalogs) {
  for (const std::string& trouble : catalog_.troubles()) complain(trouble);
  if (!usable_) return;
  for (const std::string& trouble : discovery_.troubles) complain(trouble);
  take_in_project(options);
  leave_out(options.files.force_exclude);
  settings_.reserve(inputs().size());
  for (const Input& input : inputs()) settings_.push_back(&configurations_.settings_of(input.path));
  tell_of_settings(options.quiet);
}

/// Adds what compose and bake files lead to, and says what is wrong with them. What the configuration leaves out of a
/// search leads nowhere. Dockerfiles alone make no project, except for who asks what is built.
void Gathered::take_in_project(const Options& options) {
  std::erase_if(discovery_.definitions, [&](const FoundDefinition& definition) {
    return (definition.searched || options.files.force_exclude) && configurations_.excludes(definition.path);
  });
  if (discovery_.definitions.empty() && options.command != Command::cache) return;
  project_ = find_project(discovery_);
  const ProjectMessages found = add_inputs(project_, discovery_);
  for (const std::string& message : found.messages) complain(message);
  project_trouble_ = found.trouble;
}

/// Takes out what the configuration leaves out of a search; with --force-exclude, files named by the user too.
void Gathered::leave_out(bool force) {
  std::erase_if(discovery_.inputs, [&](Input& input) {
    if ((!input.searched && !force) || !configurations_.excludes(input.path)) return false;
    ++discovery_.excluded;
    input.excluded = input.standard_input;
    return !input.standard_input;
  });
}

/// What is noteworthy about the configuration, and a word on the files that have none that is usable.
void Gathered::tell_of_settings(bool quiet) const {
  if (!quiet)
    for (const std::string& note : configurations_.notes()) complain(note);
  for (const std::string& trouble : configurations_.troubles()) complain(trouble);
  const auto unusable = std::count_if(settings_.begin(), settings_.end(), [](const auto* one) { return !one->usable; });
  if (unusable > 0)
    complain(fmt::format("{} file{} not linted, because the configuration has errors", unusable,
                         unusable == 1 ? " was" : "s were"));
}

std::size_t thread_count(const Options& options, std::size_t files) {
  if (options.jobs != 0) return options.jobs;
  constexpr std::size_t kFilesPerThread = 4;  // fewer are done before a thread has started
  if (files <= kFilesPerThread) return 1;
  return std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), files / kFilesPerThread);
}

}  // namespace dockerlint::cli
