// SPDX-License-Identifier: Apache-2.0
// The plan as a picture that other programs draw: who fills and reads which cache.

#include "plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace dockerlint::plan {
namespace {

/// One arrow between what is built and a cache.
struct Arrow {
  std::size_t party, cache;
  bool fills = false, reads = false, locks = false;
};

/// What is built, by names, and the arrows.
struct Graph {
  std::vector<std::string> parties;
  std::vector<Arrow> arrows;
};

Graph graph_of(const Plan& plan) {
  Graph graph;
  std::map<std::string, std::size_t> index;
  const auto party = [&](const std::string& name) {
    const auto [entry, is_new] = index.try_emplace(name, graph.parties.size());
    if (is_new) graph.parties.push_back(name);
    return entry->second;
  };
  const auto add = [&](std::size_t who, std::size_t cache, const User& user) {
    auto arrow = std::find_if(graph.arrows.begin(), graph.arrows.end(),
                              [&](const Arrow& one) { return one.party == who && one.cache == cache; });
    if (arrow == graph.arrows.end()) arrow = graph.arrows.insert(arrow, {who, cache});
    arrow->fills = arrow->fills || !user.fills.empty();
    arrow->reads = arrow->reads || user.fills.empty();
    arrow->locks = arrow->locks || user.mode == "locked";
  };
  for (std::size_t cache = 0; cache < plan.caches.size(); ++cache)
    for (const User& user : plan.caches[cache].users) {
      bool named = false;
      for (const std::size_t service : user.services) {
        if (plan.services[service].definition.empty()) continue;
        add(party(plan.services[service].name), cache, user);
        named = true;
      }
      if (!named) add(party(user.path), cache, user);
    }
  return graph;
}

std::string escaped(std::string_view text, std::string_view quote, std::string_view line_end) {
  std::string out;
  for (const char c : text) {
    if (c == '"') out += quote;
    else if (c == '\\') out += "\\\\";
    else if (c == '\n') out += line_end;
    else if (static_cast<unsigned char>(c) < 0x20) out += '?';
    else out += c;
  }
  return out;
}

/// In a label of Mermaid, which is HTML in quotes.
std::string in_mermaid(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"') out += "#quot;";
    else if (c == '<') out += "#lt;";
    else if (c == '>') out += "#gt;";
    else if (c == '#') out += "#35;";
    else if (static_cast<unsigned char>(c) < 0x20) out += '?';
    else out += c;
  }
  return out;
}

std::string_view word_of(const Arrow& arrow) {
  if (arrow.locks) return arrow.fills ? "fills, locked" : "reads, locked";
  return arrow.fills ? "fills" : "reads";
}

}  // namespace

std::string mermaid(const Plan& plan) {
  const Graph graph = graph_of(plan);
  std::string out = "flowchart LR\n";
  for (std::size_t i = 0; i < graph.parties.size(); ++i)
    fmt::format_to(std::back_inserter(out), "  b{}[\"{}\"]\n", i, in_mermaid(graph.parties[i]));
  for (std::size_t i = 0; i < plan.caches.size(); ++i) {
    const Cache& cache = plan.caches[i];
    fmt::format_to(std::back_inserter(out), "  c{}[(\"{}<br/>{} · {}\")]:::{}\n", i, in_mermaid(cache.id),
                   in_mermaid(what_of(cache)), joined(cache.modes, " and "), to_string(cache.verdict));
  }
  for (const Arrow& arrow : graph.arrows)
    fmt::format_to(std::back_inserter(out), "  b{} {}|{}| c{}\n", arrow.party, arrow.fills ? "-->" : "-.->",
                   word_of(arrow), arrow.cache);
  out +=
      "  classDef fine fill:#e6f4ea,stroke:#2e7d32,color:#111\n"
      "  classDef queues fill:#e8f0fe,stroke:#1a56b0,color:#111\n"
      "  classDef unknown fill:#f1f3f4,stroke:#80868b,color:#111\n"
      "  classDef conflict fill:#fff3cd,stroke:#b26a00,color:#111\n"
      "  classDef broken fill:#fde0dc,stroke:#b3261e,color:#111\n";
  return out;
}

std::string dot(const Plan& plan) {
  const Graph graph = graph_of(plan);
  const auto color = [](Verdict verdict) {
    switch (verdict) {
      case Verdict::fine: return "#2e7d32";
      case Verdict::queues: return "#1a56b0";
      case Verdict::unknown: return "#80868b";
      case Verdict::conflict: return "#b26a00";
      case Verdict::broken: return "#b3261e";
    }
    return "";
  };
  std::string out = "digraph caches {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
  for (std::size_t i = 0; i < graph.parties.size(); ++i)
    fmt::format_to(std::back_inserter(out), "  b{} [shape=box, label=\"{}\"];\n", i,
                   escaped(graph.parties[i], "\\\"", "\\n"));
  for (std::size_t i = 0; i < plan.caches.size(); ++i) {
    const Cache& cache = plan.caches[i];
    fmt::format_to(std::back_inserter(out),
                   "  c{} [shape=cylinder, color=\"{}\", penwidth=2, label=\"{}\\n{}\\n{}\"];\n", i,
                   color(cache.verdict), escaped(cache.id, "\\\"", "\\n"), escaped(what_of(cache), "\\\"", "\\n"),
                   joined(cache.modes, " and "));
  }
  for (const Arrow& arrow : graph.arrows)
    fmt::format_to(std::back_inserter(out), "  b{} -> c{} [label=\"{}\"{}];\n", arrow.party, arrow.cache,
                   word_of(arrow), arrow.fills ? "" : ", style=dashed");
  return out + "}\n";
}

}  // namespace dockerlint::plan
