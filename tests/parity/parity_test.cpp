// SPDX-License-Identifier: Apache-2.0
// dockerlint against BuildKit's own reading of a file. tests/parity/cases.json is ours and always runs;
// the folder that DOCKERLINT_CORPUS names has far more. What differs on purpose is in differences.json,
// each with its reason; an entry that is no longer needed fails.

#include "dockerlint/config.hpp"
#include "dockerlint/lint.hpp"
#include "dockerlint/model.hpp"
#include "model/expand.hpp"
#include "support/catch.hpp"
#include "support/page.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>

using namespace dockerlint;
using namespace dockerlint::test;

namespace {

using Json = nlohmann::json;
using Strings = std::vector<std::string>;

// --- texts ---

/// As Go's JSON writes a text that may not be UTF-8: U+FFFD for each byte that is not.
std::string json_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint c = decode(text);
    if (c.valid) out += text.substr(0, c.length);
    else out += "\xEF\xBF\xBD";
    text.remove_prefix(c.length);
  }
  return out;
}

/// As Go's strconv.Quote writes it.
std::string go_quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const CodePoint c = decode(text);
    const std::string_view bytes = text.substr(0, c.length);
    constexpr std::string_view kNamed = "\a\b\f\n\r\t\v\\\"";
    constexpr std::string_view kNames = "abfnrtv\\\"";
    const std::size_t named = kNamed.find(text.front());
    if (named != kNamed.npos) (out += '\\') += kNames[named];
    else if (!c.valid || c.value < 0x20 || c.value == 0x7F)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    else if ((c.value >= 0x80 && c.value <= 0xA0) || c.value == 0xAD)
      out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c.value));
    else out += bytes;
    text.remove_prefix(c.length);
  }
  return out + '"';
}

