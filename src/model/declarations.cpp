// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/declarations.hpp"

#include "model/platform_args.hpp"

#include <algorithm>
#include <iterator>

namespace dockerlint {
namespace {

bool is_name(char c) { return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool assigns(const Instruction& in, std::string_view name) {
  if (in.kind != InstructionKind::arg && in.kind != InstructionKind::env) return false;
  return std::any_of(in.assignments.begin(), in.assignments.end(), [&](const Assignment& assignment) {
    return assignment.name.text == name || assignment.name.text.find('$') != std::string_view::npos;
  });
}

}  // namespace

std::vector<NamedVariable> variables_in(std::string_view word) {
  std::vector<NamedVariable> found;
  for (std::size_t i = word.find('$'); i != word.npos; i = word.find('$', i + 1)) {
    if (i > 0 && (word[i - 1] == '\\' || word[i - 1] == '`')) continue;
    std::size_t begin = i + 1;
    const bool braces = begin < word.size() && word[begin] == '{';
    if (braces) ++begin;
    std::size_t end = begin;
    while (end < word.size() && (is_name(word[end]) || (end > begin && is_digit(word[end])))) ++end;
    if (end > begin)
      found.push_back({word.substr(begin, end - begin), !braces || (end < word.size() && word[end] == '}')});
  }
  return found;
}

bool is_platform_argument(std::string_view name) {
  return std::any_of(std::begin(kPlatformArgs), std::end(kPlatformArgs),
                     [&](const auto& argument) { return argument.first == name; });
}

bool is_global_argument(const Document& document, std::string_view name) {
  for (const Instruction& in : document.instructions()) {
    if (in.kind == InstructionKind::from) return false;
    if (in.kind == InstructionKind::arg && assigns(in, name)) return true;
  }
  return false;
}

bool is_declared(const RunStep& run, std::string_view name) {
  constexpr int kMostStages = 100;  // more are found in no real file
  int count = 0;
  for (const Stage* stage = run.stage; stage != nullptr; stage = stage->parent) {
    if (++count > kMostStages) return true;
    for (const Instruction& in : stage->instructions) {
      if (stage == run.stage && in.range.begin >= run.instruction->range.begin) break;
      if (assigns(in, name)) return true;
    }
  }
  return false;
}

std::vector<bool> native_stages(const Model& model) {
  std::vector<bool> native(model.stages().size());
  for (const Stage& stage : model.stages()) {
    const Flag* const platform = stage.from->flag("platform");
    const std::string_view value = platform != nullptr ? platform->value.text() : std::string_view();
    if (stage.parent != nullptr) native[stage.index] = native[stage.parent->index];
    else native[stage.index] = platform == nullptr || value == "$TARGETPLATFORM" || value == "${TARGETPLATFORM}";
  }
  return native;
}

}  // namespace dockerlint
