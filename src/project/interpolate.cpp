// SPDX-License-Identifier: Apache-2.0
#include "project/interpolate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dockerlint::project {
namespace {

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxGrowth = 4096;  // beyond what is written: variables in variables grow

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool in_name(char c) { return begins_name(c) || (c >= '0' && c <= '9'); }

std::string_view name_at(std::string_view text) {
  std::size_t end = 0;
  if (!text.empty() && begins_name(text[0]))
    while (end < text.size() && in_name(text[end])) ++end;
  return text.substr(0, end);
}

/// Where the brace closes that `text` begins behind; nested ones are skipped.
std::size_t closing_brace(std::string_view text) {
  int open = 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '$' && at + 1 < text.size() && text[at + 1] == '{') {
      ++open;
      ++at;
    } else if (text[at] == '}' && --open == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

class Interpolation {
 public:
  Interpolation(std::string_view text, const Variables& variables) : text_(text), variables_(variables) {}

  Interpolated run(int depth) {
    for (std::size_t at = 0; at < text_.size() && result_.error.empty();) {
      const std::size_t dollar = std::min(text_.find('$', at), text_.size());
      put(text_.substr(at, dollar - at), at, dollar);
      if (dollar == text_.size()) break;
      at = dollar + variable(dollar, depth);
    }
    if (known_ && result_.error.empty()) result_.text = std::move(out_);
    return std::move(result_);
  }

 private:
  void put(std::string_view what, std::size_t begin, std::size_t end) {
    if (what.empty()) return;
    const auto size = [](std::size_t n) { return static_cast<TextSize>(n); };
    result_.pieces.push_back({size(out_.size()), size(what.size()), {size(begin), size(end)}});
    out_ += what;
    if (out_.size() > text_.size() + kMaxGrowth) refuse("grows too long");
  }

  std::size_t refuse(std::string_view why) {
    if (result_.error.empty()) result_.error = why;
    return text_.size();
  }

  void unknown(std::string_view name) {
    known_ = false;
    if (result_.unknown.empty()) result_.unknown = name;
  }

  void use(std::string_view name, std::size_t begin, std::size_t end) {
    const Variables::Looked found = variables_.look_up(name);
    if (found.state == Variables::State::known) put(found.text, begin, end);
    else unknown(name);
  }

  /// The `$` at `dollar`; returns how many bytes it takes.
  std::size_t variable(std::size_t dollar, int depth) {
    const std::string_view rest = text_.substr(dollar + 1);
    if (rest.starts_with('$')) {
      put("$", dollar, dollar + 2);
      return 2;
    }
    result_.only_escapes = false;
    if (const std::string_view name = name_at(rest); !name.empty()) {
      use(name, dollar, dollar + 1 + name.size());
      return 1 + name.size();
    }
    if (!rest.starts_with('{')) return refuse("a `$` that stands for itself is written `$$`");
    const std::size_t close = closing_brace(rest.substr(1));
    if (close == std::string_view::npos) return refuse("`${` is not closed");
    braced(rest.substr(1, close), dollar, dollar + close + 3, depth);
    return close + 3;
  }

  void braced(std::string_view inside, std::size_t begin, std::size_t end, int depth) {
    const std::string_view name = name_at(inside);
    std::string_view rest = inside.substr(name.size());
    if (name.empty()) return void(refuse("`${` wants the name of a variable"));
    if (rest.empty()) return use(name, begin, end);
    const bool empty_counts = rest.starts_with(':');
    if (empty_counts) rest.remove_prefix(1);
    const char sign = rest.empty() ? '\0' : rest.front();
    if (sign != '-' && sign != '?' && sign != '+')
      return void(refuse(fmt::format("`${{{}}}` is no variable that compose knows", inside)));
    const std::string_view word = rest.substr(1);
    const Variables::Looked found = variables_.look_up(name);
    const bool set = found.state == Variables::State::known && !(empty_counts && found.text.empty());
    if (found.state == Variables::State::unknown) return unknown(name);
    if (sign == '?') return set ? put(found.text, begin, end) : unknown(name);
    if (sign == '-') {
      if (set) put(found.text, begin, end);
      else nested(word, begin, end, depth);
      return;
    }
    if (set) nested(word, begin, end, depth);
    else unknown(name);  // the environment may set it
  }

  void nested(std::string_view word, std::size_t begin, std::size_t end, int depth) {
    if (depth == 0) return void(refuse("nested too deeply"));
    const Interpolated inner = Interpolation(word, variables_).run(depth - 1);
    if (!inner.error.empty()) return void(refuse(inner.error));
    if (inner.text) put(*inner.text, begin, end);
    else unknown(inner.unknown);
  }

  std::string_view text_;
  const Variables& variables_;
  Interpolated result_;
  std::string out_;
  bool known_ = true;
};

}  // namespace

Interpolated interpolate(std::string_view text, const Variables& variables) {
  return Interpolation(text, variables).run(kMaxDepth);
}

}  // namespace dockerlint::project
