// SPDX-License-Identifier: Apache-2.0
// Makes constant tables of the facts about base images in rules/catalog/images/. Runs while the program is
// built. It believes no file: what rules/catalog/images/schema.json asks for is checked here, and nothing is
// written if anything is wrong.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using nlohmann::json;
using Strings = std::vector<std::string>;

const std::set<std::string> kFamilies{"unknown", "debian", "alpine", "wolfi",      "redhat",
                                      "suse",    "arch",   "photon", "distroless", "windows"};
const std::set<std::string> kLibcs{"unknown", "glibc", "musl", "none"};
const Strings kEvidence{"recalled", "reported", "documented", "source-read", "tested"};  // from weakest to strongest

/// What is true of an image, or of those of its tags that a pattern fits. Members that are not given are the
/// default, or what is true of the image that it is made from.
const std::set<std::string> kFacts{"family", "libc",  "package_manager", "user",     "workdir",      "shell",
                                   "env",    "users", "env_complete",    "programs", "docker_clean", "on"};

struct Variant {
  std::string tags;
  json facts;
};

struct ImageFile {
  std::string name;
  Strings aliases;
  json document;
  std::vector<Variant> variants;
};

[[noreturn]] void refuse(const std::string& where, std::string_view what) {
  throw std::runtime_error(fmt::format("{}: {}", where, what));
}

bool fits(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t i = 0; i <= text.size(); ++i)
      if (fits(pattern.substr(1), text.substr(i))) return true;
    return false;
  }
  return !text.empty() && text.front() == pattern.front() && fits(pattern.substr(1), text.substr(1));
}

// --- checking ---

void check_text(const json& value, const std::string& where) {
  if (!value.is_string()) refuse(where, "must be a text");
  const std::string& text = value.get_ref<const std::string&>();
  if (text.empty() || text.front() == ' ' || text.back() == ' ') refuse(where, "is empty, or has blanks at its ends");
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
    refuse(where, "must be one line, without control characters");
}

void check_word(const json& value, const std::set<std::string>& words, const std::string& where) {
  check_text(value, where);
  if (words.count(value.get<std::string>()) == 0)
    refuse(where, fmt::format("must be one of {}", fmt::join(words, ", ")));
}

void check_path(const json& value, const std::string& where) {
  check_text(value, where);
  const std::string path = value.get<std::string>();
  const bool clean = path == "/" || (path.front() == '/' && path.back() != '/' && path.find("//") == path.npos);
  if (!clean) refuse(where, "must be an absolute path, clean");
}

void check_texts(const json& value, const std::string& where) {
  if (!value.is_array() || value.empty()) refuse(where, "must be a list of texts");
  for (const json& text : value) check_text(text, where);
}

void check_user(const json& user, const std::string& where) {
  if (!user.is_object() || user.size() != 4) refuse(where, "must have name, uid, gid and home");
  check_text(user.at("name"), where);
  check_path(user.at("home"), where);
  for (const char* key : {"uid", "gid"})
    if (!user.at(key).is_number_unsigned()) refuse(where, fmt::format("{} must be a number", key));
}

void check_facts(const json& facts, const std::string& where) {
  for (const auto& [key, value] : facts.items()) {
    const std::string here = fmt::format("{}: {}", where, key);
    if (key == "family") check_word(value, kFamilies, here);
    else if (key == "libc") check_word(value, kLibcs, here);
    else if (key == "workdir") check_path(value, here);
    else if (key == "package_manager" || key == "user" || key == "shell" || key == "on") check_text(value, here);
    else if (key == "programs") check_texts(value, here);
    else if (key == "env_complete" || key == "docker_clean") {
      if (!value.is_boolean()) refuse(here, "must be true or false");
    } else if (key == "env") {
      if (!value.is_object()) refuse(here, "must be an object: names, and values or null");
      for (const auto& [name, text] : value.items())
        if (!text.is_null() && text != "") check_text(text, here + "." + name);
    } else if (key == "users") {
      if (!value.is_array()) refuse(here, "must be a list");
      for (const json& user : value) check_user(user, here);
    }
  }
}

