// SPDX-License-Identifier: Apache-2.0
// What a user sees of configuration files is in tests/cli/config.md and docs/config.md. Here: what only code can say.
#include "config/keys.hpp"
#include "config/load.hpp"
#include "config/resolve.hpp"
#include "config/toml_text.hpp"
#include "dockerlint/lint.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

using namespace dockerlint;
using namespace dockerlint::config;

namespace {

class MemoryFiles : public FileReader {
 public:
  explicit MemoryFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}
  FileText read(const std::string& path) const override {
    const auto found = files_.find(path);
    if (found == files_.end()) return {{}, path, "No such file or directory"};
    return {found->second, path, {}};
  }

 private:
  std::map<std::string, std::string> files_;
};

std::shared_ptr<const Loaded> loaded(const std::string& text, const std::string& name = "/p/.dockerlint.toml") {
  return load(name, MemoryFiles(std::map<std::string, std::string>{{name, text}}));
}

Resolved resolved(const Loaded& file, std::string_view path = "/p/Dockerfile") {
  std::vector<const Layer*> layers;
  for (const Layer& layer : file.layers)
    if (holds_for(layer, path)) layers.push_back(&layer);
  return resolve(layers);
}

const Rule& rule(std::string_view name) { return *find_rule(name); }

std::vector<std::string> found_by(const std::string& toml, const std::string& dockerfile) {
  const auto file = loaded(toml);
  REQUIRE(file->problems.empty());
  std::vector<std::string> found;
  for (const Diagnostic& one :
       lint(Document::parse("Dockerfile", dockerfile), to_config(resolved(*file)), Catalog::builtin()))
    found.push_back(fmt::format("{}[{}]", to_string(one.severity), one.rule->name));
  return found;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("an empty configuration is the default one") {
  for (const char* const text : {"", "\n", "# nothing\n", "[rules]\n"}) {
    const Config config = to_config(resolved(*loaded(text)));
    CHECK(config.rules.empty());
    CHECK(config.min_severity == Config{}.min_severity);
    for (std::size_t i = 0; i < all_rules().size(); ++i) CHECK(config.enabled.contains_at(i));
  }
}

TEST_CASE("letters beyond ASCII outside of text are refused, wherever among the blanks of Unicode they are") {
  for (const char* letter : {"\u00e9", "\u0161", "\u2d30", "\u3042", "\ufefb"}) {
    CHECK(loaded(std::string(letter) + '\n')->problems.size() == 1);
    CHECK(loaded("root = " + std::string(letter) + '\n')->problems.size() == 1);
    CHECK(loaded(fmt::format("exclude = ['{}']\n", letter))->problems.empty());
  }
}

TEST_CASE("every key that is declared is read, with its default") {
  for (const Key& key : file_keys()) {
    if (key.fallback.empty()) continue;
    CAPTURE(key.name);
    CHECK(loaded(fmt::format("{} = {}\n", key.name, key.fallback))->problems.empty());
  }
  for (const Key& key : override_keys()) {
    if (key.fallback.empty()) continue;
    CAPTURE(key.name);
    CHECK(loaded(fmt::format("[[overrides]]\npaths = []\n{} = {}\n", key.name, key.fallback))->problems.empty());
  }
  CHECK(loaded("rules = {}\noverrides = []\n")->problems.empty());
}

TEST_CASE("every option of a rule can be given, with its default, and with nothing of another type") {
  for (const Rule* const one : all_rules()) {
    for (const RuleOption* const option : one->options) {
      CAPTURE(one->name, option->name);
      CHECK(option->name != kSeverityKey);
      CHECK(option->name != kFixKey);
      CHECK_FALSE(option->summary.empty());
      const auto with = [&](const std::string& value) {
        return loaded(fmt::format("[rules]\n\"{}\" = {{ {} = {} }}\n", one->name, option->name, value))
            ->problems.size();
      };
      CHECK(with(toml_value(option->fallback)) == 0);
      CHECK(with("1.5") == 1);
    }
  }
}

TEST_CASE("what `config show` prints is a configuration that means the same") {
  const auto file = loaded(R"(
cache-policy = "clean"
ci = "ephemeral"
fail-on = "never"
min-severity = "hint"
exclude = ['a "b"', 'c\ d', "é"]
[rules]
all = "error"
cache = "off"
from = { severity = "info", fix = "unsafe" }
"cache/needless-lock" = { severity = "on", fix = "never", except = ["/a b", '"'] }
syntax = { fix = "safe" }
)");
  REQUIRE(file->problems.empty());
  const std::string once = shown(resolved(*file));
  const auto again = loaded(once);
  REQUIRE(again->problems == Strings{});
  const auto without_comments = [](const std::string& page) {
    std::string out;
    for (std::size_t at = 0; at < page.size();) {
      const std::size_t end = std::min(page.find('\n', at), page.size());
      const std::string line = page.substr(at, end - at);
      out += line.substr(0, line.find("  # ")) + '\n';
      at = end + 1;
    }
    return out;
  };
  const std::string twice = shown(resolved(*again));
  // Only the width of the column of comments may differ.
  std::string a = without_comments(once), b = without_comments(twice);
  for (std::string* const text : {&a, &b}) {
    std::string tight;
    for (const char c : *text)
      if (c != ' ' || tight.empty() || tight.back() != ' ') tight += c;
    *text = tight;
  }
  CHECK(a == b);
}

TEST_CASE("a name is said once for each value: the last file that says it") {
  const MemoryFiles files({{"/a.toml", "extends = ['b.toml', 'c.toml']\n[rules]\ncache = 'error'\n"},
                           {"/b.toml", "ci = 'ephemeral'\nfail-on = 'info'\n"},
                           {"/c.toml", "ci = 'persistent'\n[rules]\n'cache/index-from' = 'hint'\n"}});
  const auto file = load("/a.toml", files);
  REQUIRE(file->problems.empty());
  const Resolved all = resolved(*file);
  CHECK(all.ci.value == Ci::persistent);
  CHECK(all.ci.origin.source->name == "/c.toml");
  CHECK(all.fail_on.value == Severity::info);
  // A group in a nearer file beats a rule in one farther away.
  CHECK(all.rules[RuleSet::place_of(rule("cache/index-from"))].severity.value == Severity::error);
}

TEST_CASE("what makes a run fail is shown, unless the same place or a stronger one says otherwise") {
  const auto least = [](const std::string& text) { return resolved(*loaded(text)).min_severity.value; };
  CHECK(least("fail-on = 'hint'\n") == Severity::hint);
  CHECK(least("fail-on = 'error'\n") == Severity::info);
  CHECK(least("fail-on = 'hint'\nmin-severity = 'error'\n") == Severity::error);
  CHECK(least("min-severity = 'error'\n[[overrides]]\npaths = ['*']\nfail-on = 'hint'\n") == Severity::hint);
}

TEST_CASE("an option reaches its rule") {
  const std::string dockerfile =
      "FROM node:22\n"
      "RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci\n";
  CHECK(found_by("", dockerfile) == Strings{"warning[cache/needless-lock]"});
  CHECK(found_by("rules.'cache/needless-lock'.except = ['/root/.npm']", dockerfile) == Strings{});
  CHECK(found_by("rules.'cache/needless-lock' = { severity = 'error', except = ['/x'] }", dockerfile) ==
        Strings{"error[cache/needless-lock]"});
}

namespace {

constexpr std::string_view kModes[] = {"some", "all"};
constexpr std::string_view kWords[] = {"a", "b"};
constexpr Option<bool> kFlag{"flag", "whether", true};
constexpr Option<std::int64_t> kNumber{"number", "how many", 3};
constexpr Option<std::string_view> kMode{"mode", "which", "some", kModes};
constexpr Option<OptionWords> kList{"list", "what", OptionWords(kWords)};
constexpr const RuleOption* kOptions[] = {&kFlag, &kNumber, &kMode, &kList};
constinit const Rule kRule{.name = "test/options",
                           .summary = "nothing",
                           .severity = Severity::info,
                           .fix = FixKind::none,
                           .since = "0.1.0",
                           .options = kOptions,
                           .check = nullptr};

}  // namespace

TEST_CASE("a rule reads what was chosen, and its own default for the rest") {
  const Document document = Document::parse("Dockerfile", "FROM a\n");
  const Facts facts(document, Catalog::builtin());
  std::vector<Diagnostic> found;
  using Words = std::vector<std::string_view>;

  const RuleContext untouched(kRule, facts, found);
  CHECK(untouched.option(kFlag));
  CHECK(untouched.option(kNumber) == 3);
  CHECK(untouched.option(kMode) == "some");
  CHECK(untouched.option(kList) == Words{"a", "b"});

  const OptionValues two{std::nullopt, std::int64_t{7}};
  const RuleContext some(kRule, facts, found, {CachePolicy::clean, Ci::ephemeral}, &two);
  CHECK(some.option(kFlag));
  CHECK(some.option(kNumber) == 7);
  CHECK(some.option(kMode) == "some");
  CHECK(some.project().cache_policy == CachePolicy::clean);
  CHECK(some.project().ci == Ci::ephemeral);

  const OptionValues all{false, std::int64_t{0}, "all", Strings{"x"}};
  const RuleContext chosen(kRule, facts, found, {}, &all);
  CHECK_FALSE(chosen.option(kFlag));
  CHECK(chosen.option(kNumber) == 0);
  CHECK(chosen.option(kMode) == "all");
  CHECK(chosen.option(kList) == Words{"x"});
}

TEST_CASE("paths are joined as they are written") {
  CHECK(joined_path("/a/b/", "c.toml") == "/a/b/c.toml");
  CHECK(joined_path("/a/b/", "../c.toml") == "/a/c.toml");
  CHECK(joined_path("/a/b/", "./x/.././/c.toml") == "/a/b/c.toml");
  CHECK(joined_path("/a/b/", "/c.toml") == "/c.toml");
  CHECK(joined_path("/", "../../c.toml") == "/c.toml");
}

TEST_CASE("texts that are no configuration end in one problem, never in the end of the program") {
  const std::string dots(300'000, '.');
  std::string keys;
  for (int i = 0; i < 100'000; ++i) keys += "a.";
  const std::string deep(100'000, '[');
  for (const std::string& text :
       {keys + "a = 1\n", "[" + keys + "a]\n", "a = " + deep, "a = \"" + dots + "\"\n", "\"\"\"\n" + keys + "a = 1\n",
        std::string("\0\xFF\xFE", 3), std::string("= 1\n"), std::string("[!a]\n"), std::string("[[,")}) {
    CAPTURE(text.substr(0, 20));
    CHECK(loaded(text)->problems.size() == 1);
  }
  for (const std::string& text :
       {deep, std::string(100'000, '{'), std::string("- - - a: &b [*b]"), std::string("a: &b [*b]"),
        std::string("a: *b"), std::string("\0\xFF\xFE", 3), std::string("- list\n"), std::string("word")}) {
    CAPTURE(text.substr(0, 20));
    CHECK(loaded(text, "/p/.hadolint.yaml")->problems.size() == 1);
  }
  std::string laughs = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 60; ++i) laughs += fmt::format("a{0}: &a{0} [*a{1}, *a{1}]\n", i, i - 1);
  CHECK(loaded(laughs, "/p/.hadolint.yaml")->problems.size() == 1);
}
