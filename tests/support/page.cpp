// SPDX-License-Identifier: Apache-2.0
#include "support/page.hpp"

#include "config/load.hpp"
#include "config/resolve.hpp"
#include "dockerlint/report.hpp"
#include "support/properties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <span>
#include <utility>

namespace dockerlint::test {
namespace {

constexpr std::string_view kPath = "Dockerfile";

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return all;
    const std::size_t end = std::min(text.find(' '), text.size());
    all.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

// --- lines too long to be written out ---

constexpr std::string_view kAndSoOn = "…";
constexpr std::size_t kWrittenOut = 8;    // of the characters that `…` goes on with
constexpr std::size_t kOverlong = 65536;  // bytes: one more than BuildKit takes
constexpr std::uint32_t kWidestMark = 1000;

std::string with_long_lines(std::string_view text) {
  std::string out;
  for (std::string line : split_lines(text)) {
    if (const std::size_t at = line.find(kAndSoOn); at != line.npos && at > 0) {
      line.erase(at, kAndSoOn.size());
      line.insert(at, kOverlong - std::min(kOverlong, line.size()), line[at - 1]);
    }
    out += line + '\n';
  }
  return out;
}

std::string without_long_lines(std::string_view text) {
  std::string out;
  for (std::string line : split_lines(text)) {
    for (std::size_t begin = 0, end = 0; line.size() >= kOverlong && begin < line.size(); begin = end) {
      end = std::min(line.find_first_not_of(line[begin], begin), line.size());
      if (end - begin > kWidestMark) line.replace(begin + kWrittenOut, end - begin - kWrittenOut, kAndSoOn);
    }
    out += line + '\n';
  }
  return out;
}

// --- marks ---

std::optional<Mark> read_mark(std::string_view line, std::uint32_t above) {
  if (!line.starts_with('#')) return std::nullopt;
  Mark mark;
  mark.line = std::max(above, 1u);
  std::size_t end = 1;
  if (line.starts_with("#< ")) {
    end = 2;
  } else {
    const std::size_t begin = line.find_first_not_of(' ', 1);
    if (begin == line.npos || line[begin] != '^') return std::nullopt;
    end = std::min(line.find_first_not_of('^', begin), line.size());
    mark.column = begin == 1 ? 1 : static_cast<std::uint32_t>(begin + 1);
    mark.width = static_cast<std::uint32_t>(end) - mark.column + 1;
  }
  if (line.substr(end).starts_with("...")) {
    mark.runs_on = true;
    end += 3;
  }
  line.remove_prefix(end);
  if (!line.starts_with(' ')) return std::nullopt;
  line.remove_prefix(1);
  const std::size_t rule_end = std::min(line.find(' '), line.size());
  mark.rule = std::string(line.substr(0, rule_end));
  if (mark.rule.find('/') == mark.rule.npos) return std::nullopt;
  if (rule_end < line.size()) mark.text = std::string(line.substr(rule_end + 1));
  return mark;
}

std::string write_mark(const Mark& mark) {
  std::string line = "#";
  if (mark.column > 1) line.append(mark.column - 2, ' ').append(mark.width, '^');
  else if (mark.width > 1) line.append(mark.width - 1, '^');
  else line += '<';
  if (mark.runs_on) line += "...";
  line += ' ' + mark.rule;
  if (!mark.text.empty()) line += ' ' + mark.text;
  return line;
}

/// `#^^^` cannot begin in column 2: the # would count. Nothing there is marked in practice but a mark
/// in column 2 of width n reads as one in column 1 of width n + 1, so it is widened both ways.
Mark as_written(Mark mark) {
  if (mark.column == 2) {
    mark.column = 1;
    ++mark.width;
  }
  return mark;
}

Mark mark_of(const Document& document, const Diagnostic& finding) {
  const SourceText& source = document.source();
  const LineColumn begin = source.line_column(finding.range.begin);
  const LineColumn end = source.line_column(finding.range.end);
  Mark mark;
  mark.line = begin.line;
  mark.column = begin.column;
  mark.rule = std::string(finding.rule->name);
  mark.text = finding.message;
  std::uint32_t last = end.column;
  if (end.line > begin.line) {
    const TextRange line = source.line_range(begin.line);
    last = source.line_column(line.end).column;
    // The line end alone is not worth a mark of its own.
    mark.runs_on = end.line > begin.line + 1 || end.column > 1;
  }
  mark.width = last > begin.column ? last - begin.column : 1;
  if (mark.width > kWidestMark) {
    mark.width = 4;
    mark.runs_on = true;
  }
  return as_written(mark);
}

std::vector<Mark> marks_of(const Document& document, std::span<const Diagnostic> findings) {
  std::vector<Mark> marks;
  for (const Diagnostic& finding : findings) marks.push_back(mark_of(document, finding));
  return marks;
}

std::string list(const std::vector<Mark>& marks) {
  if (marks.empty()) return "    none\n";
  std::string all;
  for (const Mark& m : marks)
    all += fmt::format("    {}:{}+{}{} {}{}{}\n", m.line, m.column, m.width, m.runs_on ? "..." : "", m.rule,
                       m.text.empty() ? "" : ": ", m.text);
  return all;
}

// --- reading a page ---

void take_input(Example& example, std::string_view block) {
  std::uint32_t number = 0;
  for (const std::string& line : split_lines(block)) {
    if (auto mark = read_mark(line, number)) {
      example.marks.push_back(as_written(*mark));
      continue;
    }
    ++number;
    example.input += line + '\n';
  }
}

/// The text of a block as the Dockerfile that it stands for.
std::string as_file(const Example& example, std::string text) {
  if (example.bytes) text = with_bytes(text);
  if (example.long_lines) text = with_long_lines(text);
  if (example.no_final_newline && text.ends_with('\n')) text.pop_back();
  return example.crlf ? with_crlf(text) : text;
}

/// The way back; always ends in a line end.
std::string as_block(const Example& example, std::string_view file) {
  std::string text;
  for (std::size_t i = 0; i < file.size(); ++i)
    if (!example.crlf || file[i] != '\r' || i + 1 == file.size() || file[i + 1] != '\n') text += file[i];
  if (example.bytes) text = without_bytes(text);
  if (example.long_lines) text = without_long_lines(text);
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return text;
}

/// A configuration that is part of a page.
class OneFile : public config::FileReader {
 public:
  explicit OneFile(std::string text) : text_(std::move(text)) {}
  config::FileText read(const std::string& /*path*/) const override { return {text_, "the configuration", {}}; }