ImageFile read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) refuse(path, "cannot be read");
  ImageFile file;
  file.document = json::parse(in);
  const json& d = file.document;
  if (!d.is_object()) refuse(path, "must be an object");
  static const std::set<std::string> kOwn{"$schema", "name", "aliases", "tags", "evidence", "source", "note"};
  json common = json::object();
  for (const auto& [key, value] : d.items()) {
    if (kFacts.count(key) != 0) common[key] = value;
    else if (kOwn.count(key) == 0) refuse(path, fmt::format("{}: unknown", key));
  }
  for (const char* key : {"name", "evidence", "source"})
    if (!d.contains(key)) refuse(path, fmt::format("{} is missing", key));
    else check_text(d[key], fmt::format("{}: {}", path, key));
  check_word(d["evidence"], {kEvidence.begin(), kEvidence.end()}, path + ": evidence");
  const bool recalled = d["evidence"] == "recalled";
  if (recalled != (d["source"] == "general knowledge"))
    refuse(path, "source: what is recalled, and only that, comes from general knowledge");
  file.name = d["name"];
  // The file's name is the image's, with - for what a file name cannot have.
  std::string stem = file.name;
  std::replace(stem.begin(), stem.end(), '/', '-');
  if (!path.ends_with("/" + stem + ".json")) refuse(path, fmt::format("must be called {}.json", stem));
  if (d.contains("aliases")) {
    check_texts(d["aliases"], path + ": aliases");
    file.aliases = d["aliases"].get<Strings>();
  }

  check_facts(common, path);
  const json tags = d.contains("tags") ? d["tags"] : json::array({{{"match", json::array({"*"})}}});
  if (!tags.is_array() || tags.empty()) refuse(path, "tags must be a list");
  for (const json& tag : tags) {
    json facts = common;
    for (const auto& [key, value] : tag.items()) {
      if (key == "match") continue;
      if (kFacts.count(key) == 0) refuse(path, fmt::format("tags: {}: unknown", key));
      if (key == "env" && common.contains("env")) facts["env"].update(value);
      else facts[key] = value;
    }
    check_facts(facts, path + ": tags");
    if (facts.value("env_complete", false) &&
        std::find(kEvidence.begin(), kEvidence.end(), d["evidence"]) < kEvidence.begin() + 2)
      refuse(path, fmt::format("env_complete: {} is too weak for it", d["evidence"].get<std::string>()));
    check_texts(tag.value("match", json()), path + ": tags: match");
    for (const json& pattern : tag["match"]) file.variants.push_back({pattern, facts});
  }
  if (file.variants.back().tags != "*") refuse(path, "tags: the last must match *");
  return file;
}

// --- putting together ---

class Images {
 public:
  std::vector<ImageFile> files;

  /// With what the image that it is made from has. Paths of `on` that lead round in a circle are refused.
  json resolved(const json& facts, const std::string& where, int depth = 0) const {
    json all = facts;
    all.erase("on");
    if (!facts.contains("on")) return all;
    if (depth > 8) refuse(where, "on: goes round in a circle");
    const std::string on = facts["on"];
    const std::size_t colon = on.rfind(':');
    const std::string name = on.substr(0, colon), tag = colon == on.npos ? "latest" : on.substr(colon + 1);
    for (const ImageFile& file : files) {
      if (file.name != name) continue;
      for (const Variant& variant : file.variants) {
        if (!fits(variant.tags, tag)) continue;
        json below = resolved(variant.facts, where, depth + 1);
        below.erase("env_complete");
        for (const char* list : {"users", "programs"})
          if (below.contains(list) && all.contains(list))
            for (const json& item : below[list]) all[list].push_back(item);
        if (below.contains("env") && all.contains("env")) {
          json env = below["env"];
          env.update(all["env"]);
          all["env"] = env;
        }
        below.update(all);
        return below;
      }
    }
    refuse(where, fmt::format("on: there is no image {}", on));
  }
};

/// What is true whichever of them it is.
json common_of(const std::vector<json>& all) {
  json common = all.front();
  for (const json& one : all) {
    for (const char* key :
         {"family", "libc", "package_manager", "user", "workdir", "shell", "env_complete", "docker_clean"})
      if (common.value(key, json()) != one.value(key, json())) common.erase(key);
    for (const char* key : {"users", "programs"}) {
      json kept = json::array();
      for (const json& item : common.value(key, json::array()))
        for (const json& other : one.value(key, json::array()))
          if (item == other) kept.push_back(item);
      common[key] = kept;
    }
    json env = one.value("env", json::object());
    const json before = common.value("env", json::object());
    for (const auto& [name, value] : before.items())
      if (!env.contains(name) || env[name] != value) env[name] = nullptr;
    for (auto& [name, value] : env.items())
      if (!before.contains(name)) value = nullptr;
    common["env"] = env;
  }
  return common;
}

// --- writing C++ ---

