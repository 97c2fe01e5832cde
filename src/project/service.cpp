// SPDX-License-Identifier: Apache-2.0
#include "project/service.hpp"

#include "data/scalar.hpp"
#include "project/merge.hpp"
#include "project/paths.hpp"
#include "text/near_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace dockerlint::project {
namespace {

using data::Entry;
using data::Style;
using data::Value;

/// https://docs.docker.com/reference/compose-file/build/
constexpr std::string_view kBuildKeys[] = {"additional_contexts",
                                           "args",
                                           "cache_from",
                                           "cache_to",
                                           "context",
                                           "dockerfile",
                                           "dockerfile_inline",
                                           "entitlements",
                                           "extra_hosts",
                                           "isolation",
                                           "labels",
                                           "network",
                                           "no_cache",
                                           "no_cache_filter",
                                           "platforms",
                                           "privileged",
                                           "provenance",
                                           "pull",
                                           "sbom",
                                           "secrets",
                                           "shm_size",
                                           "ssh",
                                           "tags",
                                           "target",
                                           "ulimits"};

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// What compose makes a text of: it reads 3.10 as a number, and writes 3.1. Nothing where its reader may see a number
/// that is written otherwise than it would write it.
std::optional<std::string> text_of(const Value& value) {
  const std::string& words = value.words;
  if (value.kind == Value::Kind::boolean) return value.boolean ? "true" : "false";
  if (value.style != Style::plain || words.empty()) return words;
  const bool number = (words[0] >= '0' && words[0] <= '9') || words[0] == '-' || words[0] == '+' || words[0] == '.';
  if (!number || words.find_first_not_of("0123456789+-._eExXoObBaAcCdDfFinN") != std::string::npos) return words;
  const std::string_view unsigned_part = std::string_view(words).substr(words[0] == '-' ? 1 : 0);
  const std::size_t dot = unsigned_part.find('.');
  const std::string_view whole = unsigned_part.substr(0, dot);
  constexpr std::size_t kSafeDigits = 15;  // of a float64, and fewer than need an exponent
  if (is_digits(whole) && (whole == "0" || whole[0] != '0') && whole.size() <= kSafeDigits) {
    if (dot == std::string_view::npos) return words;
    std::string_view fraction = unsigned_part.substr(dot + 1);
    if (is_digits(fraction) && whole.size() + fraction.size() <= kSafeDigits &&
        (whole != "0" || !fraction.starts_with("0000"))) {
      while (fraction.ends_with('0')) fraction.remove_suffix(1);
      return words.substr(0, words.size() - unsigned_part.size() + dot + (fraction.empty() ? 0 : 1 + fraction.size()));
    }
    if (is_digits(fraction)) return std::nullopt;
  }
  // 1.2.3, 10-alpine, 2024-01-01: words, unless a date, which compose writes in another form.
  const bool octal_or_other =
      is_digits(unsigned_part) || unsigned_part.find_first_of("eExXoObB_") != std::string_view::npos;
  const bool date = std::count(words.begin(), words.end(), '-') == 2 && words.size() == 10;
  if (octal_or_other || date) return std::nullopt;
  return words;
}

void expected(const Value& value, const Scope& scope, std::string_view what, std::string_view kind) {
  scope.troubles.error(scope.source.at(value), fmt::format("{} takes {}, not {}", what, kind, value.kind_name()));
}

Given unknown_at(FilePlace where) { return {std::nullopt, std::move(where)}; }

Given given_by_environment(std::string_view name, FilePlace where, const Scope& scope) {
  const Variables::Looked found = scope.variables.look_up(name);
  if (found.state == Variables::State::known) return {std::string(found.text), std::move(where)};
  return unknown_at(std::move(where));
}

/// `text` with its variables replaced, and a word on what went wrong.
Given replaced(std::string_view text, FilePlace where, const Scope& scope, std::string_view what) {
  Interpolated result = interpolate(text, scope.variables);
  if (!result.error.empty()) scope.troubles.error(where, fmt::format("{}: {}", what, result.error));
  else if (!result.text)
    scope.troubles.unknown(
        where, fmt::format("{} is unknown: ${} has no default, and no .env file sets it", what, result.unknown));
  return {std::move(result.text), std::move(where)};
}

/// A path of the machine, as it is opened from where we run. compose takes `~` for the home of whoever asks.
Given as_path(Given given, const Scope& scope) {
  if (given.text && given.text->starts_with('~')) given.text.reset();
  if (given.text) given.text = join_path(scope.folder, *given.text);
  return given;
}

/// Pieces of what variables give, which count in the scalar, as pieces that count in the file: both lists at once.
std::vector<TextPiece> through(const std::vector<TextPiece>& pieces, const std::vector<TextPiece>& written) {
  std::vector<TextPiece> out;
  std::size_t first = 0;
  for (const TextPiece& piece : pieces) {
    while (written[first].at + written[first].size <= piece.source.begin) ++first;
    const bool as_it_is = piece.size == piece.source.size();
    TextRange source;
    for (std::size_t i = first; i < written.size() && written[i].at < piece.source.end; ++i) {
      const TextPiece& from = written[i];
      const TextSize begin = std::max(from.at, piece.source.begin);
      const TextSize end = std::min(from.at + from.size, piece.source.end);
      TextRange part = from.source;
      if (from.size == from.source.size())
        part = {from.source.begin + begin - from.at, from.source.begin + end - from.at};
      if (as_it_is) out.push_back({piece.at + begin - piece.source.begin, end - begin, part});
      source = i == first ? part : cover(source, part);
    }
    if (!as_it_is) out.push_back({piece.at, piece.size, source});
  }
  return out;
}

class SectionReader {
 public:
  SectionReader(BuildSection& section, const Scope& scope) : section_(section), scope_(scope) {}

