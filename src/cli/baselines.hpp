// SPDX-License-Identifier: Apache-2.0
#pragma once
// The baselines of a run: one for all files, or that which each file's configuration names.

#include "cli/configurations.hpp"
#include "cli/files.hpp"
#include "report/baseline.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::cli {

struct BaselineOptions {
  std::optional<std::string> file;  // --baseline; empty: none, whatever the configuration says
  bool write = false;
  std::string target;  // --write-baseline=FILE; empty: where they are read
};

/// Whether a run with these settings would still find what the entry stands for, if it were there.
bool looks_for(const BaselineEntry& entry, const Config& config);

class Baselines {
 public:
  explicit Baselines(const BaselineOptions& options) : options_(options) {}

  /// Reads the baseline that the settings lead to, unless that has been done.
  void prepare(const FileSettings& settings);
  /// What is wrong with them. With any, nothing is to be linted.
  const std::vector<std::string>& troubles() const { return troubles_; }

  /// Whether these settings lead to one. After prepare().
  bool has(const FileSettings& settings) const { return files_.contains(path_of(settings)); }
  /// Those of the file. After prepare().
  std::span<const BaselineEntry> entries_of(const std::string& path, const FileSettings& settings) const;
  /// What the file is called in its baseline.
  std::string name_of(const std::string& path, const FileSettings& settings) const;

  /// The file was linted; `outdated` of its entries stand for what is not found any more.
  void linted(const std::string& path, const FileSettings& settings, std::size_t outdated);
  /// The file was linted, and this found, which is to be written.
  void found(const std::string& path, const FileSettings& settings, std::vector<BaselineEntry> entries);

  /// "3 entries of FILE are outdated; …", for each file of which that is true.
  std::vector<std::string> outdated() const;
  /// Writes what was found. What the run did not look at stays as it was. Returns what it has done; empty: see
  /// troubles().
  std::string write();

 private:
  struct File {
    bool exists = false;
    bool named = false;  // by --baseline or the configuration: the next run takes it
    FileContent content;
    Baseline baseline;
    std::vector<BaselineEntry> fresh;
    std::map<std::string, const Config*, std::less<>> linted;  // by name
    std::size_t outdated = 0;
  };

  std::string path_of(const FileSettings& settings) const;
  bool is_gone(const std::string& file, const std::string& name) const;

  const BaselineOptions& options_;
  std::map<std::string, File> files_;  // by absolute path
  std::vector<std::string> troubles_;
};

}  // namespace dockerlint::cli
