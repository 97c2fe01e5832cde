// SPDX-License-Identifier: Apache-2.0
#include "data/scalar.hpp"
#include "data/value.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <unordered_set>
#include <utility>

namespace dockerlint::data {
namespace {

constexpr std::size_t kMaxValues = 100'000;  // an alias in an alias in an alias … makes billions of a few lines
constexpr std::size_t kMaxDepth = 64;
constexpr std::string_view kBom = "\xEF\xBB\xBF";

/// What has been read is not what we want, at a place.
struct Refusal {
  Problem problem;
};

Place place_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

/// The library counts without the mark of byte order, and beyond the end.
TextSize offset_in(std::string_view text, const YAML::Mark& mark) {
  if (mark.is_null()) return 0;
  const std::size_t bom = text.starts_with(kBom) ? kBom.size() : 0;
  return static_cast<TextSize>(std::min(static_cast<std::size_t>(mark.pos) + bom, text.size()));
}

bool is_true(std::string_view words) { return words == "true" || words == "True" || words == "TRUE"; }
bool is_false(std::string_view words) { return words == "false" || words == "False" || words == "FALSE"; }

/// Makes a tree of the parser's events. Aliases become copies.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string_view text) : text_(text) {}

  Parsed finish() && {
    if (root_.is_nothing() || root_.kind == Value::Kind::other) root_.kind = Value::Kind::table;
    return {std::move(root_), std::nullopt, std::move(duplicates_)};
  }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Value value = at(mark);
    value.other = "nothing";
    add(std::move(value), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const Value here = at(mark);
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refusal{{here.place, "an anchor cannot contain itself", here.range}};
    count(found->second.size);
    add(Value(found->second.value), 0, found->second.size);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& words) override {
    Value value = at(mark);
    value.kind = Value::Kind::words;
    value.words = words;
    const ScalarPlace place = scalar_at(text_, behind_properties(text_, value.range.begin), words);
    value.style = place.style;
    value.range = place.range;
    set_tag(value, tag);
    if (tag == "?" && (is_true(words) || is_false(words))) {
      value.kind = Value::Kind::boolean;
      value.boolean = is_true(words);
    }
    add(std::move(value), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Value::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Value::Kind::table);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Anchored {
    Value value;
    std::size_t size;  // in values; a long text counts for many
  };
  struct Open {
    Value value;
    YAML::anchor_t anchor;
    std::size_t before;        // how many values there were
    std::optional<Value> key;  // waits for its value
  };

  Value at(const YAML::Mark& mark) {
    Value value;
    value.place = place_of(mark);
    value.range = TextRange::at(offset_in(text_, mark));
    last_ = {value.place, {}, value.range};
    return value;
  }

  static void set_tag(Value& value, const std::string& tag) {
    if (tag.size() > 1 && tag.front() == '!') value.tag = tag;
  }

  void count(std::size_t more) {
    values_ += more;
    if (values_ > kMaxValues)
      throw Refusal{
          {last_.place, fmt::format("more than {} values, with what aliases stand for", kMaxValues), last_.range}};
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Value::Kind kind) {
    if (open_.size() == kMaxDepth) throw Refusal{{place_of(mark), "nested too deeply", {}}};
    Value value = at(mark);
    value.kind = kind;
    set_tag(value, tag);
    open_.push_back({std::move(value), anchor, values_, std::nullopt});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.value.kind == Value::Kind::table) tidy(done.value);
    add(std::move(done.value), done.anchor, values_ - done.before);
  }

  void add(Value value, YAML::anchor_t anchor, std::size_t size = 0) {
    if (size == 0) {
      constexpr std::size_t kBytesPerValue = 32;
      size = 1 + value.words.size() / kBytesPerValue;
      count(size);
    }
    if (anchor != 0) {
      count(size);  // the copy that is kept
      anchors_.insert_or_assign(anchor, Anchored{value, size});
    }
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& parent = open_.back();
    if (parent.value.kind == Value::Kind::list) {
      parent.value.items.push_back(std::move(value));
    } else if (!parent.key) {
      parent.key = std::move(value);
    } else {
      parent.value.entries.push_back(
          {std::move(parent.key->words), parent.key->place, std::move(value), parent.key->range});
      parent.key.reset();
    }
  }

  /// Puts in what `<<` brings, behind what the table says itself, and notes what it says twice.
  void tidy(Value& table) {
    std::vector<Entry> own;
    std::vector<Entry> merged;
    std::unordered_set<std::string> known;
    for (Entry& entry : table.entries) {
      if (entry.key == "<<") merged.push_back(std::move(entry));
      else if (known.insert(entry.key).second) own.push_back(std::move(entry));
      else duplicates_.push_back({entry.place, fmt::format("'{}' comes twice", entry.key), entry.range});
    }
    for (Entry& entry : merged) {
      if (entry.value.kind == Value::Kind::table) take(entry.value, own, known);
      for (Value& item : entry.value.items) take(item, own, known);
    }
    table.entries = std::move(own);
  }

  static void take(Value& from, std::vector<Entry>& into, std::unordered_set<std::string>& known) {
    for (Entry& entry : from.entries)
      if (known.insert(entry.key).second) into.push_back(std::move(entry));
  }

  std::string_view text_;
  Value root_;
  std::vector<Open> open_;  // outermost first
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::vector<Problem> duplicates_;
  std::size_t values_ = 0;
  Problem last_;  // the place of what was read last
};

}  // namespace

Parsed parse_yaml(std::string_view text) {
  Parsed refused;
  try {
    TreeBuilder builder(text);
    std::istringstream stream{std::string(text)};  // the library reads streams only
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    return std::move(builder).finish();
  } catch (const Refusal& refusal) {
    refused.problem = refusal.problem;
  } catch (const YAML::Exception& error) {
    refused.problem =
        Problem{place_of(error.mark), "not valid YAML: " + error.msg, TextRange::at(offset_in(text, error.mark))};
  } catch (const std::exception& error) {
    refused.problem = Problem{{}, error.what(), {}};
  }
  return refused;
}

}  // namespace dockerlint::data
