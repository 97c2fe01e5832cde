// SPDX-License-Identifier: Apache-2.0
// --progress=rawjson: one client.SolveStatus after the other (BuildKit, client/graph.go), each on a line of its own
// (buildx 0.29), or indented over many (0.13). `vertexes` are steps, each told
// again when it begins and when it ends. A step that several builds share begins and ends for each of them, and
// before it is run it may be told as one that took no time: its longest run counts. What a build prints beside its
// log, such as the excerpt of a Dockerfile, stands between the values.

#include "data/json.hpp"
#include "plan/log_text.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <span>

namespace dockerlint::plan {
namespace {

const JsonValue* member(const JsonValue& object, std::string_view key) {
  for (const JsonMember& one : object.members)
    if (one.key == key) return &one.value;
  return nullptr;
}

std::string_view text_of(const JsonValue& object, std::string_view key) {
  const JsonValue* const value = member(object, key);
  return value != nullptr && value->kind == JsonValue::Kind::text ? std::string_view(value->text) : std::string_view();
}

std::span<const JsonValue> items_of(const JsonValue& object, std::string_view key) {
  const JsonValue* const value = member(object, key);
  return value == nullptr ? std::span<const JsonValue>() : value->items;
}

/// Behind the bracket that closes the object at the text's begin; npos: nothing closes it.
std::size_t end_of_object(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') ++i;
    else if (c == '"') quoted = !quoted;
    else if (!quoted && c == '{') ++depth;
    else if (!quoted && c == '}' && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

/// What comes behind all steps of a build, and says no input.
bool is_export(std::string_view name) {
  if (const std::size_t close = name.find("] "); name.starts_with('[') && close != name.npos)
    name.remove_prefix(close + 2);
  return name.starts_with("exporting ") || name.starts_with("importing to ") || name.starts_with("sending tarball") ||
         name.starts_with("pushing ") || name.starts_with("resolving provenance");
}

class JsonReader {
 public:
  BuildLog read(std::string_view bytes) && {
    std::size_t line = 1;
    while (!bytes.empty() && log_.trouble.empty()) {
      const std::size_t end_of_line = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
      const std::string_view here = bytes.substr(0, end_of_line);
      std::size_t taken = end_of_line;
      if (const std::string_view value = trim_left(here); value.starts_with('{')) {
        const std::size_t indent = here.size() - value.size();
        const std::size_t end = end_of_object(bytes.substr(indent));
        if (end == bytes.npos) return fail(line, "the log ends in the middle of this");
        const JsonDocument document = parse_json(bytes.substr(indent, end));
        if (!document.error.empty()) return fail(line + document.error_line - 1, document.error);
        add(document.root, line);
        taken = indent + end;
      }
      line +=
          static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken), '\n'));
      bytes.remove_prefix(taken);
    }
    complain_of_steps();
    link();
    log_.has_clock = log_.has_inputs = true;
    return std::move(log_);
  }

 private:
  /// What is known of a step beside what others may know.
  struct Told {
    std::vector<std::string> inputs;
    std::optional<std::int64_t> began;  // and has not ended
    bool ended = false, good = false, canceled = false;
    std::size_t line = 0;  // where it was told last
  };

  BuildLog fail(std::size_t line, std::string why) {
    log_ = {};
    log_.trouble = std::move(why);
    log_.line = line;
    return std::move(log_);
  }

  void add(const JsonValue& status, std::size_t line) {
    for (const JsonValue& vertex : items_of(status, "vertexes")) add_vertex(vertex, line + vertex.line - 1);
    for (const JsonValue& printed : items_of(status, "logs")) {
      const auto step = index_.find(text_of(printed, "vertex"));
      const auto when = time_of(text_of(printed, "timestamp"));
      if (step == index_.end() || !when) continue;
      auto& spoke = log_.steps[step->second].spoke;
      if (!spoke || *when < *spoke) spoke = when;
    }
  }

