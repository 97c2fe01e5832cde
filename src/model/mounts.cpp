// SPDX-License-Identifier: Apache-2.0
#include "model/mounts.hpp"

#include "model/paths.hpp"
#include "text/go_values.hpp"
#include "text/near_name.hpp"
#include "text/shown.hpp"
#include "text/utf8.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace dockerlint {
namespace {

constexpr std::pair<std::string_view, MountKey> kKeys[] = {{"type", MountKey::type},
                                                           {"id", MountKey::id},
                                                           {"target", MountKey::target},
                                                           {"dst", MountKey::target},
                                                           {"destination", MountKey::target},
                                                           {"source", MountKey::source},
                                                           {"src", MountKey::source},
                                                           {"from", MountKey::from},
                                                           {"sharing", MountKey::sharing},
                                                           {"readonly", MountKey::readonly},
                                                           {"ro", MountKey::readonly},
                                                           {"readwrite", MountKey::readwrite},
                                                           {"rw", MountKey::readwrite},
                                                           {"required", MountKey::required},
                                                           {"size", MountKey::size},
                                                           {"mode", MountKey::mode},
                                                           {"uid", MountKey::uid},
                                                           {"gid", MountKey::gid},
                                                           {"env", MountKey::env}};
constexpr std::array<std::string_view, 5> kTypes{"bind", "cache", "tmpfs", "secret", "ssh"};
constexpr std::array<std::string_view, 3> kSharing{"shared", "private", "locked"};

MountKey key_named(std::string_view name) {
  for (const auto& [known, key] : kKeys)
    if (equal_ignoring_case(known, name)) return key;
  return MountKey::unknown;
}

constexpr std::size_t kUsualFields = 4;  // of a mount; more are made room for

struct Field {
  LogicalText text;  // without CSV quotes
  TextRange range;   // with them
};

/// One record of Go's encoding/csv. Nothing when it is malformed: `why` says how.
std::optional<std::vector<Field>> read_fields(const LogicalText& value, Arena& arena, std::string& why) {
  const std::string_view s = value.text();
  std::vector<Field> fields;
  if (s.empty()) {
    why = "the mount is empty";
    return std::nullopt;
  }
  fields.reserve(kUsualFields);
  for (std::size_t at = 0;; ++at) {
    const std::size_t begin = at;
    if (at < s.size() && s[at] == '"') {
      std::string text;
      for (++at;; ++at) {
        if (at >= s.size()) {
          why = "a \" is not closed";
          return std::nullopt;
        }
        if (s[at] == '"' && at + 1 < s.size() && s[at + 1] == '"') ++at;
        else if (s[at] == '"') break;
        text += s[at];
      }
      ++at;
      if (at < s.size() && s[at] != ',') {
        why = "a \" ends in the middle of a field";
        return std::nullopt;
      }
      const bool plain = s.substr(begin + 1, at - begin - 2) == text;
      const TextPiece whole{0, static_cast<TextSize>(text.size()), value.in_source(begin, at)};
      fields.push_back({plain ? value.slice(begin + 1, at - 1)
                              : LogicalText(arena.keep(std::string_view(text)), arena.keep(std::vector{whole})),
                        value.in_source(begin, at)});
    } else {
      at = std::min(s.find(',', begin), s.size());
      if (s.substr(begin, at - begin).find('"') != s.npos) {
        why = "a \" stands in the middle of a field";
        return std::nullopt;
      }
      fields.push_back({value.slice(begin, at), value.in_source(begin, at)});
    }
    if (at >= s.size()) return fields;
  }
}

std::optional<std::uint32_t> number(std::string_view value, int base) {  // of at most 32 bits, no sign
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number, base);
  if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
  return number;
}

