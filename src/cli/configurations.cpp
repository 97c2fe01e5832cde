// SPDX-License-Identifier: Apache-2.0
#include "cli/configurations.hpp"

#include "cli/files.hpp"
#include "cli/paths.hpp"
#include "text/ignore.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace dockerlint::cli {
namespace {

constexpr std::string_view kName = ".dockerlint.toml";
constexpr std::string_view kHadolintNames[] = {".hadolint.yaml", ".hadolint.yml"};

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

class Disk : public config::FileReader {
 public:
  config::FileText read(const std::string& path) const override {
    FileContent content = read_file(path);
    return {std::move(content.bytes), shown_path(path), std::move(content.trouble)};
  }
};

/// The entries of a folder, sorted.
std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(folder.c_str()), ::closedir);
  if (!stream) return names;
  while (const dirent* const entry = ::readdir(stream.get()))  // NOLINT(concurrency-mt-unsafe): a stream of our own
    if (const std::string_view name = entry->d_name; name != "." && name != "..") names.emplace_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

bool is_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode);
}
bool is_folder(const std::string& path) {  // of its own: links are not followed, so that no search goes in circles
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

void match(const std::string& folder, std::string_view pattern, std::vector<std::string>& found) {
  const std::size_t slash = pattern.find('/');
  const std::string_view part = pattern.substr(0, slash);
  const std::string_view rest = slash == std::string_view::npos ? "" : pattern.substr(slash + 1);
  const bool last = slash == std::string_view::npos;
  if (part == "**") {
    match(folder, last ? "*" : rest, found);
    for (const std::string& name : names_in(folder))
      if (!name.starts_with('.') && is_folder(folder + name)) match(folder + name + '/', pattern, found);
  } else if (part.find_first_of("*?[\\") == std::string_view::npos) {
    const std::string path = config::joined_path(folder, part);
    if (last && is_file(path)) found.push_back(path);
    if (!last) match(path.ends_with('/') ? path : path + '/', rest, found);
  } else {
    for (const std::string& name : names_in(folder)) {
      if ((name.starts_with('.') && !part.starts_with('.')) || !wildcard_match(part, name, false)) continue;
      if (last && is_file(folder + name)) found.push_back(folder + name);
      if (!last && !is_file(folder + name)) match(folder + name + '/', rest, found);
    }
  }
}

}  // namespace