/// As Go's path.Clean makes it, for what is absolute.
std::string clean_path(std::string_view path) {
  if (!path.starts_with('/')) return std::string(path);
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  return fmt::format("/{}", fmt::join(parts, "/"));
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// --- an instruction as BuildKit's tree has it ---

Strings arguments_of(const Instruction& instruction) {
  Strings all;
  if (instruction.kind == InstructionKind::arg) {
    for (const Assignment& a : instruction.assignments)
      all.push_back(a.has_value ? fmt::format("{}={}", a.name.text, a.value.text) : std::string(a.name.text));
  } else if (instruction.form == Form::pairs || instruction.form == Form::legacy) {
    for (const Assignment& a : instruction.assignments) {
      all.emplace_back(a.name.text);
      all.emplace_back(a.value.text);
      all.emplace_back(instruction.form == Form::pairs ? "=" : "");
    }
  } else {
    for (const Argument& argument : instruction.arguments) all.emplace_back(argument.text);
  }
  // BuildKit's tree has one empty argument where there is none, in some instructions.
  if (all == Strings{""} && instruction.form != Form::json) all.clear();
  return all;
}

Strings flags_of(const Instruction& instruction) {
  Strings all;
  for (const Flag& flag : instruction.flags) all.emplace_back(flag.text);
  return all;
}

Strings json_texts(Strings texts) {
  for (std::string& text : texts) text = json_text(text);
  return texts;
}

std::string dump(const Instruction& instruction) {
  std::string out = lower(instruction.keyword.text);
  if (!instruction.flags.empty()) {
    Strings flags;
    for (const Flag& flag : instruction.flags) flags.push_back(go_quote(flag.text));
    out += fmt::format(" [{}]", fmt::join(flags, " "));
  }
  if (instruction.nested != nullptr) return fmt::format("({} {})", out, dump(*instruction.nested));
  for (const std::string& argument : arguments_of(instruction)) out += ' ' + go_quote(argument);
  return fmt::format("({})", out);
}

// --- comparing ---

struct Reading {
  Document document;
  Model model;
  /// BuildKit was given no images when the cases were made, so we know none either.
  explicit Reading(std::string bytes)
      : document(Document::parse("Dockerfile", std::move(bytes))),
        model(document, [](std::string_view) -> const Image* { return nullptr; }) {}
};

std::size_t unknown_values = 0;
std::size_t known_values = 0;

class Comparison {
 public:
  explicit Comparison(const Reading& reading) : document_(reading.document), model_(reading.model) {}

  Strings differences;

  void fail(std::string what) { differences.push_back(std::move(what)); }

  template <typename E, typename A>
  bool same(const std::string& what, const E& expected, const A& actual) {
    if (expected == actual) return true;
    fail(fmt::format("{}: expected {}, got {}", what,
                     Json(expected).dump(-1, ' ', false, Json::error_handler_t::replace),
                     Json(actual).dump(-1, ' ', false, Json::error_handler_t::replace)));
    return false;
  }

  /// In the long shape, with an object an instruction.
  void instructions(const Json& expected) {
    Strings keywords;
    for (const Json& e : expected) keywords.push_back(e["cmd"]);
    if (!same("instructions", keywords, own_keywords())) return;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const Instruction& in = document_.instructions()[i];
      same(where(in, "first line"), expected[i]["startLine"].get<std::uint32_t>(), in.first_line);
      same(where(in, "last line"), expected[i]["endLine"].get<std::uint32_t>(), in.last_line);
      instruction(expected[i], in);
    }
  }

  /// In the short shape: [keyword, first line, last line, {what is not usual}].
  void short_instructions(const Json& expected) {
    Strings keywords;
    for (const Json& e : expected) keywords.push_back(e[0]);
    if (!same("instructions", keywords, own_keywords())) return;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const Instruction& in = document_.instructions()[i];
      const Json more = expected[i].size() > 3 ? expected[i][3] : Json::object();
      same(where(in, "first line"), expected[i][1].get<std::uint32_t>(), in.first_line);
      same(where(in, "last line"), expected[i][2].get<std::uint32_t>(), in.last_line);
      same(where(in, "flags"), more.value("flags", Strings{}), json_texts(flags_of(in)));
      if (!in.broken) same(where(in, "JSON form"), more.value("json", false), is_json(in));
      Json heredocs = Json::array();
      for (const Heredoc& h : in.heredocs) heredocs.push_back({json_text(h.name), h.expands, h.strips_tabs});
      same(where(in, "heredocs"), more.value("heredocs", Json::array()), heredocs);
    }
  }

  /// As BuildKit's tests print the tree, an instruction a line.
  void dumped(const std::string& expected) {
    Strings lines;
    std::string_view text = expected;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      if (end > 0) lines.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    Strings own;
    for (const Instruction& instruction : document_.instructions()) own.push_back(dump(instruction));
    if (!same("number of instructions", lines.size(), own.size())) return;
    for (std::size_t i = 0; i < lines.size(); ++i) same(where(document_.instructions()[i], "tree"), lines[i], own[i]);
  }

  void stages(const Json& expected, const std::function<Json(const Stage&)>& own) {
    Json actual = Json::array();
    for (const Stage& stage : model_.stages()) actual.push_back(own(stage));
    same("stages", expected, actual);
  }

  /// `resolved`: what the mounts come to after expansion, in the order of the file.
  void mounts(const Json& resolved, bool caches_only) {
    std::map<std::uint32_t, std::size_t> seen;
    for (const Json& e : resolved) {
      const std::uint32_t line = e["line"];
      if (e.value("onbuild", false)) continue;  // triggered in another build, which this file is not
      const RunStep* run = run_at(line);
      if (run == nullptr) {
        fail(fmt::format("line {}: no RUN with a mount", line));
        continue;
      }
      const std::size_t n = seen[line]++;
      std::vector<const Mount*> own;
      bool all_types_known = true;
      for (const Mount& mount : run->mounts) {
        all_types_known = all_types_known && mount.type_name.has_value();
        if (!caches_only || mount.is(MountType::cache)) own.push_back(&mount);
      }
      if (caches_only && !all_types_known) {
        ++unknown_values;
        continue;
      }
      if (n >= own.size()) {
        fail(fmt::format("line {}: expected {} mounts or more, got {}", line, n + 1, own.size()));
        continue;
      }
      mount(fmt::format("line {}, mount {}", line, n + 1), e, *own[n]);
    }
  }

  /// `lines`: where BuildKit says that the error is; empty or with a 0: it does not say.
  void error(const std::string& message, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& lines) {
    std::vector<Suppressed> suppressed;  // some files ask BuildKit's own checks to be silent
    std::vector<Diagnostic> found = lint(document_, Config{}, Catalog::builtin(), &suppressed);
    for (Suppressed& hidden : suppressed) found.push_back(std::move(hidden.finding));
    const auto here = [&](TextRange range) {
      if (lines.empty()) return true;
      const std::uint32_t first = document_.source().line_of(range.begin);
      const std::uint32_t last = document_.source().line_of(range.end);
      return std::any_of(lines.begin(), lines.end(),
                         [&](const auto& l) { return l.first == 0 || (first <= l.second && l.first <= last); });
    };
    // One finding an argument without a default, at the first stage that uses it.
    const auto blank = [&](TextRange range) {
      return std::any_of(model_.errors().begin(), model_.errors().end(), [&](const BuildError& e) {
        return e.kind == BuildErrorKind::blank_image && e.range == range && (here(range) || uses_argument_of(e, lines));
      });
    };
    for (const Diagnostic& finding : found)
      if ((here(finding.range) && finding.severity == Severity::error) || blank(finding.range)) return;
    Strings own;
    for (const SyntaxError& e : document_.errors())
      own.push_back(fmt::format("line {}: {}", document_.source().line_of(e.range.begin), e.message));
    for (const BuildError& e : model_.errors())
      own.push_back(fmt::format("line {}: {}", document_.source().line_of(e.range.begin), e.message));
    fail(fmt::format("no finding of an error where BuildKit says {} {}; the reading has [{}]", message,
                     Json(lines).dump(), fmt::join(own, "; ")));
  }

  void no_error() {
    for (const SyntaxError& e : document_.errors())
      fail(fmt::format("line {}: BuildKit takes it, and we say: {}", document_.source().line_of(e.range.begin),
                       e.message));
    for (const BuildError& e : model_.errors())
      fail(fmt::format("line {}: BuildKit takes it, and we say: {}", document_.source().line_of(e.range.begin),
                       e.message));
  }

  void verdict(const Json& expected) {
    if (expected["ok"].get<bool>()) return no_error();
    std::vector<std::pair<std::uint32_t, std::uint32_t>> lines;
    if (expected.contains("errorLines") && expected["errorLines"].is_array()) lines = expected["errorLines"];
    error(expected.value("error", ""), lines);
  }

  void escape(const Json& expected) {
    if (expected.contains("escape") && expected["escape"].is_string())
      same("escape", expected["escape"].get<std::string>(), std::string(1, document_.escape()));
  }

  void directive(const std::string& name, const Json& expected) {
    std::string own;
    for (const Directive& d : document_.directives())
      if (d.name == name) own = json_text(d.value.text);
    same("directive " + name, expected.value(name, ""), own);
  }

 private:
  static std::string where(const Instruction& in, std::string_view what) {
    return fmt::format("line {} {}: {}", in.first_line, in.keyword.text, what);
  }

  static bool is_json(const Instruction& in) { return in.form == Form::json; }

  Strings own_keywords() const {
    Strings all;
    for (const Instruction& in : document_.instructions()) all.push_back(json_text(in.keyword.text));
    return all;
  }

  void instruction(const Json& e, const Instruction& in) {
    same(where(in, "flags"), e.value("flags", Strings{}), json_texts(flags_of(in)));
    if (in.kind != InstructionKind::unknown && !in.broken) {
      Strings expected = e.value("args", Strings{});
      if (expected == Strings{""} && !e.value("json", false)) expected.clear();
      same(where(in, "arguments"), expected, json_texts(arguments_of(in)));
      same(where(in, "JSON form"), e.value("json", false), is_json(in));
    }
    Json heredocs = Json::array();
    for (const Heredoc& h : in.heredocs)
      heredocs.push_back({{"name", json_text(h.name)},
                          {"expand", h.expands},
                          {"chomp", h.strips_tabs},
                          {"content", json_text(document_.source().slice(h.body))}});
    Json expected_heredocs = e.value("heredocs", Json::array());
    for (Json& h : expected_heredocs) h.erase("fd");
    same(where(in, "heredocs"), expected_heredocs, heredocs);

    if (e.contains("onbuild") && in.nested != nullptr) instruction_in_onbuild(e["onbuild"], *in.nested);
    else if (!in.broken) same(where(in, "nested"), e.contains("onbuild"), in.nested != nullptr);
    if (e.contains("mounts") && !in.broken) mount_fields(e["mounts"], in);
  }

  void instruction_in_onbuild(const Json& e, const Instruction& in) {
    same(where(in, "nested keyword"), e["cmd"].get<std::string>(), json_text(in.keyword.text));
    if (e["startLine"] != 0) {  // of an ONBUILD in an ONBUILD, BuildKit does not know
      same(where(in, "nested first line"), e["startLine"].get<std::uint32_t>(), in.first_line);
      same(where(in, "nested last line"), e["endLine"].get<std::uint32_t>(), in.last_line);
    }
    instruction(e, in);
  }

  void mount_fields(const Json& expected, const Instruction& in) {
    const RunStep* run = nullptr;
    for (const Stage& stage : model_.stages())
      for (const RunStep& step : stage.runs)
        if (step.instruction == &in) run = &step;
    if (run == nullptr) return fail(where(in, "no such step in the model"));
    if (!same(where(in, "number of mounts"), expected.size(), run->mounts.size())) return;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const Mount& own = run->mounts[i];
      same(where(in, "mount as written"), expected[i]["raw"].get<std::string>(), json_text(own.flag->value.text()));
      if (!expected[i].contains("fields")) continue;
      Json fields = Json::array();
      for (const MountOption& o : own.options)
        fields.push_back({{"key", json_text(o.name)}, {"value", o.has_value ? Json(json_text(o.value)) : Json()}});
      same(where(in, "mount fields"), expected[i]["fields"], fields);
    }
  }

  /// Whether one of the lines uses the argument that `error` says must be given.
  bool uses_argument_of(const BuildError& error,
                        const std::vector<std::pair<std::uint32_t, std::uint32_t>>& lines) const {
    constexpr std::string_view kBefore = "--build-arg ";
    const std::size_t begin = error.message.find(kBefore);
    if (begin == error.message.npos) return false;
    const std::string_view rest = error.message.substr(begin + kBefore.size());
    const std::string_view argument = rest.substr(0, rest.find('='));
    return std::any_of(lines.begin(), lines.end(), [&](const auto& l) {
      return l.first > 0 && document_.source().line(l.first).find(argument) != std::string_view::npos;
    });
  }

  const RunStep* run_at(std::uint32_t line) const {
    for (const Stage& stage : model_.stages())
      for (const RunStep& run : stage.runs)
        if (run.instruction->first_line == line && !run.on_build) return &run;
    return nullptr;
  }

  void value(const std::string& what, const std::string& expected, Value own) {
    if (!own) {
      ++unknown_values;
      return;
    }
    ++known_values;
    same(what, expected, json_text(*own));
  }

  static std::string stage_name(const Stage& stage) {
    return stage.name.empty() ? fmt::format("stage-{}", stage.index) : json_text(stage.name);
  }

  void number(const std::string& what, const Json& e, const char* key, const MountOption* option,
              const std::optional<std::uint32_t>& own) {
    if (option == nullptr) return void(same(what + ", " + key, e.contains(key), own.has_value()));
    if (!own) return void(++unknown_values);
    ++known_values;
    same(what + ", " + key, e.value(key, 0U), *own);
  }

  void mount(const std::string& what, const Json& e, const Mount& own) {
    value(what + ", type", e.value("type", "cache"), own.type_name ? Value(to_string(own.type)) : Value());
    if (own.target) value(what + ", target", clean_path(e.value("target", "")), own.target);
    else ++unknown_values;
    if (own.is(MountType::cache)) value(what + ", id", e.value("id", ""), own.id);
    std::string from = e.value("from", "");
    if (from == "scratch" && own.option(MountKey::from) == nullptr) from.clear();
    same(what + ", from", lower(from), lower(own.from.value_or("")));
    if (own.sharing || own.option(MountKey::sharing) == nullptr)
      same(what + ", sharing", e.value("sharing", ""), std::string(own.sharing ? to_string(*own.sharing) : ""));
    else ++unknown_values;
    if (const MountOption* source = own.option(MountKey::source)) {
      if (own.type == MountType::cache || own.type == MountType::bind)
        value(what + ", source", e.value("source", ""), source->expanded);
    } else {
      same(what + ", source", e.value("source", ""), std::string());
    }
    number(what, e, "uid", own.option(MountKey::uid), own.uid);
    number(what, e, "gid", own.option(MountKey::gid), own.gid);
    if (e.contains("mode")) number(what, e, "mode", own.option(MountKey::mode), own.mode);
    same(what + ", line", e["line"].get<std::uint32_t>(),
         document_.source().line_of(own.run->instruction->range.begin));
    if (e.contains("stage")) same(what + ", stage", e["stage"].get<std::string>(), stage_name(*own.run->stage));
    if (e.contains("ro")) same(what + ", read-only", e["ro"].get<bool>(), own.readonly);
  }

  const Document& document_;
  const Model& model_;
};

