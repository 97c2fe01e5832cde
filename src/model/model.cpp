// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/model.hpp"

#include "model/builder.hpp"

#include <algorithm>
#include <charconv>

namespace dockerlint {

Model::Model(const Document& document, ImageLookup images, const BuildInput& build)
    : impl_(std::make_unique<Impl>(document, images)) {
  ModelBuilder(*impl_, build).build();
}
Model::~Model() = default;
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;

const Document& Model::document() const { return impl_->document; }
std::span<const Stage> Model::stages() const { return impl_->stages; }
std::span<const BuildError> Model::errors() const { return impl_->errors; }

std::span<const Cache> Model::caches() const { return impl_->caches; }
bool Model::reads_platform() const { return impl_->reads_platform; }

bool script_has(const Document& document, const RunStep& run, std::string_view text) {
  const Instruction& in = *run.instruction;
  if (in.body.text().find(text) != std::string_view::npos) return true;
  return std::any_of(in.heredocs.begin(), in.heredocs.end(), [&](const Heredoc& heredoc) {
    return document.source().slice(heredoc.body).find(text) != std::string_view::npos;
  });
}

bool Model::scripts_have(const RunStep& run, std::string_view text) const {
  constexpr TextSize kNowhere = 0xFFFFFFFF;
  constexpr std::size_t kMostTexts = 200;
  // Every mount of a file may ask: each stage is searched once. Of paths, a file may have so many that looking for all
  // would take too long: of those beyond we cannot say that nobody has them.
  if (text.starts_with('/') && impl_->first_scripts_with.size() > kMostTexts) return true;
  const auto [entry, is_new] = impl_->first_scripts_with.try_emplace(std::string(text));
  std::vector<Impl::StageScript>& first = entry->second;
  if (is_new) {
    for (const Stage& stage : impl_->stages) {
      const auto found = std::find_if(stage.runs.begin(), stage.runs.end(),
                                      [&](const RunStep& step) { return script_has(impl_->document, step, text); });
      if (found != stage.runs.end()) first.push_back({stage.index, found->instruction->range.begin});
    }
  }
  if (first.empty()) return false;
  const auto first_in = [&](const Stage& stage) {
    const auto found = std::lower_bound(first.begin(), first.end(), stage.index,
                                        [](const auto& script, std::uint32_t index) { return script.stage < index; });
    return found != first.end() && found->stage == stage.index ? found->begin : kNowhere;
  };
  if (first_in(*run.stage) <= run.instruction->range.begin) return true;
  for (const Stage* stage = run.stage->parent; stage != nullptr; stage = stage->parent)
    if (first_in(*stage) != kNowhere) return true;
  return false;
}

const Stage* Model::stage(std::string_view name_or_index) const {
  if (name_or_index.empty()) return nullptr;
  std::size_t index = 0;
  const auto [end, failed] = std::from_chars(name_or_index.data(), name_or_index.data() + name_or_index.size(), index);
  if (failed == std::errc{} && end == name_or_index.data() + name_or_index.size())
    return index < impl_->stages.size() ? &impl_->stages[index] : nullptr;
  const auto found = impl_->stage_by_name.find(lower_case(name_or_index));
  return found == impl_->stage_by_name.end() ? nullptr : &impl_->stages[found->second];
}

}  // namespace dockerlint
