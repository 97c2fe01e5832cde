// SPDX-License-Identifier: Apache-2.0
#include "project/bake_targets.hpp"

#include "project/bake_inline.hpp"

#include "project/merge.hpp"
#include "text/near_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace dockerlint::project {
namespace {

using hcl::Expr;
using hcl::ExprKind;
using hcl::Locals;
using hcl::Value;

constexpr std::size_t kMaxMatrix = 4096;      // targets that the matrices of a project make
constexpr std::size_t kMaxMatrixText = 4096;  // bytes of one value of an axis

/// https://docs.docker.com/build/bake/reference/#target
constexpr std::string_view kTargetKeys[] = {"annotations",
                                            "args",
                                            "attest",
                                            "cache-from",
                                            "cache-to",
                                            "call",
                                            "context",
                                            "contexts",
                                            "description",
                                            "dockerfile",
                                            "dockerfile-inline",
                                            "entitlements",
                                            "extra-hosts",
                                            "inherits",
                                            "labels",
                                            "matrix",
                                            "name",
                                            "network",
                                            "no-cache",
                                            "no-cache-filter",
                                            "output",
                                            "platforms",
                                            "policy",
                                            "pull",
                                            "secret",
                                            "shm-size",
                                            "ssh",
                                            "tags",
                                            "target",
                                            "ulimits"};
constexpr std::string_view kBlockTypes[] = {"function", "group", "target", "variable"};

class TargetReader {
 public:
  TargetReader(const BakeFiles& files, hcl::Evaluator& evaluator, Troubles& troubles)
      : files_(files), evaluator_(evaluator), troubles_(troubles) {}

  BakeTarget read(const hcl::Block& block, std::string name, const Locals& locals) {
    BakeTarget target;
    target.name = std::move(name);
    target.label = block.labels.front().text;
    target.where = files_.at(block.labels.front());
    for (const hcl::Attribute& attribute : block.attributes) key(attribute, locals, target);
    return target;
  }

  /// Nothing for null, which is as if it were not there.
  std::optional<Given> text(const Expr& expr, const Locals& locals, std::string_view what) {
    const Value value = evaluate(expr, locals, what);
    if (value.is(Value::Kind::null)) return std::nullopt;
    return given(value, expr, what);
  }

  /// Nothing when the list as a whole is null, or unknown, which is then said so in `complete`.
  std::optional<std::vector<Given>> texts(const Expr& expr, const Locals& locals, std::string_view what,
                                          bool& complete) {
    std::vector<Given> out;
    if (expr.kind == ExprKind::tuple) {
      for (const Expr& item : expr.children)
        if (std::optional<Given> one = text(item, locals, what)) out.push_back(std::move(*one));
      return out;
    }
    const Value value = evaluate(expr, locals, what);
    if (value.is(Value::Kind::null)) return std::nullopt;
    if (!value.is(Value::Kind::list)) {
      if (value.known()) troubles_.error(files_.at(expr), fmt::format("{} takes a list of texts", what));
      complete = false;
      return std::nullopt;
    }
    for (const Value& item : *value.items)
      if (!item.is(Value::Kind::null)) out.push_back(given(item, expr, what));
    return out;
  }

  Value evaluate(const Expr& expr, const Locals& locals, std::string_view what) {
    evaluator_.take_remark();
    Value value = evaluator_.evaluate(expr, locals);
    if (const std::optional<hcl::Remark> remark = evaluator_.take_remark()) {
      FilePlace where = files_.at(remark->file, remark->range);
      const bool told = value.known() && !value.is(Value::Kind::list) && !value.is(Value::Kind::object);
      if (remark->refused) troubles_.error(std::move(where), remark->message);
      else if (!told) troubles_.unknown(std::move(where), fmt::format("{} is unknown: {}", what, remark->message));
    }
    return value;
  }

 private:
  Given given(const Value& value, const Expr& expr, std::string_view what) {
    Given out{as_text(value), files_.at(expr)};
    const bool scalar = value.is(Value::Kind::number) || value.is(Value::Kind::boolean);
    if (!out.text && value.known() && !scalar) troubles_.error(out.where, fmt::format("{} is no text", what));
    return out;
  }

  void key(const hcl::Attribute& attribute, const Locals& locals, BakeTarget& target) {
    const std::string& name = attribute.name.text;
    const Expr& value = attribute.value;
    const std::string what = fmt::format("target.{}.{}", target.label, name);
    if (name == "context") target.context = text(value, locals, what);
    else if (name == "dockerfile") target.dockerfile = text(value, locals, what);
    else if (name == "dockerfile-inline") inline_dockerfile(value, locals, what, target);
    else if (name == "target") target.target = text(value, locals, what);
    else if (name == "platforms") platforms(value, locals, what, target);
    else if (name == "inherits")
      target.inherits = texts(value, locals, what, target.complete).value_or(std::vector<Given>());
    else if (name == "args")
      pairs(value, locals, what, target, [&](const std::string& arg, Given given) {
        target.args.push_back({arg, std::move(given)});
      });
    else if (name == "contexts")
      pairs(value, locals, what, target, [&](const std::string& context, Given given) {
        target.contexts.push_back({context, std::move(given), std::nullopt});
      });
    else unknown_key(attribute);
  }

