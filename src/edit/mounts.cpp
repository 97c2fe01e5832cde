// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/edit.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace dockerlint::edit {
namespace {

std::string_view name_of(MountKey key) {
  switch (key) {
    case MountKey::type: return "type";
    case MountKey::id: return "id";
    case MountKey::target: return "target";
    case MountKey::source: return "source";
    case MountKey::from: return "from";
    case MountKey::sharing: return "sharing";
    case MountKey::readonly: return "readonly";
    case MountKey::readwrite: return "readwrite";
    case MountKey::required: return "required";
    case MountKey::size: return "size";
    case MountKey::mode: return "mode";
    case MountKey::uid: return "uid";
    case MountKey::gid: return "gid";
    case MountKey::env: return "env";
    case MountKey::unknown: break;
  }
  return "";
}

/// A user's or group's number; where USER takes it from a variable, as `${UID}`, that.
std::string number_as_written(std::string_view in_user, std::uint32_t number, const Environment& variables) {
  std::string_view name = in_user;
  if (name.starts_with("${") && name.ends_with('}')) name = name.substr(2, name.size() - 3);
  else if (name.starts_with('$')) name.remove_prefix(1);
  else name = {};
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
  std::string text = std::to_string(number);
  return plain && variables.find(name).value == text ? std::string(in_user) : text;
}

/// What the last USER before the RUN says, user and group; nothing where its stage has none.
std::pair<std::string_view, std::string_view> user_as_written(const RunStep& run) {
  std::string_view text;
  for (const Instruction& in : run.stage->instructions) {
    if (in.range.begin >= run.instruction->range.begin) break;
    if (in.kind == InstructionKind::user && in.arguments.size() == 1) text = in.arguments.front().text;
  }
  const std::size_t colon = std::min(text.find(':'), text.size());
  return {text.substr(0, colon), text.substr(std::min(colon + 1, text.size()))};
}

/// A part of the source with edits in it, in any order. Absent where two of them overlap, or one is not in that part.
std::optional<std::string> text_with(std::span<const TextEdit> edits, TextRange part, const SourceText& source) {
  std::vector<const TextEdit*> sorted;
  for (const TextEdit& edit : edits) sorted.push_back(&edit);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const TextEdit* a, const TextEdit* b) { return a->range.begin < b->range.begin; });
  std::string text;
  for (const TextEdit* const edit : sorted) {
    if (!part.contains(edit->range)) return std::nullopt;
    text.append(source.slice({part.begin, edit->range.begin})).append(edit->text);
    part.begin = edit->range.end;
  }
  return text.append(source.slice(part));
}

constexpr std::size_t kMostUsers = 200;  // of a cache: the fix of each would hold the edits of all

/// Behind the value. Quotes around all of it are to hold the new text too, those around its last option are not:
/// `--mount="type=cache,target=/a"`, `--mount=type=cache,target="${A}"`.
TextEdit appended(const Mount& mount, std::string text) {
  constexpr auto kName = static_cast<TextSize>(std::string_view("--mount=").size());
  const TextRange value = mount.flag->value.in_source();
  const bool opened_before = value.begin != mount.flag->range.begin + kName;
  return {TextRange::at(opened_before ? value.end : mount.flag->range.end), std::move(text)};
}

}  // namespace

std::vector<TextEdit> set_mount_option(const Mount& mount, MountKey key, std::string_view value) {
  if (const MountOption* const option = mount.option(key); option != nullptr && option->has_value)
    return {{option->value_range, std::string(value)}};
  std::string added(",");
  added += name_of(key);
  added += '=';
  added += value;
  return {appended(mount, std::move(added))};
}

std::vector<TextEdit> lengthen_id(const Mount& mount, std::string_view suffix) {
  const MountOption* const given = mount.option(MountKey::id);
  const bool has_id = given != nullptr && !given->value.empty();
  if (!has_id && !mount.target) return {};
  std::string id(has_id ? given->value : *mount.target);
  id += suffix;
  const auto needs_quotes = [](char c) {
    constexpr std::string_view kPlain = "/._-:@+${}";
    const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return !letter && kPlain.find(c) == std::string_view::npos;
  };
  if (std::any_of(id.begin(), id.end(), needs_quotes)) return {};
  return set_mount_option(mount, MountKey::id, id);
}

std::vector<TextEdit> remove_mount_option(const Document& document, const Mount& mount, const MountOption& option) {
  const auto index = static_cast<std::size_t>(&option - mount.options.data());
  const bool is_last = index + 1 == mount.options.size();
  const TextRange range = is_last ? TextRange{mount.options[index - 1].range.end, option.range.end}
                                  : TextRange{option.range.begin, mount.options[index + 1].range.begin};
  const std::string_view removed = document.source().slice(range);
  for (const char quote : {'\'', '"'})
    if (std::count(removed.begin(), removed.end(), quote) % 2 != 0) return {};
  return {{range, ""}};
}

