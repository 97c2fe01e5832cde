// SPDX-License-Identifier: Apache-2.0
#include "project/source.hpp"

#include <algorithm>

namespace dockerlint::project {
namespace {

constexpr TextSize kStep = 256;
constexpr std::size_t kMaxTroubles = 1000;  // nobody reads more

std::uint32_t code_points(std::string_view text) {
  return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::uint32_t Source::code_points_before(TextSize offset) const {
  if (counted_.empty()) {
    counted_.push_back(0);
    for (TextSize at = 0; at + kStep <= text_.size(); at += kStep)
      counted_.push_back(counted_.back() + code_points(text_.slice({at, at + kStep})));
  }
  const TextSize step = offset / kStep;
  return counted_[step] + code_points(text_.slice({step * kStep, offset}));
}

FilePlace Source::at(TextRange range) const {
  const std::uint32_t line = text_.line_of(range.begin);
  const std::uint32_t column = code_points_before(range.begin) - code_points_before(text_.line_start(line)) + 1;
  return {path(), {line, column}, range};
}

void Troubles::add(ProjectTrouble trouble) {
  if (troubles_.size() >= kMaxTroubles) return;
  const bool said = std::any_of(troubles_.begin(), troubles_.end(), [&](const ProjectTrouble& other) {
    return other.where.range == trouble.where.range && other.where.path == trouble.where.path &&
           other.message == trouble.message;
  });
  if (!said) troubles_.push_back(std::move(trouble));
}

}  // namespace dockerlint::project
