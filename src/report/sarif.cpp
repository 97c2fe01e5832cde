// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
// The results come before the tool, so that only the rules need to be described that found something.
#include "dockerlint/rule.hpp"
#include "report/fingerprint.hpp"
#include "report/json_text.hpp"
#include "report/place.hpp"
#include "report/reporters.hpp"
#include "report/sarif_rules.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace dockerlint {
namespace {

constexpr std::string_view kBase = "%SRCROOT%";

/// The path as a URI reference, whatever bytes it is made of.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/";
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (alphanumeric || kPlain.find(c) != std::string_view::npos) out += c;
    else fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// In a message, `[text](1)` is a link to a related location.
std::string link_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// Text that is no link, whatever it looks like.
std::string without_links(std::string_view text) {
  return text.find("](") == std::string_view::npos ? std::string(text) : link_text(text);
}

class Writer {
 public:
  Writer(std::string& out, const SourceText& source, std::string_view uri, std::string_view directory)
      : json_(out), source_(source), uri_(uri), directory_(directory) {}

  void result(const Diagnostic& found, std::string fingerprint, const Suppressed* hidden, bool has_baseline) {
    json_.object([&] {
      json_.member("ruleId", found.rule->name);
      json_.member("level", sarif_level(found.severity));
      text("message", message(found));
      json_.array("locations", [&] { json_.object([&] { location(found.range); }); });
      if (!found.labels.empty() || !found.elsewhere.empty()) {
        json_.array("relatedLocations", [&] {
          std::uint32_t id = 0;
          for (const Label& label : found.labels) related(++id, label);
          for (const Elsewhere& there : found.elsewhere) related(++id, there);
        });
      }
      json_.object("partialFingerprints", [&] { json_.member("ruleAndText/v1", fingerprint); });
      if (hidden == nullptr && found.fix) fix(*found.fix);
      // What a comment ignores is never compared: it cannot be in the baseline.
      if (has_baseline && hidden == nullptr) json_.member("baselineState", "new");
      if (hidden != nullptr && !hidden->in_source) json_.member("baselineState", "unchanged");
      json_.array("suppressions", [&] {
        if (hidden == nullptr) return;
        json_.object([&] {
          json_.member("kind", hidden->in_source ? "inSource" : "external");
          if (!hidden->reason.empty()) json_.member("justification", hidden->reason);
        });
      });
    });
  }

 private:
  /// The other places as links, which viewers show and follow.
  static std::string message(const Diagnostic& found) {
    std::string out = without_links(found.message);
    for (const std::string& note : found.notes) (out += "\nnote: ") += without_links(note);
    std::uint32_t id = 0;
    const auto link = [&](const std::string& text) {
      ++id;
      if (!text.empty()) fmt::format_to(std::back_inserter(out), "\nsee [{}]({})", link_text(text), id);
    };
    for (const Label& label : found.labels) link(label.text);
    for (const Elsewhere& there : found.elsewhere) link(there.text);
    return out;
  }

  void text(std::string_view name, std::string_view value) {
    json_.object(name, [&] { json_.member("text", value); });
  }

  void artifact() { artifact(uri_); }
  void artifact(std::string_view uri) {
    json_.object("artifactLocation", [&] {
      json_.member("uri", uri);
      if (!uri.starts_with("file:")) json_.member("uriBaseId", kBase);
    });
  }

  void location(TextRange range) {
    json_.object("physicalLocation", [&] {
      artifact();
      region("region", span_of(source_, range, Columns::utf16));
    });
  }

  void related(std::uint32_t id, const Label& label) {
    json_.object([&] {
      json_.member("id", id);
      location(label.range);
      if (!label.text.empty()) text("message", without_links(label.text));
    });
  }

  void related(std::uint32_t id, const Elsewhere& there) {
    json_.object([&] {
      json_.member("id", id);
      json_.object("physicalLocation", [&] {
        artifact(uri_of(tidy_path(there.path, directory_)));
        region("region", {there.at, there.at});
      });
      if (!there.text.empty()) text("message", without_links(there.text));
    });
  }

