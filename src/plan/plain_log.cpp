// SPDX-License-Identifier: Apache-2.0
// --progress=plain (BuildKit, util/progress/progressui/printer.go): `#8 [build 3/5] RUN …`, what it prints as
// `#8 1.234 text`, and `#8 DONE 3.4s`, `#8 CACHED`, `#8 ERROR: …` or `#8 CANCELED`. A step that several builds share
// is told under each one's name. It does not say what stands on what, nor when a step began; but CI puts the time
// before each line (GitHub's is an ISO time, `gh run view --log` puts the job before it), and then it does.

#include "plan/log_text.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>

namespace dockerlint::plan {
namespace {

/// "12.3s" in microseconds.
std::int64_t duration_of(std::string_view text) {
  const std::string copy(text.substr(0, text.find_first_not_of("0123456789.")));
  return static_cast<std::int64_t>(std::strtod(copy.c_str(), nullptr) * 1e6);
}

/// Without the sequences that colour a terminal.
std::string without_colors(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\x1b') {
      out += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '[') {
      i += 2;
      while (i < text.size() && (text[i] < '@' || text[i] > '~')) ++i;
    }
  }
  return out;
}

class PlainReader {
 public:
  BuildLog read(std::string_view bytes) && {
    while (!bytes.empty() && log_.trouble.empty()) {
      const std::size_t end = std::min(bytes.find('\n'), bytes.size());
      ++line_;
      const std::string_view line = trim_right(bytes.substr(0, end));
      take(line.find('\x1b') == line.npos ? std::string(line) : without_colors(line));
      bytes.remove_prefix(std::min(bytes.size(), end + 1));
    }
    if (log_.trouble.empty()) complain_of_steps();
    if (log_.trouble.empty()) drop_others();
    log_.has_clock = timed_ && !log_.steps.empty();
    return std::move(log_);
  }

 private:
  enum class State : std::uint8_t { running, good, failed, canceled };

  struct Told {
    State state = State::running;
    std::size_t line = 0;
  };

  void take(std::string_view text) {
    std::optional<std::int64_t> now;
    if (const std::size_t at = text.rfind('\t', text.find("Z #")); at != text.npos) text.remove_prefix(at + 1);
    if (const std::size_t blank = text.find(' '); blank != text.npos && !text.starts_with('#')) {
      now = time_of(text.substr(0, blank));
      if (!now) return;
      text.remove_prefix(blank + 1);
    }
    if (!text.starts_with('#')) return;
    const std::size_t blank = text.find(' ');
    std::int64_t id = 0;
    std::from_chars(text.data() + 1, text.data() + std::min(blank, text.size()), id);
    if (id <= 0 || blank == text.npos) return;
    const std::string_view rest = text.substr(blank + 1);
    if (rest.starts_with('[') || (rest.find(' ') != rest.npos && !steps_.contains(id))) {
      name_step(id, rest);
    } else if (const auto known = steps_.find(id); known != steps_.end()) {
      tell(known->second, rest, now);
    }
  }

  void name_step(std::int64_t id, std::string_view name) {
    if (id == 1 && under_way_) {  // another build has begun
      steps_.clear();
      ++build_;
      under_way_ = false;
    }
    const auto [entry, is_new] = steps_.try_emplace(id, log_.steps.size());
    if (is_new) {
      log_.steps.emplace_back().build = build_;
      told_.push_back({State::running, line_});
    }
    LoggedStep& step = log_.steps[entry->second];
    LoggedStep other;
    add_name(name, other);
    if (!is_new && other.of > 0 && other.text != step.text) {
      log_.trouble = "two builds have written this at once: give each a log of its own";
      log_.line = line_;
      return;
    }
    add_name(name, step);
    under_way_ = under_way_ || step.of > 0;
  }

  void tell(std::size_t index, std::string_view text, std::optional<std::int64_t> now) {
    LoggedStep& step = log_.steps[index];
    Told& told = told_[index];
    if (text.starts_with("DONE ")) {
      told = {State::good, line_};
      const std::int64_t took = duration_of(text.substr(5));
      timed_ = timed_ && now;
      if (took < step.ended - step.began) return;
      step.ended = now.value_or(took);
      step.began = step.ended - took;
      if (spoke_.contains(index)) step.spoke = step.began + spoke_[index];
      step.cached = false;
    } else if (text == "CACHED") {
      told = {State::good, line_};
      step.cached = step.ended == step.began;
    } else if (text.starts_with("ERROR: ")) {
      if (told.state != State::good) told = {State::failed, line_};
    } else if (text == "CANCELED") {
      if (told.state != State::good) told = {State::canceled, line_};
    } else if (const std::size_t blank = text.find(' ');
               blank != text.npos && text.front() >= '0' && text.front() <= '9') {
      if (text.substr(0, blank).find_first_not_of("0123456789.") == text.npos)
        spoke_.try_emplace(index, duration_of(text.substr(0, blank)));
    }
  }

  void complain_of_steps() {
    const Told* worst = nullptr;
    const LoggedStep* which = nullptr;
    for (std::size_t i = 0; i < told_.size(); ++i) {
      const auto weight = [](State state) { return state == State::failed ? 2 : state == State::canceled ? 1 : 0; };
      if (log_.steps[i].of == 0 || told_[i].state == State::good) continue;
      if (worst != nullptr && weight(told_[i].state) <= weight(worst->state)) continue;
      worst = &told_[i];
      which = &log_.steps[i];
    }
    if (worst == nullptr) return;
    log_.trouble = worst->state == State::running ? "the log ends before `" + which->name + "` does"
                                                  : failed_step(which->name, worst->state == State::canceled);
    log_.line = worst->line;
  }

  /// Nothing is known of how the others hang together.
  void drop_others() {
    std::erase_if(log_.steps, [](const LoggedStep& step) { return step.of == 0; });
  }

  BuildLog log_;
  std::vector<Told> told_;                     // beside the steps
  std::map<std::int64_t, std::size_t> steps_;  // of this build, by their numbers
  std::map<std::size_t, std::int64_t> spoke_;  // after their begin
  std::size_t line_ = 0, build_ = 0;
  bool under_way_ = false, timed_ = true;
};

}  // namespace

BuildLog read_plain_log(std::string_view bytes) { return PlainReader().read(bytes); }

}  // namespace dockerlint::plan