 private:
  std::string text_;
};

class PageReader {
 public:
  explicit PageReader(Page& page) : page_(page) {}

  void read() {
    for (std::size_t i = 0; i < page_.lines.size();) {
      const std::string& line = page_.lines[i];
      if (line.starts_with("```")) {
        i = fence(i);
        continue;
      }
      if (line.starts_with("# ") && page_.title.empty()) {
        page_.title = line.substr(2);
      } else if (line.starts_with("## ")) {
        section_ = line.substr(3);
        heading_ = section_;
        page_.sections.push_back(section_);
      } else if (line.starts_with("### ")) {
        heading_ = section_ + ", " + line.substr(4);
      } else if (section_.empty() && !page_.title.empty()) {
        paragraph(line);
      }
      ++i;
    }
    for (Example& example : page_.examples) {
      example.input = as_file(example, example.input);
      if (example.fixed) example.fixed = as_file(example, *example.fixed);
      if (example.fixed_unsafe) example.fixed_unsafe = as_file(example, *example.fixed_unsafe);
    }
  }

 private:
  void paragraph(const std::string& line) {
    if (paragraph_done_) return;
    if (line.empty()) {
      paragraph_done_ = !page_.first_paragraph.empty();
      return;
    }
    if (!page_.first_paragraph.empty()) page_.first_paragraph += ' ';
    page_.first_paragraph += line;
  }

