// SPDX-License-Identifier: Apache-2.0
// Makes constant tables, or a page of documentation, of the files in rules/catalog/. Runs while the
// program is built. It believes no file: whatever rules/catalog/schema.json asks for, and what a
// schema cannot say, is checked here, and nothing is written if anything is wrong.

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using nlohmann::json;

// What the files say --------------------------------------------------------------------------

struct Word {
  std::string_view in_json;
  std::string_view in_cpp;
};

constexpr std::array kConcurrency = {Word{"exclusive", "exclusive"}, Word{"serialised", "serialised"},
                                     Word{"tolerated", "tolerated"}, Word{"safe", "safe"}};
constexpr std::array kEvidence = {Word{"recalled", "recalled"}, Word{"reported", "reported"},
                                  Word{"documented", "documented"}, Word{"source-read", "source_read"},
                                  Word{"tested", "tested"}};

/// One object of a file's `caches`: directories of which the same is true.
struct Cache {
  std::vector<std::string> paths;
  std::string what;
  std::string concurrency;
  std::string evidence;
  std::string why;
  std::string parallel;
  std::string parallel_sign;
  std::string source;

  bool needs_lock() const { return concurrency == "exclusive" || concurrency == "serialised"; }
};

struct Tool {
  std::string name;
  std::string title;
  std::vector<Cache> caches;
};

/// Where in a file each value stands, as the key `caches[0].why`.
using Lines = std::map<std::string, std::size_t, std::less<>>;

struct Complaints {
  std::vector<std::string> list;

  void add(std::string_view file, std::size_t line, std::string_view what) {
    list.push_back(fmt::format("{}:{}: {}", file, line, what));
  }
};

// Reading JSON with line numbers --------------------------------------------------------------

/// The library says nothing of lines, but asks for one character after the other: count them.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* line) : at_(at), line_(line) {}

  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::size_t* line_;
};

/// Follows the parser through a file: notes each value's line, and keys given twice, of which the
/// library would silently take the last.
class Follower {
 public:
  Follower(std::string_view file, Lines& lines, Complaints& complaints)
      : file_(file), lines_(lines), complaints_(complaints) {}

  std::size_t line = 1;

  void see(json::parse_event_t event, const json& value) {
    switch (event) {
      case json::parse_event_t::key: {
        Frame& frame = frames_.back();
        frame.key = value.get<std::string>();
        const bool first = frame.keys.insert(frame.key).second;
        const std::string path = path_here();
        if (!first) complaints_.add(file_, line, fmt::format("{}: given twice", path));
        lines_[path] = line;
        break;
      }
      case json::parse_event_t::object_start:
      case json::parse_event_t::array_start:
        note_value();
        frames_.push_back({.is_array = event == json::parse_event_t::array_start});
        break;
      case json::parse_event_t::object_end:
      case json::parse_event_t::array_end: frames_.pop_back(); break;
      case json::parse_event_t::value: note_value(); break;
    }
  }

 private:
  struct Frame {
    bool is_array = false;
    std::size_t count = 0;
    std::string key = {};
    std::set<std::string> keys = {};
  };

  void note_value() {
    if (frames_.empty() || !frames_.back().is_array) return;  // its key has noted it
    ++frames_.back().count;
    lines_[path_here()] = line;
  }

  std::string path_here() const {
    std::string path;
    for (const Frame& frame : frames_) {
      if (frame.is_array) {
        path += fmt::format("[{}]", frame.count - 1);
      } else {
        if (!path.empty()) path += '.';
        path += frame.key;
      }
    }
    return path;
  }

  std::string_view file_;
  Lines& lines_;
  Complaints& complaints_;
  std::vector<Frame> frames_;
};

// Checking ------------------------------------------------------------------------------------

std::string list_of(std::span<const Word> words) {
  std::string list;
  for (const Word& word : words) {
    if (!list.empty()) list += ", ";
    list += word.in_json;
  }
  return list;
}

bool is_one_of(std::string_view word, std::span<const Word> words) {
  return std::ranges::any_of(words, [&](const Word& w) { return w.in_json == word; });
}

/// Empty when nothing is wrong with it.
std::string_view trouble_with_text(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.front() == ' ' || text.back() == ' ') return "begins or ends with a space";
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    return "must be one line, without tabs or other control characters";
  }
  return {};
}

