// SPDX-License-Identifier: Apache-2.0
#include "project/compose_model.hpp"

#include "project/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace dockerlint::project {
namespace {

using data::Entry;
using data::Value;

constexpr std::size_t kMaxFiles = 256;         // read for one project: includes that include others grow without an end
constexpr std::size_t kMaxExtends = 64;        // one behind the other
constexpr std::size_t kMaxInherited = 50'000;  // build arguments, in all; and so many KiB of Dockerfiles
constexpr std::size_t kMaxServices = 100'000;  // with those of files that are included several times

class ModelReader {
 public:
  ModelReader(ComposeFiles& files, Troubles& troubles, std::set<std::string>& included)
      : files_(files), troubles_(troubles), included_(included) {}

  ComposeModel load(const std::vector<std::string>& paths, const std::string& folder, const Variables& variables,
                    const FilePlace& asked) {
    ComposeModel model;
    for (const std::string& path : paths) {
      if (std::find(including_.begin(), including_.end(), path) != including_.end()) {
        troubles_.error(asked, fmt::format("{} includes itself", path));
        continue;
      }
      if (++loads_ > kMaxFiles) {
        if (loads_ == kMaxFiles + 1) troubles_.error(asked, fmt::format("more than {} files are included", kMaxFiles));
        break;
      }
      const ComposeFile& opened = files_.open(path, asked);
      if (!opened.usable) continue;
      including_.push_back(path);
      read_file(opened, {opened.source, variables, folder, troubles_}, model);
      including_.pop_back();
    }
    return model;
  }

 private:
  void read_file(const ComposeFile& opened, const Scope& scope, ComposeModel& model) {
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
      if (entry.value.tag == "!reset") {
        model.drop(entry.key);
        continue;
      }
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

  void include_item(const Value& item, const ComposeFile& opened, const Scope& scope, ComposeModel& model) {
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
    if (env_files.empty()) variables.add(files_.environment_of(folder));
    for (const Given& file : env_files)
      if (file.text) files_.read_variables(join_path(scope.folder, *file.text), file.where, variables);
    included_.insert(files.begin(), files.end());
    import(load(files, folder, variables, where), opened, model);
  }

  void import(ComposeModel included, const ComposeFile& into, ComposeModel& model) {
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
  std::optional<Service> resolve(const ComposeFile& opened, const Entry& entry, const Scope& scope, ComposeModel* below,
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

  std::optional<Service> extended(const ComposeFile& opened, const Entry& extends, const Scope& scope,
                                  ComposeModel* below, Resolved& resolved) {
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
    const ComposeFile& other = files_.open(path, file->where);
    if (!other.usable) return std::nullopt;
    // What the other file says is relative to its own folder.
    return base_in(other, *name, {other.source, scope.variables, folder_of(path), troubles_}, nullptr,
                   elsewhere_[path]);
  }

  std::optional<Service> base_in(const ComposeFile& opened, const Given& name, const Scope& scope, ComposeModel* below,
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

  ComposeFiles& files_;
  Troubles& troubles_;
  std::set<std::string>& included_;
  std::map<std::string, Resolved> elsewhere_;  // by file: what of it is only extended
  std::vector<std::string> including_;
  std::vector<std::pair<std::string, std::string>> extending_;  // file and service
  std::size_t loads_ = 0;
  std::size_t services_read_ = 0;
  std::size_t inherited_ = 0;
};

}  // namespace

ComposeModel read_compose_model(const std::vector<std::string>& paths, ComposeFiles& files, Troubles& troubles,
                                std::set<std::string>& included) {
  const std::string folder = folder_of(paths.front());
  return ModelReader(files, troubles, included).load(paths, folder, files.environment_of(folder), {});
}

}  // namespace dockerlint::project
