// SPDX-License-Identifier: Apache-2.0
#include "report/reporters.hpp"

namespace dockerlint {

std::optional<Format> format_named(std::string_view name) {
  if (name == "text") return Format::text;
  if (name == "concise") return Format::concise;
  if (name == "json") return Format::json;
  return std::nullopt;
}

std::string Reporter::finish(const Totals&) const { return {}; }

std::unique_ptr<Reporter> make_reporter(Format format, Style style) {
  switch (format) {
    case Format::text: break;
    case Format::concise: return make_concise_reporter(style);
    case Format::json: return make_json_reporter();
  }
  return make_text_reporter(style);
}

Palette::Palette(Style style) {
  if (!style.color) return;
  bold = "\x1b[1m";
  frame = "\x1b[1;34m";
  reset = "\x1b[0m";
  error = "\x1b[1;31m";
  warning = "\x1b[1;33m";
  info = "\x1b[1;36m";
  hint = "\x1b[1;32m";
}

std::string_view Palette::of(Severity severity) const {
  switch (severity) {
    case Severity::error: return error;
    case Severity::warning: return warning;
    case Severity::info: return info;
    case Severity::hint: break;
  }
  return hint;
}

}  // namespace dockerlint
