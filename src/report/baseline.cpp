// SPDX-License-Identifier: Apache-2.0
#include "report/baseline.hpp"

#include "data/json.hpp"
#include "dockerlint/rule.hpp"
#include "report/fingerprint.hpp"
#include "report/json_text.hpp"
#include "text/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace dockerlint {
namespace {

constexpr std::string_view kVersion = "1";
constexpr TextSize kMostShown = 60;  // bytes

auto identity(const BaselineEntry& e) { return std::tie(e.path, e.build, e.rule, e.text, e.instruction); }

/// What the findings of a file are known by.
class Identities {
 public:
  explicit Identities(const Document& document) : document_(document) {}

  std::string text(const Diagnostic& found) const {
    return fmt::format("{:016x}", Fingerprints::hash(document_.source(), {}, found));
  }

  std::string instruction(const Diagnostic& found) {
    const auto all = document_.instructions();
    const auto at = std::partition_point(all.begin(), all.end(),
                                         [&](const Instruction& in) { return in.range.end < found.range.begin; });
    if (at == all.end() || at->range.begin > found.range.begin) return {};
    auto [known, is_new] = instructions_.try_emplace(&*at);
    if (is_new) known->second = fmt::format("{:016x}", hash(*at));
    return known->second;
  }

 private:
  /// Of what it says: comments, indentation and where its lines are broken do not count.
  std::uint64_t hash(const Instruction& in) const {
    const SourceText& source = document_.source();
    const TextSize end = in.last_line < source.line_count() ? source.line_start(in.last_line + 1) : source.size();
    TextHash hash;
    for (const Token& token : document_.tokens_in({source.line_start(in.first_line), end})) {
      switch (token.kind) {
        case TokenKind::keyword:
        case TokenKind::flag:
        case TokenKind::text:
        case TokenKind::heredoc_marker:
        case TokenKind::heredoc_body: hash.add_without_blanks(source.slice(token.range)); break;
        default: break;
      }
    }
    return hash.value();
  }

  const Document& document_;
  std::unordered_map<const Instruction*, std::string> instructions_;
};

// --- reading ---

/// Where what ends before `end` begins: a string, a bracket, or a word or number, behind which the reader may have read on.
std::size_t begin_of(std::string_view bytes, std::size_t end) {
  constexpr std::string_view kWord = "+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const auto is_word = [&](char c) { return kWord.find(c) != std::string_view::npos; };
  std::size_t at = std::min(end, bytes.size());
  while (at > 0 && !is_word(bytes[at - 1]) && std::string_view("\"{[").find(bytes[at - 1]) == std::string_view::npos)
    --at;
  if (at == 0) return 0;
  if (bytes[--at] == '"') {
    const auto is_escaped = [&](std::size_t quote) {
      std::size_t backslashes = 0;
      while (quote > backslashes && bytes[quote - backslashes - 1] == '\\') ++backslashes;
      return backslashes % 2 == 1;
    };
    do {
      at = at == 0 ? std::string_view::npos : bytes.rfind('"', at - 1);
    } while (at != std::string_view::npos && is_escaped(at));
    return at == std::string_view::npos ? 0 : at;
  }
  while (at > 0 && is_word(bytes[at]) && is_word(bytes[at - 1])) --at;
  return at;
}

/// Of the last of so many bytes; where that ends the text, of what should stand behind it.
std::size_t column_of(std::string_view bytes, std::size_t read) {
  const std::string_view before = bytes.substr(0, read < bytes.size() ? std::max<std::size_t>(read, 1) - 1 : read);
  const std::size_t newline = before.rfind('\n');
  return newline == std::string_view::npos ? before.size() + 1 : before.size() - newline;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  BaselineReading read() && {
    const JsonDocument document = parse_json(bytes_);
    if (!document.error.empty()) {
      reading_.error = document.error;
      reading_.line = document.error_line;
      reading_.column = column_of(bytes_, document.error_end);
      return std::move(reading_);
    }
    root(document.root);
    reading_.baseline.tidy();
    return std::move(reading_);
  }

 private:
  /// At a value, or at a member's key.
  template <typename At>
  bool fail(const At& at, std::string why) {
    if (!reading_.error.empty()) return false;  // one is enough to send the user there
    reading_.error = std::move(why);
    reading_.line = at.line;
    reading_.column = column_of(bytes_, begin_of(bytes_, at.end) + 1);
    return false;
  }

  void root(const JsonValue& root) {
    if (root.kind != JsonValue::Kind::object) {
      fail(root, "a baseline is an object with `version` and `findings`");
      return;
    }
    const JsonValue* version = nullptr;
    const JsonValue* findings = nullptr;
    for (const JsonMember& member : root.members) {
      if (member.key == "version") version = &member.value;
      else if (member.key == "findings") findings = &member.value;
    }
    if (version == nullptr) fail(root, "`version` is missing: this is no baseline of dockerlint");
    else if (version->kind != JsonValue::Kind::number || version->text != kVersion)
      fail(*version, fmt::format("this dockerlint reads baselines of version {}, not {}", kVersion,
                                 version->kind == JsonValue::Kind::text ? quoted(version->text)
                                 : version->text.empty()                ? "that"
                                                                        : version->text));
    else if (findings == nullptr) fail(root, "`findings` is missing");
    else if (findings->kind != JsonValue::Kind::array) fail(*findings, "`findings` must be an array");
    else
      for (const JsonValue& item : findings->items)
        if (!entry(item)) return;
  }

  bool entry(const JsonValue& item) {
    if (item.kind != JsonValue::Kind::object) return fail(item, "each of `findings` must be an object");
    BaselineEntry entry;
    for (const JsonMember& member : item.members) {
      std::string* const text = member.key == "path"          ? &entry.path
                                : member.key == "build"       ? &entry.build
                                : member.key == "rule"        ? &entry.rule
                                : member.key == "text"        ? &entry.text
                                : member.key == "instruction" ? &entry.instruction
                                : member.key == "about"       ? &entry.about
                                                              : nullptr;
      if (text != nullptr) {
        if (member.value.kind != JsonValue::Kind::text)
          return fail(member, fmt::format("`{}` must be a string", member.key));
        *text = member.value.text;
      } else if (member.key == "count") {
        const std::string& digits = member.value.text;
        const char* const end = digits.data() + digits.size();
        const auto [stop, error] = std::from_chars(digits.data(), end, entry.count);
        if (member.value.kind != JsonValue::Kind::number || stop != end || error != std::errc() || entry.count == 0)
          return fail(member, "`count` must be a number above 0");
      } else {
        return fail(member, fmt::format("unknown key `{}`", shown(member.key)));
      }
    }
    for (const auto& [key, value] : {std::pair("path", &entry.path), {"rule", &entry.rule}, {"text", &entry.text}})
      if (value->empty()) return fail(item, fmt::format("`{}` is missing", key));
    reading_.baseline.entries.push_back(std::move(entry));
    return true;
  }

  std::string_view bytes_;
  BaselineReading reading_;
};

}  // namespace