  void region(std::string_view name, const Span& at) {
    json_.object(name, [&] {
      json_.member("startLine", at.begin.line);
      json_.member("startColumn", at.begin.column);
      json_.member("endLine", at.end.line);
      json_.member("endColumn", at.end.column);
    });
  }

  /// Left out where JSON could not carry it unchanged, and where it is only shown and never applied.
  void fix(const Fix& fix) {
    if (fix.applicability == Applicability::display_only || fix.edits.empty()) return;
    if (!std::all_of(fix.edits.begin(), fix.edits.end(), [](const TextEdit& edit) { return is_utf8(edit.text); }))
      return;
    json_.array("fixes", [&] {
      json_.object([&] {
        text("description", fix.applicability == Applicability::safe ? fix.title : fix.title + " (unsafe)");
        json_.array("artifactChanges", [&] {
          json_.object([&] {
            artifact();
            json_.array("replacements", [&] {
              for (const TextEdit& edit : fix.edits) replacement(edit);
            });
          });
        });
        json_.object("properties", [&] { json_.member("applicability", to_string(fix.applicability)); });
      });
    });
  }

  void replacement(const TextEdit& edit) {
    json_.object([&] {
      region("deletedRegion",
             {place_of(source_, edit.range.begin, Columns::utf16), place_of(source_, edit.range.end, Columns::utf16)});
      if (!edit.text.empty()) text("insertedContent", edit.text);
    });
  }

  JsonWriter json_;
  const SourceText& source_;
  std::string_view uri_;
  std::string_view directory_;
};

class SarifReporter final : public Reporter {
 public:
  explicit SarifReporter(const ReportSettings& settings) : directory_(settings.directory) {}

  std::string begin() const override {
    return "{ \"$schema\": \"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
           "sarif-schema-2.1.0.json\",\n  \"version\": \"2.1.0\", \"runs\": [{\n"
           "  \"columnKind\": \"utf16CodeUnits\",\n"
           "  \"originalUriBaseIds\": { \"%SRCROOT%\": { \"description\": { \"text\": \"The directory that "
           "dockerlint was run in.\" } } },\n  \"results\": [";
  }

  std::string file(const FileReport& report) const override {
    const SourceText& source = report.source;
    const std::string uri = uri_of(tidy_path(source.path(), directory_));
    Fingerprints fingerprints(source, {});
    std::string out;
    const auto write = [&](const Diagnostic& found, const Suppressed* hidden) {
      out += out.empty() ? "\n    " : ",\n    ";
      Writer(out, source, uri, directory_).result(found, fingerprints.next(found), hidden, report.has_baseline);
    };
    by_place(report, write);
    return out;
  }

  std::string_view separator() const override { return ","; }

  std::string finish(const Totals& totals) const override {
    std::vector<const Rule*> rules;
    for (const RuleCount& count : totals.rules) rules.push_back(count.rule);
    std::sort(rules.begin(), rules.end(), [](const Rule* a, const Rule* b) { return a->name < b->name; });
    std::string out = rules.empty() ? "" : "\n  ";
    out += "],\n  \"tool\": { \"driver\": { \"name\": \"dockerlint\", \"version\": \"" DOCKERLINT_VERSION
           "\", \"semanticVersion\": \"" DOCKERLINT_VERSION "\", \"rules\": [";
    for (const Rule* rule : rules) {
      out += rule == rules.front() ? "\n    " : ",\n    ";
      JsonWriter json(out);
      write_sarif_rule(json, *rule);
    }
    out += rules.empty() ? "] } }\n}] }\n" : "\n  ] } }\n}] }\n";
    return out;
  }

 private:
  std::string directory_;
};

}  // namespace

std::unique_ptr<Reporter> make_sarif_reporter(const ReportSettings& settings) {
  return std::make_unique<SarifReporter>(settings);
}

}  // namespace dockerlint
