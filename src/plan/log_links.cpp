// SPDX-License-Identifier: Apache-2.0
#include "plan/log_links.hpp"

#include "plan/log_text.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace dockerlint::plan {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_lower(c);
  return out;
}

/// A stage of one build in the log.
struct StageKey {
  std::size_t build;  // LoggedStep::build
  std::string chain_build, stage;
  auto operator<=>(const StageKey&) const = default;
};

class Linker {
 public:
  Linker(BuildLog& log, const Plan& plan, const Chains& chains) : log_(log), plan_(plan) {
    for (std::size_t i = 0; i < log.steps.size(); ++i)
      for (const std::string& name : log.steps[i].chains) {
        const Chain chain = chains.read(name);
        const LoggedStep& step = log.steps[i];
        shared_[{step.build, chain.stage, step.number, step.of}] = i;
        StageSteps& stage = stages_[{step.build, chain.build, chain.stage}];
        stage.service = chain.service;
        stage.steps.emplace(step.number, i);
      }
  }

  void link() {
    for (const auto& [key, stage] : stages_)
      for (const auto& [number, index] : stage.steps) {
        add_before(index, key, stage.steps, number);
        add_copied(index, key);
      }
  }

 private:
  static constexpr int kDeepest = 32;  // two Dockerfiles may have their stages the other way round

  using Numbered = std::map<std::size_t, std::size_t>;
  struct StageSteps {
    std::size_t service = kNoService;
    Numbered steps;
  };

  void add(std::size_t step, std::optional<std::size_t> input) {
    if (!input || *input == step) return;
    auto& inputs = log_.steps[step].inputs;
    if (std::find(inputs.begin(), inputs.end(), *input) == inputs.end()) inputs.push_back(*input);
  }

  void add_before(std::size_t index, const StageKey& key, const Numbered& steps, std::size_t number) {
    if (number <= 1) {
      if (!log_.steps[index].text.starts_with("FROM ")) add(index, last_of(key, parent_of(key)));
      return;
    }
    if (const auto before = steps.find(number - 1); before != steps.end()) return add(index, before->second);
    // Several builds share it, and it is told under the name of another.
    const auto other = shared_.find({key.build, key.stage, number - 1, log_.steps[index].of});
    if (other != shared_.end()) add(index, other->second);
  }

  void add_copied(std::size_t index, const StageKey& key) {
    for (std::string_view flag : flags_of(log_.steps[index].text)) {
      std::string_view from;
      if (flag.starts_with("--from=")) from = flag.substr(7);
      if (flag.starts_with("--mount="))
        if (const std::size_t at = flag.find("from="); at != flag.npos)
          from = flag.substr(at + 5, std::min(flag.find(',', at), flag.size()) - at - 5);
      if (from.empty()) continue;
      std::string stage = lower(from);
      if (stage.find_first_not_of("0123456789") == stage.npos) stage = name_of_stage(key, stage);
      if (stage != key.stage) add(index, last_of(key, stage));
    }
  }

  /// Of a number, as COPY --from=0 has it.
  std::string name_of_stage(const StageKey& key, const std::string& number) const {
    const auto stage = stages_.find(key);
    if (stage != stages_.end() && stage->second.service != kNoService)
      if (const auto file = plan_.stages.find(plan_.services[stage->second.service].dockerfile);
          file != plan_.stages.end() && number.size() < 4 && std::stoul(number) < file->second.size())
        return file->second[std::stoul(number)].name;
    return "stage-" + number;
  }

  /// The last step of a stage, by whatever build it is told.
  std::optional<std::size_t> last_of(const StageKey& key, const std::string& stage, int below = 0) const {
    if (stage.empty() || below == kDeepest) return std::nullopt;
    std::optional<std::size_t> last;
    std::size_t number = 0;
    const auto consider = [&](const StageSteps& steps) {
      if (steps.steps.empty() || steps.steps.rbegin()->first <= number) return;
      number = steps.steps.rbegin()->first;
      last = steps.steps.rbegin()->second;
    };
    if (const auto own = stages_.find({key.build, key.chain_build, stage}); own != stages_.end()) consider(own->second);
    const std::size_t of = last ? log_.steps[*last].of : 0;
    if (number < of || !last)  // the rest of it is told under another name
      for (auto other = shared_.lower_bound({key.build, stage, 0, 0});
           other != shared_.end() && std::get<0>(other->first) == key.build && std::get<1>(other->first) == stage;
           ++other)
        if (std::get<2>(other->first) > number && (of == 0 || std::get<3>(other->first) == of)) {
          number = std::get<2>(other->first);
          last = other->second;
        }
    if (last) return last;
    // A stage that is only FROM and what makes no step: its own parent.
    const auto parent = plan_parent(key, stage);
    return last_of(key, parent, below + 1);
  }

