// SPDX-License-Identifier: Apache-2.0
#include "cli/catalogs.hpp"

#include "cli/files.hpp"
#include "report/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace dockerlint::cli {
namespace {

/// Writes one object, its members in the order of the calls. What is empty is left out.
class Object {
 public:
  Object(std::string& out, std::size_t indent) : out_(out), indent_(indent) { out_ += '{'; }

  void text(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    begin(key);
    append_json(out_, value);
  }
  void texts(std::string_view key, std::span<const std::string_view> values, bool even_empty = false) {
    if (values.empty() && !even_empty) return;
    begin(key);
    out_ += '[';
    for (const std::string_view& value : values) {
      if (&value != values.data()) out_ += ", ";
      append_json(out_, value);
    }
    out_ += ']';
  }
  void references(std::string_view key, const Tool& own, std::span<const CacheDir* const> directories) {
    std::vector<std::string> names;
    for (const CacheDir* d : directories)
      names.push_back(d->tool->name == own.name ? std::string(d->name) : fmt::format("{}/{}", d->tool->name, d->name));
    texts(key, std::vector<std::string_view>(names.begin(), names.end()));
  }
  /// `write(object, item)` for each.
  template <typename Item, typename Write>
  void objects(std::string_view key, std::span<const Item> items, Write write, bool even_empty = false) {
    if (items.empty() && !even_empty) return;
    begin(key);
    out_ += '[';
    std::string_view separator = "";
    for (const Item& item : items) {
      out_ += separator;
      out_ += '\n' + std::string(indent_ + 4, ' ');
      Object object(out_, indent_ + 4);
      write(object, item);
      object.end();
      separator = ",";
    }
    out_ += ']';
  }
  void end() { out_ += " }"; }

 private:
  void begin(std::string_view key) {
    out_ += first_ ? " " : ",\n" + std::string(indent_ + 2, ' ');
    first_ = false;
    append_json(out_, key);
    out_ += ": ";
  }

  std::string& out_;
  std::size_t indent_;
  bool first_ = true;
};

void write_command(Object& object, const Tool& tool, const ToolCommand& command) {
  object.texts("run", command.run);
  object.texts("programs", command.programs);
  object.texts("only_with", command.only_with);
  object.texts("unless", command.unless);
  object.references("fills", tool, command.fills);
  object.references("writes", tool, command.writes);
  object.references("needs", tool, command.needs);
  object.references("empties", tool, command.empties);
  if (!command.source.empty()) object.text("evidence", to_string(command.evidence));
  object.text("source", command.source);
}

void write_directory(Object& object, const CacheDir& directory) {
  object.text("name", directory.name);
  object.text("kind", to_string(directory.kind));
  object.text("mount", to_string(directory.mount));
  object.text("what", directory.what);
  object.text("at", directory.at);
  object.texts("flags", directory.flags);
  object.text("configuration", directory.configuration);
  object.texts("paths", directory.paths, true);
  object.text("concurrency", to_string(directory.concurrency));
  object.text("evidence", to_string(directory.evidence));
  object.text("why", directory.why);
  object.text("lock", directory.lock);
  object.text("parallel", directory.parallel);
  object.text("parallel_sign", directory.parallel_sign);
  if (directory.platform != PlatformAdvice::no) object.text("platform", to_string(directory.platform));
  object.text("platform_why", directory.platform_why);
  object.text("source", directory.source);
}

void write_defeat(Object& object, const Tool& tool, const Defeat& defeat) {
  object.texts("flags", defeat.flags);
  object.texts("variables", defeat.variables);
  object.texts("except", defeat.except);
  object.references("directories", tool, defeat.directories);
  object.text("fix", !defeat.fix ? "never" : *defeat.fix == Applicability::safe ? "safe" : "unsafe");
  object.text("why", defeat.why);
  object.text("evidence", to_string(defeat.evidence));
  object.text("source", defeat.source);
}

void write_companion(Object& object, const Tool& tool, const Companion& companion) {
  object.references("directories", tool, companion.directories);
  object.references("also", tool, companion.also);
  object.text("variable", companion.variable);
  object.text("flag", companion.flag);
  object.text("say", companion.say);
  object.text("why", companion.why);
  object.text("evidence", to_string(companion.evidence));
  object.text("source", companion.source);
}

void write_tool(Object& object, const Tool& tool) {
  object.text("name", tool.name);
  object.text("title", tool.title);
  object.text("ecosystem", tool.ecosystem);
  object.texts("programs", tool.programs, true);
  object.texts("forms", tool.forms);
  object.texts("value_options", tool.value_options);
  object.texts("prefixes", tool.prefixes);
  object.objects(
      "commands", tool.commands, [&](Object& o, const ToolCommand& c) { write_command(o, tool, c); }, true);
  object.objects(
      "directories", tool.directories, [](Object& o, const CacheDir& d) { write_directory(o, d); }, true);
  object.objects("defeats", tool.defeats, [&](Object& o, const Defeat& d) { write_defeat(o, tool, d); });
  object.objects("companions", tool.companions, [&](Object& o, const Companion& c) { write_companion(o, tool, c); });
}

}  // namespace