std::string_view trouble_with_sentence(std::string_view text) {
  if (const std::string_view trouble = trouble_with_text(text); !trouble.empty()) return trouble;
  if (text.front() >= 'A' && text.front() <= 'Z') return "must begin in lower case";
  if (text.back() == '.') return "must not end with a full stop";
  return {};
}

std::string_view trouble_with_name(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (name.empty() || name.front() < 'a' || name.front() > 'z' || !std::ranges::all_of(name, fits)) {
    return "must be made of a-z, 0-9 and -, and begin with a letter";
  }
  return {};
}

std::string_view trouble_with_path(std::string_view path) {
  if (const std::string_view trouble = trouble_with_text(path); !trouble.empty()) return trouble;
  std::string_view rest = path;
  if (rest.starts_with("~/")) rest.remove_prefix(1);
  if (!rest.starts_with('/')) return "must begin with / or ~/";
  if (path.find_first_of(" $*?\"") != std::string_view::npos)
    return "must be a plain path, without variables or patterns";
  for (const std::string_view home : {"/root", "/home"}) {
    if (path == home || (path.starts_with(home) && path[home.size()] == '/')) return "must be written with ~/";
  }
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view part = rest.substr(0, rest.find('/'));
    if (part.empty() || part == "." || part == "..") return "must be clean: no empty part, no . or .., no / at the end";
    rest.remove_prefix(part.size());
  }
  return {};
}

/// Reads the members of one object, and complains of what is missing, wrong or unknown.
class Members {
 public:
  Members(const json& object, std::string path, std::string_view file, const Lines& lines, Complaints& complaints)
      : object_(object), path_(std::move(path)), file_(file), lines_(lines), complaints_(complaints) {
    if (!object_.is_object()) complain(path_, "must be an object");
  }

  std::string path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  }

  const json* optional(const char* key) {
    known_.insert(key);
    const auto found = object_.is_object() ? object_.find(key) : object_.end();
    return found == object_.end() ? nullptr : &*found;
  }

  const json* required(const char* key) {
    const json* value = optional(key);
    if (value == nullptr && object_.is_object()) complain(path_of(key), "is missing");
    return value;
  }

  /// A text that `trouble` finds nothing wrong with, or an empty one and a complaint.
  std::string text(const json* value, std::string_view path, std::string_view (*trouble)(std::string_view)) {
    if (value == nullptr) return {};
    if (!value->is_string()) {
      complain(path, "must be a text");
      return {};
    }
    const auto& text = value->get_ref<const std::string&>();
    if (const std::string_view what = trouble(text); !what.empty()) {
      complain(path, fmt::format("{}: {}", what, value->dump()));
      return {};
    }
    return text;
  }
  std::string text(const char* key, std::string_view (*trouble)(std::string_view)) {
    return text(required(key), path_of(key), trouble);
  }

  std::string word(const char* key, std::span<const Word> words) {
    std::string word = text(key, trouble_with_text);
    if (!word.empty() && !is_one_of(word, words)) {
      complain(path_of(key), fmt::format("\"{}\" is none of {}", word, list_of(words)));
    }
    return word;
  }

  /// To be called last: only now is it known which keys were asked for.
  void refuse_unknown() {
    if (!object_.is_object()) return;
    for (const auto& [key, value] : object_.items()) {
      if (!known_.contains(key)) complain(path_of(key), fmt::format("unknown; known are {}", fmt::join(known_, ", ")));
    }
  }

  void complain(std::string_view path, std::string_view what) {
    auto line = lines_.find(path);
    if (line == lines_.end()) line = lines_.find(path_);  // missing: the object that lacks it
    complaints_.add(file_, line == lines_.end() ? 1 : line->second,
                    path.empty() ? std::string(what) : fmt::format("{}: {}", path, what));
  }

 private:
  const json& object_;
  std::string path_;
  std::string_view file_;
  const Lines& lines_;
  Complaints& complaints_;
  std::set<std::string> known_;
};