/// go-units' RAMInBytes: a decimal number, blanks, and a unit such as k, kb, kib, in any case.
bool is_size(std::string_view value) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < value.size() && value[at] >= '0' && value[at] <= '9') ++at;
    return at > begin;
  };
  if (!digits()) return false;
  if (at < value.size() && value[at] == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at < value.size() && value[at] == ' ') ++at;
  std::string_view unit = value.substr(at);
  if (!unit.empty() && std::string_view("kmgtp").find(to_lower(unit.front())) != std::string_view::npos)
    unit.remove_prefix(1);
  if (!unit.empty() && to_lower(unit.front()) == 'i') unit.remove_prefix(1);
  if (!unit.empty() && to_lower(unit.front()) == 'b') unit.remove_prefix(1);
  return unit.empty();
}

/// A field such as `Z`, and what it was most likely meant to be.
std::string bare_word_note(std::string_view word) {
  if (word == "z" || word == "Z" || word == "U") return fmt::format("`{}` is Podman's; BuildKit refuses it", word);
  return "an option is key=value; only ro, rw and required may stand alone";
}

class MountReader {
 public:
  MountReader(const Flag& flag, const MountContext& context) : cx_(context) { mount_.flag = &flag; }

  Mount read() {
    const LogicalText& value = mount_.flag->value;
    mount_.type_name = "bind";
    std::string why;
    const auto fields = read_fields(value, cx_.arena, why);
    if (!fields) {
      refuse(value.empty() ? mount_.flag->range : value.in_source(), why,
             "a mount is a list such as type=cache,target=/root/.cache");
      return mount_;
    }
    options_.reserve(fields->size());
    for (const Field& field : *fields) option(field);
    mount_.options = cx_.arena.keep(options_);
    if (!mount_.valid) return mount_;
    check_together();
    if (mount_.valid) resolve();
    return mount_;
  }

 private:
  void refuse(TextRange range, std::string_view message, std::string_view note = {}, std::string_view meant = {}) {
    mount_.valid = false;
    cx_.error(range, message, note, meant);
  }

  void option(const Field& field) {
    const std::string_view text = field.text.text();
    const std::size_t equals = text.find('=');
    const std::size_t name_end = std::min(equals, text.size());
    MountOption option;
    option.range = field.range;
    option.has_value = equals != text.npos;
    option.name = text.substr(0, name_end);
    option.name_range = text.empty() ? field.range : field.text.in_source(0, name_end);
    option.key = key_named(option.name);
    const std::size_t value = option.has_value ? equals + 1 : text.size();
    option.value = text.substr(value);
    option.value_range = text.empty() ? field.range : field.text.in_source(value, text.size());
    if (option.has_value) {
      if (option.key == MountKey::from && has_variable(option.value)) {
        refuse(option.value_range, "`from` of a mount cannot hold a variable",
               fmt::format("give the image a stage of its own: FROM {} AS name", shown(option.value)));
        return;
      }
      option.expanded = cx_.expand(option.value, option.value_range);
      with_value(option);
    } else {
      without_value(option, text);
    }
    options_.push_back(option);
  }

  static bool has_variable(std::string_view value) {
    const std::size_t dollar = value.find('$');
    return dollar != value.npos && dollar + 1 < value.size();
  }

  void without_value(const MountOption& option, std::string_view text) {
    if (option.key == MountKey::readonly || option.key == MountKey::readwrite) return;
    if (option.key == MountKey::required) return required(option);
    if (text.empty()) {
      const bool at_end = option.range.end == mount_.flag->range.end;
      refuse(option.range, "an option of the mount is empty",
             at_end ? "a blank after the comma ends the mount: what follows is taken for the command"
                    : "one comma is enough");
      return;
    }
    if (option.key != MountKey::unknown) {
      refuse(option.range, fmt::format("`{}` has no value", shown(text)));
      return;
    }
    refuse(option.range, fmt::format("`{}` is no option of a mount", shown(text)), bare_word_note(text));
  }

  void required(const MountOption& option) {
    if (mount_.type_name && mount_.type != MountType::secret && mount_.type != MountType::ssh)
      refuse(option.range, fmt::format("a {} mount cannot be required", to_string(mount_.type)),
             "only secret and ssh mounts can, and their type= must come first");
  }