// --- the cases ---

/// What differs on purpose, by case; each entry must be needed by a case that runs.
class Differences {
 public:
  Differences() {
    const Json file = Json::parse(read_file("tests/parity/differences.json").value_or("{}"));
    for (const Json& entry : file["differences"]) {
      const std::string name = entry["case"];
      if (entry.value("why", "").empty()) FAIL_CHECK(name << ": says no reason");
      if (!reasons_.emplace(name, entry["why"]).second) FAIL_CHECK(name << ": is listed twice");
    }
  }

  void judge(const std::string& name, const Strings& differences) {
    const bool listed = reasons_.count(name) > 0;
    if (listed) needed_.insert(name);
    if (differences.empty() && listed) FAIL_CHECK(name << ": is listed in differences.json, and there is none");
    if (!differences.empty() && !listed)
      FAIL_CHECK(name << "\n  " << fmt::format("{}", fmt::join(differences, "\n  ")));
    ++count_;
  }

  /// Once all cases of a set have run: entries of that set that name no case.
  void finish(const std::string& set) {
    for (const auto& [name, why] : reasons_)
      if (name.starts_with(set + "/") && needed_.count(name) == 0)
        FAIL_CHECK(name << ": is listed in differences.json, and is no case");
    std::printf("parity: %s: %zu cases\n", set.c_str(), count_);
    CHECK(count_ > 0);
  }