Cache read_cache(Members members) {
  Cache cache;
  if (const json* paths = members.required("paths"); paths != nullptr) {
    const std::string at = members.path_of("paths");
    if (!paths->is_array() || paths->empty()) {
      members.complain(at, "must be a list of at least one path");
    } else {
      for (std::size_t i = 0; i < paths->size(); ++i) {
        std::string path = members.text(&(*paths)[i], fmt::format("{}[{}]", at, i), trouble_with_path);
        if (!path.empty()) cache.paths.push_back(std::move(path));
      }
    }
  }
  cache.what = members.text("what", trouble_with_sentence);
  cache.concurrency = members.word("concurrency", kConcurrency);
  cache.evidence = members.word("evidence", kEvidence);
  cache.why = members.text("why", trouble_with_sentence);
  cache.parallel = members.text(members.optional("parallel"), members.path_of("parallel"), trouble_with_sentence);
  cache.parallel_sign =
      members.text(members.optional("parallel_sign"), members.path_of("parallel_sign"), trouble_with_text);
  cache.source = members.text("source", trouble_with_text);

  if (cache.concurrency == "serialised" && members.optional("parallel") == nullptr) {
    members.complain(members.path_of("parallel"), "is missing: what is serialised has a parallel form");
  }
  if (members.optional("parallel_sign") != nullptr && members.optional("parallel") == nullptr) {
    members.complain(members.path_of("parallel_sign"), "is a sign of nothing: there is no parallel form");
  }
  if ((cache.concurrency == "tolerated" || cache.concurrency == "safe") && members.optional("parallel") != nullptr) {
    members.complain(members.path_of("parallel"), fmt::format("what is {} needs no parallel form", cache.concurrency));
  }
  if (cache.needs_lock() && cache.evidence == "recalled") {
    members.complain(members.path_of("evidence"), fmt::format("recalled is too weak for {}", cache.concurrency));
  }
  if (!cache.source.empty() && !cache.evidence.empty()) {
    const std::string_view start = cache.evidence == "tested" ? "tried: " : "https://";
    if (!cache.source.starts_with(start)) {
      members.complain(members.path_of("source"),
                       fmt::format("must begin with \"{}\" where the evidence is {}", start, cache.evidence));
    }
  }
  members.refuse_unknown();
  return cache;
}

std::string stem_of(std::string_view file) {
  const std::size_t slash = file.find_last_of('/');
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  return std::string(file.substr(0, file.find('.')));
}

std::optional<std::string> read_file(const std::string& path) {
  std::FILE* in = std::fopen(path.c_str(), "rb");
  if (in == nullptr) return std::nullopt;
  std::string bytes;
  std::array<char, 1 << 14> buffer;
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), in)) > 0;) bytes.append(buffer.data(), n);
  const bool failed = std::ferror(in) != 0;
  std::fclose(in);
  if (failed) return std::nullopt;
  return bytes;
}

/// All the files' tools, sorted by name.
class Reader {
 public:
  Complaints complaints;

  std::vector<Tool> read(const std::vector<std::string>& files) {
    std::vector<Tool> tools;
    for (const std::string& file : files) {
      if (std::optional<Tool> tool = read_one(file)) tools.push_back(std::move(*tool));
    }
    std::ranges::sort(tools, {}, &Tool::name);
    return tools;
  }

 private:
  std::optional<Tool> read_one(const std::string& file) {
    const std::optional<std::string> bytes = read_file(file);
    if (!bytes) {
      complaints.list.push_back(fmt::format("{}: cannot be read", file));
      return std::nullopt;
    }
    Lines lines;
    Follower follower(file, lines, complaints);
    const char* begin = bytes->data();
    json document;
    try {
      document =
          json::parse(CountingIterator(begin, &follower.line), CountingIterator(begin + bytes->size(), &follower.line),
                      [&](int, json::parse_event_t event, json& value) {
                        follower.see(event, value);
                        return true;
                      });
    } catch (const json::exception& error) {
      complaints.add(file, follower.line, error.what());
      return std::nullopt;
    }

    Tool tool;
    Members members(document, "", file, lines, complaints);
    if (const json* schema = members.optional("$schema"); schema != nullptr && *schema != "schema.json") {
      members.complain("$schema", "must be \"schema.json\"");
    }
    tool.name = members.text("name", trouble_with_name);
    if (!tool.name.empty() && tool.name != stem_of(file)) {
      members.complain("name", fmt::format("\"{}\" must be the name of the file", tool.name));
    }
    if (!tool.name.empty() && !names_.insert(tool.name).second) {
      members.complain("name", fmt::format("\"{}\" comes twice in the catalog", tool.name));
    }
    tool.title = members.text("title", trouble_with_text);
    if (const json* caches = members.required("caches"); caches != nullptr) {
      if (!caches->is_array() || caches->empty()) {
        members.complain("caches", "must be a list of at least one object");
      } else {
        for (std::size_t i = 0; i < caches->size(); ++i) {
          const std::string at = fmt::format("caches[{}]", i);
          tool.caches.push_back(read_cache(Members((*caches)[i], at, file, lines, complaints)));
          note_paths((*caches)[i], at, file, members);
        }
      }
    }
    members.refuse_unknown();
    return tool;
  }