  void with_value(const MountOption& option) {
    const Value& value = option.expanded;
    const bool may_be_empty = option.key == MountKey::id || option.key == MountKey::target ||
                              option.key == MountKey::source || option.key == MountKey::from ||
                              option.key == MountKey::env || option.key == MountKey::unknown;
    if (option.value.empty() && !may_be_empty) {
      mount_.type_name = option.key == MountKey::type ? std::nullopt : mount_.type_name;
      return refuse(option.range, fmt::format("`{}` has no value", shown(option.name)));
    }
    const auto wrong = [&](std::string_view what) {
      refuse(option.value_range.empty() ? option.range : option.value_range,
             fmt::format("`{}` is {}, not `{}`", shown(option.name), what, shown(*value)));
    };
    switch (option.key) {
      case MountKey::unknown: {
        std::vector<std::string_view> names;
        for (const auto& [name, key] : kKeys) names.push_back(name);
        const std::string_view near = near_name(option.name, names);
        return refuse(option.name_range.empty() ? option.range : option.name_range,
                      fmt::format("`{}` is no option of a mount{}", shown(option.name), did_you_mean(near)), {}, near);
      }
      case MountKey::type: return type(option);
      case MountKey::sharing: return sharing(option);
      case MountKey::readonly:
      case MountKey::readwrite:
        if (value && !is_bool(*value)) wrong("true or false");
        return;
      case MountKey::required:
        required(option);
        if (mount_.valid && value && !is_bool(*value)) wrong("true or false");
        return;
      case MountKey::size:
        if (mount_.type_name && mount_.type != MountType::tmpfs)
          return refuse(option.range, fmt::format("a {} mount has no size", to_string(mount_.type)),
                        "only tmpfs mounts have, and their type= must come first");
        if (value && !is_size(*value)) wrong("a size such as 512m");
        return;
      case MountKey::mode:
        mount_.mode = value ? number(*value, 8) : std::nullopt;
        if (value && !mount_.mode) wrong("an octal number such as 0755");
        return;
      case MountKey::uid:
      case MountKey::gid: {
        std::optional<std::uint32_t>& owner = option.key == MountKey::uid ? mount_.uid : mount_.gid;
        owner = value ? number(*value, 10) : std::nullopt;
        if (value && !owner) wrong("a number");
        return;
      }
      case MountKey::id:
      case MountKey::target:
      case MountKey::source:
      case MountKey::from:
      case MountKey::env: return;
    }
  }

  /// The name that was most likely meant; nothing where a variable has brought the wrong one.
  static std::string_view meant(const MountOption& option, std::span<const std::string_view> names) {
    return option.value == *option.expanded ? near_name(option.value, names) : std::string_view();
  }

  static std::string did_you_mean(std::string_view near) {
    return near.empty() ? std::string() : fmt::format(", did you mean `{}`?", near);
  }

  void type(const MountOption& option) {
    mount_.type_name = option.expanded;
    if (!option.expanded) return;
    for (std::size_t i = 0; i < kTypes.size(); ++i)
      if (equal_ignoring_case(kTypes[i], *option.expanded)) {
        mount_.type = static_cast<MountType>(i);
        return;
      }
    const std::string_view near = meant(option, kTypes);
    refuse(option.value_range.empty() ? option.range : option.value_range,
           fmt::format("`{}` is no type of mount{}", shown(*option.expanded), did_you_mean(near)),
           "a mount is of type bind, cache, tmpfs, secret or ssh", near);
  }

  void sharing(const MountOption& option) {
    if (!option.expanded) return;
    mount_.sharing = sharing_named(*option.expanded);
    if (mount_.sharing) return;
    const std::string_view near = meant(option, kSharing);
    refuse(option.value_range.empty() ? option.range : option.value_range,
           fmt::format("`{}` is no sharing mode{}", shown(*option.expanded), did_you_mean(near)),
           "a cache is shared, private or locked", near);
  }

