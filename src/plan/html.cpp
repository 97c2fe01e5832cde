// SPDX-License-Identifier: Apache-2.0
// The plan as one page that needs nothing else: a matrix of caches and builds, who waits for whom, and each cache with
// what was found in it.

#include "dockerlint/rule.hpp"
#include "plan/html_style.hpp"
#include "plan/plan.hpp"
#include "report/visible.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace dockerlint::plan {
namespace {

constexpr std::size_t kMostColumns = 60;
constexpr std::size_t kUprightColumns = 8;  // more are written from below

std::string text(std::string_view plain) {
  std::string out;
  for (const char c : plain) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  if (is_utf8(out)) return out;
  for (char& c : out)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return out;
}

/// `code`, **strong** and the text of links: all of Markdown that the pages' prose has.
std::string prose(std::string_view markdown) {
  std::string out;
  bool code = false, strong = false;
  const std::string plain = text(markdown);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const std::string_view rest = std::string_view(plain).substr(i);
    if (rest.front() == '`') {
      out += (code = !code) ? "<code>" : "</code>";
    } else if (!code && rest.starts_with("**")) {
      out += (strong = !strong) ? "<b>" : "</b>";
      ++i;
    } else if (const std::size_t middle = rest.find("](");
               !code && rest.front() == '[' && middle != rest.npos && rest.find(')', middle) != rest.npos) {
      out += rest.substr(1, middle - 1);
      i += rest.find(')', middle);
    } else {
      out += rest.front();
    }
  }
  if (code) out += "</code>";
  if (strong) out += "</b>";
  return out;
}

/// The paragraphs below `## Why`, without examples.
std::vector<std::string> why_of(std::string_view page) {
  std::vector<std::string> paragraphs;
  const std::size_t begin = page.find("\n## Why\n");
  if (begin == std::string_view::npos) return paragraphs;
  page.remove_prefix(begin + 8);
  page = page.substr(0, page.find("\n## "));
  std::string paragraph;
  bool fenced = false;
  const auto end = [&] {
    if (!paragraph.empty()) paragraphs.push_back(std::move(paragraph));
    paragraph.clear();
  };
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(page.size(), line.size() + 1));
    if (line.starts_with("```")) {
      fenced = !fenced;
      end();
    } else if (line.empty()) {
      end();
    } else if (!fenced && !line.starts_with('|')) {
      if (!paragraph.empty()) paragraph += ' ';
      paragraph += line;
    }
  }
  end();
  return paragraphs;
}

std::string rule_anchor(std::string_view rule) {
  std::string anchor = "rule-";
  for (const char c : rule) anchor += c == '/' ? '-' : c;
  return anchor;
}

/// What is built, as a column.
struct Column {
  std::string name, detail;
};

/// What a build does with a cache, as a cell.
struct Mark {
  bool fills = false, reads = false, locks = false;
  std::string tip;
};

class Page {
 public:
  explicit Page(const Plan& plan) : plan_(plan) { lay_out(); }

  std::string write() && {
    out_ =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"generator\" content=\"dockerlint " DOCKERLINT_VERSION "\">\n<title>Cache plan</title>\n<style>";
    out_ += html_style();
    out_ += "</style>\n</head>\n<body>\n<main>\n";
    head();
    if (!plan_.caches.empty()) {
      matrix();
      queues();
      out_ += "<h2 id=\"caches\">The caches</h2>\n";
      for (std::size_t i = 0; i < plan_.caches.size(); ++i) cache(i);
      rules();
    }
    out_ +=
        "<footer>Made by dockerlint " DOCKERLINT_VERSION ", <code>dockerlint cache --format html</code>.</footer>\n";
    return std::move(out_ += "</main>\n</body>\n</html>\n");
  }

