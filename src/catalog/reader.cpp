// SPDX-License-Identifier: Apache-2.0
#include "catalog/reader.hpp"

#include "catalog/checks.hpp"
#include "data/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace dockerlint {
namespace {

constexpr std::string_view kEcosystems[] = {
    "os-packages", "python", "javascript", "rust",           "c-cpp",    "go",    "jvm", "dotnet", "php",
    "ruby",        "elixir", "haskell",    "swift",          "r",        "julia", "lua", "perl",   "ocaml",
    "dart",        "nim",    "crystal",    "infrastructure", "downloads"};

template <typename Enum>
std::string_view text_of(Enum word) {
  return to_string(word);
}
std::string_view text_of(std::string_view word) { return word; }

using Trouble = std::string_view (*)(std::string_view);

/// A file while it is read: what all its parts need.
struct Reading {
  const CatalogFile* file;
  Arena* arena;
  std::vector<CatalogError>* errors;
  std::string_view title = {};
};

/// Reads the members of one object, and complains of what is missing, wrong or unknown.
class Members {
 public:
  Members(const JsonValue& object, std::string path, const Reading& reading)
      : object_(object), path_(std::move(path)), reading_(reading) {
    if (object.kind != JsonValue::Kind::object) complain(object.line, path_, "must be an object");
  }

  bool has(std::string_view key) { return optional(key) != nullptr; }

  const JsonMember* optional(std::string_view key) {
    known_.push_back(key);
    const auto found = std::find_if(object_.members.begin(), object_.members.end(),
                                    [&](const JsonMember& member) { return member.key == key; });
    return found == object_.members.end() ? nullptr : &*found;
  }

  const JsonMember* required(std::string_view key) {
    const JsonMember* member = optional(key);
    if (member == nullptr && object_.kind == JsonValue::Kind::object)
      complain(object_.line, path_of(key), "is missing");
    return member;
  }

  std::string_view line(std::string_view key) { return text(required(key), key, trouble_with_line); }
  std::string_view optional_line(std::string_view key) { return text(optional(key), key, trouble_with_line); }
  std::string_view sentence(std::string_view key) { return sentence(required(key), key); }
  std::string_view optional_sentence(std::string_view key) { return sentence(optional(key), key); }
  std::string_view text(const JsonMember* member, std::string_view key, Trouble trouble) {
    return member == nullptr ? std::string_view() : checked(member->value, path_of(key), trouble);
  }

  /// One of `words`, or the first and a complaint.
  template <typename Word, std::size_t N>
  Word word(const JsonMember* member, std::string_view key, const Word (&words)[N]) {
    if (member == nullptr) return words[0];
    const std::string_view given = checked(member->value, path_of(key), trouble_with_line);
    if (given.empty()) return words[0];
    std::string list;
    for (const Word& word : words) {
      if (text_of(word) == given) return word;
      list += list.empty() ? "" : ", ";
      list += text_of(word);
    }
    complain(member->value.line, path_of(key), fmt::format("\"{}\" is none of {}", given, list));
    return words[0];
  }

  enum class Empty : bool { refused, allowed };

  /// A list of texts that `trouble` finds nothing wrong with. Complaints leave items out.
  std::span<const std::string_view> list(const JsonMember* member, std::string_view key, Trouble trouble,
                                         Empty empty = Empty::refused) {
    std::vector<std::string_view> texts;
    each_item(member, key, empty, [&](const JsonValue& item, std::string path) {
      const std::size_t before = reading_.errors->size();
      const std::string_view text = checked(item, path, trouble);
      if (reading_.errors->size() != before) return;
      if (std::find(texts.begin(), texts.end(), text) != texts.end())
        complain(item.line, path, fmt::format("\"{}\" is there twice", text));
      texts.push_back(text);
    });
    return reading_.arena->keep(texts);
  }
  std::span<const std::string_view> list(std::string_view key, Trouble trouble) {
    return list(optional(key), key, trouble);
  }

  /// Calls `f(item, path of the item)` for each item of a list.
  template <typename F>
  void each_item(const JsonMember* member, std::string_view key, Empty empty, F f) {
    if (member == nullptr) return;
    if (member->value.kind != JsonValue::Kind::array) {
      complain(member->line, path_of(key), "must be a list");
      return;
    }
    if (member->value.items.empty() && empty == Empty::refused)
      complain(member->line, path_of(key), "is empty; leave it out instead");
    std::size_t index = 0;
    for (const JsonValue& item : member->value.items) f(item, fmt::format("{}[{}]", path_of(key), index++));
  }

