// SPDX-License-Identifier: Apache-2.0
#include "model/users.hpp"

#include "model/paths.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace dockerlint {
namespace {

constexpr std::string_view kPasswd = "/etc/passwd";

/// Options of useradd and of both kinds of adduser that take a value. Where they share a letter, they agree
/// on that.
bool takes_value(char option) { return std::string_view("bcdefgGhkKpPRsuZ").find(option) != std::string_view::npos; }

bool takes_value(std::string_view option) {
  constexpr std::string_view kKnown[] = {"base-dir", "comment", "home", "home-dir",     "expiredate", "inactive",
                                         "gid",      "groups",  "skel", "key",          "password",   "root",
                                         "prefix",   "shell",   "uid",  "selinux-user", "gecos",      "ingroup",
                                         "firstuid", "lastuid", "conf"};
  return std::find(std::begin(kKnown), std::end(kKnown), option) != std::end(kKnown);
}

/// The command's line, read as getopt does.
class Reader {
 public:
  Reader(std::span<const Value> words, bool useradd) : useradd_(useradd) {
    bool options = true;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const Value& word = words[i];
      if (!word || !options || word->size() < 2 || word->front() != '-') {
        names.push_back(word);
      } else if (word == "--") {
        options = false;
      } else {
        const bool is_long = word->starts_with("--");
        const bool next = is_long ? long_option(word->substr(2)) : short_options(word->substr(1));
        if (next) {
          ++i;
          value(i < words.size() ? words[i] : Value());
        }
      }
    }
  }

  std::vector<Value> names;  // what is no option; with words that nobody knows
  bool system = false;
  bool elsewhere = false;  // in the users of another root directory
  bool has_uid = false, has_gid = false, has_home = false, has_base = false, defaults = false;
  Value uid, gid, home, base;

 private:
  /// Whether the next word is its value.
  bool long_option(std::string_view option) {
    const std::size_t equals = option.find('=');
    const std::string_view name = option.substr(0, equals);
    if (name == "system") system = true;
    if (name == "defaults") defaults = true;
    if (name == "root" || name == "prefix") elsewhere = true;
    if (!takes_value(name)) return false;
    last_ = name == "uid"                          ? 'u'
            : name == "gid"                        ? 'g'
            : name == "home" || name == "home-dir" ? 'd'
            : name == "base-dir"                   ? 'b'
                                                   : ' ';
    if (equals == option.npos) return true;
    value(option.substr(equals + 1));
    return false;
  }

  bool short_options(std::string_view letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const char c = letters[i];
      if (c == 'r' || c == 'S') system = true;
      if (c == 'D' && useradd_) defaults = true;
      if (c == 'R' || c == 'P') elsewhere = true;
      if (!takes_value(c)) continue;
      last_ = c == 'h' && !useradd_ ? 'd' : c == 'g' && !useradd_ ? ' ' : c;  // busybox: -g is the full name
      if (i + 1 == letters.size()) return true;
      value(letters.substr(i + 1));
      return false;
    }
    return false;
  }

  void value(Value text) {
    switch (last_) {
      case 'u': has_uid = true, uid = text; break;
      case 'g': has_gid = true, gid = text; break;
      case 'd': has_home = true, home = text; break;
      case 'b': has_base = true, base = text; break;
      default: break;
    }
  }

  bool useradd_;
  char last_ = ' ';
};

std::optional<std::uint32_t> number(const Value& digits) {
  std::uint32_t value = 0;
  if (!digits || digits->empty()) return std::nullopt;
  const auto [end, failed] = std::from_chars(digits->data(), digits->data() + digits->size(), value);
  if (failed != std::errc{} || end != digits->data() + digits->size()) return std::nullopt;
  return value;
}

Value absolute(const Value& path, Arena& arena) {
  if (!path || !is_absolute(*path)) return std::nullopt;
  return arena.keep(std::string_view(clean_path(*path)));
}

std::optional<User> added(std::span<const Value> words, bool useradd, Family family, Arena& arena) {
  const Reader line(words, useradd);
  if (line.defaults || line.elsewhere || line.names.empty()) return std::nullopt;
  User user;
  const bool all_known =
      std::all_of(line.names.begin(), line.names.end(), [](const Value& v) { return v.has_value(); });
  if (all_known && line.names.size() > 1) return std::nullopt;  // adduser USER GROUP: the user is there already
  user.name = line.names.back();
  if (!user.name) return std::nullopt;
  if (!all_known) return user;  // options may hide in what is unknown

  user.uid = number(line.uid);
  user.gid = number(line.gid);
  const bool debian_system = !useradd && line.system && (family == Family::debian || family == Family::unknown);
  if (line.has_home) user.home = absolute(line.home, arena);
  else if (line.has_base && line.base)
    user.home = absolute(arena.keep(std::string_view(join_path(*line.base, *user.name))), arena);
  else if (!line.has_base && !debian_system)  // Debian's adduser gives system users /home/… or /nonexistent
    user.home = arena.keep(std::string_view("/home/" + std::string(*user.name)));
  return user;
}

}  // namespace

std::optional<User> user_made_by(std::span<const Value> words, Family family, Arena& arena) {
  if (words.empty() || !words.front()) return std::nullopt;
  const std::string_view program = base_name(*words.front());
  // Fedora's adduser is a link to useradd.
  const bool useradd = program == "useradd" || (program == "adduser" && family == Family::redhat);
  if (useradd || program == "adduser") return added(words, useradd, family, arena);
  if (program != "usermod" && program != "userdel" && program != "deluser") return std::nullopt;
  const Value& name = words.back();
  if (words.size() < 2 || !name || name->starts_with('-')) return std::nullopt;
  return User{name, {}, {}, {}};
}

bool may_change_users(std::string_view script) {
  for (const std::string_view sign : {"user", "passwd"})  // useradd, adduser, usermod, deluser, newusers, …
    if (script.find(sign) != script.npos) return true;
  return false;
}

bool edits_passwd(std::string_view script) {
  return script.find(kPasswd) != script.npos || script.find("newusers") != script.npos;
}

bool brings_passwd(std::span<const Value> sources, std::string_view destination) {
  if (destination == kPasswd) return true;
  if (destination != "/" && destination != "/etc" && destination != "/etc/") return false;
  // A file such as entrypoint.sh that is copied to / is no list of users; a whole tree may hold one.
  return std::any_of(sources.begin(), sources.end(), [&](const Value& source) {
    if (!source || source->ends_with('/') || source->ends_with('*')) return true;
    const std::string_view name = base_name(*source);
    return name == "." || name == "passwd" || name.find("root") != name.npos || name == "etc" ||
           name.find(".tar") != name.npos;
  });
}

}  // namespace dockerlint
