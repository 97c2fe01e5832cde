// SPDX-License-Identifier: Apache-2.0
#include "project/compose.hpp"

#include "project/assemble.hpp"
#include "project/paths.hpp"
#include "project/service.hpp"
#include "text/near_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace dockerlint::project {
namespace {

using data::Entry;
using data::Value;

constexpr std::size_t kMaxFiles = 256;         // read for one project: includes that include others grow without an end
constexpr std::size_t kMaxExtends = 64;        // one behind the other
constexpr std::size_t kMaxInherited = 50'000;  // build arguments, in all; and so many KiB of Dockerfiles
constexpr std::size_t kMaxServices = 100'000;  // with those of files that are included several times
constexpr std::string_view kTopKeys[] = {"configs", "include",  "models",  "name",   "networks",
                                         "secrets", "services", "version", "volumes"};

/// A file as YAML. Kept as long as the project is read: services of others extend its services.
struct Opened {
  Opened(const std::string& path, std::string bytes) : source(path, std::move(bytes)) {}

  const Entry* service(std::string_view name) const {
    const auto found = services.find(name);
    return found == services.end() ? nullptr : found->second;
  }

  Source source;
  data::Parsed parsed;
  std::map<std::string_view, const Entry*> services;
  bool usable = false;
};

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + separator.size()));
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

/// Services by name, in the order in which they come up.
class Model {
 public:
  Service* find(const std::string& name) {
    const auto found = places_.find(name);
    return found == places_.end() ? nullptr : &services_[found->second];
  }
  void merge(Service service) {
    if (Service* const there = find(service.name)) *there = merged(std::move(*there), std::move(service));
    else add(std::move(service));
  }
  void add(Service service) {
    places_.emplace(service.name, services_.size());
    services_.push_back(std::move(service));
  }
  std::vector<Service>& services() { return services_; }

 private:
  std::vector<Service> services_;
  std::map<std::string, std::size_t> places_;
};

class ComposeReader {
 public:
  ComposeReader(const Files& files, Project& project, std::set<std::string>& included)
      : files_(files), project_(project), troubles_(project.troubles), included_(included) {}

  bool is_compose(const std::string& path) {
    const Opened& opened = open(path, {});
    return opened.usable &&
           (opened.parsed.root.find("services") != nullptr || opened.parsed.root.find("include") != nullptr);
  }

  Model load(const std::vector<std::string>& paths) {
    const std::string folder = folder_ = folder_of(paths.front());
    const Variables variables = environment_of(folder);
    for (const std::string& profile : split(variables.look_up("COMPOSE_PROFILES").text, ",")) active_.insert(profile);
    return load(paths, folder, variables, {});
  }

  /// What .env chooses instead of the usual files: COMPOSE_FILE. Nothing when it does not.
  std::vector<std::string> chosen_files(const std::string& folder) {
    const Variables variables = environment_of(folder);
    const std::string_view separator = variables.look_up("COMPOSE_PATH_SEPARATOR").text;
    std::vector<std::string> paths;
    for (const std::string& path :
         split(variables.look_up("COMPOSE_FILE").text, separator.empty() ? std::string_view(":") : separator))
      paths.push_back(join_path(folder, path));
    return paths;
  }

  /// The builds, and a word on services that cannot run. `whole`: nothing that belongs on top of or below these files
  /// is missing here; else nobody can tell what is wrong with them.
  void build(Model model, const std::string& definition, bool whole) {
    const std::size_t first = project_.builds.size();
    const std::size_t said = project_.troubles.size();
    for (Service& service : model.services()) {
      if (service.build) add_build(std::move(service), definition);
      else if (!service.has_image)
        troubles_.error(service.where, fmt::format("service '{}' has neither an image nor a build", service.name));
    }
    link_contexts(project_, first, "service:");
    add_groups(definition, first);
    if (whole) return;
    for (std::size_t i = said; i < project_.troubles.size(); ++i) project_.troubles[i].severity = Severity::hint;
  }

  /// Whether it is the source of such a file: YAML does not read like that.
  bool is_template(const std::string& path) {
    const Opened& opened = open(path, {});
    const std::string_view text = opened.source.bytes();
    return opened.parsed.problem &&
           (text.find("{{") != std::string_view::npos || text.find("{%") != std::string_view::npos);
  }