  void add_vertex(const JsonValue& vertex, std::size_t line) {
    const std::string_view digest = text_of(vertex, "digest");
    if (digest.empty()) return;
    const auto [entry, is_new] = index_.try_emplace(std::string(digest), log_.steps.size());
    if (is_new) {
      log_.steps.emplace_back().key = digest;
      told_.emplace_back();
    }
    LoggedStep& step = log_.steps[entry->second];
    Told& told = told_[entry->second];
    told.line = line;
    if (const std::string_view name = text_of(vertex, "name"); !name.empty()) add_name(name, step);
    if (told.inputs.empty())
      for (const JsonValue& input : items_of(vertex, "inputs")) told.inputs.push_back(input.text);
    const auto began = time_of(text_of(vertex, "started"));
    const auto ended = time_of(text_of(vertex, "completed"));
    if (began) told.began = began;
    if (!ended || !told.began) return;
    told.ended = true;
    const std::string_view error = text_of(vertex, "error");
    told.good = told.good || error.empty();
    told.canceled = error.find("context canceled") != error.npos;
    if (!error.empty()) return;
    const JsonValue* const cached = member(vertex, "cached");
    if (cached != nullptr && cached->text == "true") {
      if (step.ended == step.began) step.cached = true;
    } else if (*ended - *told.began > step.ended - step.began) {
      step.cached = false;
    }
    if (step.ended == 0 || *ended - *told.began > step.ended - step.began) {
      step.began = *told.began;
      step.ended = *ended;
    }
  }

  /// Of what did not go through, the first that failed, rather than what was stopped because of it.
  void complain_of_steps() {
    const Told* worst = nullptr;
    const LoggedStep* which = nullptr;
    for (std::size_t i = 0; i < told_.size(); ++i) {
      const Told& told = told_[i];
      if (log_.steps[i].of == 0 || told.good || (!told.ended && !told.began)) continue;
      const bool worse = worst == nullptr || (worst->canceled && !told.canceled) || (!worst->ended && told.ended);
      if (!worse) continue;
      worst = &told;
      which = &log_.steps[i];
    }
    if (worst == nullptr) return;
    log_.trouble = worst->ended ? failed_step(which->name, worst->canceled)
                                : fmt::format("the log ends before `{}` does", which->name);
    log_.line = worst->line;
  }

  void link() {
    for (std::size_t i = 0; i < log_.steps.size(); ++i)
      for (const std::string& digest : told_[i].inputs)
        if (const auto input = index_.find(digest); input != index_.end())
          log_.steps[i].inputs.push_back(input->second);
    std::vector<std::size_t> by_begin(log_.steps.size());
    std::iota(by_begin.begin(), by_begin.end(), 0);
    std::stable_sort(by_begin.begin(), by_begin.end(),
                     [&](std::size_t a, std::size_t b) { return log_.steps[a].began < log_.steps[b].began; });
    std::int64_t origin = 0, end = 0;
    std::size_t build = 0;
    bool under_way = false;
    for (const std::size_t i : by_begin) {
      LoggedStep& step = log_.steps[i];
      if (step.ended == 0) continue;
      // Another build, begun when all that came before was over.
      const bool begins = under_way && step.began >= end && step.name.find("internal] load ") != step.name.npos;
      if (origin == 0 || begins) {
        origin = step.began;
        build += begins;
        under_way = false;
      }
      under_way = under_way || step.of > 0;
      end = std::max(end, step.ended);
      step.build = build;
      if (step.inputs.empty()) step.delay = step.began - origin;
    }
    link_exports(by_begin);
  }

  /// A build is exported when its last step is done.
  void link_exports(const std::vector<std::size_t>& by_begin) {
    std::vector<std::size_t> by_end = by_begin;
    std::stable_sort(by_end.begin(), by_end.end(),
                     [&](std::size_t a, std::size_t b) { return log_.steps[a].ended < log_.steps[b].ended; });
    std::map<std::string, std::size_t, std::less<>> last;  // that has ended, of each build of a bake; "": of all
    auto ended = by_end.begin();
    for (const std::size_t i : by_begin) {
      LoggedStep& step = log_.steps[i];
      if (!is_export(step.name) || !step.inputs.empty()) continue;
      for (; ended != by_end.end() && log_.steps[*ended].ended <= step.began; ++ended) {
        const LoggedStep& done = log_.steps[*ended];
        if (done.of == 0) continue;
        last[""] = *ended;
        for (const std::string& chain : done.chains) last[chain.substr(0, chain.find(' '))] = *ended;
      }
      auto before = step.chains.empty() ? last.end() : last.find(step.chains.front());
      if (before == last.end()) before = last.find("");
      if (before == last.end()) continue;
      step.inputs.push_back(before->second);
      step.delay = 0;
    }
  }

  BuildLog log_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::vector<Told> told_;
};

}  // namespace

BuildLog read_json_log(std::string_view bytes) { return JsonReader().read(bytes); }

}  // namespace dockerlint::plan