  void unknown_key(const hcl::Attribute& attribute) {
    const std::string& name = attribute.name.text;
    if (std::find(std::begin(kTargetKeys), std::end(kTargetKeys), name) != std::end(kTargetKeys)) return;
    if (const std::string_view meant = near_name(name, kTargetKeys); !meant.empty())
      troubles_.warning(files_.at(attribute.name),
                        fmt::format("bake knows no '{}' in a target: did you mean {}?", name, meant));
  }

  void platforms(const Expr& expr, const Locals& locals, const std::string& what, BakeTarget& target) {
    target.platforms = texts(expr, locals, what, target.complete);
    // split(",", "") gives one empty text: no platform is asked for.
    if (target.platforms)
      std::erase_if(*target.platforms, [](const Given& one) { return one.text && one.text->empty(); });
  }

  template <typename Add>
  void pairs(const Expr& expr, const Locals& locals, const std::string& what, BakeTarget& target, const Add& add) {
    if (expr.kind == ExprKind::object) return members(expr, locals, what, target, add);
    const Value value = evaluate(expr, locals, what);
    if (value.is(Value::Kind::null)) return;
    if (!value.is(Value::Kind::object)) {
      target.complete = false;
      if (value.known()) troubles_.error(files_.at(expr), fmt::format("{} takes an object", what));
      return;
    }
    for (const auto& [name, member] : *value.members)
      if (!member.is(Value::Kind::null)) add(name, given(member, expr, fmt::format("{}.{}", what, name)));
  }

  /// One by one, so that each has a place of its own. What is null is not given.
  template <typename Add>
  void members(const Expr& expr, const Locals& locals, const std::string& what, BakeTarget& target, const Add& add) {
    std::map<std::string, std::size_t> last;
    std::vector<std::string> names;
    for (std::size_t i = 0; i + 1 < expr.children.size(); i += 2) {
      const std::optional<std::string> name = as_text(evaluate(expr.children[i], locals, what));
      target.complete &= name.has_value();
      names.push_back(name.value_or(""));
      if (name) last.insert_or_assign(*name, i);
    }
    for (std::size_t i = 0; i + 1 < expr.children.size(); i += 2) {
      const auto place = last.find(names[i / 2]);
      if (place == last.end() || place->second != i) continue;
      const std::string& name = place->first;
      if (std::optional<Given> value = text(expr.children[i + 1], locals, fmt::format("{}.{}", what, name)))
        add(name, std::move(*value));
    }
  }

  void inline_dockerfile(const Expr& expr, const Locals& locals, const std::string& what, BakeTarget& target) {
    std::optional<Given> text = this->text(expr, locals, what);
    if (!text) return;
    if (!text->text) {
      target.inline_unknown = std::move(*text);
      return;
    }
    target.inline_dockerfile =
        read_bake_inline(expr, std::move(*text->text), files_.all()[expr.file]->source.bytes(), files_.at(expr));
  }

  const BakeFiles& files_;
  hcl::Evaluator& evaluator_;
  Troubles& troubles_;
};

/// Goes through the blocks of all files.
class ModelReader {
 public:
  ModelReader(const BakeFiles& files, Troubles& troubles)
      : files_(files), troubles_(troubles), evaluator_(roots(files)), reader_(files, evaluator_, troubles) {}

  BakeModel run() {
    for (const auto& file : files_.all()) {
      for (const hcl::Block& block : file->root.blocks) {
        const std::string_view type = block.type.text;
        if (std::find(std::begin(kBlockTypes), std::end(kBlockTypes), type) == std::end(kBlockTypes))
          unknown_block(block);
        else if (block.labels.size() != 1)
          troubles_.error(files_.at(block.type), fmt::format("a {} has one name", type));
        else if (type == "target") target(block);
        else if (type == "group") group(block);
      }
    }
    for (std::vector<BakeTarget>& parts : targets_) {
      FilePlace where = parts.front().where;
      model_.targets.push_back(all_of(parts));
      model_.targets.back().where = std::move(where);
    }
    return std::move(model_);
  }

 private:
  static std::vector<const hcl::Block*> roots(const BakeFiles& files) {
    std::vector<const hcl::Block*> roots;
    for (const auto& file : files.all()) roots.push_back(&file->root);
    return roots;
  }

  void unknown_block(const hcl::Block& block) {
    const std::string_view meant = near_name(block.type.text, kBlockTypes);
    if (!meant.empty())
      troubles_.error(files_.at(block.type),
                      fmt::format("bake knows no '{}': did you mean {}?", block.type.text, meant));
  }