std::string literal(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

class Writer {
 public:
  explicit Writer(const ImageFile& file) : file_(file) {
    for (const char c : file.name) id_ += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }

  std::string lists;  // what the images refer to

  std::string image(const json& f) {
    const std::string number = fmt::format("{}_{}", id_, count_++);
    const std::string env =
        list("ImageVariable", "env_" + number, f.value("env", json::object()), [](const json& pairs) {
          Strings out;
          for (const auto& [name, value] : pairs.items())
            out.push_back(value.is_null() ? fmt::format("{{{}, {{}}, false}}", literal(name))
                                          : fmt::format("{{{}, {}, true}}", literal(name), literal(value)));
          return out;
        });
    const std::string users =
        list("ImageUser", "users_" + number, f.value("users", json::array()), [](const json& all) {
          Strings out;
          for (const json& u : all)
            out.push_back(fmt::format("{{{}, {}, {}, {}}}", literal(u["name"]), u["uid"].get<unsigned>(),
                                      u["gid"].get<unsigned>(), literal(u["home"])));
          return out;
        });
    const std::string programs =
        list("std::string_view", "programs_" + number, f.value("programs", json::array()), [](const json& all) {
          Strings out;
          for (const json& program : all) out.push_back(literal(program));
          return out;
        });
    std::string evidence = file_.document["evidence"];
    std::replace(evidence.begin(), evidence.end(), '-', '_');
    const auto text = [&](const char* key) { return literal(f.value(key, std::string())); };
    return fmt::format(
        "{{.name = {}, .family = Family::{}, .libc = Libc::{}, .package_manager = {},\n"
        "     .user = {}, .workdir = {}, .shell = {}, .env = {}, .env_complete = {}, .users = {},\n"
        "     .programs = {}, .docker_clean = {}, .evidence = Evidence::{},\n     .source = {}}}",
        literal(file_.name), f.value("family", "unknown"), f.value("libc", "unknown"), text("package_manager"),
        text("user"), text("workdir"), text("shell"), env, f.value("env_complete", false), users, programs,
        f.value("docker_clean", false), evidence, literal(file_.document["source"]));
  }

  const std::string& id() const { return id_; }

 private:
  std::string list(std::string_view type, const std::string& name, const json& items,
                   const std::function<Strings(const json&)>& write) {
    if (items.empty()) return "{}";
    const std::string body = fmt::format("{{{}}}", fmt::join(write(items), ", "));
    const auto [known, is_new] = names_.try_emplace(fmt::format("{}{}", type, body), name);
    if (is_new) lists += fmt::format("constexpr {} {}[] = {};\n", type, name, body);
    return known->second;
  }

  const ImageFile& file_;
  std::string id_;
  int count_ = 0;
  std::map<std::string, std::string> names_;  // by what the list holds
};

std::string to_cpp(const Images& images) {
  std::string out =
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// Made from rules/catalog/images/*.json by tools/catalog/images.cpp: change those.\n\n"
      "#include \"model/image_tables.hpp\"\n\n"
      "namespace dockerlint::image_tables {\n"
      "namespace {\n\n";
  std::map<std::string, std::string> entries;
  for (const ImageFile& file : images.files) {
    Writer writer(file);
    std::vector<json> all;
    std::string variants;
    for (const Variant& variant : file.variants) {
      all.push_back(images.resolved(variant.facts, file.name));
      variants += fmt::format("    {{{}, {}}},\n", literal(variant.tags), writer.image(all.back()));
    }
    const std::string any = writer.image(common_of(all));
    out += fmt::format("{}constexpr Variant variants_{}[] = {{\n{}}};\nconstexpr Image any_{} = {};\n\n", writer.lists,
                       writer.id(), variants, writer.id(), any);
    Strings names = file.aliases;
    names.push_back(file.name);
    for (const std::string& name : names)
      if (!entries
               .emplace(name,
                        fmt::format("    {{{}, variants_{}, &any_{}}},\n", literal(name), writer.id(), writer.id()))
               .second)
        refuse(name, "comes twice");
  }
  out += "constexpr Entry kEntries[] = {\n";
  for (const auto& [name, entry] : entries) out += entry;
  return out +
         "};\n\n"
         "}  // namespace\n\n"
         "std::span<const Entry> entries() { return kEntries; }\n\n"
         "}  // namespace dockerlint::image_tables\n";
}

}  // namespace

int main(int argc, char** argv) {
  std::string at = "image_generator";
  try {
    if (argc < 3) refuse("usage", "image_generator OUT.cpp FILE.json...");
    Images images;
    for (int i = 2; i < argc; ++i) {
      at = argv[i];
      images.files.push_back(read(at));
    }
    at = "image_generator";
    const std::string text = to_cpp(images);
    std::ofstream out(argv[1], std::ios::binary);
    out << text;
    out.close();
    if (!out) refuse(argv[1], "cannot be written");
  } catch (const json::exception& error) {
    fmt::print(stderr, "{}: {}\n", at, error.what());
    return 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
