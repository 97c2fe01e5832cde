// SPDX-License-Identifier: Apache-2.0
#include "report/sarif_rules.hpp"

#include "dockerlint/rule.hpp"
#include "report/place.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

namespace dockerlint {
namespace {

/// `cache/missing-sharing` as SARIF likes names: `CacheMissingSharing`.
std::string pascal_case(std::string_view name) {
  std::string out;
  bool begins = true;
  for (const char c : name) {
    if (c == '/' || c == '-') {
      begins = true;
    } else {
      out += begins ? to_upper(c) : c;
      begins = false;
    }
  }
  return out;
}

/// The page without links to other files of the project, which lead nowhere from where it is shown.
std::string without_relative_links(std::string_view page) {
  std::string out;
  while (!page.empty()) {
    const std::size_t middle = page.find("](");
    const std::size_t open = middle == page.npos ? page.npos : page.rfind('[', middle);
    const std::size_t close = middle == page.npos ? page.npos : page.find(')', middle);
    if (open == page.npos || close == page.npos) break;
    const std::string_view target = page.substr(middle + 2, close - middle - 2);
    const bool relative = target.find("://") == target.npos && target.find_first_of(" \n") == target.npos &&
                          (target.ends_with(".md") || target.find(".md#") != target.npos);
    if (relative) {
      out += page.substr(0, open);
      out += page.substr(open + 1, middle - open - 1);
    } else {
      out += page.substr(0, close + 1);
    }
    page.remove_prefix(close + 1);
  }
  out += page;
  return out;
}

/// What the page says under `heading`; empty when it has no such part.
std::string_view section(std::string_view page, std::string_view heading) {
  const std::size_t begin = page.find(fmt::format("\n## {}\n", heading));
  if (begin == page.npos) return {};
  std::string_view text = page.substr(page.find('\n', begin + 1));
  text = text.substr(0, text.find("\n## "));
  return trim(text);
}

/// The first paragraph of plain text; empty when there is none before an example.
std::string_view first_paragraph(std::string_view text) {
  return text.starts_with("```") ? std::string_view() : text.substr(0, text.find("\n\n"));
}

/// The part of a page that is to be read: without the headline, which names the rule once more.
std::string_view body(std::string_view page) {
  if (!page.starts_with("# ")) return page;
  return trim_left(page.substr(std::min(page.size(), page.find('\n'))));
}

}  // namespace

std::string_view sarif_level(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info:
    case Severity::hint: break;
  }
  return "note";
}

void write_sarif_rule(JsonWriter& json, const Rule& rule) {
  const std::string page = without_relative_links(page_of(rule));
  const std::string brief = fmt::format("Finds {}.", rule.summary);
  const std::string_view why = section(page, "Why");
  const std::string_view lead = first_paragraph(why);
  json.object([&] {
    json.member("id", rule.name);
    json.member("name", pascal_case(rule.name));
    json.object("shortDescription", [&] { json.member("text", brief); });
    json.object("fullDescription",
                [&] { json.member("text", lead.empty() ? brief : fmt::format("{} {}", brief, lead)); });
    json.object("help", [&] {
      json.member("text", why.empty() ? brief : fmt::format("{}\n\n{}", brief, why));
      if (!page.empty()) json.member("markdown", body(page));
    });
    json.object("defaultConfiguration", [&] { json.member("level", sarif_level(rule.severity)); });
    json.object("properties", [&] {
      json.array("tags", [&] {
        json.text(rule.name.substr(0, rule.name.find('/')));
        each_word(rule.aliases, [&](std::string_view alias) { json.text(alias); });
      });
      json.member("problem.severity", rule.severity >= Severity::warning ? to_string(rule.severity) : "recommendation");
    });
  });
}

}  // namespace dockerlint