  void read(const Value& build) {
    if (build.is_scalar()) return context(build);
    for (const Entry& entry : build.entries) key(entry);
  }

 private:
  void key(const Entry& entry) {
    const Value& value = entry.value;
    if (!value.tag.empty()) section_.replaced.push_back(entry.key);
    if (value.tag == "!reset" || value.is_nothing()) return;
    if (entry.key == "context") context(value);
    else if (entry.key == "dockerfile") section_.dockerfile = read_text(value, scope_, "build.dockerfile");
    else if (entry.key == "dockerfile_inline") inline_dockerfile(value);
    else if (entry.key == "target") section_.target = read_text(value, scope_, "build.target");
    else if (entry.key == "args")
      pairs(value, "build.args", [&](std::string name, Given given, bool alone) {
        if (alone) given = given_by_environment(name, given.where, scope_);
        section_.args.push_back({std::move(name), std::move(given)});
      });
    else if (entry.key == "additional_contexts")
      pairs(value, "build.additional_contexts", [&](std::string name, Given given, bool /*alone*/) {
        if (given.text && !is_other_source(*given.text)) given = as_path(std::move(given), scope_);
        section_.contexts.push_back({std::move(name), std::move(given), std::nullopt});
      });
    else if (entry.key == "platforms") section_.platforms = read_texts(value, scope_, "build.platforms");
    else unknown_key(entry);
  }

  static bool is_other_source(std::string_view text) {
    for (const std::string_view prefix : {"docker-image://", "oci-layout://", "service:", "target:"})
      if (text.starts_with(prefix)) return true;
    return is_remote(text);
  }

  void unknown_key(const Entry& entry) {
    const std::string_view* const end = std::end(kBuildKeys);
    if (entry.key.starts_with("x-") || std::find(std::begin(kBuildKeys), end, entry.key) != end) return;
    const std::string_view meant = near_name(entry.key, kBuildKeys);
    if (!meant.empty())
      scope_.troubles.error(scope_.source.at(entry),
                            fmt::format("compose knows no '{}' in build: did you mean {}?", entry.key, meant));
  }

  void context(const Value& value) {
    Given given = read_text(value, scope_, "build.context");
    section_.remote = given.text && is_remote(*given.text);
    section_.context = section_.remote ? std::move(given) : as_path(std::move(given), scope_);
  }

  void inline_dockerfile(const Value& value) {
    FilePlace where = scope_.source.at(value);
    if (!value.is_scalar()) return expected(value, scope_, "build.dockerfile_inline", "a text");
    section_.inline_dockerfile = read_inline(scope_.source.bytes(), value, where, scope_.variables);
    if (section_.inline_dockerfile) return;
    section_.inline_unknown = replaced(value.words, std::move(where), scope_, "build.dockerfile_inline");
  }

  /// A table, or a list of NAME=VALUE. `alone`: a name without a value.
  template <typename Add>
  void pairs(const Value& value, std::string_view what, const Add& add) {
    if (value.kind == Value::Kind::table) {
      for (const Entry& entry : value.entries) {
        const std::string name = fmt::format("{}.{}", what, entry.key);
        if (entry.value.is_nothing()) add(entry.key, unknown_at(scope_.source.at(entry)), true);
        else add(entry.key, read_text(entry.value, scope_, name), false);
      }
      return;
    }
    if (value.kind != Value::Kind::list) return expected(value, scope_, what, "a list or a table");
    for (const Value& item : value.items) {
      if (!item.is_scalar()) {
        expected(item, scope_, what, "texts of the form NAME=VALUE");
        continue;
      }
      const std::size_t sign = item.words.find('=');
      std::string name = item.words.substr(0, sign);
      FilePlace where = scope_.source.at(item);
      if (name.find('$') != std::string::npos) {
        const Given given = replaced(name, where, scope_, what);
        if (!given.text) {
          section_.complete = false;
          continue;
        }
        name = *given.text;
      }
      if (sign == std::string::npos) add(std::move(name), unknown_at(std::move(where)), true);
      else
        add(name, replaced(item.words.substr(sign + 1), std::move(where), scope_, fmt::format("{}.{}", what, name)),
            false);
    }
  }