 private:
  std::map<std::string, std::string> reasons_;
  std::set<std::string> needed_;
  std::size_t count_ = 0;
};

std::string corpus_folder() {
  const char* folder = std::getenv("DOCKERLINT_CORPUS");
  return folder == nullptr ? "" : folder;
}

/// The path of a file of the external corpus; says so and answers "" when there is none.
std::string corpus_path(const char* name) {
  if (const std::string folder = corpus_folder(); !folder.empty()) return folder + "/" + name;
  std::printf("parity: left out: %s (DOCKERLINT_CORPUS is not set)\n", name);
  return "";
}

Json stage_in_long(const Stage& stage) {
  Json own = {{"name", json_text(stage.name)},
              {"base", json_text(stage.image.text)},
              {"line", stage.from->first_line},
              {"commands", stage.instructions.size()}};
  const Flag* platform = stage.from->flag("platform");
  if (platform != nullptr && platform->has_value && !platform->value.empty())
    own["platform"] = json_text(platform->value.text());
  return own;
}

/// The lines that BuildKit's tests make too long to print.
std::string long_case(const std::string& name) {
  constexpr std::size_t kLimit = 65535;
  const std::string run = "FROM scratch\nRUN ";
  const std::string fits = run + std::string(kLimit - 4, 'a');
  if (name == "long line ok") return fits + "\n";
  if (name == "long line bad") return fits + "a\n";
  if (name == "long line eof 65535") return fits;
  if (name == "long line eof 65536") return fits + "a";
  const std::string part(60000, 'a');
  if (name == "long logical ok") return run + part + "\\\n" + part + "\\\n" + part + "\n";
  if (name == "long heredoc line") return "FROM scratch\nRUN <<E\n" + std::string(70000, 'a') + "\nE\n";
  return "";
}