 private:
  const Opened& open(const std::string& path, const FilePlace& asked) {
    std::unique_ptr<Opened>& opened = opened_[path];
    if (opened) return *opened;
    project_.definitions.push_back(path);
    data::FileText text = files_.read(path);
    if (text.trouble.empty() && text.bytes.size() > data::kMaxDataSize) text.trouble = "it is larger than 1 MiB";
    if (!text.trouble.empty()) {
      opened = std::make_unique<Opened>(path, std::string());
      if (asked.known()) troubles_.error(asked, fmt::format("cannot read {}: {}", path, text.trouble));
      else troubles_.error(opened->source.whole(), fmt::format("cannot be read: {}", text.trouble));
      return *opened;
    }
    opened = std::make_unique<Opened>(path, std::move(text.bytes));
    opened->parsed = data::parse_yaml(opened->source.bytes());
    const Source& source = opened->source;
    if (const auto& problem = opened->parsed.problem) {
      FilePlace where = source.at(problem->range);
      if (problem->place.line > 0) where.at = {problem->place.line, problem->place.column};
      troubles_.error(std::move(where), problem->message);
    } else if (opened->parsed.root.kind != Value::Kind::table) {
      troubles_.error(source.at(opened->parsed.root),
                      fmt::format("a compose file is a table of keys, not {}", opened->parsed.root.kind_name()));
    } else {
      opened->usable = true;
      if (const Entry* const services = opened->parsed.root.find("services"))
        for (const Entry& entry : services->value.entries) opened->services.emplace(entry.key, &entry);
      if (opened->parsed.root.entries.empty())
        troubles_.unknown(source.whole(), "there is nothing in this compose file");
      for (const data::Problem& twice : opened->parsed.duplicates)
        troubles_.error(source.at(twice.range), twice.message + ": compose refuses the file");
      for (const Entry& entry : opened->parsed.root.entries) check_top_key(source, entry);
    }
    return *opened;
  }

  void check_top_key(const Source& source, const Entry& entry) {
    if (entry.key.starts_with("x-") ||
        std::find(std::begin(kTopKeys), std::end(kTopKeys), entry.key) != std::end(kTopKeys))
      return;
    const std::string_view meant = near_name(entry.key, kTopKeys);
    if (!meant.empty())
      troubles_.error(source.at(entry), fmt::format("compose knows no '{}' here: did you mean {}?", entry.key, meant));
    else if (entry.value.kind == Value::Kind::table &&
             (entry.value.find("image") != nullptr || entry.value.find("build") != nullptr))
      troubles_.error(source.at(entry),
                      fmt::format("'{}' looks like a service, but does not stand in services", entry.key));
    else troubles_.warning(source.at(entry), fmt::format("compose knows no '{}' here", entry.key));
  }

  Variables environment_of(const std::string& folder) {
    Variables variables;
    read_variables(join_path(folder, ".env"), false, {}, variables);
    return variables;
  }

  void read_variables(const std::string& path, bool required, const FilePlace& asked, Variables& variables) {
    if (!required && files_.kind(path) != FileKind::file) return;
    const data::FileText text = files_.read(path);
    if (text.trouble.empty() && text.bytes.size() <= data::kMaxDataSize) variables.read(text.bytes);
    else if (required) troubles_.error(asked, fmt::format("cannot read {}: {}", path, text.trouble));
  }

  Model load(const std::vector<std::string>& paths, const std::string& folder, const Variables& variables,
             const FilePlace& asked) {
    Model model;
    for (const std::string& path : paths) {
      if (std::find(including_.begin(), including_.end(), path) != including_.end()) {
        troubles_.error(asked, fmt::format("{} includes itself", path));
        continue;
      }
      if (++loads_ > kMaxFiles) {
        if (loads_ == kMaxFiles + 1) troubles_.error(asked, fmt::format("more than {} files are included", kMaxFiles));
        break;
      }
      const Opened& opened = open(path, asked);
      if (!opened.usable) continue;
      including_.push_back(path);
      read_file(opened, {opened.source, variables, folder, troubles_}, model);
      including_.pop_back();
    }
    return model;
  }