  BuildSection& section_;
  const Scope& scope_;
};

void append_new(std::vector<Given>& base, std::vector<Given>&& over) {
  for (Given& one : over)
    if (!one.text || std::none_of(base.begin(), base.end(), [&](const Given& other) { return other.text == one.text; }))
      base.push_back(std::move(one));
}

BuildSection merged_sections(BuildSection base, BuildSection over) {
  for (const std::string& key : over.replaced) {
    if (key == "context") base.context.reset();
    else if (key == "dockerfile") base.dockerfile.reset();
    else if (key == "target") base.target.reset();
    else if (key == "args") base.args.clear();
    else if (key == "platforms") base.platforms.clear();
    else if (key == "additional_contexts") base.contexts.clear();
    else if (key == "dockerfile_inline") {
      base.inline_dockerfile.reset();
      base.inline_unknown.reset();
    }
  }
  base.where = std::move(over.where);
  if (over.context) {
    base.context = std::move(over.context);
    base.remote = over.remote;
  }
  if (over.has_inline()) {
    base.inline_dockerfile = std::move(over.inline_dockerfile);
    base.inline_unknown = std::move(over.inline_unknown);
  }
  override_with(base.dockerfile, std::move(over.dockerfile));
  override_with(base.target, std::move(over.target));
  merge_named(base.args, std::move(over.args));
  merge_named(base.contexts, std::move(over.contexts));
  append_new(base.platforms, std::move(over.platforms));
  base.complete &= over.complete;
  return base;
}

}  // namespace

Given read_text(const Value& value, const Scope& scope, std::string_view what) {
  if (!value.is_scalar()) {
    expected(value, scope, what, "a text");
    return unknown_at(scope.source.at(value));
  }
  const std::optional<std::string> text = text_of(value);
  if (text) return replaced(*text, scope.source.at(value), scope, what);
  scope.troubles.unknown(scope.source.at(value),
                         fmt::format("{} is unknown: compose may write the number {} otherwise", what, value.words));
  return unknown_at(scope.source.at(value));
}

std::vector<Given> read_texts(const Value& value, const Scope& scope, std::string_view what) {
  if (value.is_scalar()) return {read_text(value, scope, what)};
  std::vector<Given> texts;
  if (value.kind != Value::Kind::list) expected(value, scope, what, "a list");
  for (const Value& item : value.items) texts.push_back(read_text(item, scope, what));
  return texts;
}

std::optional<InlineDockerfile> read_inline(std::string_view file, const Value& value, FilePlace where,
                                            const Variables& variables) {
  Interpolated text = interpolate(value.words, variables);
  if (!text.text) return std::nullopt;
  InlineDockerfile made{std::move(*text.text), {}, std::move(where), false, {}};
  const std::vector<TextPiece> written = data::pieces_of(file, value);
  if (!written.empty()) made.pieces = through(text.pieces, written);
  if (value.style != Style::literal || made.pieces.empty() || !text.only_escapes) return made;
  if (const std::optional<data::Block> block = data::block_at(file, value.range)) {
    made.editable = true;
    made.indentation = std::string(block->indentation, ' ');
  }
  return made;
}

Service read_service(const Entry& entry, const Scope& scope) {
  Service service;
  service.name = entry.key;
  service.where = scope.source.at(entry);
  for (const Entry& part : entry.value.entries) {
    const Value& value = part.value;
    if (part.key == "image" || part.key == "provider") {
      service.has_image |= !value.is_nothing();
    } else if (part.key == "build" && value.tag == "!reset") {
      service.drops_build = true;
    } else if (part.key == "build" && (value.is_scalar() || value.kind == Value::Kind::table)) {
      service.drops_build = value.tag == "!override";
      SectionReader(service.build.emplace(), scope).read(value);
      service.build->where = scope.source.at(part);
    } else if (part.key == "build" && !value.is_nothing()) {
      expected(value, scope, "build", "a path or a table");
    } else if (part.key == "platform" && !value.is_nothing()) {
      service.platform = read_text(value, scope, "platform");
    } else if (part.key == "profiles" && !value.is_nothing()) {
      for (const Given& profile : read_texts(value, scope, "profiles"))
        if (profile.text) service.profiles.push_back(*profile.text);
    }
  }
  return service;
}

Service merged(Service base, Service over) {
  if (over.drops_build) base.build.reset();
  if (base.build && over.build) base.build = merged_sections(std::move(*base.build), std::move(*over.build));
  else override_with(base.build, std::move(over.build));
  base.name = std::move(over.name);
  base.has_image |= over.has_image;
  override_with(base.platform, std::move(over.platform));
  for (std::string& profile : over.profiles)
    if (std::find(base.profiles.begin(), base.profiles.end(), profile) == base.profiles.end())
      base.profiles.push_back(std::move(profile));
  return base;
}

}  // namespace dockerlint::project