  Evidence evidence(std::string_view& source) {
    constexpr Evidence kEvidence[] = {Evidence::recalled, Evidence::reported, Evidence::documented,
                                      Evidence::source_read, Evidence::tested};
    const Evidence evidence = word(required("evidence"), "evidence", kEvidence);
    const JsonMember* const given = required("source");
    source = text(given, "source", trouble_with_line);
    if (source.empty()) return evidence;
    if (const std::string trouble = trouble_with_source(source, evidence); !trouble.empty())
      complain(given->line, path_of("source"), trouble);
    return evidence;
  }

  /// What was not asked for until now, and what comes twice.
  void refuse_unknown() {
    std::sort(known_.begin(), known_.end());
    known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
    std::set<std::string_view> seen;
    for (const JsonMember& member : object_.members) {
      if (!seen.insert(member.key).second) complain(member.line, path_of(member.key), "is given twice");
      if (!std::binary_search(known_.begin(), known_.end(), member.key))
        complain(member.line, path_of(member.key), fmt::format("unknown; known are {}", fmt::join(known_, ", ")));
    }
  }

  std::string path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  }

  void complain(std::string_view key, std::string message) {
    const auto member =
        std::find_if(object_.members.begin(), object_.members.end(), [&](const JsonMember& m) { return m.key == key; });
    complain(member == object_.members.end() ? object_.line : member->line, key.empty() ? path_ : path_of(key),
             std::move(message));
  }
  void complain(std::size_t line, std::string key, std::string message) {
    reading_.errors->push_back({reading_.file->path, line, std::move(key), std::move(message)});
  }

 private:
  std::string_view sentence(const JsonMember* member, std::string_view key) {
    const std::string_view sentence = text(member, key, trouble_with_line);
    if (sentence.empty()) return {};
    if (const std::string_view trouble = trouble_with_sentence(sentence, reading_.title); !trouble.empty())
      complain(member->value.line, path_of(key), fmt::format("{}: \"{}\"", trouble, sentence));
    return sentence;
  }

  std::string_view checked(const JsonValue& value, const std::string& path, Trouble trouble) {
    if (value.kind != JsonValue::Kind::text) {
      complain(value.line, path, "must be a text");
      return {};
    }
    if (const std::string_view what = trouble(value.text); !what.empty()) {
      complain(value.line, path, fmt::format("{}: \"{}\"", what, value.text));
      return {};
    }
    return reading_.arena->keep(std::string_view(value.text));
  }

  const JsonValue& object_;
  std::string path_;
  const Reading& reading_;
  std::vector<std::string_view> known_;
};

using Empty = Members::Empty;

CacheDir read_directory(const JsonValue& value, const std::string& path, const Reading& reading) {
  constexpr DirectoryKind kKinds[] = {
      DirectoryKind::download, DirectoryKind::metadata,  DirectoryKind::compile_cache, DirectoryKind::build_output,
      DirectoryKind::in_place, DirectoryKind::installed, DirectoryKind::state};
  constexpr MountAdvice kMount[] = {MountAdvice::yes, MountAdvice::with_care, MountAdvice::no};
  constexpr Concurrency kConcurrency[] = {Concurrency::unknown, Concurrency::exclusive, Concurrency::serialised,
                                          Concurrency::tolerated, Concurrency::safe};
  constexpr PlatformAdvice kPlatform[] = {PlatformAdvice::no, PlatformAdvice::recommended, PlatformAdvice::required};
  Members members(value, path, reading);
  CacheDir directory{};
  directory.name = members.text(members.required("name"), "name", trouble_with_directory_name);
  directory.kind = members.word(members.required("kind"), "kind", kKinds);
  directory.mount = members.word(members.required("mount"), "mount", kMount);
  directory.what = members.sentence("what");
  directory.paths = members.list(members.required("paths"), "paths", trouble_with_path, Empty::allowed);
  directory.at = members.optional_line("at");
  directory.flags = members.list("flags", trouble_with_directory_flag);
  directory.configuration = members.optional_line("configuration");
  directory.concurrency = members.word(members.required("concurrency"), "concurrency", kConcurrency);
  directory.evidence = members.evidence(directory.source);
  directory.why = members.optional_sentence("why");
  directory.lock = members.optional_sentence("lock");
  directory.parallel = members.optional_sentence("parallel");
  directory.parallel_sign = members.optional_line("parallel_sign");
  directory.platform = members.word(members.optional("platform"), "platform", kPlatform);
  directory.platform_why = members.optional_sentence("platform_why");
  members.refuse_unknown();

  const std::string_view concurrency = to_string(directory.concurrency);
  if (!directory.at.empty()) {
    Unmoved place = unmoved(directory.at, directory.paths);
    if (!place.trouble.empty()) members.complain("at", std::move(place.trouble));
    directory.unmoved = place.path;
    if (!place.path.empty()) directory.variables = reading.arena->keep(place.variables);
  }
  if (!members.has("why") && directory.concurrency != Concurrency::unknown)
    members.complain("why", fmt::format("is missing: something is known, it is {}", concurrency));
  if (!members.has("parallel") && directory.concurrency == Concurrency::serialised)
    members.complain("parallel", "is missing: what is serialised has a parallel form");
  if (!members.has("parallel") && members.has("parallel_sign"))
    members.complain("parallel_sign", "is a sign of nothing: there is no parallel form");
  if (members.has("parallel") && directory.concurrency != Concurrency::exclusive &&
      directory.concurrency != Concurrency::serialised)
    members.complain("parallel", fmt::format("what is {} needs no parallel form", concurrency));
  if (members.has("platform_why") != (directory.platform != PlatformAdvice::no))
    members.complain("platform_why", "goes with a platform that is recommended or required, and only with it");
  return directory;
}