std::vector<std::string> files_matching(const std::string& folder, std::string_view pattern) {
  std::vector<std::string> found;
  match(pattern.starts_with('/') ? "/" : folder, pattern.substr(pattern.starts_with('/') ? 1 : 0), found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

/// The configuration files that hold in a folder, and in those below it that have none of their own.
struct Configurations::Chain {
  std::vector<std::shared_ptr<const config::Loaded>> files;  // from the weakest to the strongest
  bool usable = true;
  IgnoreStack exclusions;
  // By which of the overrides hold.
  std::map<std::vector<bool>, std::unique_ptr<FileSettings>> settings;

  std::vector<const config::Layer*> layers() const {
    std::vector<const config::Layer*> layers;
    for (const auto& file : files)
      for (const config::Layer& layer : file->layers) layers.push_back(&layer);
    return layers;
  }
};

Configurations::Configurations(const ConfigOptions& options, const Catalog& catalog,
                               std::span<const std::string> catalog_files)
    : options_(options), catalog_(catalog), catalog_files_(catalog_files), files_(std::make_unique<Disk>()) {
  none_ = &new_chain();
  if (!options.file.empty())
    for_all_ = &new_chain(real_folder(std::string(folder_part(options.file))) + std::string(name_part(options.file)));
  else if (options.none) for_all_ = none_;
}

Configurations::~Configurations() = default;

Configurations::Chain& Configurations::new_chain() {
  chains_.push_back(std::make_unique<Chain>());
  return *chains_.back();
}

Configurations::Chain& Configurations::new_chain(const std::string& file) {
  Chain& chain = new_chain();
  chain.files.push_back(config::load(file, *files_));
  const config::Loaded& loaded = *chain.files.back();
  chain.usable = loaded.problems.empty();
  chain.exclusions = config::exclusions(chain.layers());
  troubles_.insert(troubles_.end(), loaded.problems.begin(), loaded.problems.end());
  notes_.insert(notes_.end(), loaded.notes.begin(), loaded.notes.end());
  return chain;
}

Configurations::Folder& Configurations::folder_at(const std::string& path) {
  const auto known = by_path_.find(path);
  if (known != by_path_.end()) return known->second;
  Folder folder;
  folder.top = path == "/" || exists(path + ".git");
  if (!folder.top) folder.above = path.substr(0, path.rfind('/', path.size() - 2) + 1);
  return by_path_.emplace(path, std::move(folder)).first->second;
}

/// The chain of our own files; null when there is none.
Configurations::Chain* Configurations::native_in(const std::string& path) {
  Folder& folder = folder_at(path);
  if (folder.native) return *folder.native;
  const std::string file = path + std::string(kName);
  Chain* const own = exists(file) ? &new_chain(file) : nullptr;
  const bool ends_here = folder.top || (own != nullptr && own->files.front()->root);
  Chain* const above = ends_here ? nullptr : native_in(folder.above);
  if (own != nullptr && above != nullptr) {
    own->files.insert(own->files.begin(), above->files.begin(), above->files.end());
    own->usable = own->usable && above->usable;
    own->exclusions = config::exclusions(own->layers());
  }
  folder.native = own != nullptr ? own : above;
  return *folder.native;
}

/// hadolint's file that is nearest; null when there is none.
Configurations::Chain* Configurations::hadolint_in(const std::string& path) {
  Folder& folder = folder_at(path);
  if (folder.hadolint) return *folder.hadolint;
  Chain* found = nullptr;
  for (const std::string_view name : kHadolintNames)
    if (found == nullptr && exists(path + std::string(name))) found = &new_chain(path + std::string(name));
  if (found == nullptr && !folder.top) found = hadolint_in(folder.above);
  folder.hadolint = found;
  return found;
}

const std::string& Configurations::folder_of(const std::string& path) {
  const std::string given(folder_part(path));
  const auto known = absolute_.find(given);
  return known != absolute_.end() ? known->second : absolute_.emplace(given, real_folder(given)).first->second;
}

Configurations::Chain& Configurations::chain_of(const std::string& path) {
  if (for_all_ != nullptr) return *for_all_;
  const std::string& folder = folder_of(path);
  if (Chain* const native = native_in(folder)) return *native;
  if (Chain* const hadolint = hadolint_in(folder)) return *hadolint;
  return *none_;
}

std::vector<const config::Layer*> Configurations::layers_of(const Chain& chain, const std::string& absolute) const {
  std::vector<const config::Layer*> layers;
  for (const config::Layer* const layer : chain.layers())
    if (config::holds_for(*layer, absolute)) layers.push_back(layer);
  layers.push_back(&options_.command_line);
  return layers;
}

/// The files that the patterns name.
std::vector<std::string> Configurations::catalog_files(const std::vector<config::Sourced<std::string>>& patterns,
                                                       bool& usable) {
  std::vector<std::string> files;
  for (const config::Sourced<std::string>& pattern : patterns) {
    const std::vector<std::string> found = files_matching(pattern.origin.source->folder, pattern.value);
    for (const std::string& file : found)
      if (std::string name = shown_path(file); std::find(files.begin(), files.end(), name) == files.end())
        files.push_back(std::move(name));
    if (!found.empty()) continue;
    usable = false;
    std::string trouble = fmt::format("{}:{}:{}: no file is named by '{}'", pattern.origin.source->name,
                                      pattern.origin.place.line, pattern.origin.place.column, pattern.value);
    if (std::find(troubles_.begin(), troubles_.end(), trouble) == troubles_.end())
      troubles_.push_back(std::move(trouble));
  }
  return files;
}

/// The one place that chooses what is known of tools.
const Catalog& Configurations::catalog_with(std::vector<std::string> files, bool& usable) {
  if (files.empty() || !usable) return catalog_;
  files.insert(files.end(), catalog_files_.begin(), catalog_files_.end());
  const auto known = catalogs_.find(files);
  const LoadedCatalog& loaded =
      known != catalogs_.end() ? known->second : catalogs_.try_emplace(files, files).first->second;
  usable = loaded.troubles().empty();
  if (known == catalogs_.end()) troubles_.insert(troubles_.end(), loaded.troubles().begin(), loaded.troubles().end());
  return loaded.get();
}

const FileSettings& Configurations::settings_of(const std::string& path) {
  Chain& chain = chain_of(path);
  std::vector<bool> holding;
  std::string absolute;
  for (const config::Layer* const layer : chain.layers()) {
    if (!layer->paths) continue;
    if (absolute.empty()) absolute = folder_of(path) + std::string(name_part(path));
    holding.push_back(config::holds_for(*layer, absolute));
  }
  std::unique_ptr<FileSettings>& settings = chain.settings[std::move(holding)];
  if (settings) return *settings;
  const config::Resolved resolved = config::resolve(layers_of(chain, absolute));
  settings = std::make_unique<FileSettings>(
      FileSettings{chain.usable, config::to_config(resolved), resolved.fail_on.value, nullptr, {}});
  if (const config::Sourced<std::string>& baseline = resolved.baseline; !baseline.value.empty())
    settings->baseline = config::joined_path(baseline.origin.source->folder, baseline.value);
  settings->catalog = &catalog_with(catalog_files(resolved.catalog, settings->usable), settings->usable);
  return *settings;
}

bool Configurations::excludes(const std::string& path) {
  const Chain& chain = chain_of(path);
  return !chain.exclusions.empty() && chain.exclusions.covers(folder_of(path) + std::string(name_part(path)));
}

config::Resolved Configurations::resolved_of(const std::string& path) {
  return config::resolve(layers_of(chain_of(path), folder_of(path) + std::string(name_part(path))));
}

std::vector<std::string> Configurations::files_of(const std::string& path) {
  std::vector<std::string> names;
  for (const config::Layer* const layer : chain_of(path).layers())
    if (std::find(names.begin(), names.end(), layer->source->name) == names.end()) names.push_back(layer->source->name);
  return names;
}

}  // namespace dockerlint::cli