/// The bytes of a text in which each code point is one byte.
std::string latin1(const std::string& text) {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const CodePoint c = decode(rest);
    out += static_cast<char>(c.value);
    rest.remove_prefix(c.length);
  }
  return out;
}

Strings grammar_differences(const Json& c) {
  const Json& expect = c["expect"];
  if (!c.contains("dockerfile") && !c.contains("dockerfile_latin1")) {
    const Reading reading(long_case(c["name"]));
    Comparison comparison(reading);
    comparison.same("size", c["dockerfile_len"].get<TextSize>(), reading.document.source().size());
    if (expect["ok"].get<bool>()) comparison.no_error();
    else comparison.error(expect["error"], {});  // BuildKit names the line before
    return comparison.differences;
  }
  const Reading reading(c.contains("dockerfile") ? c["dockerfile"].get<std::string>() : latin1(c["dockerfile_latin1"]));
  Comparison comparison(reading);
  comparison.verdict(expect);
  if (expect.contains("instructions")) {
    comparison.escape(expect);
    comparison.instructions(expect["instructions"]);
    comparison.directive("check", expect);
    comparison.directive("syntax", expect);
  }
  if (expect.contains("stages")) comparison.stages(expect["stages"], stage_in_long);
  if (expect.contains("resolvedMounts")) comparison.mounts(expect["resolvedMounts"], false);
  return comparison.differences;
}

void grammar_cases(const std::string& set, const Json& file) {
  Differences known;
  std::map<std::string, int> seen;
  for (const Json& c : file["cases"]) {
    std::string name = fmt::format("{}/{}/{}", set, c["group"].get<std::string>(), c["name"].get<std::string>());
    if (const int before = seen[name]++; before > 0) name += fmt::format(" #{}", before + 1);
    known.judge(name, grammar_differences(c));
  }
  known.finish(set);
}

// --- BuildKit's own parser tests: each group has its own shape ---

