// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which configuration is in force for which file. Looked for once for each folder, before the files are linted in
// parallel: afterwards nothing here changes.

#include "cli/catalogs.hpp"
#include "config/load.hpp"
#include "config/resolve.hpp"
#include "dockerlint/catalog.hpp"
#include "dockerlint/config.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dockerlint::cli {

struct ConfigOptions {
  std::string file;                 // --config: this one, and none that lies beside the files
  bool none = false;                // --no-config
  config::Layer command_line = {};  // beats all files
};

/// What holds for a file, and for others like it.
struct FileSettings {
  bool usable = true;  // false: its configuration has errors, and says nothing that can be relied on
  Config config;
  std::optional<Severity> fail_on;
  const Catalog* catalog = nullptr;  // what is known of tools: with the project's own files, where it names some
  std::string baseline;              // a file with what was found before; absolute, or empty
};

class Configurations {
 public:
  /// `catalog` is that of the run, with what the command line names: `catalog_files`. Both outlive this object.
  Configurations(const ConfigOptions& options, const Catalog& catalog, std::span<const std::string> catalog_files);
  ~Configurations();

  /// Good as long as this object.
  const FileSettings& settings_of(const std::string& path);
  /// Whether a search leaves the file out.
  bool excludes(const std::string& path);
  /// With where each value comes from.
  config::Resolved resolved_of(const std::string& path);
  /// The files that hold for `path`, from the weakest to the strongest, as they are shown.
  std::vector<std::string> files_of(const std::string& path);

  /// What went wrong, and what was left out, so far: "path:line:column: what".
  const std::vector<std::string>& troubles() const { return troubles_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Chain;

  /// What has been looked for in a folder and above it; absent: not yet.
  struct Folder {
    bool top = false;   // of a repository, or of all
    std::string above;  // unless it is the top
    std::optional<Chain*> native;
    std::optional<Chain*> hadolint;
  };

  Chain& chain_of(const std::string& path);
  Folder& folder_at(const std::string& path);
  Chain* native_in(const std::string& path);
  Chain* hadolint_in(const std::string& path);
  Chain& new_chain();
  Chain& new_chain(const std::string& file);
  const std::string& folder_of(const std::string& path);
  std::vector<const config::Layer*> layers_of(const Chain& chain, const std::string& absolute) const;
  std::vector<std::string> catalog_files(const std::vector<config::Sourced<std::string>>& patterns, bool& usable);
  const Catalog& catalog_with(std::vector<std::string> files, bool& usable);

  const ConfigOptions& options_;
  const Catalog& catalog_;
  std::span<const std::string> catalog_files_;
  std::map<std::vector<std::string>, LoadedCatalog> catalogs_;  // each list of files is read once
  std::unique_ptr<config::FileReader> files_;
  std::vector<std::unique_ptr<Chain>> chains_;
  std::map<std::string, Folder> by_path_;        // absolute, ends in a slash
  std::map<std::string, std::string> absolute_;  // of a folder as given
  Chain* none_ = nullptr;
  Chain* for_all_ = nullptr;  // with --config and --no-config
  std::vector<std::string> troubles_;
  std::vector<std::string> notes_;
};

/// The files that a pattern of the key `catalog` names, sorted; `*`, `?`, `[…]` stand for parts of a name, `**` for
/// any folders.
std::vector<std::string> files_matching(const std::string& folder, std::string_view pattern);

}  // namespace dockerlint::cli
