// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include "config/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace dockerlint::config {
namespace {

/// More than anyone has; without an end, files that extend two others each would be read a billion times.
constexpr std::size_t kMaxFiles = 64;

bool is_hadolint_file(std::string_view path) { return path.ends_with(".yaml") || path.ends_with(".yml"); }

class Loader {
 public:
  Loader(const FileReader& files, Loaded& loaded) : files_(files), loaded_(loaded) {}

  /// `asked` is where another file asks for this one.
  void load(const std::string& path, const Origin& asked) {
    FileText text = files_.read(path);
    if (!text.trouble.empty()) {
      problem(asked, fmt::format("cannot read {}: {}", text.name, text.trouble));
      return;
    }
    const auto source = std::make_shared<const Source>(Source{text.name, path.substr(0, path.rfind('/') + 1)});
    if (text.bytes.size() > data::kMaxDataSize)
      return problem({source, {}}, "it is larger than 1 MiB; no configuration is");
    const bool hadolint = is_hadolint_file(path);
    const Parsed parsed = hadolint ? data::parse_yaml(text.bytes) : data::parse_toml(text.bytes);
    if (parsed.problem) return problem({source, parsed.problem->place}, parsed.problem->message);

    FileLayers file = hadolint ? read_hadolint(parsed.root, source) : read_native(parsed.root, source);
    std::stable_sort(file.problems.begin(), file.problems.end(), [](const Problem& a, const Problem& b) {
      return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
    });
    for (const Problem& found : file.problems) problem({source, found.place}, found.message);
    note(*source, file.without_counterpart);

    open_.push_back(path);
    for (const Sourced<std::string>& base : file.extends) extend(*source, base);
    open_.pop_back();
    loaded_.root = file.root;  // of the outermost file, which is through last
    std::move(file.layers.begin(), file.layers.end(), std::back_inserter(loaded_.layers));
  }

 private:
  void extend(const Source& source, const Sourced<std::string>& base) {
    const std::string path = joined_path(source.folder, base.value);
    if (std::find(open_.begin(), open_.end(), path) != open_.end())
      return problem(base.origin, open_.back() == path ? std::string("a file cannot extend itself")
                                                       : fmt::format("{} leads back to this file", base.value));
    if (++files_read_ > kMaxFiles) {
      if (files_read_ == kMaxFiles + 1) problem(base.origin, fmt::format("more than {} files are extended", kMaxFiles));
      return;
    }
    load(path, base.origin);
  }

  void problem(const Origin& origin, std::string_view message) {
    if (origin.source == nullptr) loaded_.problems.emplace_back(message);
    else if (origin.place.line == 0) loaded_.problems.push_back(fmt::format("{}: {}", origin.source->name, message));
    else
      loaded_.problems.push_back(
          fmt::format("{}:{}:{}: {}", origin.source->name, origin.place.line, origin.place.column, message));
  }

  void note(const Source& source, const std::vector<std::string>& names) {
    if (names.empty()) return;
    std::string list;
    for (const std::string& name : names) list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
    loaded_.notes.push_back(fmt::format("{}: left out, for want of a counterpart: {}", source.name, list));
  }

  const FileReader& files_;
  Loaded& loaded_;
  std::vector<std::string> open_;  // the files that wait for what they extend
  std::size_t files_read_ = 0;
};

}  // namespace

std::string joined_path(std::string_view folder, std::string_view path) {
  std::string out = path.starts_with('/') ? "/" : std::string(folder);
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (!out.ends_with('/')) out += '/';
    if (part != "..") {
      out += part;
    } else if (out.size() > 1) {
      out.pop_back();
      out.resize(out.rfind('/') + 1);
    }
  }
  return out;
}

std::shared_ptr<const Loaded> load(const std::string& path, const FileReader& files) {
  auto loaded = std::make_shared<Loaded>();
  Loader(files, *loaded).load(path, {});
  return loaded;
}

}  // namespace dockerlint::config