std::vector<TextEdit> set_sharing(const Mount& mount, Sharing mode) {
  const Mount* const alone = &mount;
  const auto users = mount.cache != nullptr ? mount.cache->mounts : std::span(&alone, 1);
  if (users.size() > kMostUsers) return {};
  std::vector<TextEdit> edits;
  for (const Mount* const user : users) {
    const MountOption* const sharing = user->option(MountKey::sharing);
    if (sharing != nullptr && sharing->value.find('$') != std::string_view::npos) return {};
    if (user->sharing == mode) continue;
    if (sharing == nullptr && mode == Sharing::shared && user != &mount) continue;  // it is shared as it is
    const auto more = set_mount_option(*user, MountKey::sharing, to_string(mode));
    edits.insert(edits.end(), more.begin(), more.end());
  }
  return edits;
}

std::vector<TextEdit> set_owner(std::span<const Mount* const> mounts, std::uint32_t uid,
                                std::optional<std::uint32_t> gid) {
  if (mounts.size() > kMostUsers) return {};
  std::vector<TextEdit> edits;
  for (const Mount* const mount : mounts) {
    for (const MountKey key : {MountKey::uid, MountKey::gid, MountKey::mode, MountKey::from, MountKey::source})
      if (mount->option(key) != nullptr) return {};
    // Frontends before 1.3 know no variables in a mount: only where there is one already.
    const bool with_variables = mount->flag->value.text().find('$') != std::string_view::npos;
    const auto [user, group] =
        with_variables ? user_as_written(*mount->run) : std::pair<std::string_view, std::string_view>();
    const Environment& variables = mount->run->before.env;
    std::string added = ",uid=" + number_as_written(user, uid, variables);
    if (gid) added += ",gid=" + number_as_written(group, *gid, variables);
    edits.push_back(appended(*mount, std::move(added)));
  }
  return edits;
}

TextSize place_for_flag(const Document& document, const Instruction& instruction) {
  const TextRange last = instruction.flags.empty() ? instruction.keyword.range : instruction.flags.back().range;
  const TextSize word = instruction.body.in_source(0, 1).begin;
  // A lone -- ends the flags and is no part of the body. No other dash stands there, save in comments.
  const std::string_view between = document.source().slice({last.end, std::max(last.end, word)});
  for (std::size_t dash = between.find('-'); dash != between.npos; dash = between.find('-', dash + 1)) {
    const TextSize at = last.end + static_cast<TextSize>(dash);
    if (!document.has_comment({at, at + 1})) return at;
  }
  return word;
}

std::vector<TextEdit> remove_flag(const Document& document, const Instruction& instruction, const Flag& flag) {
  // A flag on a line of its own goes with the line: comments above and below it stay where they are.
  const SourceText& source = document.source();
  const std::uint32_t first = source.line_of(flag.range.begin), last = source.line_of(flag.range.end);
  const std::string_view before = source.slice({source.line_start(first), flag.range.begin});
  const std::string_view after = source.slice({flag.range.end, source.line_range(last).end});
  const std::size_t behind = after.find_first_not_of(" \t");
  if (before.find_first_not_of(" \t") == before.npos && behind != after.npos && after[behind] == document.escape() &&
      after.find_first_not_of(" \t\r", behind + 1) == after.npos)
    return {{{source.line_start(first), source.line_start(last + 1)}, ""}};

  const auto& flags = instruction.flags;
  const auto place = std::partition_point(flags.begin(), flags.end(),
                                          [&](const Flag& one) { return one.range.begin < flag.range.begin; });
  if (place == flags.end() || &*place != &flag)  // of the instruction in an ONBUILD
    return instruction.nested != nullptr ? remove_flag(document, *instruction.nested, flag) : std::vector<TextEdit>();
  if (place != flags.begin()) return {{{std::prev(place)->range.end, flag.range.end}, ""}};
  TextSize next = instruction.body.empty() ? flag.range.end : instruction.body.in_source(0, 1).begin;
  if (flags.size() > 1) next = flags[1].range.begin;
  if (document.has_comment({flag.range.end, next})) next = flag.range.end;
  return {{{flag.range.begin, next}, ""}};
}

std::optional<std::string> applied(const Document& document, std::span<const TextEdit> edits) {
  return text_with(edits, {0, document.source().size()}, document.source());
}

bool is_accepted(const Document& document, const Instruction& instruction, std::span<const TextEdit> edits) {
  const auto changed = text_with(edits, instruction.range, document.source());
  if (!changed) return false;
  std::string text = document.escape() == '\\' ? "" : "# escape=`\n";
  text += "FROM base\n" + *changed;
  // What follows must not become a part of it, as where a line is left with nothing but a comment.
  const bool is_last = &instruction == &document.instructions().back();
  if (!is_last) text += "\nFROM next\n";
  const Document alone = Document::parse("", std::move(text));
  const std::size_t instructions = is_last ? 2 : 3;
  return alone.errors().empty() && alone.instructions().size() == instructions && Model(alone).errors().empty();
}

}  // namespace dockerlint::edit