class ParserCases {
 public:
  void run(const Json& c) {
    const std::string group = c["group"];
    std::string name = c["name"];
    if (c.contains("input")) name += " " + c["input"].get<std::string>();
    const std::string base = fmt::format("parser/{}/{}", group, name);
    if (group == "testfiles") return on(base, c, [&](Comparison& cmp) { cmp.dumped(c["dump"]); });
    if (group == "testfiles-negative" || group == "instruction-error")
      return on(base, c, [&](Comparison& cmp) { refused(cmp, c); });
    if (group == "lines") return on(base, c, [&](Comparison& cmp) { lines(cmp, c); });
    if (group == "heredoc") return on(base, c, [&](Comparison& cmp) { heredocs(cmp, c); });
    if (group == "heredoc-word") return heredoc_words(base, c);
    if (group == "heredoc-line") return heredoc_lines(base, c);
    if (group == "words") return words(base, c);
    if (group == "empty-continuation") return on(base, c, [&](Comparison& cmp) { empty_continuations(cmp, c); });
    if (group == "long-line") return long_line(base, c);
    if (group == "json") return json(base, c);
    if (group == "directive") return directive(base, c);
    if (group == "copy-heredoc") return on(base, c, [&](Comparison& cmp) { copy_heredoc(cmp, c); });
    if (group == "run-heredoc") return on(base, c, [&](Comparison& cmp) { run_heredoc(cmp, c); });
    if (group == "device") return device(base, c);
    if (group == "comments") return on(base, c, [](Comparison& cmp) { cmp.no_error(); });
    FAIL_CHECK(base << ": a group that is not known");
  }

  void finish() { known_.finish("parser"); }

 private:
  using Check = std::function<void(Comparison&)>;

  void on_text(std::string name, const std::string& text, const Check& check) {
    if (const int before = seen_[name]++; before > 0) name += fmt::format(" #{}", before + 1);
    reading_.emplace(text);
    Comparison comparison(*reading_);
    check(comparison);
    known_.judge(name, comparison.differences);
  }

  void on(const std::string& name, const Json& c, const Check& check) { on_text(name, c["dockerfile"], check); }

  const Document& document() const { return reading_->document; }

  /// An error other than that the fragment has no FROM.
  static bool refuses(const Reading& reading) {
    const auto errors = reading.document.errors();
    return !reading.model.errors().empty() || std::any_of(errors.begin(), errors.end(), [](const SyntaxError& e) {
      return e.kind != SyntaxErrorKind::stage;
    });
  }

  void refused(Comparison& cmp, const Json& c) {
    const bool whole = c["group"] == "testfiles-negative";
    if (whole ? document().errors().empty() : !refuses(*reading_)) cmp.fail("BuildKit refuses it, and we do not");
  }

  void lines(Comparison& cmp, const Json& c) {
    Json own = Json::array();
    for (const Instruction& in : document().instructions()) own.push_back({in.first_line, in.last_line});
    cmp.same("lines", c["child_lines"], own);
  }

  void heredocs(Comparison& cmp, const Json& c) {
    Json expected = c["heredocs_of_children_from_1"];
    for (Json& of_one : expected)
      if (of_one.is_array())
        for (Json& h : of_one) h.erase("fd");
    Json own = Json::array();
    for (const Instruction& in : document().instructions().subspan(1)) own.push_back(heredocs_of(in));
    cmp.same("heredocs", expected, own);
  }

  Json heredocs_of(const Instruction& in) const {
    Json all;
    for (const Heredoc& h : in.heredocs)
      all.push_back({{"name", h.name},
                     {"content", document().source().slice(h.body)},
                     {"expand", h.expands},
                     {"chomp", h.strips_tabs}});
    return all;
  }

  /// The names of the heredocs of the only RUN in `text`.
  Strings names() const {
    Strings all;
    for (const Heredoc& h : document().instructions().front().heredocs) all.emplace_back(h.name);
    return all;
  }

  void heredoc_words(const std::string& base, const Json& c) {
    for (const std::string word : c["valid_name_EOF"])
      on_text(base + " " + word, "RUN " + word + "\nEOF\n",
              [&](Comparison& cmp) { cmp.same("names", Strings{"EOF"}, names()); });
    for (const char* key : {"error", "not_heredoc"})
      for (const std::string word : c[key])
        on_text(base + " " + word, "RUN x " + word + "\nEOF\n",
                [&](Comparison& cmp) { cmp.same("names", Strings{}, names()); });
  }

  void heredoc_lines(const std::string& base, const Json& c) {
    for (const Json& one : c["cases"]) {
      const std::string line = one["line"];
      const Strings expected = one["heredocNames"].is_null() ? Strings{} : one["heredocNames"].get<Strings>();
      on_text(base + " " + line, line + "\nEOF\nEOF2\n-EOF\n",
              [&](Comparison& cmp) { cmp.same("names", expected, names()); });
    }
  }

  void words(const std::string& base, const Json& c) {
    for (const Json& one : c["cases"])
      on_text(base + " " + one["input"].get<std::string>(), "ARG " + one["input"].get<std::string>() + "\n",
              [&](Comparison& cmp) {
                cmp.same("words", one["words"].get<Strings>(), arguments_of(document().instructions().front()));
              });
  }