std::string stem_of(std::string_view file) {
  const std::size_t slash = file.find_last_of('/');
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  return std::string(file.substr(0, file.find('.')));
}

const CacheDir* directory_of(const Tool& tool, std::string_view name) {
  for (const CacheDir& directory : tool.directories)
    if (directory.name == name) return &directory;
  return nullptr;
}

/// Reads all files twice over: first the directories, so that then every reference finds its own.
class Reader {
 public:
  Reader(Arena& arena, std::vector<CatalogError>& errors) : arena_(arena), errors_(errors) {}

  std::vector<const Tool*> read(std::span<const CatalogFile> files, std::span<const Tool* const> others) {
    for (const CatalogFile& file : files) open(file);
    take(others);
    for (const auto& opened : opened_) note_paths(*opened);
    for (const auto& opened : opened_) complete(*opened);
    sort_errors(files);
    std::vector<const Tool*> tools;
    for (const auto& [name, tool] : tools_) tools.push_back(tool);
    return tools;
  }

 private:
  struct Opened {
    Reading reading;
    JsonDocument document;
    Tool* tool;
  };

  /// By file, then by line.
  void sort_errors(std::span<const CatalogFile> files) {
    std::map<std::string_view, std::size_t> order;
    for (const CatalogFile& file : files) order.emplace(file.path, order.size());
    std::stable_sort(errors_.begin(), errors_.end(), [&](const CatalogError& a, const CatalogError& b) {
      return std::pair(order[a.path], a.line) < std::pair(order[b.path], b.line);
    });
  }

  /// All but the references.
  void open(const CatalogFile& file) {
    auto opened = std::make_unique<Opened>(Opened{{&file, &arena_, &errors_}, parse_json(file.bytes), nullptr});
    if (!opened->document.error.empty()) {
      errors_.push_back({file.path, opened->document.error_line, "", opened->document.error});
      return;
    }
    Members members(opened->document.root, "", opened->reading);
    if (opened->document.root.kind != JsonValue::Kind::object) return;
    if (const JsonMember* schema = members.optional("$schema"); schema != nullptr)
      members.text(schema, "$schema", trouble_with_line);
    Tool tool{};
    tool.name = members.text(members.required("name"), "name", trouble_with_tool_name);
    tool.title = members.line("title");
    opened->reading.title = tool.title;
    tool.ecosystem = members.word(members.required("ecosystem"), "ecosystem", kEcosystems);
    tool.programs = members.list(members.required("programs"), "programs", trouble_with_program, Empty::allowed);
    tool.forms = members.list("forms", trouble_with_form);
    tool.value_options = members.list("value_options", trouble_with_option);
    tool.prefixes = members.list("prefixes", trouble_with_prefix);
    if (!tool.name.empty() && tool.name != stem_of(file.path))
      members.complain("name", fmt::format("\"{}\" must be the name of the file", tool.name));
    if (tool.programs.empty() && !members.has("forms")) members.complain("programs", "no programs and no forms");

    opened->tool = arena_.make(tool);
    std::vector<CacheDir> directories;
    members.each_item(members.required("directories"), "directories", Empty::allowed,
                      [&](const JsonValue& value, const std::string& path) {
                        directories.push_back(read_directory(value, path, opened->reading));
                        directories.back().tool = opened->tool;
                      });
    opened->tool->directories = arena_.keep(directories);
    std::set<std::string_view> names;
    for (const CacheDir& directory : directories)
      if (!directory.name.empty() && !names.insert(directory.name).second)
        members.complain("directories", fmt::format("\"{}\" comes twice", directory.name));
    members.required("commands");
    members.optional("defeats");
    members.optional("companions");
    members.refuse_unknown();
    if (tool.name.empty()) return;
    if (!tools_.emplace(tool.name, opened->tool).second) {
      members.complain("name", fmt::format("\"{}\" comes twice in the catalog", tool.name));
      return;
    }
    opened_.push_back(std::move(opened));
  }