  /// Reads the fenced block that begins at `begin`; answers the index behind it.
  std::size_t fence(std::size_t begin) {
    const std::string& opening = page_.lines[begin];
    const std::size_t ticks = std::min(opening.find_first_not_of('`'), opening.size());
    const std::string fence = opening.substr(0, ticks);
    Block block{begin, begin + 1, {}};
    while (block.end < page_.lines.size() && page_.lines[block.end] != fence)
      block.text += page_.lines[block.end++] + '\n';
    if (block.end == page_.lines.size()) fault(begin, "a fence that is not closed");
    else ++block.end;

    const std::vector<std::string> info = words(std::string_view(opening).substr(ticks));
    if (!info.empty() && info[0] == "dockerfile") dockerfile(block, {info.begin() + 1, info.end()});
    if (info == std::vector<std::string>{"text", "rendered"}) rendered(block);
    if (info == std::vector<std::string>{"toml", "config"}) config_for_next(block);
    return block.end;
  }

  void dockerfile(const Block& block, const std::vector<std::string>& options) {
    if (options == std::vector<std::string>{"fixed"} || options == std::vector<std::string>{"fixed-unsafe"}) {
      if (page_.examples.empty()) return fault(block.begin, "a fixed block before any input");
      Example& example = page_.examples.back();
      const bool safe = options[0] == "fixed";
      if ((safe ? example.fixed : example.fixed_unsafe)) return fault(block.begin, "a second block of its kind");
      (safe ? example.fixed : example.fixed_unsafe) = block.text;
      (safe ? example.fixed_block : example.fixed_unsafe_block) = block;
      return;
    }
    Example example;
    example.line = static_cast<std::uint32_t>(block.begin + 2);
    example.heading = heading_;
    example.section = section_;
    example.input_block = block;
    example.settings = std::exchange(settings_, {});
    for (const std::string& option : options) {
      if (option == "crlf") example.crlf = true;
      else if (option == "no-final-newline") example.no_final_newline = true;
      else if (option == "bytes") example.bytes = true;
      else if (option == "long") example.long_lines = true;
      else fault(block.begin, fmt::format("a dockerfile block that is '{}'", option));
    }
    take_input(example, block.text);
    page_.examples.push_back(std::move(example));
  }

  void config_for_next(const Block& block) {
    const auto loaded = config::load("/.dockerlint.toml", OneFile(block.text));
    for (const std::string& problem : loaded->problems) fault(block.begin, problem);
    if (loaded->layers.empty()) return;
    const config::Layer* const layer = &loaded->layers.front();
    settings_ = config::to_config(config::resolve(std::span(&layer, 1)));
  }

  void rendered(const Block& block) {
    if (page_.examples.empty()) return fault(block.begin, "a rendered block before any input");
    page_.examples.back().rendered = block.text;
    page_.examples.back().rendered_block = block;
  }

  void fault(std::size_t index, std::string what) {
    page_.faults.push_back(fmt::format("{}:{}: {}", page_.path, index + 1, what));
  }

  Page& page_;
  std::string section_;
  std::string heading_;
  Config settings_;
  bool paragraph_done_ = false;
};

// --- what now comes out ---

struct Outcome {
  std::vector<Mark> marks;
  std::string fixed;
  std::string fixed_unsafe;
  std::string rendered;
  Severity gravest = Severity::hint;
};

/// In which the page's rule alone runs.
Config config_of(const Example& example, const Rule& rule) {
  Config config = only(rule);
  config.rules = example.settings.rules;
  config.project = example.settings.project;
  return config;
}

Outcome outcome(const Example& example, const Rule& rule) {
  const Config config = config_of(example, rule);
  const Document document = Document::parse(std::string(kPath), example.input);
  const std::vector<Diagnostic> found = lint(document, config, Catalog::builtin());
  const auto fixed = [&](Applicability at_least) {
    return std::string(
        fix(std::string(kPath), example.input, config, Catalog::builtin(), at_least).document.source().bytes());
  };
  std::string rendered = make_reporter(Format::text, ReportSettings{})->file(FileReport{document.source(), found});
  if (!rendered.empty() && !rendered.ends_with('\n')) rendered += '\n';
  Severity gravest = Severity::hint;
  for (const Diagnostic& finding : found) gravest = std::max(gravest, finding.severity);
  return {marks_of(document, found), fixed(Applicability::safe), fixed(Applicability::unsafe), std::move(rendered),
          gravest};
}

bool as_marked(const std::vector<Mark>& expected, const std::vector<Mark>& actual) {
  return std::equal(expected.begin(), expected.end(), actual.begin(), actual.end(),
                    [](const Mark& e, const Mark& a) { return e.same_place(a) && a.text.find(e.text) != a.text.npos; });
}

/// What all rules find at or above a severity: how many of each message.
std::map<std::string, int> findings_of_all(const std::string& text, const Config& config, Severity at_least) {
  const Document document = Document::parse(std::string(kPath), text);
  std::map<std::string, int> all;
  for (const Diagnostic& finding : lint(document, config, Catalog::builtin()))
    if (finding.severity >= at_least) ++all[fmt::format("{}: {}", finding.rule->name, finding.message)];
  return all;
}

class ExampleCheck {
 public:
  ExampleCheck(const Page& page, const Example& example, const Rule& rule, std::vector<std::string>& failures)
      : page_(page), example_(example), rule_(rule), failures_(failures) {}