LoadedCatalog::LoadedCatalog(std::span<const std::string> paths) {
  if (paths.empty()) return;
  std::vector<CatalogFile> files;
  for (const std::string& path : paths) {
    FileContent content = read_file(path);
    if (content.trouble.empty()) files.push_back({path, std::move(content.bytes)});
    else troubles_.push_back(fmt::format("cannot read {}: {}", path, content.trouble));
  }
  if (!troubles_.empty()) return;
  CatalogReading reading = read_catalog(files);
  for (const CatalogError& error : reading.errors) troubles_.push_back(error.text());
  own_ = std::move(reading.catalog);
}

std::vector<const Tool*> tools_named(const Catalog& catalog, std::string_view name) {
  if (const Tool* tool = catalog.tool(name)) return {tool};
  std::vector<const Tool*> tools;
  for (const Tool* tool : catalog.tools())
    if (std::find(tool->programs.begin(), tool->programs.end(), name) != tool->programs.end()) tools.push_back(tool);
  return tools;
}

std::vector<std::string_view> tool_names(const Catalog& catalog) {
  std::vector<std::string_view> names;
  for (const Tool* tool : catalog.tools()) {
    names.push_back(tool->name);
    names.insert(names.end(), tool->programs.begin(), tool->programs.end());
  }
  return names;
}

std::string catalog_as_text(const Catalog& catalog) {
  std::size_t name_width = 0, ecosystem_width = 0;
  for (const Tool* tool : catalog.tools()) {
    name_width = std::max(name_width, tool->name.size());
    ecosystem_width = std::max(ecosystem_width, tool->ecosystem.size());
  }
  std::string out;
  for (const Tool* tool : catalog.tools()) {
    std::string directories;
    for (const CacheDir& directory : tool->directories)
      directories += fmt::format("{}{}", directories.empty() ? "" : ", ", directory.name);
    fmt::format_to(std::back_inserter(out), "{:<{}}  {:<{}}  {}{}\n", tool->name, name_width, tool->ecosystem,
                   ecosystem_width, tool->title, directories.empty() ? "" : fmt::format(": {}", directories));
  }
  return out;
}

std::string catalog_as_json(const Catalog& catalog) {
  std::string out = "{ \"version\": 1, \"tool\": { \"name\": \"dockerlint\", \"version\": \"" DOCKERLINT_VERSION
                    "\" },\n  \"catalog\": [";
  std::string_view separator = "\n    ";
  for (const Tool* tool : catalog.tools()) {
    out += separator;
    Object object(out, 4);
    write_tool(object, *tool);
    object.end();
    separator = ",\n    ";
  }
  return out + "\n  ] }\n";
}

}  // namespace dockerlint::cli