  void read_file(const Opened& opened, const Scope& scope, Model& model) {
    const Value& root = opened.parsed.root;
    const Entry* const services = root.find("services");
    if (services != nullptr && services->value.kind != Value::Kind::table && !services->value.is_nothing())
      troubles_.error(scope.source.at(services->value),
                      fmt::format("services is a table of services, not {}", services->value.kind_name()));
    if (const Entry* const include = root.find("include")) {
      for (const Value& item : include->value.items) include_item(item, opened, scope, model);
      if (include->value.kind != Value::Kind::list && !include->value.is_nothing())
        troubles_.error(scope.source.at(include->value),
                        fmt::format("include takes a list, not {}", include->value.kind_name()));
    }
    if (services == nullptr) return;
    Resolved resolved;
    for (const Entry& entry : services->value.entries) {
      if (++services_read_ > kMaxServices)
        return troubles_.error(scope.source.at(entry), fmt::format("more than {} services", kMaxServices));
      if (entry.value.tag == "!reset") continue;
      if (entry.value.kind != Value::Kind::table) {
        troubles_.error(scope.source.at(entry),
                        fmt::format("service '{}' is a table of keys, not {}", entry.key, entry.value.kind_name()));
        continue;
      }
      if (std::optional<Service> service = resolve(opened, entry, scope, &model, resolved))
        model.merge(std::move(*service));
    }
  }

  // --- include: https://docs.docker.com/reference/compose-file/include/ ---

  void include_item(const Value& item, const Opened& opened, const Scope& scope, Model& model) {
    const FilePlace where = scope.source.at(item);
    std::vector<Given> paths;
    std::vector<Given> env_files;
    std::optional<Given> directory;
    if (item.kind == Value::Kind::table) {
      for (const Entry& entry : item.entries) {
        if (entry.key == "path") paths = read_texts(entry.value, scope, "include.path");
        else if (entry.key == "env_file") env_files = read_texts(entry.value, scope, "include.env_file");
        else if (entry.key == "project_directory")
          directory = read_text(entry.value, scope, "include.project_directory");
      }
      if (paths.empty()) return troubles_.error(where, "include wants a path");
    } else {
      paths.push_back(read_text(item, scope, "include"));
    }
    std::vector<std::string> files;
    for (const Given& path : paths) {
      if (!path.text) return;
      if (is_remote(*path.text) || path.text->starts_with("oci://"))
        return troubles_.unknown(path.where, fmt::format("{} is not read: it is not on this machine", *path.text));
      files.push_back(join_path(scope.folder, *path.text));
    }
    if (directory && !directory->text) return;
    const std::string folder = directory ? join_path(scope.folder, *directory->text) : folder_of(files.front());
    Variables variables = scope.variables;
    if (env_files.empty()) read_variables(join_path(folder, ".env"), false, where, variables);
    for (const Given& file : env_files)
      if (file.text) read_variables(join_path(scope.folder, *file.text), true, file.where, variables);
    included_.insert(files.begin(), files.end());
    import(load(files, folder, variables, where), opened, model);
  }

  void import(Model included, const Opened& into, Model& model) {
    for (Service& service : included.services()) {
      const Entry* const own = into.service(service.name);
      const Service* const other = model.find(service.name);
      if (own == nullptr && other == nullptr) {
        model.add(std::move(service));
        continue;
      }
      if (other != nullptr && other->where.path == service.where.path && other->where.range == service.where.range)
        continue;  // the same file, included twice
      troubles_.error(
          own != nullptr ? into.source.at(*own) : other->where,
          fmt::format("service '{}' is in {} as well, which is included", service.name, to_string(service.where)));
    }
  }

  // --- extends: https://docs.docker.com/reference/compose-file/services/#extends ---

  using Resolved = std::map<std::string, std::optional<Service>, std::less<>>;  // of one file; null: it failed

  /// The service with what it extends. `below` is what the files before this one have made; null where a service is
  /// only extended.
  std::optional<Service> resolve(const Opened& opened, const Entry& entry, const Scope& scope, Model* below,
                                 Resolved& resolved) {
    if (const auto known = resolved.find(entry.key); known != resolved.end()) return known->second;
    Service own = read_service(entry, scope);
    std::optional<Service> result;
    const Entry* const extends = entry.value.find("extends");
    if (extends == nullptr || extends->value.is_nothing()) {
      result = std::move(own);
    } else {
      extending_.push_back({opened.source.path(), entry.key});
      std::optional<Service> base = extended(opened, *extends, scope, below, resolved);
      extending_.pop_back();
      if (base) {
        base->where = own.where;
        result = merged(std::move(*base), std::move(own));
      } else {
        own.has_image = true;  // nobody knows what it would have got
        if (own.build) own.build->complete = false;
        result = std::move(own);
      }
    }
    resolved.emplace(entry.key, result);
    return result;
  }