  void group(const hcl::Block& block) {
    BakeGroup& group = group_named(block.labels.front().text, files_.at(block.labels.front()));
    const hcl::Attribute* const targets = block.find("targets");
    bool complete = true;
    if (targets == nullptr) return;
    const auto names =
        reader_.texts(targets->value, {}, fmt::format("group.{}.targets", block.labels.front().text), complete);
    if (names) group.targets.insert(group.targets.end(), names->begin(), names->end());
  }

  BakeGroup& group_named(const std::string& name, FilePlace where) {
    const auto [place, is_new] = group_places_.emplace(name, model_.groups.size());
    if (is_new) model_.groups.push_back({name, {std::move(where), {}, false}});
    return model_.groups[place->second].second;
  }

  void target(const hcl::Block& block) {
    const std::string& label = block.labels.front().text;
    const hcl::Attribute* const matrix = block.find("matrix");
    if (matrix == nullptr) return add(reader_.read(block, label, {}));
    const hcl::Attribute* const name = block.find("name");
    if (name == nullptr) {
      troubles_.error(files_.at(block.labels.front()),
                      fmt::format("target '{}' has a matrix, and so wants a name", label));
      return;
    }
    BakeGroup& group = group_named(label, files_.at(block.labels.front()));
    group.of_matrix = true;
    std::vector<Given> made;
    for (const Locals& locals : combinations(matrix->value, label)) {
      std::optional<Given> text = reader_.text(name->value, locals, fmt::format("target.{}.name", label));
      if (!text) continue;
      if (!text->text) text->text = fmt::format("{}[{}]", label, made.size());
      made.push_back(*text);
      add(reader_.read(block, *text->text, locals));
    }
    group_named(label, {}).targets = std::move(made);
  }

  /// Each value of each axis with each of the others, the last axis fastest.
  std::vector<Locals> combinations(const Expr& matrix, const std::string& label) {
    const Value value = reader_.evaluate(matrix, {}, fmt::format("target.{}.matrix", label));
    std::vector<Locals> all(1);
    if (!value.is(Value::Kind::object)) return {};
    for (const auto& [axis, values] : *value.members) {
      if (!values.is(Value::Kind::list)) {
        if (values.known()) troubles_.error(files_.at(matrix), fmt::format("the axis {} of a matrix is a list", axis));
        return {};
      }
      if (all.size() * values.items->size() > kMaxMatrix - std::min(made_, kMaxMatrix)) {
        troubles_.unknown(files_.at(matrix),
                          fmt::format("more than {} targets in matrices: these are left out", kMaxMatrix));
        return {};
      }
      std::vector<Locals> more;
      for (const Locals& before : all) {
        for (const Value& one : *values.items) {
          if (one.string.size() > kMaxMatrixText) return {};
          more.push_back(before);
          more.back().values.insert_or_assign(axis, one);
        }
      }
      all = std::move(more);
    }
    made_ += all.size();
    return all;
  }

  void add(BakeTarget target) {
    const auto [place, is_new] = target_places_.emplace(target.name, targets_.size());
    if (is_new) targets_.emplace_back();
    targets_[place->second].push_back(std::move(target));
  }

  /// What blocks of one name make together. By halves: to put many small ones into one that grows takes far longer.
  static BakeTarget all_of(std::span<BakeTarget> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    const std::size_t half = parts.size() / 2;
    return merged(all_of(parts.first(half)), all_of(parts.subspan(half)));
  }

  const BakeFiles& files_;
  Troubles& troubles_;
  hcl::Evaluator evaluator_;
  TargetReader reader_;
  BakeModel model_;
  std::vector<std::vector<BakeTarget>> targets_;  // those of one name, in order
  std::map<std::string, std::size_t> target_places_;
  std::map<std::string, std::size_t> group_places_;
  std::size_t made_ = 0;
};

}  // namespace

BakeModel read_bake_model(const BakeFiles& files, Troubles& troubles) { return ModelReader(files, troubles).run(); }

BakeTarget merged(BakeTarget base, BakeTarget over) {
  base.name = std::move(over.name);
  base.label = std::move(over.label);
  base.where = std::move(over.where);
  override_with(base.context, std::move(over.context));
  override_with(base.dockerfile, std::move(over.dockerfile));
  if (over.inline_dockerfile || over.inline_unknown) {
    base.inline_dockerfile = std::move(over.inline_dockerfile);
    base.inline_unknown = std::move(over.inline_unknown);
  }
  override_with(base.target, std::move(over.target));
  merge_named(base.args, std::move(over.args));
  override_with(base.platforms, std::move(over.platforms));
  merge_named(base.contexts, std::move(over.contexts));
  if (!over.inherits.empty()) base.inherits = std::move(over.inherits);
  base.complete &= over.complete;
  return base;
}

}  // namespace dockerlint::project
