// SPDX-License-Identifier: Apache-2.0
// rawjson is a client.SolveStatus a line (BuildKit, client/graph.go): `vertexes` are steps, each told again when it
// begins and when it ends. plain says `#8 [build 3/5] RUN …`, and later `#8 DONE 3.4s` or `#8 CACHED`.
#include "plan/build_log.hpp"

#include "data/json.hpp"
#include "model/paths.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>

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

std::int64_t number(std::string_view digits) {
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// Days since 1970-01-01 (Howard Hinnant, days_from_civil).
std::int64_t days(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/// "2026-08-21T10:00:00.123456789Z" in microseconds; nothing where it is none. An offset (`+02:00`) counts.
std::optional<std::int64_t> time_of(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[10] != 'T') return std::nullopt;
  std::int64_t time = days(number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8, 2))) * 86400;
  time += number(text.substr(11, 2)) * 3600 + number(text.substr(14, 2)) * 60 + number(text.substr(17, 2));
  std::int64_t micro = 0;
  std::size_t at = 19;
  if (text[at] == '.') {
    std::int64_t unit = 100000;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
      micro += (text[at] - '0') * unit;
  }
  if (at + 6 <= text.size() && (text[at] == '+' || text[at] == '-')) {
    const std::int64_t offset = number(text.substr(at + 1, 2)) * 3600 + number(text.substr(at + 4, 2)) * 60;
    time += text[at] == '+' ? -offset : offset;
  }
  return time * 1000000 + micro;
}

/// The words of an instruction's flags: `--mount=type=cache,target=/x`.
std::vector<std::string_view> flags_of(std::string_view text) {
  std::vector<std::string_view> flags;
  text.remove_prefix(std::min(text.find(' '), text.size()));
  for (;;) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    if (!text.starts_with("--")) return flags;
    flags.push_back(text.substr(0, text.find_first_of(" \t")));
    text.remove_prefix(flags.back().size());
  }
}

std::vector<LoggedMount> mounts_of(std::string_view text) {
  std::vector<LoggedMount> mounts;
  if (!text.starts_with("RUN ")) return mounts;
  for (std::string_view flag : flags_of(text)) {
    if (!flag.starts_with("--mount=")) continue;
    flag.remove_prefix(8);
    LoggedMount mount;
    bool cache = false;
    while (!flag.empty()) {
      const std::string_view field = flag.substr(0, flag.find(','));
      flag.remove_prefix(std::min(flag.size(), field.size() + 1));
      const std::string_view key = field.substr(0, field.find('='));
      const std::string_view value = field.size() > key.size() ? field.substr(key.size() + 1) : std::string_view();
      if (key == "type") cache = value == "cache";
      else if (key == "id") mount.id = value;
      else if (key == "target" || key == "dst" || key == "destination") mount.target = clean_path(value);
      else if (key == "sharing") mount.locked = value == "locked";
    }
    if (mount.id.empty()) mount.id = mount.target;
    if (cache) mounts.push_back(std::move(mount));
  }
  std::stable_sort(mounts.begin(), mounts.end(),
                   [](const LoggedMount& a, const LoggedMount& b) { return a.target < b.target; });
  return mounts;
}

/// Reads "[api build 3/5] RUN …".
void read_name(std::string_view name, LoggedStep& step) {
  step.name = name;
  if (!name.starts_with('[')) return;
  const std::size_t close = name.find("] ");
  if (close == std::string_view::npos) return;
  std::string_view inside = name.substr(1, close - 1);
  const std::size_t blank = inside.rfind(' ');
  const std::string_view count = inside.substr(blank == std::string_view::npos ? 0 : blank + 1);
  const std::size_t slash = count.find('/');
  if (slash == std::string_view::npos || slash == 0) return;
  step.number = static_cast<std::size_t>(number(count.substr(0, slash)));
  step.of = static_cast<std::size_t>(number(count.substr(slash + 1)));
  if (step.of == 0) return;
  step.chain = blank == std::string_view::npos ? "" : inside.substr(0, blank);
  step.text = trim(name.substr(close + 2));
  step.mounts = mounts_of(step.text);
}

class JsonReader {
 public:
  BuildLog read(std::string_view bytes) && {
    std::size_t lines = 0, good = 0;
    while (!bytes.empty()) {
      const std::string_view line = trim(bytes.substr(0, bytes.find('\n')));
      bytes.remove_prefix(std::min(bytes.size(), bytes.find('\n') == bytes.npos ? bytes.size() : bytes.find('\n') + 1));
      if (line.empty()) continue;
      ++lines;
      if (!line.starts_with('{') || line.find("\"vertexes\"") == line.npos) {
        good += line.starts_with('{');
        continue;
      }
      const JsonDocument document = parse_json(line);
      if (!document.error.empty()) continue;
      ++good;
      if (const JsonValue* const vertexes = member(document.root, "vertexes"))
        for (const JsonValue& vertex : vertexes->items) add(vertex);
    }
    link();
    log_.has_clock = true;
    if (log_.steps.empty() && good < lines) log_.trouble = "it is no JSON as --progress=rawjson writes it";
    return std::move(log_);
  }