  std::optional<Service> extended(const Opened& opened, const Entry& extends, const Scope& scope, Model* below,
                                  Resolved& resolved) {
    const Value& value = extends.value;
    std::optional<Given> name;
    std::optional<Given> file;
    if (value.is_scalar()) name = read_text(value, scope, "extends");
    for (const Entry& entry : value.entries) {
      if (entry.key == "service") name = read_text(entry.value, scope, "extends.service");
      else if (entry.key == "file" && !entry.value.is_nothing()) file = read_text(entry.value, scope, "extends.file");
    }
    if (!name) {
      troubles_.error(scope.source.at(extends), "extends wants the name of a service");
      return std::nullopt;
    }
    if (!name->text || (file && !file->text)) return std::nullopt;
    if (!file) return base_in(opened, *name, scope, below, resolved);
    if (is_remote(*file->text)) {
      troubles_.unknown(file->where, fmt::format("{} is not read: it is not on this machine", *file->text));
      return std::nullopt;
    }
    const std::string path = join_path(scope.folder, *file->text);
    const Opened& other = open(path, file->where);
    if (!other.usable) return std::nullopt;
    // What the other file says is relative to its own folder.
    return base_in(other, *name, {other.source, scope.variables, folder_of(path), troubles_}, nullptr,
                   elsewhere_[path]);
  }

  std::optional<Service> base_in(const Opened& opened, const Given& name, const Scope& scope, Model* below,
                                 Resolved& resolved) {
    const std::pair<std::string, std::string> wanted{opened.source.path(), *name.text};
    if (std::find(extending_.begin(), extending_.end(), wanted) != extending_.end()) {
      troubles_.error(name.where, wanted == extending_.back()
                                      ? fmt::format("service '{}' extends itself", *name.text)
                                      : fmt::format("service '{}' leads back to this one", *name.text));
      return std::nullopt;
    }
    if (extending_.size() > kMaxExtends) {
      troubles_.error(name.where, fmt::format("more than {} services extend one another", kMaxExtends));
      return std::nullopt;
    }
    const Entry* const entry = opened.service(*name.text);
    std::optional<Service> base;
    if (entry != nullptr && entry->value.kind == Value::Kind::table)
      base = resolve(opened, *entry, scope, below, resolved);
    else if (const Service* const there = below == nullptr ? nullptr : below->find(*name.text)) base = *there;
    else troubles_.error(name.where, fmt::format("there is no service '{}' in {}", *name.text, opened.source.path()));
    if (base && base->build) limit(*base->build, name.where);
    return base;
  }

  /// Services that extend one another could make much of little.
  void limit(BuildSection& build, const FilePlace& where) {
    inherited_ += build.args.size() + build.contexts.size() + build.platforms.size();
    if (build.inline_dockerfile) inherited_ += build.inline_dockerfile->text.size() / 1024;
    if (inherited_ <= kMaxInherited) return;
    troubles_.unknown(where, "too much is extended: what comes from there is left out");
    if (build.inline_dockerfile) build.inline_unknown = Given{std::nullopt, where};
    build.inline_dockerfile.reset();
    build.args.clear();
    build.contexts.clear();
    build.platforms.clear();
    build.complete = false;
  }

  // --- builds ---

  void add_build(Service service, const std::string& definition) {
    BuildSection& section = *service.build;
    Build build;
    build.name = std::move(service.name);
    build.defined_by = DefinedBy::compose;
    build.definition = definition;
    build.where = std::move(service.where);
    build.remote = section.remote;
    build.context =
        section.context ? std::move(*section.context) : Given{folder_, section.where};  // compose's default is `.`
    build.inline_dockerfile = std::move(section.inline_dockerfile);
    if (section.has_inline() && section.dockerfile)
      troubles_.error(section.dockerfile->where,
                      "build has both dockerfile and dockerfile_inline: compose refuses that");
    if (section.inline_unknown) build.dockerfile = std::move(section.inline_unknown);
    build.target = std::move(section.target);
    if (build.target && build.target->text && build.target->text->empty()) build.target.reset();
    build.args = std::move(section.args);
    build.platforms = std::move(section.platforms);
    if (build.platforms.empty() && service.platform) build.platforms.push_back(std::move(*service.platform));
    build.contexts = std::move(section.contexts);
    build.profiles = std::move(service.profiles);
    build.complete = section.complete;
    if (!section.has_inline()) find_dockerfile(build, section.dockerfile, section.where, files_, troubles_);
    project_.builds.push_back(std::move(build));
  }