  std::string parent_of(const StageKey& key) const {
    if (std::string known = plan_parent(key, key.stage); !known.empty()) return known;
    // Where one stage alone begins with an image, all others stand on it.
    std::string only;
    for (const auto& [other, steps] : stages_) {
      if (other.build != key.build || other.chain_build != key.chain_build || steps.steps.empty()) continue;
      if (!log_.steps[steps.steps.begin()->second].text.starts_with("FROM ")) continue;
      if (!only.empty()) return {};
      only = other.stage;
    }
    return only;
  }

  /// What the stage's FROM names, if the Dockerfiles that may be meant agree on it.
  std::string plan_parent(const StageKey& key, const std::string& stage) const {
    const auto in = [&](const std::vector<StageOf>& stages) {
      const auto found =
          std::find_if(stages.begin(), stages.end(), [&](const StageOf& one) { return one.name == stage; });
      return found == stages.end() ? std::string() : found->parent;
    };
    const auto own = stages_.find(key);
    if (own != stages_.end() && own->second.service != kNoService) {
      const auto file = plan_.stages.find(plan_.services[own->second.service].dockerfile);
      return file == plan_.stages.end() ? std::string() : in(file->second);
    }
    std::set<std::string> parents;
    for (const auto& [path, stages] : plan_.stages)
      if (std::string parent = in(stages); !parent.empty()) parents.insert(std::move(parent));
    return parents.size() == 1 ? *parents.begin() : std::string();
  }

  BuildLog& log_;
  const Plan& plan_;
  std::map<StageKey, StageSteps> stages_;
  std::map<std::tuple<std::size_t, std::string, std::size_t, std::size_t>, std::size_t>
      shared_;  // build, stage, 3, of 5
};

/// Without a clock a step began when what it stands on was done, and a build when the one before it was: nothing says
/// that it waited for that one.
std::int64_t make_clock(BuildLog& log, std::int64_t from) {
  std::vector<std::size_t> missing(log.steps.size()), ready;
  std::vector<std::vector<std::size_t>> next(log.steps.size());
  for (std::size_t i = 0; i < log.steps.size(); ++i) {
    missing[i] = log.steps[i].inputs.size();
    for (const std::size_t input : log.steps[i].inputs) next[input].push_back(i);
    if (missing[i] == 0) ready.push_back(i);
  }
  while (!ready.empty()) {
    const LoggedStep& step = log.steps[ready.back()];
    const auto after = next[ready.back()];
    ready.pop_back();
    for (const std::size_t i : after) {
      LoggedStep& later = log.steps[i];
      if (const std::int64_t shift = step.ended - later.began; shift > 0) {
        later.began += shift;
        later.ended += shift;
        if (later.spoke) *later.spoke += shift;
      }
      if (--missing[i] == 0) ready.push_back(i);
    }
  }
  std::map<std::size_t, std::int64_t> begins;  // of each build
  for (const LoggedStep& step : log.steps) begins[step.build] = std::max(begins[step.build], step.ended);
  for (auto& [build, begin] : begins) begin = std::exchange(from, from + begin);
  for (LoggedStep& step : log.steps) {
    step.began += begins[step.build];
    step.ended += begins[step.build];
    if (step.spoke) *step.spoke += begins[step.build];
  }
  return from;
}

}  // namespace

Chains::Chains(const Plan& plan) : plan_(plan) {
  for (std::size_t i = 0; i < plan.services.size(); ++i) {
    const Service& service = plan.services[i];
    std::string name = service.name;
    by_name_.try_emplace(name, i);
    // Bake reads compose files, too, and takes no dots in names.
    std::replace(name.begin(), name.end(), '.', '_');
    if (!service.definition.empty()) by_name_.try_emplace(std::move(name), i);
  }
}

Chain Chains::read(std::string_view name) const {
  Chain chain;
  std::string_view rest = name;
  const auto next_word = [&] { return rest.substr(0, rest.find(' ')); };
  const auto service = by_name_.find(next_word());
  if (service != by_name_.end()) chain.service = service->second;
  const std::size_t blank = name.rfind(' ');
  std::string_view stage = name.substr(blank == name.npos ? 0 : blank + 1);
  // "api 2/3": an only stage without AS has no name there.
  if (blank == name.npos && has_nameless_stage(chain.service)) stage = {};
  if (stage.find('/') != stage.npos) stage = {};  // a platform
  chain.build = trim_right(name.substr(0, name.size() - stage.size()));
  chain.stage = stage.empty() ? "stage-0" : lower(stage);
  return chain;
}

bool Chains::has_nameless_stage(std::size_t service) const {
  if (service == kNoService || plan_.services[service].definition.empty()) return false;
  const auto file = plan_.stages.find(plan_.services[service].dockerfile);
  return file != plan_.stages.end() && file->second.size() == 1 && file->second.front().name == "stage-0";
}

std::int64_t link_steps(BuildLog& log, const Plan& plan, const Chains& chains, std::int64_t from) {
  if (!log.has_inputs) Linker(log, plan, chains).link();
  return log.has_clock ? from : make_clock(log, from);
}

}  // namespace dockerlint::plan
