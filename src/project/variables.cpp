// SPDX-License-Identifier: Apache-2.0
// .env files: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
#include "project/interpolate.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace dockerlint::project {
namespace {

constexpr std::size_t kMaxSize = std::size_t{1} << 20;  // of all values

/// Reads one file. A value on several lines is possible in quotes only.
class EnvReader {
 public:
  EnvReader(std::string_view text, Variables& variables, Variables& all)
      : rest_(text), variables_(variables), all_(all) {}

  void run() {
    while (!rest_.empty()) {
      skip_blanks();
      if (rest_.starts_with('#')) skip_line();
      else if (rest_.starts_with('\n') || rest_.starts_with('\r')) rest_.remove_prefix(1);
      else if (!rest_.empty()) assignment();
    }
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
  void skip_line() { rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size())); }

  void assignment() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    const std::size_t sign = line.find_first_of("=:");
    std::string_view name = trim(line.substr(0, sign));
    if (name.starts_with("export ")) name = trim_left(name.substr(7));
    if (sign == std::string_view::npos || name.empty()) return skip_line();  // a name alone: from the environment
    rest_.remove_prefix(sign + 1);
    skip_blanks();
    set(name, value());
  }

  void set(std::string_view name, std::optional<std::string> value) {
    if (value) size_ += value->size();
    if (size_ > kMaxSize) value.reset();
    variables_.set(std::string(name), value);
    all_.set(std::string(name), value);
  }

  std::optional<std::string> value() {
    if (rest_.starts_with('\'') || rest_.starts_with('"')) {
      const char quote = rest_.front();
      std::size_t end = 1;
      while (end < rest_.size() && rest_[end] != quote) end += quote == '"' && rest_[end] == '\\' ? 2U : 1U;
      if (end >= rest_.size()) {  // compose refuses the file
        skip_line();
        return std::nullopt;
      }
      const std::string_view inside = rest_.substr(1, end - 1);
      rest_.remove_prefix(end + 1);
      skip_line();
      return quote == '\'' ? std::optional(std::string(inside)) : interpolate(unescaped(inside), all_).text;
    }
    std::string_view line = rest_.substr(0, rest_.find('\n'));
    skip_line();
    for (std::size_t hash = line.find('#'); hash != std::string_view::npos; hash = line.find('#', hash + 1)) {
      if (hash > 0 && line[hash - 1] != ' ' && line[hash - 1] != '\t') continue;
      line = line.substr(0, hash);
      break;
    }
    return interpolate(trim(line), all_).text;
  }

  static std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] != '\\' || at + 1 == text.size()) {
        out += text[at];
        continue;
      }
      const char c = text[++at];
      if (c == 'n') out += '\n';
      else if (c == 'r') out += '\r';
      else if (c == 't') out += '\t';
      else if (c == '$') out += "$$";
      else out += c;
    }
    return out;
  }

  std::string_view rest_;
  Variables& variables_;
  Variables& all_;  // with what other files have said before
  std::size_t size_ = 0;
};

}  // namespace

Variables::Looked Variables::look_up(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return {};
  if (!found->second) return {State::unknown, {}};
  return {State::known, *found->second};
}

void Variables::set(std::string name, std::optional<std::string> value) {
  values_.insert_or_assign(std::move(name), std::move(value));
}

void Variables::read(std::string_view text) {
  Variables own;
  Variables all = *this;
  EnvReader(text, own, all).run();
  add(own);
}

void Variables::add(const Variables& other) {
  for (const auto& [name, value] : other.values_) values_.emplace(name, value);
}

}  // namespace dockerlint::project