  void run() {
    const Outcome now = outcome(example_, rule_);
    if (!as_marked(example_.marks, now.marks))
      fail("other findings than those that are marked\n  marked\n" + list(example_.marks) + "  found\n" +
           list(now.marks));
    if (now.fixed != example_.fixed.value_or(example_.input))
      fail("--fix makes something else of it\n" + line_diff(example_.fixed.value_or(example_.input), now.fixed));
    if (const std::string& unsafe = example_.fixed_unsafe.value_or(now.fixed); now.fixed_unsafe != unsafe)
      fail("--unsafe-fixes makes something else of it\n" + line_diff(unsafe, now.fixed_unsafe));
    if (example_.rendered && now.rendered != *example_.rendered)
      fail("is printed otherwise\n" + line_diff(*example_.rendered, now.rendered));
    for (const Mark& mark : example_.marks)
      if (mark.rule != rule_.name) fail(fmt::format("a mark for {}; only the page's rule runs", mark.rule));

    // Small enough that every token is deleted in turn.
    constexpr std::size_t kAll = 1000;
    for (const std::string& fault :
         broken_properties(std::string(kPath), example_.input, config_of(example_, rule_), kAll))
      fail(fault);

    for (const Mark& mark : now.marks)
      if (mark.text.ends_with('.')) fail("a message that ends in a full stop: " + mark.text);

    if (example_.section == "Bad" && example_.marks.empty()) fail("a Bad example without a mark");
    if (example_.section == "Good") good(now);
    if (now.fixed != example_.input) nothing_as_grave_in(now.fixed, now.gravest);
    if (now.fixed_unsafe != now.fixed) nothing_as_grave_in(now.fixed_unsafe, now.gravest);
  }

 private:
  void good(const Outcome& now) {
    if (!now.marks.empty()) fail("a Good example in which the rule finds something");
    // What others would only advise, an example may leave out for the sake of what it shows.
    for (const auto& [finding, count] : findings_of_all(example_.input, example_.settings, Severity::warning))
      fail("a Good example has " + finding);
  }

  /// A fix may uncover what is milder: a mount that was refused is judged once it is put right.
  void nothing_as_grave_in(const std::string& fixed, Severity gravest) {
    const Severity at_least = std::max(gravest, Severity::info);
    std::map<std::string, int> before = findings_of_all(example_.input, example_.settings, at_least);
    for (const auto& [finding, count] : findings_of_all(fixed, example_.settings, at_least))
      if (count > before[finding]) fail("after the fix there is " + finding);
  }

  void fail(std::string_view what) {
    failures_.push_back(fmt::format("{}:{} ({}): {}", page_.path, example_.line, example_.heading, what));
  }