 private:
  template <typename... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }

  std::size_t column(const std::string& name, const std::string& detail) {
    const auto [entry, is_new] = column_.try_emplace(name + '\n' + detail, columns_.size());
    if (is_new) columns_.push_back({name, detail});
    return entry->second;
  }

  void lay_out() {
    for (const Service& service : plan_.services)
      if (!service.definition.empty()) column(service.name, service.dockerfile);
    for (std::size_t i = 0; i < plan_.caches.size(); ++i)
      for (const User& user : plan_.caches[i].users) {
        bool named = false;
        for (const std::size_t s : user.services) {
          const Service& service = plan_.services[s];
          if (service.definition.empty()) continue;
          mark({column(service.name, service.dockerfile), i}, user);
          named = true;
        }
        if (!named) mark({column(user.path, ""), i}, user);
      }
  }

  void mark(std::pair<std::size_t, std::size_t> cell, const User& user) {
    Mark& mark = marks_[cell];
    mark.fills = mark.fills || !user.fills.empty();
    mark.reads = mark.reads || user.fills.empty();
    mark.locks = mark.locks || user.mode == "locked";
    const std::string does = user.fills.empty() ? user.reads.empty() ? "mounted" : "read by " + joined(user.reads)
                                                : "filled by " + joined(user.fills);
    if (!mark.tip.empty()) mark.tip += "; ";
    mark.tip += fmt::format("{}:{}, stage {}, {}: {}", user.path, user.at.line, user.stage, user.mode, does);
  }

  void head() {
    std::size_t errors = 0, warnings = 0, queues = 0;
    for (const Finding& finding : plan_.findings) {
      errors += finding.severity == Severity::error;
      warnings += finding.severity == Severity::warning;
    }
    for (const Cache& cache : plan_.caches) queues += cache.queue.size() > 1;
    out_ += "<h1>Cache plan</h1>\n";
    out_ +=
        "<p class=\"soft\">Every cache that <code>RUN --mount=type=cache</code> uses, by its id, which is one for all "
        "that a builder builds.</p>\n<div class=\"chips\">";
    put("<span class=\"chip\"><b>{}</b> cache{}</span>", plan_.caches.size(), plan_.caches.size() == 1 ? "" : "s");
    put("<span class=\"chip\"><b>{}</b> build{}</span>", plan_.services.size(), plan_.services.size() == 1 ? "" : "s");
    if (queues > 0) put("<span class=\"chip queues\"><b>{}</b> with a queue</span>", queues);
    if (errors > 0) put("<span class=\"chip broken\"><b>{}</b> error{}</span>", errors, errors == 1 ? "" : "s");
    if (warnings > 0)
      put("<span class=\"chip conflict\"><b>{}</b> warning{}</span>", warnings, warnings == 1 ? "" : "s");
    if (errors + warnings == 0) out_ += "<span class=\"chip fine\">nothing in conflict</span>";
    out_ += "</div>\n";
  }

  std::string symbol(const Mark& mark) const {
    std::string svg = "<svg class=\"mark\" viewBox=\"0 0 30 30\" aria-hidden=\"true\">";
    svg += mark.fills ? "<circle class=\"dot\" cx=\"15\" cy=\"15\" r=\"8\"/>"
                      : "<circle class=\"ring\" cx=\"15\" cy=\"15\" r=\"7\"/>";
    if (mark.locks)
      svg +=
          "<path class=\"lock\" fill=\"none\" d=\"M20.5 8.5v-2a2.5 2.5 0 0 1 5 0v2\"/>"
          "<rect class=\"lock\" x=\"19\" y=\"8\" width=\"8\" height=\"6.5\" rx=\"1.5\"/>";
    return svg + "</svg>";
  }

  void matrix() {
    const std::size_t shown = std::min(columns_.size(), kMostColumns);
    out_ += "<h2>Who uses what</h2>\n";
    put("<div class=\"card matrix{}\"><table>\n<thead><tr><th></th>", shown > kUprightColumns ? " many" : "");
    for (std::size_t c = 0; c < shown; ++c)
      put("<th scope=\"col\" title=\"{1}\"><span>{0}</span><small>{1}</small></th>", text(columns_[c].name),
          text(columns_[c].detail));
    out_ += "<th></th></tr></thead>\n<tbody>\n";
    for (std::size_t i = 0; i < plan_.caches.size(); ++i) {
      const Cache& cache = plan_.caches[i];
      const std::string_view verdict = to_string(cache.verdict);
      put("<tr><th scope=\"row\"><a class=\"id\" href=\"#cache-{}\">{}</a><small>{} · {}</small></th>", i,
          text(cache.id), text(what_of(cache)), joined(cache.modes, " and "));
      for (std::size_t c = 0; c < shown; ++c) {
        const auto found = marks_.find({c, i});
        if (found == marks_.end()) out_ += "<td></td>";
        else
          put("<td class=\"on\"><a class=\"{0}\" href=\"#cache-{1}\" title=\"{2}\" aria-label=\"{2}\">{3}</a></td>",
              verdict, i, text(found->second.tip), symbol(found->second));
      }
      put("<td><span class=\"pill {0}\">{0}</span></td></tr>\n", verdict);
    }
    out_ += "</tbody></table></div>\n";
    if (columns_.size() > shown)
      put("<p class=\"soft\">{} more builds are left out of this picture, not of what follows.</p>\n",
          columns_.size() - shown);
    put("<div class=\"legend\"><span>{}fills</span><span>{}reads or only mounts</span><span>{}locks: others wait</span>"
        "<span class=\"pill broken\">broken</span><span class=\"pill conflict\">conflict</span>"
        "<span class=\"pill queues\">queues</span><span class=\"pill fine\">fine</span></div>\n",
        symbol({true, false, false, {}}), symbol({false, true, false, {}}), symbol({true, false, true, {}}));
  }

  /// Caches for which the same builds queue are one picture.
  void queues() {
    std::vector<std::pair<std::vector<std::string>, std::vector<std::size_t>>> queues;
    for (std::size_t i = 0; i < plan_.caches.size(); ++i) {
      if (plan_.caches[i].queue.size() < 2) continue;
      std::vector<std::string> names = queue_of(plan_.caches[i]);
      const auto known =
          std::find_if(queues.begin(), queues.end(), [&](const auto& queue) { return queue.first == names; });
      if (known == queues.end()) queues.push_back({std::move(names), {i}});
      else known->second.push_back(i);
    }
    if (queues.empty()) return;
    out_ +=
        "<h2>When all is built at once</h2>\n<p class=\"soft\">A lock is held for as long as the whole RUN takes. Who "
        "comes second waits; the order is chance, and the bars are not to scale.</p>\n<div class=\"queues-grid\">\n";
    for (auto& [names, caches] : queues) queue(caches, std::move(names));
    out_ += "</div>\n";
  }

  void queue(const std::vector<std::size_t>& caches, std::vector<std::string> names) {
    constexpr std::size_t kMost = 12, kRow = 26, kLeft = 170, kWidth = 480, kLongest = 22;
    const std::size_t more = names.size() > kMost ? names.size() - kMost : 0;
    names.resize(names.size() - more);
    const std::size_t step = (kWidth - kLeft) / names.size();
    out_ += "<div class=\"card queue\">";
    for (const std::size_t cache : caches)
      put("<a class=\"id\" href=\"#cache-{}\">{}</a> ", cache, text(plan_.caches[cache].id));
    put("\n<svg width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"{2} take turns\">\n",
        kWidth, names.size() * kRow + 4, names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::size_t y = i * kRow + kRow / 2;
      const bool is_path = names[i].find('/') != std::string::npos;
      const std::string name = is_path ? fitted_left(names[i], kLongest) : fitted(names[i], kLongest);
      put("<text x=\"0\" y=\"{}\">{}<title>{}</title></text>", y + 4, text(name), text(names[i]));
      if (i > 0)
        put("<line class=\"wait\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", kLeft, y, kLeft + i * step - 4, y);
      put("<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"14\" rx=\"4\"/>\n", kLeft + i * step, y - 7,
          std::max<std::size_t>(step - 2, 4));
    }
    out_ += "</svg>\n";
    if (more > 0) put("<p class=\"soft\">and {} more</p>", more);
    out_ += "</div>\n";
  }

  void cache(std::size_t index) {
    const Cache& cache = plan_.caches[index];
    put("<section class=\"card cache\" id=\"cache-{}\">\n<header><span class=\"id\">{}</span>", index, text(cache.id));
    put("<span class=\"soft\">{0}</span><span class=\"pill {1}\">{1}</span></header>\n", text(what_of(cache)),
        to_string(cache.verdict));
    put("<dl><dt>id</dt><dd>{}</dd>", !cache.known
                                          ? "has a variable that nobody knows here: it may be another one in each build"
                                      : cache.named ? "given by the file"
                                                    : "not given: it is the target");
    put("<dt>mounted at</dt><dd>");
    std::string_view separator;
    for (const std::string& target : cache.targets) {
      put("{}<code>{}</code>", separator, text(target));
      separator = ", ";
    }
    put("</dd><dt>sharing</dt><dd>{}</dd></dl>\n", joined(cache.modes, " and "));
    out_ +=
        "<div class=\"users\"><table><thead><tr><th>RUN</th><th>stage</th><th>built as</th><th>sharing</th>"
        "<th>fills</th><th>reads</th></tr></thead><tbody>\n";
    for (const User& user : cache.users) {
      const std::string names = names_of(user, plan_);
      put("<tr><td><code>{}:{}</code></td><td>{}</td><td>{}</td><td>{}{}</td><td>{}</td><td>{}</td></tr>\n",
          text(user.path), user.at.line, text(user.stage), names.empty() ? "—" : text(names), user.mode,
          user.says_mode ? "" : " <span class=\"soft\">by default</span>", text(joined(user.fills)),
          text(joined(user.reads)));
    }
    out_ += "</tbody></table></div>\n";
    for (const std::size_t finding : cache.findings) write(plan_.findings[finding]);
    out_ += "</section>\n";
  }

  void write(const Finding& finding) {
    put("<div class=\"finding {0}\"><b>{0}</b> <code>{1}:{2}</code> {3} <a href=\"#{4}\">{5}</a>",
        to_string(finding.severity), text(finding.path), finding.at.line, prose(finding.message),
        rule_anchor(finding.rule), text(finding.rule));
    if (!finding.fix.empty()) put("<br><span class=\"soft\">Fix:</span> {}", prose(finding.fix));
    out_ += "</div>\n";
  }

  void rules() {
    std::map<std::string_view, bool> seen;
    for (const Finding& finding : plan_.findings) {
      if (!seen.emplace(finding.rule, true).second) continue;
      if (seen.size() == 1) out_ += "<h2 id=\"rules\">What the rules say</h2>\n";
      const Rule* const rule = find_rule(finding.rule);
      if (rule == nullptr) continue;
      put("<section class=\"card rule\" id=\"{}\"><h3>{}</h3>\n", rule_anchor(rule->name), rule->name);
      put("<p class=\"soft\">Finds {}.</p>\n", text(rule->summary));
      for (const std::string& paragraph : why_of(page_of(*rule))) put("<p>{}</p>\n", prose(paragraph));
      put("<p class=\"soft\">All of it: <code>dockerlint explain {}</code></p></section>\n", rule->name);
    }
  }

  const Plan& plan_;
  std::string out_;
  std::vector<Column> columns_;
  std::map<std::string, std::size_t> column_;
  std::map<std::pair<std::size_t, std::size_t>, Mark> marks_;  // by column and cache
};

}  // namespace

std::string html(const Plan& plan) { return Page(plan).write(); }

}  // namespace dockerlint::plan
