// SPDX-License-Identifier: Apache-2.0
#include "report/reporters.hpp"

#include <algorithm>
#include <array>

namespace dockerlint {
namespace {

constexpr std::array<std::string_view, 12> kFormats = {"text",       "concise", "json",   "jsonl",
                                                       "sarif",      "github",  "gitlab", "codeclimate",
                                                       "checkstyle", "junit",   "gnu",    "rdjson"};
static_assert(kFormats.size() == static_cast<std::size_t>(Format::rdjson) + 1);

}  // namespace

std::span<const std::string_view> format_names() { return kFormats; }

std::optional<Format> format_named(std::string_view name) {
  const auto found = std::find(kFormats.begin(), kFormats.end(), name);
  if (found == kFormats.end()) return std::nullopt;
  return static_cast<Format>(found - kFormats.begin());
}

bool is_document(Format format) {
  switch (format) {
    case Format::text:
    case Format::concise:
    case Format::github:
    case Format::gnu: return false;
    case Format::json:
    case Format::jsonl:
    case Format::sarif:
    case Format::gitlab:
    case Format::codeclimate:
    case Format::checkstyle:
    case Format::junit:
    case Format::rdjson: break;
  }
  return true;
}

std::string Reporter::finish(const Totals&) const { return {}; }

std::unique_ptr<Reporter> make_reporter(Format format, const ReportSettings& settings) {
  switch (format) {
    case Format::text: break;
    case Format::concise: return make_concise_reporter(settings.color);
    case Format::json: return make_json_reporter();
    case Format::jsonl: return make_jsonl_reporter();
    case Format::sarif: return make_sarif_reporter(settings);
    case Format::github: return make_github_reporter(settings);
    case Format::gitlab: return make_gitlab_reporter(settings);
    case Format::codeclimate: return make_codeclimate_reporter(settings);
    case Format::checkstyle: return make_checkstyle_reporter(settings);
    case Format::junit: return make_junit_reporter(settings);
    case Format::gnu: return make_gnu_reporter();
    case Format::rdjson: return make_rdjson_reporter(settings);
  }
  return make_text_reporter(settings);
}

Palette::Palette(bool color) {
  if (!color) return;
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