  void empty_continuations(Comparison& cmp, const Json& c) {
    Strings own;
    for (const Instruction& in : document().instructions())
      if (in.empty_continuation) own.push_back(fmt::format("{} {}", in.keyword.text, in.body.text()));
    cmp.same("empty continuations", c["warnings_contain"].get<Strings>(), own);
  }

  void long_line(const std::string& base, const Json& c) {
    on_text(base, "FROM scratch\nRUN " + std::string(c["line_bytes"].get<std::size_t>(), 'a'),
            [&](Comparison& cmp) { cmp.error(c["error"], {}); });
  }

  void json(const std::string& base, const Json& c) {
    for (const auto& [text, expected] : c["valid"].items())
      on_text(base + " " + text, "CMD " + text + "\n", [&, &list = expected](Comparison& cmp) {
        const Instruction& in = document().instructions().front();
        cmp.same("JSON form", true, in.form == Form::json);
        cmp.same("strings", list.get<Strings>(), arguments_of(in));
      });
    for (const std::string text : c["not_string_array"])
      on_text(base + " " + text, "CMD " + text + "\n", [&](Comparison& cmp) {
        if (!refuses(*reading_)) cmp.fail("BuildKit refuses it, and we do not");
      });
  }

  /// The asserts are Go: `require.Equal(t,"foo",ref)`, `require.False(t,ok)`.
  void directive(const std::string& base, const Json& c) {
    const std::string name = c["name"];
    const std::string key = name == "TestDirectives" ? "escape" : name == "TestParseDirective" ? "check" : "syntax";
    on_text(base, c["text"], [&](Comparison& cmp) {
      std::string value;
      std::uint32_t line = 0;
      for (const Directive& d : document().directives()) {
        if (d.name != key) continue;
        value = d.value.text;
        line = document().source().line_of(d.range.begin);
      }
      for (const std::string assert : c["asserts"]) {
        const auto quoted = [&] {
          const std::size_t begin = assert.find('"') + 1;
          std::string text = assert.substr(begin, assert.find("\",", begin) - begin);
          return text == "\\\\" ? std::string("\\") : text;
        };
        if (assert == "require.True(t,ok)") cmp.same("is there", true, line > 0);
        else if (assert == "require.False(t,ok)") cmp.same("is there", false, line > 0);
        else if (assert.ends_with(",ref)")) cmp.same("value up to a blank", quoted(), value.substr(0, value.find(' ')));
        else if (assert.ends_with(",cmdline)") || assert.ends_with(".Value)")) cmp.same("value", quoted(), value);
        else if (assert.starts_with("require.Equal(t,1,loc")) cmp.same("line", 1u, line);
        else if (assert.starts_with("require.Equal(t,2,loc")) cmp.same("line", 2u, line);
      }
    });
  }

  Json contents(const Instruction& in, std::string_view name, std::string_view text, bool with_expand) const {
    Json all = Json::array();
    for (const Heredoc& h : in.heredocs) {
      std::string body(document().source().slice(h.body));
      if (h.strips_tabs && with_expand) {  // COPY takes the tabs away, RUN leaves that to the shell
        for (std::size_t at = 0; at < body.size(); at = std::min(body.find('\n', at), body.size() - 1) + 1)
          body.erase(at, std::min(body.find_first_not_of('\t', at), body.size()) - at);
      }
      Json one = {{std::string(name), h.name}, {std::string(text), body}};
      if (with_expand) one["Expand"] = h.expands;
      else if (h.strips_tabs) one["Chomp"] = true;
      all.push_back(one);
    }
    return all;
  }

  void copy_heredoc(Comparison& cmp, const Json& c) {
    const Instruction& in = document().instructions().front();
    Strings words = arguments_of(in);
    if (words.empty()) return cmp.fail("has no arguments");
    cmp.same("destination", c["dest"].get<std::string>(), words.back());
    words.pop_back();
    words.erase(std::remove_if(words.begin(), words.end(), [](const std::string& w) { return w.starts_with("<<"); }),
                words.end());
    cmp.same("sources", c["sources"].get<Strings>(), words);
    cmp.same("contents", c["contents"], contents(in, "Path", "Data", true));
  }

  void run_heredoc(Comparison& cmp, const Json& c) {
    const Instruction& in = document().instructions().front();
    cmp.same("shell form", c["shell"].get<bool>(), in.form != Form::json);
    cmp.same("command", c["command"].get<Strings>(), arguments_of(in));
    Json expected = c["files"];
    for (Json& file : expected)
      if (!file.value("Chomp", false)) file.erase("Chomp");
    cmp.same("files", expected, contents(in, "Name", "Data", false));
  }