BaselineReading read_baseline(std::string_view bytes) { return Reader(bytes).read(); }

std::span<const BaselineEntry> Baseline::of(std::string_view path) const {
  const auto first = std::partition_point(entries.begin(), entries.end(), [&](const auto& e) { return e.path < path; });
  const auto last = std::partition_point(first, entries.end(), [&](const auto& e) { return e.path == path; });
  return {first, last};
}

void Baseline::tidy() {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const BaselineEntry& a, const BaselineEntry& b) { return identity(a) < identity(b); });
  std::vector<BaselineEntry> joined;
  for (BaselineEntry& entry : entries) {
    if (!joined.empty() && identity(joined.back()) == identity(entry)) joined.back().count += entry.count;
    else joined.push_back(std::move(entry));
  }
  entries = std::move(joined);
}

std::string Baseline::text() const {
  std::string out = fmt::format("{{\n  \"version\": {},\n  \"findings\": [", kVersion);
  for (const BaselineEntry& entry : entries) {
    out += &entry == &entries.front() ? "\n    " : ",\n    ";
    JsonWriter json(out);
    json.object([&] {
      json.member("path", entry.path);
      if (!entry.build.empty()) json.member("build", entry.build);
      json.member("rule", entry.rule);
      json.member("text", entry.text);
      if (!entry.instruction.empty()) json.member("instruction", entry.instruction);
      if (entry.count > 1) json.member("count", entry.count);
      json.member("about", entry.about);
    });
  }
  return out + (entries.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

std::vector<BaselineEntry> baseline_entries(std::string_view path, std::string_view build, const Document& document,
                                            std::span<const Diagnostic> findings) {
  Identities identities(document);
  std::vector<BaselineEntry> entries;
  for (const Diagnostic& found : findings) {
    const TextRange begin{found.range.begin, std::min(found.range.end, found.range.begin + kMostShown)};
    entries.push_back({std::string(path), std::string(build), std::string(found.rule->name), identities.text(found),
                       identities.instruction(found), shown(document.source().slice(begin))});
  }
  return entries;
}

BaselineMatch match(std::span<const BaselineEntry> entries, const Document& document,
                    std::span<const Diagnostic> findings) {
  BaselineMatch result{std::vector<bool>(findings.size(), false), {}};
  for (const BaselineEntry& entry : entries) result.left.push_back(entry.count);
  if (entries.empty()) return result;
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;  // rule, text, instruction
  std::map<Key, std::size_t> by_all;
  std::map<std::pair<std::string_view, std::string_view>, std::vector<std::size_t>> by_text;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    by_all.emplace(Key{entries[i].rule, entries[i].text, entries[i].instruction}, i);
    by_text[{entries[i].rule, entries[i].text}].push_back(i);
  }
  Identities identities(document);
  std::vector<std::string> texts;
  for (std::size_t f = 0; f < findings.size(); ++f) {
    texts.push_back(identities.text(findings[f]));
    const auto same = by_all.find({findings[f].rule->name, texts[f], identities.instruction(findings[f])});
    if (same == by_all.end() || result.left[same->second] == 0) continue;
    --result.left[same->second];
    result.known[f] = true;
  }
  for (std::size_t f = 0; f < findings.size(); ++f) {
    if (result.known[f]) continue;
    const auto near = by_text.find({findings[f].rule->name, texts[f]});
    if (near == by_text.end()) continue;
    std::vector<std::size_t>& candidates = near->second;
    while (!candidates.empty() && result.left[candidates.back()] == 0) candidates.pop_back();
    if (candidates.empty()) continue;
    --result.left[candidates.back()];
    result.known[f] = true;
  }
  return result;
}

}  // namespace dockerlint
