// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/edit.hpp"

#include <algorithm>
#include <string>

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

}  // namespace

std::vector<TextEdit> set_mount_option(const Mount& mount, MountKey key, std::string_view value) {
  if (const MountOption* const option = mount.option(key); option != nullptr && option->has_value)
    return {{option->value_range, std::string(value)}};
  std::string added(",");
  added += name_of(key);
  added += '=';
  added += value;
  // Behind the value, not behind the flag: a quote may follow.
  return {{TextRange::at(mount.flag->value.in_source().end), std::move(added)}};
}

std::vector<TextEdit> remove_mount_option(const Mount& mount, const MountOption& option) {
  const auto index = static_cast<std::size_t>(&option - mount.options.data());
  if (index + 1 < mount.options.size()) return {{{option.range.begin, mount.options[index + 1].range.begin}, ""}};
  return {{{mount.options[index - 1].range.end, option.range.end}, ""}};
}

std::vector<TextEdit> remove_flag(const Document& document, const Instruction& instruction, const Flag& flag) {
  const auto index = static_cast<std::size_t>(&flag - instruction.flags.data());
  if (index > 0) return {{{instruction.flags[index - 1].range.end, flag.range.end}, ""}};
  TextSize next = instruction.body.empty() ? flag.range.end : instruction.body.in_source(0, 1).begin;
  if (instruction.flags.size() > 1) next = instruction.flags[1].range.begin;
  // A comment between continued lines belongs to what follows.
  for (const Token& token : document.tokens_in({flag.range.end, next}))
    if (token.kind == TokenKind::comment) return {{{flag.range.begin, flag.range.end}, ""}};
  return {{{flag.range.begin, next}, ""}};
}

bool is_accepted(const Document& document, const Instruction& instruction, std::span<const TextEdit> edits) {
  std::vector<TextEdit> sorted(edits.begin(), edits.end());
  std::sort(sorted.begin(), sorted.end(), [](const TextEdit& a, const TextEdit& b) { return a.range.begin < b.range.begin; });

  std::string text = document.escape() == '\\' ? "" : "# escape=`\n";
  text += "FROM base\n";
  TextRange rest = instruction.range;
  for (const TextEdit& edit : sorted) {
    if (edit.range.begin < rest.begin || edit.range.end > rest.end) return false;
    text += document.source().slice({rest.begin, edit.range.begin});
    text += edit.text;
    rest.begin = edit.range.end;
  }
  text += document.source().slice(rest);
  const Document alone = Document::parse("", std::move(text));
  return alone.errors().empty() && alone.instructions().size() == 2 && Model(alone).errors().empty();
}

}  // namespace dockerlint::edit