  /// The others that are not replaced. Where one is, they are copied, so that what they say of its directories
  /// is said of the new ones.
  void take(std::span<const Tool* const> others) {
    const bool replaced = std::any_of(others.begin(), others.end(),
                                      [&](const Tool* other) { return tools_.find(other->name) != tools_.end(); });
    std::vector<Tool*> copies;
    for (const Tool* other : others) {
      const auto [place, is_new] = tools_.emplace(other->name, other);
      if (!is_new || !replaced) continue;
      Tool* const copy = arena_.make(*other);
      std::vector<CacheDir> directories(other->directories.begin(), other->directories.end());
      for (CacheDir& directory : directories) directory.tool = copy;
      copy->directories = arena_.keep(directories);
      place->second = copy;
      copies.push_back(copy);
    }
    for (Tool* copy : copies) redirect(*copy);
  }

  void redirect(Tool& tool) {
    const auto redirect = [&](std::span<const CacheDir* const>& references) {
      std::vector<const CacheDir*> found;
      for (const CacheDir* old : references) {
        const CacheDir* const now = directory_of(*tools_.find(old->tool->name)->second, old->name);
        if (now != nullptr) found.push_back(now);
        else lacking(tool, *old);
      }
      references = arena_.keep(found);
    };
    std::vector<ToolCommand> commands(tool.commands.begin(), tool.commands.end());
    for (ToolCommand& command : commands)
      for (auto* references : {&command.fills, &command.writes, &command.needs, &command.empties})
        redirect(*references);
    tool.commands = arena_.keep(commands);
    std::vector<Defeat> defeats(tool.defeats.begin(), tool.defeats.end());
    for (Defeat& defeat : defeats) redirect(defeat.directories);
    tool.defeats = arena_.keep(defeats);
    std::vector<Companion> companions(tool.companions.begin(), tool.companions.end());
    for (Companion& companion : companions)
      for (auto* references : {&companion.directories, &companion.also}) redirect(*references);
    tool.companions = arena_.keep(companions);
  }

  void lacking(const Tool& user, const CacheDir& directory) {
    for (const auto& opened : opened_) {
      if (opened->tool->name != directory.tool->name) continue;
      Members members(opened->document.root, "", opened->reading);
      members.complain("directories", fmt::format("lacks \"{}\", which {} uses", directory.name, user.name));
    }
  }

  void note_paths(const Opened& opened) {
    if (paths_.empty())
      for (const auto& [name, tool] : tools_)
        for (const CacheDir& directory : tool->directories)
          for (const std::string_view path : directory.paths) paths_[path].push_back(&directory);
    Members members(opened.document.root, "", opened.reading);
    for (const CacheDir& directory : opened.tool->directories)
      for (const std::string_view path : directory.paths)
        for (const CacheDir* other : paths_[path])
          if (other != &directory)
            members.complain("directories", fmt::format("the path {} of \"{}\" is also one of {}/{}", path,
                                                        directory.name, other->tool->name, other->name));
  }

  std::span<const CacheDir* const> references(Members& members, std::string_view key, const Opened& opened,
                                              bool required = false) {
    std::vector<const CacheDir*> found;
    members.each_item(required ? members.required(key) : members.optional(key), key, Empty::refused,
                      [&](const JsonValue& item, std::string path) {
                        if (item.kind != JsonValue::Kind::text) {
                          members.complain(item.line, std::move(path), "must be a text");
                          return;
                        }
                        const CacheDir* const directory = find(item.text, *opened.tool);
                        if (directory == nullptr)
                          members.complain(item.line, std::move(path),
                                           fmt::format("\"{}\" is no directory of a known tool", item.text));
                        else found.push_back(directory);
                      });
    return arena_.keep(found);
  }