  const Page& page_;
  const Example& example_;
  const Rule& rule_;
  std::vector<std::string>& failures_;
};

void require_parts(const Page& page, const Rule& rule, std::vector<std::string>& failures) {
  const auto fail = [&](std::string_view what) { failures.push_back(fmt::format("{}: {}", page.path, what)); };
  const auto has = [&](std::string_view section) {
    return std::find(page.sections.begin(), page.sections.end(), section) != page.sections.end();
  };
  for (const std::string_view section : {"Why", "Bad", "Good"})
    if (!has(section)) fail(fmt::format("has no heading '## {}'", section));
  if (rule.fix != FixKind::none && !has("Fix safety")) fail("has no heading '## Fix safety', and its rule fixes");
  const std::string sentence = fmt::format("Finds {}.", rule.summary);
  if (!page.first_paragraph.starts_with(sentence)) fail(fmt::format("does not begin with '{}'", sentence));
  for (const std::string_view section : {"Bad", "Good"})
    if (has(section) && std::none_of(page.examples.begin(), page.examples.end(),
                                     [&](const Example& e) { return e.section == section; }))
      fail(fmt::format("has no example in '{}'", section));
}

/// Held over the page: a rule that fixes sometimes must be seen doing so.
void require_fix(const Page& page, const Rule& rule, std::vector<std::string>& failures) {
  if (rule.fix != FixKind::sometimes) return;
  for (const Example& example : page.examples) {
    const Document document = Document::parse(std::string(kPath), example.input);
    for (const Diagnostic& finding : lint(document, config_of(example, rule), Catalog::builtin()))
      if (finding.fix) return;
  }
  failures.push_back(fmt::format("{}: its rule fixes sometimes, and no example shows when", page.path));
}

bool is_rule_page(const Page& page) { return page.path.find("tests/rules/") == page.path.npos; }

// --- blessing ---

std::string fenced(std::string_view info, std::string_view text) { return fmt::format("```{}\n{}```\n", info, text); }

std::string blessed_input(const Page& page, const Example& example, const std::vector<Mark>& now) {
  std::string out = page.lines[example.input_block.begin] + '\n';
  // As the author wrote them: a no-break space that `bytes` spells out stays spelt out.
  std::vector<std::string> lines;
  for (std::size_t i = example.input_block.begin + 1; i + 1 < example.input_block.end; ++i)
    if (!read_mark(page.lines[i], 1)) lines.push_back(page.lines[i]);
  std::vector<Mark> left = now;
  const auto put_marks = [&](std::uint32_t line) {
    for (const Mark& mark : left) {
      if (mark.line != line) continue;
      Mark written = mark;
      written.text.clear();  // the author's words stay while they are still true
      for (const Mark& old : example.marks)
        if (old.line == line && old.rule == mark.rule && mark.text.find(old.text) != mark.text.npos)
          written.text = old.text;
      out += write_mark(written) + '\n';
    }
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += lines[i] + '\n';
    put_marks(static_cast<std::uint32_t>(i + 1));
  }
  if (lines.empty()) put_marks(1);
  return out + page.lines[example.input_block.end - 1] + '\n';
}

}  // namespace

Page read_page(std::string path, std::string_view text) {
  Page page;
  page.path = std::move(path);
  page.lines = split_lines(text);
  PageReader(page).read();
  return page;
}

bool blessing() {
  const char* asked = std::getenv("DOCKERLINT_BLESS");
  return asked != nullptr && *asked != '\0' && std::string_view(asked) != "0";
}

std::vector<std::string> failures(const Page& page) {
  std::vector<std::string> all = page.faults;
  const Rule* rule = find_rule(page.title);
  if (rule == nullptr || rule->name != page.title) {
    all.push_back(fmt::format("{}:1: the title '{}' is not the name of a rule", page.path, page.title));
    return all;
  }
  if (page.path.find(std::string(rule->name) + ".md") == page.path.npos)
    all.push_back(fmt::format("{}: the page of {} has another name", page.path, rule->name));
  if (is_rule_page(page)) {
    require_parts(page, *rule, all);
    require_fix(page, *rule, all);
  }
  if (page.examples.empty()) all.push_back(fmt::format("{}: has no example", page.path));
  for (const Example& example : page.examples) ExampleCheck(page, example, *rule, all).run();
  return all;
}

std::string blessed(const Page& page) {
  const Rule* rule = find_rule(page.title);
  std::string out;
  std::size_t at = 0;
  const auto copy_to = [&](std::size_t end) {
    while (at < end) out += page.lines[at++] + '\n';
  };
  if (rule == nullptr) {
    copy_to(page.lines.size());
    return out;
  }
  for (const Example& example : page.examples) {
    const Outcome now = outcome(example, *rule);
    copy_to(example.input_block.begin);
    out += example.section == "Good" ? blessed_input(page, example, {}) : blessed_input(page, example, now.marks);
    at = example.input_block.end;

    const auto put_fixed = [&](const std::optional<Block>& block, std::string_view info, const std::string& text,
                               const std::string& without) {
      if (block) copy_to(block->begin);
      if (text != without) {
        if (!block) out += '\n';
        out += fenced(info, as_block(example, text));
      }
      if (!block) return;
      at = block->end;
      // A block that goes takes the blank line behind it along.
      if (text == without && at < page.lines.size() && page.lines[at].empty()) ++at;
    };
    if (example.section != "Good") {
      put_fixed(example.fixed_block, "dockerfile fixed", now.fixed, example.input);
      put_fixed(example.fixed_unsafe_block, "dockerfile fixed-unsafe", now.fixed_unsafe, now.fixed);
    }
    if (example.rendered_block) {
      copy_to(example.rendered_block->begin);
      out += fenced("text rendered", now.rendered);
      at = example.rendered_block->end;
    }
  }
  copy_to(page.lines.size());
  return out;
}

std::vector<std::string> failures_of_all_rules() {
  std::vector<std::string> all;
  for (const Rule* rule : all_rules()) {
    const std::string path = fmt::format("rules/{}.md", rule->name);
    if (page_of(*rule).empty()) {
      all.push_back(fmt::format("{}: is not there", path));
      continue;
    }
    const Page page = read_page(path, page_of(*rule));
    if (page.title != rule->name) all.push_back(fmt::format("{}: its title is '{}'", path, page.title));
    require_parts(page, *rule, all);
  }
  return all;
}

std::string line_diff(std::string_view expected, std::string_view actual) {
  const std::vector<std::string> a = split_lines(expected);
  const std::vector<std::string> b = split_lines(actual);
  // The length of the longest common part from i and j on.
  std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::string out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      out += "      " + a[i] + '\n';
      ++i;
      ++j;
    } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
      out += "    - " + a[i++] + '\n';
    } else {
      out += "    + " + b[j++] + '\n';
    }
  }
  if (expected != actual && a == b) out += "    (the last line end differs)\n";
  return without_bytes(out);
}

