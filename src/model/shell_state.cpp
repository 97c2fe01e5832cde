// SPDX-License-Identifier: Apache-2.0
#include "model/shell_state.hpp"

#include <algorithm>

namespace dockerlint::script {
namespace {

/// How far a look-up goes, so that a script of nothing but assignments stays linear.
constexpr std::uint32_t kFarthest = 256;

std::uint32_t depth_of(const Binding* binding) { return binding == nullptr ? 0 : binding->depth; }
std::uint32_t depth_of(const Function* function) { return function == nullptr ? 0 : function->depth; }

template <typename Cell>
const Cell* common_tail(const Cell* a, const Cell* b) {
  while (a != b) {
    if (depth_of(a) >= depth_of(b)) a = a->next;
    else b = b->next;
  }
  return a;
}

/// What the name stands for seen from `top`, where `tail` is common to both ways.
struct Side {
  Meaning meaning;
  bool exported = false;
  bool from_tail = false;
};

Side side_of(const Binding* top, const Binding* tail, std::string_view name) {
  const Found found = find(top, name);
  if (found.lost) return {};
  if (found.binding == nullptr || found.binding->depth <= depth_of(tail)) return {{}, false, true};
  if (found.binding->kind == BindingKind::anything) return {};
  if (found.binding->kind == BindingKind::nothing) return {{Knowledge::unset, {}}, false, false};
  return {found.binding->meaning, found.binding->exported, false};
}

/// The meaning behind both ways; unknown where only the environment tells.
Side in_tail(const Binding* tail, std::string_view name) {
  const Found found = find(tail, name);
  if (found.lost || found.binding == nullptr) return {};
  if (found.binding->kind == BindingKind::nothing) return {{Knowledge::unset, {}}, false, true};
  return {found.binding->meaning, found.binding->exported, true};
}

const Binding* meet(const Binding* a, const Binding* b, Arena& arena) {
  if (a == b) return a;
  const Binding* const tail = common_tail(a, b);
  const Binding* met = tail;
  for (const Binding* top : {a, b})
    for (const Binding* cell = top; cell != tail; cell = cell->next)
      if (cell->kind != BindingKind::name && met == tail) met = bind_all(tail, BindingKind::anything, arena);
  if (depth_of(a) + depth_of(b) - 2 * depth_of(tail) > kFarthest) return bind_all(tail, BindingKind::anything, arena);
  const Binding* const base = met;
  for (const Binding* top : {a, b}) {
    for (const Binding* cell = top; cell != tail; cell = cell->next) {
      if (cell->kind != BindingKind::name) continue;
      if (const Found done = find(met, cell->name); done.binding != nullptr && done.binding->depth > depth_of(base))
        continue;
      Side left = side_of(a, tail, cell->name);
      Side right = side_of(b, tail, cell->name);
      if (left.from_tail) left = in_tail(tail, cell->name);
      if (right.from_tail) right = in_tail(tail, cell->name);
      // A name that is exported on one way only is seen or not.
      const bool differ = left.exported != right.exported;
      const Meaning meaning = differ ? Meaning{} : either(left.meaning, right.meaning, arena);
      met = bind(met, cell->name, meaning, left.exported || right.exported, arena);
    }
  }
  return met;
}

}  // namespace

Value Meaning::text() const {
  if (knowledge == Knowledge::unset) return std::string_view();
  return knowledge == Knowledge::set && values.size() == 1 ? Value(values.front()) : std::nullopt;
}

Meaning meaning_of(std::string_view value, Arena& arena) { return {Knowledge::set, Values(arena.make(value), 1)}; }

bool same(const Meaning& a, const Meaning& b) {
  return a.knowledge == b.knowledge && std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end());
}

Meaning either(const Meaning& a, const Meaning& b, Arena& arena) {
  if (same(a, b)) return a;
  if (a.knowledge != Knowledge::set || b.knowledge != Knowledge::set) return {};
  std::vector<std::string_view> all(a.values.begin(), a.values.end());
  for (const std::string_view value : b.values)
    if (std::find(all.begin(), all.end(), value) == all.end()) all.push_back(value);
  if (all.size() > kMostValues) return {};
  return {Knowledge::set, arena.keep(all)};
}

Found find(const Binding* bindings, std::string_view name) {
  std::uint32_t steps = 0;
  Found found;
  for (const Binding* binding = bindings; binding != nullptr; binding = binding->next) {
    if (binding->kind == BindingKind::process) {
      found.outside = true;
    } else if (binding->kind != BindingKind::name || binding->name == name) {
      found.binding = binding;
      return found;
    }
    if (++steps > kFarthest) {
      found.lost = true;
      return found;
    }
  }
  return found;
}

const Binding* bind(const Binding* bindings, std::string_view name, const Meaning& meaning, bool exported,
                    Arena& arena) {
  return arena.make(Binding{bindings, depth_of(bindings) + 1, BindingKind::name, exported, name, meaning});
}

const Binding* bind_all(const Binding* bindings, BindingKind kind, Arena& arena) {
  return arena.make(Binding{bindings, depth_of(bindings) + 1, kind, false, {}, {}});
}

const ShellState* meet(const ShellState* a, const ShellState* b, Arena& arena) {
  if (a == b || b == nullptr) return a;
  if (a == nullptr) return b;
  ShellState met = *a;
  met.bindings = meet(a->bindings, b->bindings, arena);
  if (a->functions != b->functions) met.functions = common_tail(a->functions, b->functions);
  if (a->workdir != b->workdir) met.workdir = std::nullopt;
  if (a->previous != b->previous) met.previous = std::nullopt;
  if (a->pushed != b->pushed) met.pushed = nullptr;
  if (a->parameters.data() != b->parameters.data() || a->parameters.size() != b->parameters.size())
    met.parameters_known = false;
  met.parameters_known = met.parameters_known && a->parameters_known && b->parameters_known;
  met.errexit = a->errexit && b->errexit;
  met.pipefail = a->pipefail && b->pipefail;
  met.allexport = a->allexport || b->allexport;
  return arena.make(met);
}

}  // namespace dockerlint::script
