// SPDX-License-Identifier: Apache-2.0
#pragma once
// What expressions of bake files give. Variables have their defaults: what the environment or a command line would say
// instead is not asked. What cannot be told is unknown, with the reason.

#include "project/hcl/syntax.hpp"
#include "project/hcl/value.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dockerlint::project::hcl {

/// Why something is unknown, or what bake would refuse.
struct Remark {
  std::uint32_t file = 0;
  TextRange range;
  std::string message;
  bool refused = false;
};

/// Names that hold within an expression: of a matrix, of `for`, of a function's parameters.
struct Locals {
  const Locals* outer = nullptr;
  std::map<std::string, Value, std::less<>> values = {};

  const Value* find(std::string_view name) const;
};

class Evaluator {
 public:
  /// Files that are read together, later ones on top. They outlive this object.
  explicit Evaluator(const std::vector<const Block*>& files);

  Value evaluate(const Expr& expr, const Locals& locals);
  /// The first reason since it was taken last.
  std::optional<Remark> take_remark();

 private:
  Value expression(const Expr& expr, const Locals& locals);
  Value name(const Expr& expr, const Locals& locals);
  Value global(const Expr& expr);
  Value block_attribute(const Expr& expr, std::string_view type, std::string_view label);
  Value attribute(const Expr& expr, const Locals& locals);
  Value index(const Expr& expr, const Locals& locals);
  Value splat(const Expr& expr, const Locals& locals);
  Value text(const Expr& expr, const Locals& locals);
  Value unary(const Expr& expr, const Locals& locals);
  Value binary(const Expr& expr, const Locals& locals);
  Value conditional(const Expr& expr, const Locals& locals);
  Value tuple(const Expr& expr, const Locals& locals);
  Value object(const Expr& expr, const Locals& locals);
  Value for_each(const Expr& expr, const Locals& locals);
  Value call(const Expr& expr, const Locals& locals);
  Value try_each(const Expr& expr, const Locals& locals);
  Value user_function(const Expr& expr, const Block& function, std::vector<Value> arguments);

  Value unknown(const Expr& expr, std::string message);
  Value refused(const Expr& expr, std::string message);
  bool spend(std::size_t much);

  std::map<std::string, const Expr*, std::less<>> globals_;  // attributes and defaults of variables
  std::map<std::string, const Block*, std::less<>> variables_;
  std::map<std::string, const Block*, std::less<>> functions_;
  std::map<std::string, std::vector<const Block*>, std::less<>> targets_;
  std::map<std::string, Value, std::less<>> known_;  // globals that have been evaluated
  std::set<std::string, std::less<>> open_;          // that are being evaluated
  std::optional<Remark> remark_;
  std::size_t budget_;
  int depth_ = 0;
};

}  // namespace dockerlint::project::hcl