std::optional<std::string> read_file(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return std::nullopt;
  std::string text;
  char buffer[1 << 16];
  while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, file)) text.append(buffer, size);
  const bool good = std::ferror(file) == 0;
  std::fclose(file);
  if (!good) return std::nullopt;
  return text;
}

bool write_file(const std::string& path, std::string_view text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return (std::fclose(file) == 0) && good;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
    out += text[i];
  }
  return out;
}

std::string with_bytes(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<' && i + 3 < text.size() && text[i + 3] == '>' && digit(text[i + 1]) >= 0 &&
        digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string without_bytes(std::string_view text) {
  const auto follows = [&](std::size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte < 0x80                   ? 1
                               : byte >= 0xF0 && byte < 0xF5 ? 4
                               : byte >= 0xE0 && byte < 0xF0 ? 3
                               : byte >= 0xC2 && byte < 0xE0 ? 2
                                                             : 0;
    bool whole = length > 0 && (byte >= 0x20 || byte == '\n' || byte == '\t') && byte != 0x7F;
    for (std::size_t k = 1; k < length; ++k) whole = whole && follows(i + k);
    if (whole) {
      out += text.substr(i, length);
      i += length;
    } else {
      out += fmt::format("<{:02X}>", byte);
      ++i;
    }
  }
  return out;
}

}  // namespace dockerlint::test
