// SPDX-License-Identifier: Apache-2.0
#include "project/compose_files.hpp"

#include "project/paths.hpp"
#include "text/near_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace dockerlint::project {
namespace {

using data::Entry;
using data::Value;

constexpr std::string_view kTopKeys[] = {"configs", "include",  "models",  "name",   "networks",
                                         "secrets", "services", "version", "volumes"};

}  // namespace

const Entry* ComposeFile::service(std::string_view name) const {
  const auto found = services.find(name);
  return found == services.end() ? nullptr : found->second;
}

const ComposeFile& ComposeFiles::open(const std::string& path, const FilePlace& asked) {
  std::unique_ptr<ComposeFile>& file = opened_[path];
  if (file) return *file;
  definitions_.push_back(path);
  data::FileText text = files_.read(path);
  if (text.trouble.empty() && text.bytes.size() > data::kMaxDataSize) text.trouble = "it is larger than 1 MiB";
  file = std::make_unique<ComposeFile>(path, text.trouble.empty() ? std::move(text.bytes) : std::string());
  file->readable = text.trouble.empty();
  if (file->readable) read(*file);
  else if (asked.known()) troubles_.error(asked, fmt::format("cannot read {}: {}", path, text.trouble));
  else troubles_.error(file->source.whole(), fmt::format("cannot be read: {}", text.trouble));
  return *file;
}

void ComposeFiles::read(ComposeFile& file) {
  const Source& source = file.source;
  file.parsed = data::parse_yaml(source.bytes());
  const Value& root = file.parsed.root;
  if (const auto& problem = file.parsed.problem) {
    FilePlace where = source.at(problem->range);
    if (problem->place.line > 0) where.at = {problem->place.line, problem->place.column};
    troubles_.error(std::move(where), problem->message);
    return;
  }
  if (root.kind != Value::Kind::table) {
    troubles_.error(source.at(root), fmt::format("a compose file is a table of keys, not {}", root.kind_name()));
    return;
  }
  file.usable = true;
  if (const Entry* const services = root.find("services"))
    for (const Entry& entry : services->value.entries) file.services.emplace(entry.key, &entry);
  if (root.entries.empty()) troubles_.unknown(source.whole(), "there is nothing in this compose file");
  for (const data::Problem& twice : file.parsed.duplicates)
    troubles_.error(source.at(twice.range), twice.message + ": compose refuses the file");
  for (const Entry& entry : root.entries) check_top_key(source, entry);
}

void ComposeFiles::check_top_key(const Source& source, const Entry& entry) {
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

bool ComposeFiles::is_compose(const std::string& path) {
  const ComposeFile& file = open(path, {});
  if (!file.usable) return false;
  const Entry* const services = file.parsed.root.find("services");
  const Entry* const include = file.parsed.root.find("include");
  return (services != nullptr && services->value.kind == Value::Kind::table) ||
         (include != nullptr && include->value.kind == Value::Kind::list);
}

bool ComposeFiles::is_template(const std::string& path) {
  const ComposeFile& file = open(path, {});
  const std::string_view text = file.source.bytes();
  return file.parsed.problem &&
         (text.find("{{") != std::string_view::npos || text.find("{%") != std::string_view::npos);
}

bool ComposeFiles::is_broken_compose(const std::string& path) {
  const ComposeFile& file = open(path, {});
  if (!file.readable) return true;
  const std::string_view text = file.source.bytes();
  return file.parsed.problem && (text.starts_with("services:") || text.find("\nservices:") != std::string_view::npos);
}

Variables ComposeFiles::environment_of(const std::string& folder) const {
  Variables variables;
  const std::string path = join_path(folder, ".env");
  if (files_.kind(path) != FileKind::file) return variables;
  const data::FileText text = files_.read(path);
  if (text.trouble.empty() && text.bytes.size() <= data::kMaxDataSize) variables.read(text.bytes);
  return variables;
}

void ComposeFiles::read_variables(const std::string& path, const FilePlace& asked, Variables& variables) {
  data::FileText text = files_.read(path);
  if (text.trouble.empty() && text.bytes.size() > data::kMaxDataSize) text.trouble = "it is larger than 1 MiB";
  if (text.trouble.empty()) variables.read(text.bytes);
  else troubles_.error(asked, fmt::format("cannot read {}: {}", path, text.trouble));
}

// https://docs.docker.com/compose/how-tos/environment-variables/envvars/
std::vector<std::string> ComposeFiles::chosen_in(const std::string& folder) const {
  const Variables variables = environment_of(folder);
  const std::string_view separator = variables.look_up("COMPOSE_PATH_SEPARATOR").text;
  std::vector<std::string> paths;
  for (const std::string& path :
       split(variables.look_up("COMPOSE_FILE").text, separator.empty() ? std::string_view(":") : separator))
    paths.push_back(join_path(folder, path));
  return paths;
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + separator.size()));
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

}  // namespace dockerlint::project
