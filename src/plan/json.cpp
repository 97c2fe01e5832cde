// SPDX-License-Identifier: Apache-2.0
// The plan for programs: docs/cache-plan.schema.json says what stands in it.

#include "plan/plan.hpp"
#include "report/json_text.hpp"

namespace dockerlint::plan {
namespace {

class Writer {
 public:
  explicit Writer(const Plan& plan) : plan_(plan) {}

  std::string write() && {
    out_ = "{ \"version\": 1, \"tool\": { \"name\": \"dockerlint\", \"version\": \"" DOCKERLINT_VERSION "\" },\n";
    list("builds", plan_.services, [&](const Service& service) { write(service); });
    out_ += ",\n";
    list("caches", plan_.caches, [&](const Cache& cache) { write(cache); });
    out_ += ",\n";
    list("findings", plan_.findings, [&](const Finding& finding) { write(finding); });
    return std::move(out_ += " }\n");
  }

 private:
  template <typename List, typename Write>
  void list(std::string_view name, const List& list, Write write_one) {
    out_ += "  \"";
    out_ += name;
    out_ += "\": [";
    std::string_view separator = "\n    ";
    for (const auto& one : list) {
      out_ += separator;
      write_one(one);
      separator = ",\n    ";
    }
    out_ += list.empty() ? "]" : "\n  ]";
  }

  static void strings(JsonWriter& json, std::string_view name, std::span<const std::string> values) {
    json.array(name, [&] {
      for (const std::string& value : values) json.text(value);
    });
  }

  void truth(std::string_view name, bool value) {
    out_ += ", \"";
    out_ += name;
    out_ += value ? "\": true" : "\": false";
  }

  void write(const Service& service) {
    JsonWriter json(out_);
    json.object([&] {
      json.member("name", service.name);
      if (!service.definition.empty()) {
        json.member("definition", service.definition);
        json.member("line", service.line);
      }
      json.member("dockerfile", service.dockerfile);
      if (!service.target.empty()) json.member("target", service.target);
      strings(json, "platforms", service.platforms);
    });
  }

  void write(const Cache& cache) {
    JsonWriter json(out_);
    json.object([&] {
      json.member("id", cache.id);
      truth("known", cache.known);
      truth("named", cache.named);
      truth("perPlatform", cache.per_platform);
      json.member("verdict", to_string(cache.verdict));
      strings(json, "directories", cache.targets);
      strings(json, "sharing", cache.modes);
      if (!cache.what.empty()) {
        json.member("what", cache.what);
        json.member("tool", cache.tool);
        json.member("kind", cache.kind);
      }
      json.array("users", [&] {
        for (const User& user : cache.users) write(json, user);
      });
      // Each party is a list of users that come one after the other in any case.
      json.array("queue", [&] {
        if (cache.queue.size() < 2) return;
        for (const Cache::Party& party : cache.queue) numbers(json, party.users);
      });
      json.array("findings", [&] { numbers(cache.findings); });
    });
  }

  void write(JsonWriter& json, const User& user) {
    json.object([&] {
      json.member("path", user.path);
      json.member("line", user.at.line);
      json.member("column", user.at.column);
      json.member("stage", user.stage);
      json.array("builds", [&] { numbers(user.services); });
      json.member("directory", user.target);
      json.member("sharing", user.mode);
      truth("explicit", user.says_mode);
      if (!user.owner.empty()) json.member("owner", user.owner);
      strings(json, "fills", user.fills);
      strings(json, "reads", user.reads);
    });
  }

  void numbers(JsonWriter& json, const std::vector<std::size_t>& values) {
    json.array([&] { numbers(values); });
  }

  void numbers(const std::vector<std::size_t>& values) {
    std::string_view separator;
    for (const std::size_t value : values) {
      out_ += separator;
      out_ += std::to_string(value);
      separator = ", ";
    }
  }

  void write(const Finding& finding) {
    JsonWriter json(out_);
    json.object([&] {
      json.member("rule", finding.rule);
      json.member("severity", to_string(finding.severity));
      json.member("message", finding.message);
      json.member("path", finding.path);
      json.member("line", finding.at.line);
      json.member("column", finding.at.column);
      if (!finding.fix.empty()) json.member("fix", finding.fix);
    });
  }

  const Plan& plan_;
  std::string out_;
};

}  // namespace

std::string json(const Plan& plan) { return Writer(plan).write(); }

}  // namespace dockerlint::plan