  void note_paths(const json& cache, const std::string& at, const std::string& file, Members& members) {
    if (!cache.is_object() || !cache.contains("paths") || !cache["paths"].is_array()) return;
    const json& paths = cache["paths"];
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (!paths[i].is_string()) continue;
      const std::string place = fmt::format("{}.paths[{}]", at, i);
      const auto [first, is_new] = paths_.emplace(paths[i].get<std::string>(), fmt::format("{}: {}", file, place));
      if (!is_new) members.complain(place, fmt::format("\"{}\" is already in {}", first->first, first->second));
    }
  }

  std::set<std::string> names_;
  std::map<std::string, std::string> paths_;  // and where each was first
};

// Writing C++ ---------------------------------------------------------------------------------

std::string literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string_view cpp_word(std::string_view word, std::span<const Word> words) {
  return std::ranges::find(words, word, &Word::in_json)->in_cpp;
}

std::string table_name(const Tool& tool) {
  std::string name = "caches_of_" + tool.name;
  std::ranges::replace(name, '-', '_');
  return name;
}

std::string to_cpp(const std::vector<Tool>& tools) {
  std::string out =
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// Made from rules/catalog/*.json by tools/catalog/generate.cpp: change those.\n\n"
      "#include \"catalog/tables.hpp\"\n\n"
      "namespace dockerlint::catalog_tables {\n"
      "namespace {\n\n";
  std::vector<std::pair<std::string, std::string>> by_path;  // the path, and the table's element
  for (const Tool& tool : tools) {
    const std::string table = table_name(tool);
    std::size_t index = 0;
    out += fmt::format("constexpr CacheDir {}[] = {{\n", table);
    for (const Cache& cache : tool.caches) {
      for (const std::string& path : cache.paths) {
        out += fmt::format(
            "    {{.path = {},\n"
            "     .tool = {},\n"
            "     .what = {},\n"
            "     .concurrency = Concurrency::{},\n"
            "     .evidence = Evidence::{},\n"
            "     .why = {},\n"
            "     .parallel = {},\n"
            "     .parallel_sign = {},\n"
            "     .source = {}}},\n",
            literal(path), literal(tool.name), literal(cache.what), cpp_word(cache.concurrency, kConcurrency),
            cpp_word(cache.evidence, kEvidence), literal(cache.why), literal(cache.parallel),
            literal(cache.parallel_sign), literal(cache.source));
        by_path.emplace_back(path, fmt::format("&{}[{}]", table, index++));
      }
    }
    out += "};\n\n";
  }
  out += "constexpr Tool kTools[] = {\n";
  for (const Tool& tool : tools) {
    out += fmt::format("    {{.name = {}, .title = {}, .caches = {}}},\n", literal(tool.name), literal(tool.title),
                       table_name(tool));
  }
  out += "};\n\nconstexpr const CacheDir* kByPath[] = {\n";
  std::ranges::sort(by_path);
  for (const auto& [path, element] : by_path) out += fmt::format("    {},  // {}\n", element, path);
  out +=
      "};\n\n"
      "}  // namespace\n\n"
      "std::span<const Tool> tools() { return kTools; }\n\n"
      "std::span<const CacheDir* const> by_path() { return kByPath; }\n\n"
      "}  // namespace dockerlint::catalog_tables\n";
  return out;
}

// Writing documentation -----------------------------------------------------------------------

/// The text of a table's cell: a bar would end it.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string_view right_sharing(const Cache& cache) {
  if (cache.needs_lock()) return "`locked`";
  return cache.concurrency == "tolerated" ? "`shared`; `locked` is no mistake" : "`shared`";
}

