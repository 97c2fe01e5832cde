// SPDX-License-Identifier: Apache-2.0
// What a finding is known by from one run to the next.
#include "report/baseline.hpp"
#include "dockerlint/catalog.hpp"
#include "dockerlint/lint.hpp"
#include "support/catch.hpp"
#include "support/properties.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace dockerlint;

namespace {

constexpr std::string_view kOne = "RUN --mount=type=cache,target=/var/cache/apt apt-get install -y git\n";
constexpr std::string_view kOther = "RUN --mount=type=cache,target=/var/cache/apt apt-get install -y curl\n";

std::string file(std::initializer_list<std::string_view> instructions) {
  std::string text = "FROM example/debian:12\n";
  for (const std::string_view in : instructions) text += in;
  return text;
}

Document read(const std::string& text) { return Document::parse("Dockerfile", text); }
std::vector<Diagnostic> findings(const Document& document) {
  return lint(document, test::only(*find_rule("cache/missing-sharing")), Catalog::builtin());
}

Baseline baseline_of(const std::string& text) {
  const Document document = read(text);
  Baseline baseline{baseline_entries("Dockerfile", "", document, findings(document))};
  baseline.tidy();
  return baseline;
}

/// Which of the findings of `text` the baseline knows.
std::vector<bool> known(const Baseline& baseline, const std::string& text) {
  const Document document = read(text);
  return match(baseline.of("Dockerfile"), document, findings(document)).known;
}

}  // namespace

TEST_CASE("a baseline is read as it was written") {
  const Baseline written = baseline_of(file({kOne, kOther, kOne}));
  REQUIRE(written.entries.size() == 2);
  CHECK(written.entries[0].count + written.entries[1].count == 3);
  const BaselineReading reading = read_baseline(written.text());
  CHECK(reading.error == "");
  CHECK(reading.baseline.text() == written.text());
  CHECK(read_baseline(Baseline{}.text()).error == "");
}

TEST_CASE("a baseline knows nothing of lines, indentation, line ends, comments and continuations") {
  const Baseline baseline = baseline_of(file({kOne}));
  CHECK(known(baseline, file({"ENV A=1\n\n", kOne})) == std::vector<bool>{true});
  CHECK(known(baseline,
              "FROM example/debian:12\r\n  run --mount=type=cache,target=/var/cache/apt \\\r\n    # why\r\n"
              "    apt-get \\\r\n install -y git\r\n") == std::vector<bool>{true});
}

TEST_CASE("of findings about the same text, the one in the same instruction is known") {
  const Baseline baseline = baseline_of(file({kOne}));
  CHECK(known(baseline, file({kOther, kOne})) == std::vector<bool>{false, true});
  CHECK(known(baseline, file({kOne, kOther})) == std::vector<bool>{true, false});
  // Where none is, an instruction may have changed in a part that the finding is not about.
  CHECK(known(baseline, file({kOther})) == std::vector<bool>{true});
}

TEST_CASE("a baseline knows as many as it counts") {
  const Baseline baseline = baseline_of(file({kOne, kOne}));
  CHECK(known(baseline, file({kOne, kOne, kOne})) == std::vector<bool>{true, true, false});
  const Document document = read(file({kOne}));
  const BaselineMatch matched = match(baseline.of("Dockerfile"), document, findings(document));
  CHECK(matched.left == std::vector<unsigned>{1});
  CHECK(baseline.of("other/Dockerfile").empty());
}

TEST_CASE("what is no baseline is refused with its place") {
  const BaselineReading broken = read_baseline("{ \"version\": 1,\n  \"findings\": [}\n");
  CHECK(broken.line == 2);
  CHECK(broken.column == 16);
  CHECK(broken.error.find("syntax error") != std::string::npos);
  CHECK(read_baseline("{ \"version\": 3, \"findings\": [] }").error ==
        "this dockerlint reads baselines of version 1, not 3");
  CHECK(read_baseline("").error != "");
  CHECK(read_baseline("\xFF\xFE").error != "");
}

TEST_CASE("a baseline that was cut off anywhere is refused") {
  const std::string whole = baseline_of(file({kOne, kOther})).text();
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(read_baseline(whole.substr(0, size)).error != "");
  }
}
