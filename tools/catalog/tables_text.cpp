// SPDX-License-Identifier: Apache-2.0
#include "tables_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

namespace dockerlint::catalog {
namespace {

std::string literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"sv";
}

/// `source-read` as C++ writes it.
std::string enumerator(std::string_view word) {
  std::string name(word);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

/// The tool's name as a part of the name of a table.
std::string symbol(const Tool& tool) { return enumerator(tool.name); }

class Writer {
 public:
  std::string write(const CatalogTables& tables) {
    for (std::size_t i = 0; i < tables.tools.size(); ++i) index_[tables.tools[i]] = i;
    // A directory knows its tool, and the tool its directories: the tools are declared first.
    for (const Tool* tool : tables.tools) write_directories(*tool);
    std::string tools;
    for (const Tool* tool : tables.tools) tools += tool_text(*tool);
    out_ += fmt::format("constinit const Tool kTools[{}] = {{\n{}}};\n\n", tables.tools.size(), tools);
    write_index(tables);
    return fmt::format(
        "// SPDX-License-Identifier: Apache-2.0\n"
        "// Made from rules/catalog/*.json by tools/catalog/generate.cpp: change those.\n\n"
        "#include \"catalog/tables.hpp\"\n\n"
        "namespace dockerlint {{\n"
        "namespace catalog_tables {{\n\n"
        "using namespace std::literals;\n\n"
        "extern const Tool kTools[{}];\n\n"
        "{}\n{}"
        "}}  // namespace catalog_tables\n\n"
        "constinit const CatalogTables kBuiltinCatalog = {{\n"
        "    catalog_tables::kToolsByName, catalog_tables::kPrograms, catalog_tables::kSlots,\n"
        "    catalog_tables::kPaths,\n"
        "}};\n\n"
        "}}  // namespace dockerlint\n",
        tables.tools.size(), lists_, out_);
  }

 private:
  /// The name of a table of these elements; equal ones are one table.
  std::string table(std::string_view type, std::string_view prefix, const std::string& elements) {
    const auto [place, is_new] =
        names_.emplace(fmt::format("{}{{{}}}", type, elements), fmt::format("{}{}", prefix, names_.size()));
    if (is_new) lists_ += fmt::format("static constexpr {} {}[] = {{{}}};\n", type, place->second, elements);
    return place->second;
  }

  std::string words(std::span<const std::string_view> words) {
    if (words.empty()) return "{}";
    std::string elements;
    for (const std::string_view word : words) elements += literal(word) + ", ";
    return table("std::string_view", "w", elements);
  }

  std::string reference(const CacheDir& directory) const {
    return fmt::format("&directories_{}[{}]", symbol(*directory.tool), &directory - directory.tool->directories.data());
  }

  std::string references(const Tool& tool, std::string_view what, std::span<const CacheDir* const> directories) {
    if (directories.empty()) return "{}";
    std::string elements;
    for (const CacheDir* directory : directories) elements += reference(*directory) + ", ";
    const std::string name = fmt::format("{}_{}_{}", what, symbol(tool), ++references_);
    const auto [place, is_new] = names_.emplace(elements, name);
    if (is_new) reference_lists_ += fmt::format("static constexpr const CacheDir* {}[] = {{{}}};\n", name, elements);
    return place->second;
  }

  void write_directories(const Tool& tool) {
    if (tool.directories.empty()) return;
    out_ += fmt::format("static constexpr CacheDir directories_{}[] = {{\n", symbol(tool));
    for (const CacheDir& d : tool.directories) {
      out_ += fmt::format(
          "    {{.name = {}, .tool = &kTools[{}], .what = {},\n"
          "     .kind = DirectoryKind::{}, .mount = MountAdvice::{}, .paths = {}, .at = {},\n"
          "     .variables = {}, .unmoved = {}, .flags = {},\n"
          "     .configuration = {}, .concurrency = Concurrency::{}, .evidence = Evidence::{},\n"
          "     .why = {},\n     .lock = {},\n     .parallel = {}, .parallel_sign = {},\n"
          "     .platform = PlatformAdvice::{}, .platform_why = {},\n     .source = {}}},\n",
          literal(d.name), index_.at(&tool), literal(d.what), enumerator(to_string(d.kind)),
          enumerator(to_string(d.mount)), words(d.paths), literal(d.at), words(d.variables), literal(d.unmoved),
          words(d.flags), literal(d.configuration), to_string(d.concurrency), enumerator(to_string(d.evidence)),
          literal(d.why), literal(d.lock), literal(d.parallel), literal(d.parallel_sign), to_string(d.platform),
          literal(d.platform_why), literal(d.source));
    }
    out_ += "};\n\n";
  }

  /// The name of a table of `elements`, or nothing in its place.
  std::string table_of(const Tool& tool, std::string_view type, std::string_view what, const std::string& elements) {
    out_ += reference_lists_;
    reference_lists_.clear();
    if (elements.empty()) return "{}";
    const std::string name = fmt::format("{}_{}", what, symbol(tool));
    out_ += fmt::format("static constexpr {} {}[] = {{\n{}}};\n\n", type, name, elements);
    return name;
  }

  std::string commands(const Tool& tool) {
    std::string elements;
    for (const ToolCommand& c : tool.commands) {
      elements += fmt::format(
          "    {{.run = {}, .programs = {}, .only_with = {}, .unless = {}, .fills = {}, .writes = {}, .needs = {},\n"
          "     .empties = {}, .evidence = Evidence::{}, .source = {}}},\n",
          words(c.run), words(c.programs), words(c.only_with), words(c.unless), references(tool, "dirs", c.fills),
          references(tool, "dirs", c.writes), references(tool, "dirs", c.needs), references(tool, "dirs", c.empties),
          enumerator(to_string(c.evidence)), literal(c.source));
    }
    return table_of(tool, "ToolCommand", "commands", elements);
  }

  std::string defeats(const Tool& tool) {
    std::string elements;
    for (const Defeat& d : tool.defeats) {
      const std::string fix =
          d.fix ? *d.fix == Applicability::safe ? "Applicability::safe" : "Applicability::unsafe" : "std::nullopt";
      elements += fmt::format(
          "    {{.flags = {}, .variables = {}, .except = {}, .directories = {}, .fix = {},\n"
          "     .why = {}, .evidence = Evidence::{}, .source = {}}},\n",
          words(d.flags), words(d.variables), words(d.except), references(tool, "dirs", d.directories), fix,
          literal(d.why), enumerator(to_string(d.evidence)), literal(d.source));
    }
    return table_of(tool, "Defeat", "defeats", elements);
  }

  std::string companions(const Tool& tool) {
    std::string elements;
    for (const Companion& c : tool.companions) {
      elements += fmt::format(
          "    {{.directories = {}, .also = {}, .variable = {}, .flag = {},\n"
          "     .say = {}, .why = {}, .evidence = Evidence::{}, .source = {}}},\n",
          references(tool, "dirs", c.directories), references(tool, "dirs", c.also), literal(c.variable),
          literal(c.flag), literal(c.say), literal(c.why), enumerator(to_string(c.evidence)), literal(c.source));
    }
    return table_of(tool, "Companion", "companions", elements);
  }

  std::string tool_text(const Tool& tool) {
    const std::string directories = tool.directories.empty() ? "{}" : fmt::format("directories_{}", symbol(tool));
    return fmt::format(
        "    {{.name = {}, .title = {}, .ecosystem = {}, .programs = {}, .forms = {}, .value_options = {},\n"
        "     .prefixes = {}, .commands = {}, .directories = {}, .defeats = {}, .companions = {}}},\n",
        literal(tool.name), literal(tool.title), literal(tool.ecosystem), words(tool.programs), words(tool.forms),
        words(tool.value_options), words(tool.prefixes), commands(tool), directories, defeats(tool), companions(tool));
  }

  void write_index(const CatalogTables& tables) {
    out_ += "static constexpr const Tool* kToolsByName[] = {";
    for (std::size_t i = 0; i < tables.tools.size(); ++i) out_ += fmt::format("&kTools[{}], ", i);
    out_ += "};\n\n";

    std::string programs;
    for (const Program& program : tables.programs) {
      std::string elements;
      for (const Calling& calling : program.callings)
        elements += fmt::format("{{&kTools[{}], {}}}, ", index_.at(calling.tool), words(calling.more));
      programs += fmt::format("    {{{}, {}}},\n", literal(program.name), table("Calling", "c", elements));
    }
    out_ += fmt::format("static constexpr Program kPrograms[] = {{\n{}}};\n\n", programs);

    std::string slots;
    for (const std::uint32_t slot : tables.slots) slots += fmt::format("{}, ", slot);
    out_ += fmt::format("static constexpr std::uint32_t kSlots[] = {{{}}};\n\n", slots);

    out_ += "static constexpr KnownPath kPaths[] = {\n";
    for (const KnownPath& known : tables.paths)
      out_ += fmt::format("    {{{}, {}}},\n", literal(known.path), reference(*known.directory));
    out_ += "};\n\n";
  }

  std::map<const Tool*, std::size_t> index_;
  std::map<std::string, std::string> names_;  // of the tables, by their elements
  std::size_t references_ = 0;
  std::string lists_;
  std::string reference_lists_;  // of the table that is written
  std::string out_;
};

}  // namespace

std::string tables_text(const CatalogTables& tables) { return Writer().write(tables); }

}  // namespace dockerlint::catalog