  const CacheDir* find(std::string_view reference, const Tool& own) const {
    const std::size_t slash = reference.find('/');
    if (slash == std::string_view::npos) return directory_of(own, reference);
    const auto tool = tools_.find(reference.substr(0, slash));
    return tool == tools_.end() ? nullptr : directory_of(*tool->second, reference.substr(slash + 1));
  }

  ToolCommand read_command(const JsonValue& value, const std::string& path, const Opened& opened) {
    Members members(value, path, opened.reading);
    ToolCommand command{};
    command.run = members.list(members.required("run"), "run", trouble_with_subcommand);
    command.programs = members.list("programs", trouble_with_program);
    command.only_with = members.list("only_with", trouble_with_option);
    command.unless = members.list("unless", trouble_with_option);
    command.fills = references(members, "fills", opened);
    command.writes = references(members, "writes", opened);
    command.needs = references(members, "needs", opened);
    command.empties = references(members, "empties", opened);
    if (members.has("evidence") || members.has("source")) command.evidence = members.evidence(command.source);
    members.refuse_unknown();
    return command;
  }

  Defeat read_defeat(const JsonValue& value, const std::string& path, const Opened& opened) {
    constexpr std::string_view kFixes[] = {"never", "unsafe", "safe"};
    Members members(value, path, opened.reading);
    Defeat defeat{};
    defeat.flags = members.list("flags", trouble_with_option_or_value);
    defeat.variables = members.list("variables", trouble_with_variable);
    defeat.except = members.list("except", [](std::string_view) { return std::string_view(); });
    defeat.directories = references(members, "directories", opened, true);
    const std::string_view fix = members.word(members.optional("fix"), "fix", kFixes);
    if (fix != "never") defeat.fix = fix == "safe" ? Applicability::safe : Applicability::unsafe;
    defeat.why = members.sentence("why");
    defeat.evidence = members.evidence(defeat.source);
    if (!members.has("flags") && !members.has("variables")) members.complain("", "needs `flags` or `variables`");
    members.refuse_unknown();
    return defeat;
  }

  Companion read_companion(const JsonValue& value, const std::string& path, const Opened& opened) {
    Members members(value, path, opened.reading);
    Companion companion{};
    companion.directories = references(members, "directories", opened, true);
    companion.also = references(members, "also", opened);
    companion.variable = members.text(members.optional("variable"), "variable", trouble_with_setting);
    companion.flag = members.text(members.optional("flag"), "flag", trouble_with_option_or_value);
    companion.say = members.sentence("say");
    companion.why = members.sentence("why");
    companion.evidence = members.evidence(companion.source);
    if (!members.has("also") && !members.has("variable") && !members.has("flag"))
      members.complain("", "needs `also`, `variable` or `flag`");
    members.refuse_unknown();
    return companion;
  }

  /// What refers to directories.
  void complete(const Opened& opened) {
    Members members(opened.document.root, "", opened.reading);
    const auto each = [&](std::string_view key, Empty empty, auto read) {
      std::vector<decltype(read(JsonValue(), std::string()))> all;
      members.each_item(members.optional(key), key, empty,
                        [&](const JsonValue& value, const std::string& path) { all.push_back(read(value, path)); });
      return arena_.keep(all);
    };
    Tool& tool = *opened.tool;
    tool.commands = each("commands", Empty::allowed,
                         [&](const JsonValue& v, const std::string& path) { return read_command(v, path, opened); });
    tool.defeats = each("defeats", Empty::refused,
                        [&](const JsonValue& v, const std::string& path) { return read_defeat(v, path, opened); });
    tool.companions = each("companions", Empty::refused, [&](const JsonValue& v, const std::string& path) {
      return read_companion(v, path, opened);
    });
  }

  Arena& arena_;
  std::vector<CatalogError>& errors_;
  std::vector<std::unique_ptr<Opened>> opened_;
  std::map<std::string_view, const Tool*> tools_;
  std::map<std::string_view, std::vector<const CacheDir*>> paths_;
};

}  // namespace

std::string CatalogError::text() const {
  return fmt::format("{}:{}: {}{}{}", path, line, key, key.empty() ? "" : ": ", message);
}

std::vector<const Tool*> read_tools(std::span<const CatalogFile> files, std::span<const Tool* const> others,
                                    Arena& arena, std::vector<CatalogError>& errors) {
  return Reader(arena, errors).read(files, others);
}

}  // namespace dockerlint