  /// What only shows when all options are read.
  void check_together() {
    if (!mount_.type_name) return;
    const std::string_view type = to_string(mount_.type);
    const bool owned =
        mount_.type == MountType::cache || mount_.type == MountType::secret || mount_.type == MountType::ssh;
    for (const MountKey key : {MountKey::mode, MountKey::uid, MountKey::gid})
      if (const MountOption* option = mount_.option(key); option != nullptr && !owned)
        return refuse(option->range, fmt::format("a {} mount has no {}", type, option->name),
                      "only cache, secret and ssh mounts have");
    const MountOption* const sharing = mount_.option(MountKey::sharing);
    if (sharing != nullptr && mount_.type != MountType::cache)
      return refuse(sharing->range, fmt::format("a {} mount has no sharing mode", type), "only cache mounts have");
    if (const MountOption* source = mount_.option(MountKey::source); source != nullptr && mount_.type == MountType::ssh)
      return refuse(source->range, "an ssh mount has no source");
    if (mount_.type != MountType::secret) return;

    const auto given = [&](MountKey key) {
      const MountOption* const option = mount_.option(key);
      return option != nullptr && option->expanded != std::string_view() ? option : nullptr;
    };
    if (const MountOption* from = given(MountKey::from)) return refuse(from->range, "a secret mount has no from");
    if (!given(MountKey::id) && !given(MountKey::source) && !given(MountKey::target))
      return refuse(mount_.flag->range, "this secret mount names no secret", "add id=…");
    if (const MountOption* source = given(MountKey::source); source != nullptr && given(MountKey::id))
      return refuse(source->range, "a secret mount has an id or a source, not both");
  }

  Value value_of(MountKey key) const {
    const MountOption* const option = mount_.option(key);
    return option == nullptr ? Value(std::string_view()) : option->expanded;
  }

  /// Bind, secret and ssh mounts are read-only unless they say otherwise (commands_runmount.go).
  void resolve_readonly() {
    mount_.readonly = mount_.type != MountType::cache && mount_.type != MountType::tmpfs;
    for (const MountOption& option : options_) {
      if (option.key != MountKey::readonly && option.key != MountKey::readwrite) continue;
      const bool yes = !option.has_value || (option.expanded && is_true(*option.expanded));
      mount_.readonly = (option.key == MountKey::readonly) == yes;
    }
  }

  void resolve() {
    resolve_readonly();
    mount_.from = value_of(MountKey::from);
    const Value target = value_of(MountKey::target);
    const Value id = value_of(MountKey::id);
    if (id && !id->empty()) mount_.id = id;
    else if (id && target && mount_.type == MountType::cache)
      mount_.id = clean_path(*target, cx_.arena);  // before WORKDIR is joined
    if (!mount_.type_name || mount_.type == MountType::secret || mount_.type == MountType::ssh || !target) return;

    if (is_absolute(*target)) mount_.target = clean_path(*target, cx_.arena);
    else if (cx_.workdir) mount_.target = join_path(*cx_.workdir, *target, cx_.arena);
    const bool nowhere = mount_.target ? *mount_.target == "/" : target->empty() && !cx_.workdir_set;
    if (!nowhere) return;
    const MountOption* const option = mount_.option(MountKey::target);
    if (option == nullptr)
      return refuse(mount_.flag->range, "this mount has no target", "add target=… with an absolute path");
    if (target->empty())
      return refuse(option->range, "the target of this mount is empty",
                    option->value.empty() ? "" : "a variable in it is not set here: ARG and ENV hold for one stage");
    refuse(option->range, "nothing can be mounted on `/`");
  }

  const MountContext& cx_;
  Mount mount_;
  std::vector<MountOption> options_;
};

}  // namespace

std::string_view to_string(MountType type) { return kTypes[static_cast<std::size_t>(type)]; }
std::string_view to_string(Sharing sharing) { return kSharing[static_cast<std::size_t>(sharing)]; }

std::optional<Sharing> sharing_named(std::string_view name) {
  for (std::size_t i = 0; i < kSharing.size(); ++i)
    if (equal_ignoring_case(kSharing[i], name)) return static_cast<Sharing>(i);
  return std::nullopt;
}

const MountOption* Mount::option(MountKey key) const {
  for (std::size_t i = options.size(); i-- > 0;)
    if (options[i].key == key) return &options[i];
  return nullptr;
}

Mount read_mount(const Flag& flag, const MountContext& context) { return MountReader(flag, context).read(); }

}  // namespace dockerlint