std::string_view how_known(const Cache& cache) {
  return cache.evidence == "source-read" ? "read in the source" : std::string_view(cache.evidence);
}

std::string to_markdown(const std::vector<Tool>& tools) {
  std::string out =
      "<!-- Made from rules/catalog/*.json by tools/catalog/generate.cpp: change those. -->\n"
      "# What is known of caches\n\n"
      "BuildKit lets two builds write to one cache mount at once unless it says `sharing=locked`. Whether that is\n"
      "right depends on the tool, and on what of it is mounted: a lock that lies outside the mount protects nobody.\n"
      "`~` is any user's home.\n\n"
      "| Tool | Directories | Right sharing | Why | How known | Source |\n"
      "|---|---|---|---|---|---|\n";
  for (const Tool& tool : tools) {
    for (const Cache& cache : tool.caches) {
      std::string paths;
      for (const std::string& path : cache.paths) paths += fmt::format("{}`{}`", paths.empty() ? "" : "<br>", path);
      std::string why = cell(cache.why);
      if (!cache.parallel.empty()) why += fmt::format(".<br>To build side by side: {}", cell(cache.parallel));
      const std::string source =
          cache.source.starts_with("https://") ? fmt::format("<{}>", cache.source) : cell(cache.source);
      out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(tool.title), paths, right_sharing(cache), why,
                         how_known(cache), source);
    }
  }
  out +=
      "\n## Correcting it\n\n"
      "Each tool is a file in `rules/catalog/`; `schema.json` beside them says what its keys mean. The build refuses\n"
      "what does not fit. A fact needs a source: a page that says so, the line in the tool's own source, or how it "
      "was\n"
      "tried and what was seen. Without one, leave the directory out: a false alarm costs more than a miss.\n";
  return out;
}

// The command line ----------------------------------------------------------------------------

constexpr const char* kUsage =
    "usage: catalog_generator OUT.cpp FILE.json...\n"
    "       catalog_generator --markdown OUT.md FILE.json...\n"
    "       catalog_generator --check-markdown PAGE.md FILE.json...\n";

int fail(std::string_view message) {
  fmt::print(stderr, "{}\n", message);
  return 1;
}

int write_file(const std::string& path, std::string_view text) {
  std::FILE* out = std::fopen(path.c_str(), "wb");
  if (out == nullptr) return fail(fmt::format("{}: cannot be written", path));
  const bool wrote = std::fwrite(text.data(), 1, text.size(), out) == text.size();
  const bool closed = std::fclose(out) == 0;
  return wrote && closed ? 0 : fail(fmt::format("{}: cannot be written", path));
}

int check_page(const std::string& path, std::string_view text) {
  const std::optional<std::string> page = read_file(path);
  if (!page) return fail(fmt::format("{}: cannot be read", path));
  if (*page == text) return 0;
  return fail(
      fmt::format("{}: does not say what rules/catalog/ says; remake it with "
                  "catalog_generator --markdown {} FILE.json...",
                  path, path));
}

int run(std::vector<std::string> arguments) {
  std::string mode;
  if (!arguments.empty() && arguments.front().starts_with("--")) {
    mode = arguments.front();
    arguments.erase(arguments.begin());
  }
  const bool known_mode = mode.empty() || mode == "--markdown" || mode == "--check-markdown";
  if (!known_mode || arguments.size() < 2) {
    fmt::print(stderr, "{}", kUsage);
    return 1;
  }
  const std::string target = arguments.front();
  arguments.erase(arguments.begin());
  // The folder's schema is welcome among the files, so that a build may name them all by a pattern.
  std::erase_if(arguments, [](const std::string& file) { return stem_of(file) == "schema"; });

  Reader reader;
  const std::vector<Tool> tools = reader.read(arguments);
  if (tools.empty() && reader.complaints.list.empty()) return fail("no catalog file was given");
  if (!reader.complaints.list.empty()) return fail(fmt::format("{}", fmt::join(reader.complaints.list, "\n")));
  if (mode == "--markdown") return write_file(target, to_markdown(tools));
  if (mode == "--check-markdown") return check_page(target, to_markdown(tools));
  return write_file(target, to_cpp(tools));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    return fail(fmt::format("catalog_generator: {}", error.what()));
  }
}