  void device(const std::string& base, const Json& c) {
    on_text(
        base,
        "# syntax=docker/dockerfile:1-labs\nFROM scratch\nRUN --device=" + c["input"].get<std::string>() + " true\n",
        [&](Comparison& cmp) {
          if (c["error"].is_null()) cmp.no_error();
          else cmp.error(c["error"], {});
        });
  }

  Differences known_;
  std::map<std::string, int> seen_;
  std::optional<Reading> reading_;
};

}  // namespace

TEST_CASE("parity with BuildKit: our own cases") {
  grammar_cases("own", Json::parse(read_file("tests/parity/cases.json").value_or("{}")));
}

TEST_CASE("parity with BuildKit: grammar") {
  const std::string path = corpus_path("cases/grammar.json");
  if (!path.empty()) grammar_cases("grammar", Json::parse(read_file(path).value()));
  SUCCEED();
}

TEST_CASE("parity with BuildKit: its parser's tests") {
  const std::string path = corpus_path("cases/parser.json");
  if (!path.empty()) {
    ParserCases cases;
    const Json file = Json::parse(read_file(path).value());
    for (const Json& c : file["cases"]) cases.run(c);
    cases.finish();
  }
  SUCCEED();
}

TEST_CASE("parity with BuildKit: mounts") {
  const std::string path = corpus_path("cases/mounts.json");
  if (!path.empty()) {
    Differences known;
    const Json file = Json::parse(read_file(path).value());
    for (const Json& c : file) {
      const Reading reading(c["dockerfile"].get<std::string>());
      Comparison comparison(reading);
      if (c["oracle_error"].is_null()) {
        comparison.no_error();
        comparison.mounts(c["oracle_mounts"], false);
      } else {
        comparison.error(c["oracle_error"], {});
      }
      known.judge(fmt::format("mounts/{} {}", c["test"].get<std::string>(), c["go_line"].get<int>()),
                  comparison.differences);
    }
    known.finish("mounts");
  }
  SUCCEED();
}

TEST_CASE("parity with BuildKit: expansion") {
  const std::string path = corpus_path("cases/expansion.json");
  if (!path.empty()) {
    int count = 0;
    const Json file = Json::parse(read_file(path).value());
    for (const Json& c : file) {
      const std::string function = c["fn"];
      if (!function.starts_with("ProcessWord")) continue;  // the others are helpers of BuildKit's own
      std::map<std::string, std::string, std::less<>> environment;
      const Json given = c.value("env", Json::object());
      for (const auto& [name, value] : given.items())
        environment[name] = value.is_null() ? "" : value.get<std::string>();
      const auto lookup = [&](std::string_view name) {
        const auto found = environment.find(name);
        return found == environment.end() ? Variable{} : Variable{true, true, found->second};
      };
      const std::string word = c["word"];
      std::vector<std::string> words;
      const Expansion expansion = expand(word, '\\', lookup);
      CHECK(expand_to_words(word, '\\', lookup, words).text == expansion.text);
      INFO(c.value("suite", std::string()) << ": " << word);
      const bool refused = c.contains("error") && c["error"] != false && !c["error"].is_null();
      CHECK(refused == !expansion.error.empty());
      if (!refused && c.contains("words")) CHECK(c["words"].get<std::vector<std::string>>() == words);
      else if (!refused) CHECK(c.value("result", std::string()) == expansion.text);
      ++count;
    }
    fmt::print("parity: expansion: {} cases\n", count);
  }
  SUCCEED();
}

TEST_CASE("parity with BuildKit: real files") {
  const std::string path = corpus_path("cases/corpus_verdicts.jsonl");
  if (!path.empty()) {
    Differences known;
    unknown_values = known_values = 0;
    const std::string all = read_file(path).value();
    for (std::string_view rest = all; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const Json expect = Json::parse(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::string file = expect["file"];
      const Reading reading(read_file(corpus_folder() + "/corpus/" + file).value());
      Comparison comparison(reading);
      comparison.verdict(expect);
      comparison.escape(expect);
      if (expect.value("phase", "") != "parse") comparison.short_instructions(expect["instructions"]);
      if (expect.contains("stages"))
        comparison.stages(expect["stages"], [](const Stage& stage) {
          const Flag* platform = stage.from->flag("platform");
          return Json{json_text(stage.name), json_text(stage.image.text),
                      platform == nullptr ? "" : json_text(platform->value.text()), stage.from->first_line};
        });
      if (expect.contains("cacheMounts")) comparison.mounts(expect["cacheMounts"], true);
      known.judge("corpus/" + file, comparison.differences);
    }
    std::printf("parity: real files: %zu values of cache mounts known, %zu unknown\n", known_values, unknown_values);
    known.finish("corpus");
  }
  SUCCEED();
}