 private:
  void add(const JsonValue& vertex) {
    const std::string digest(text_of(vertex, "digest"));
    if (digest.empty()) return;
    const auto [entry, is_new] = index_.try_emplace(digest, log_.steps.size());
    if (is_new) {
      log_.steps.emplace_back().key = digest;
      inputs_.emplace_back();
    }
    LoggedStep& step = log_.steps[entry->second];
    if (const std::string_view name = text_of(vertex, "name"); !name.empty() && step.name.empty())
      read_name(name, step);
    if (const JsonValue* const inputs = member(vertex, "inputs"); inputs != nullptr && inputs_[entry->second].empty())
      for (const JsonValue& input : inputs->items) inputs_[entry->second].push_back(input.text);
    if (const auto began = time_of(text_of(vertex, "started"))) step.began = *began;
    if (const auto ended = time_of(text_of(vertex, "completed"))) step.ended = *ended;
    if (const JsonValue* const cached = member(vertex, "cached")) step.cached = step.cached || cached->text == "true";
  }

  void link() {
    for (std::size_t i = 0; i < log_.steps.size(); ++i)
      for (const std::string& digest : inputs_[i])
        if (const auto input = index_.find(digest); input != index_.end())
          log_.steps[i].inputs.push_back(input->second);
  }

  BuildLog log_;
  std::map<std::string, std::size_t> index_;
  std::vector<std::vector<std::string>> inputs_;
};

/// "12.3s" in microseconds.
std::int64_t duration_of(std::string_view text) {
  const std::string copy(text.substr(0, text.find('s')));
  return static_cast<std::int64_t>(std::strtod(copy.c_str(), nullptr) * 1e6);
}

class PlainReader {
 public:
  BuildLog read(std::string_view bytes) && {
    while (!bytes.empty()) {
      const std::size_t end = std::min(bytes.find('\n'), bytes.size());
      line(trim_right(bytes.substr(0, end)));
      bytes.remove_prefix(std::min(bytes.size(), end + 1));
    }
    for (auto& [id, step] : steps_)
      if (step.of > 0) log_.steps.push_back(std::move(step));
    link();
    if (log_.steps.empty()) log_.trouble = "no step of a Dockerfile is in it; --progress=rawjson and plain can be read";
    return std::move(log_);
  }

 private:
  void line(std::string_view text) {
    if (!text.starts_with('#')) return;
    const std::size_t blank = text.find(' ');
    const std::int64_t id = number(text.substr(1, blank));
    if (id == 0 || blank == text.npos) return;
    std::string_view rest = text.substr(blank + 1);
    LoggedStep& step = steps_[id];
    if (rest.starts_with('[')) {
      if (step.name.empty()) read_name(rest, step);
    } else if (rest.starts_with("DONE ")) {
      step.ended = duration_of(rest.substr(5));
    } else if (rest == "CACHED") {
      step.cached = true;
    }
  }

  /// A plain log does not say what stands on what: a step stands on the one before it in its stage, and on the stage
  /// that it copies from.
  void link() {
    std::map<std::string, std::vector<std::size_t>> chains;
    for (std::size_t i = 0; i < log_.steps.size(); ++i) chains[log_.steps[i].chain].push_back(i);
    for (auto& [name, steps] : chains)
      std::stable_sort(steps.begin(), steps.end(),
                       [&](std::size_t a, std::size_t b) { return log_.steps[a].number < log_.steps[b].number; });
    for (const auto& [name, steps] : chains)
      for (std::size_t i = 0; i < steps.size(); ++i) {
        LoggedStep& step = log_.steps[steps[i]];
        if (i > 0) step.inputs.push_back(steps[i - 1]);
        for (const std::string_view flag : flags_of(step.text)) {
          if (!flag.starts_with("--from=")) continue;
          const std::size_t blank = name.rfind(' ');
          const std::string before = blank == std::string::npos ? "" : name.substr(0, blank + 1);
          const auto from = chains.find(before + std::string(flag.substr(7)));
          if (from != chains.end() && from->first != name) step.inputs.push_back(from->second.back());
        }
      }
  }

  BuildLog log_;
  std::map<std::int64_t, LoggedStep> steps_;
};

}  // namespace

BuildLog read_build_log(std::string_view bytes) {
  const std::string_view begin = trim_left(bytes.substr(0, std::min<std::size_t>(bytes.size(), 4096)));
  if (begin.starts_with('{')) return JsonReader().read(bytes);
  return PlainReader().read(bytes);
}

}  // namespace dockerlint::plan