  void add_groups(const std::string& definition, std::size_t first) {
    std::map<std::string, std::vector<std::size_t>> by_profile;
    std::vector<std::size_t> always;
    for (std::size_t i = first; i < project_.builds.size(); ++i) {
      const std::vector<std::string>& profiles = project_.builds[i].profiles;
      const auto is_active = [&](const std::string& profile) { return active_.contains(profile); };
      if (profiles.empty() || std::any_of(profiles.begin(), profiles.end(), is_active)) always.push_back(i);
      for (const std::string& profile : profiles) by_profile[profile].push_back(i);
    }
    if (!always.empty()) project_.groups.push_back({"", DefinedBy::compose, definition, {}, always});
    std::size_t room = kMaxInherited;  // profiles times services
    for (auto& [profile, builds] : by_profile) {
      if (always.size() + builds.size() > room) break;
      room -= always.size() + builds.size();
      std::vector<std::size_t> all;
      std::merge(always.begin(), always.end(), builds.begin(), builds.end(), std::back_inserter(all));
      all.erase(std::unique(all.begin(), all.end()), all.end());
      const FilePlace where = project_.builds[builds.front()].where;
      project_.groups.push_back({profile, DefinedBy::compose, definition, where, std::move(all)});
    }
  }

  const Files& files_;
  Project& project_;
  Troubles troubles_;
  std::set<std::string>& included_;
  std::map<std::string, std::unique_ptr<Opened>> opened_;
  std::map<std::string, Resolved> elsewhere_;
  std::string folder_;            // of the project
  std::set<std::string> active_;  // profiles, by .env
  std::vector<std::string> including_;
  std::vector<std::pair<std::string, std::string>> extending_;
  std::size_t loads_ = 0;
  std::size_t services_read_ = 0;
  std::size_t inherited_ = 0;
};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// The first of the names that is there, in a folder.
template <std::size_t N>
std::optional<std::string> first_of(const std::string& folder, const std::string_view (&names)[N], const Files& files) {
  for (const std::string_view name : names)
    if (std::string path = join_path(folder, name); files.kind(path) == FileKind::file) return path;
  return std::nullopt;
}

}  // namespace

Project read_compose(const std::string& path, bool searched, const Files& files, std::set<std::string>& included) {
  const std::string folder = folder_of(path);
  const std::string_view name = name_of(path);
  std::vector<std::string> paths{path};
  if (is_one_of(name, kComposeNames)) {
    if (auto override_file = first_of(folder, kComposeOverrideNames, files)) paths.push_back(std::move(*override_file));
  } else if (is_one_of(name, kComposeOverrideNames)) {
    if (auto base = first_of(folder, kComposeNames, files)) paths.insert(paths.begin(), std::move(*base));
  }

  Project project;
  ComposeReader reader(files, project, included);
  if (searched && (reader.is_template(path) || (!is_one_of(name, kComposeNames) && !reader.is_compose(path))))
    return {};
  // Whoever names no file gets those that .env chooses.
  if (searched && is_one_of(name, kComposeNames)) {
    if (std::vector<std::string> chosen = reader.chosen_files(folder); !chosen.empty()) {
      paths = std::move(chosen);
      included.insert(paths.begin(), paths.end());
      included.erase(path);
    }
  }
  Model model = reader.load(paths);
  std::vector<Service>& services = model.services();
  const bool stands = std::all_of(services.begin(), services.end(),
                                  [](const Service& service) { return service.build || service.has_image; });
  if (paths.size() == 1 && !stands) {
    // With what lies beside it, if it is not that.
    if (auto base = first_of(folder, kComposeNames, files); base && *base != path) {
      Project on_top;
      ComposeReader again(files, on_top, included);
      again.build(again.load({std::move(*base), path}), path, true);
      return on_top;
    }
  }
  // Without anything to be on top of, paths count from nobody knows where.
  const bool overlay = paths.size() == 1 && (is_one_of(name, kComposeOverrideNames) || (searched && !stands));
  reader.build(std::move(model), path, !overlay || is_one_of(name, kComposeNames));
  return project;
}

}  // namespace dockerlint::project
