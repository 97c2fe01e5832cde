// SPDX-License-Identifier: Apache-2.0
#include "cli/discover.hpp"

#include "cli/files.hpp"
#include "cli/options.hpp"
#include "project/paths.hpp"
#include "text/ignore.hpp"
#include "text/near_name.hpp"
#include "text/utf8.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <new>
#include <set>
#include <span>
#include <utility>

namespace dockerlint::cli {
namespace {

constexpr std::string_view kStems[] = {"dockerfile", "containerfile"};
constexpr std::string_view kOther[] = {
    "dockerignore", "containerignore",
    "md",           "markdown",
    "rst",          "adoc",
    "html",         "htm",
    "pdf",          "j2",
    "jinja",        "jinja2",
    "tmpl",         "tpl",
    "in",           "erb",
    "ejs",          "hbs",
    "mustache",     "template",
    "gotmpl",       "liquid",
    "py",           "sh",
    "bash",         "ps1",
    "bat",          "cmd",
    "json",         "yaml",
    "yml",          "toml",
    "xml",          "lock",
    "patch",        "diff",
    "orig",         "rej",
    "bak",          "swp",
    "gz",           "xz",
    "zip",          "tar",
    "png",          "svg",
    "jpg",
};
// Dockerfile.go is the image of something in Go; dockerfile.go is a source file.
constexpr std::string_view kCode[] = {
    "go", "rs", "js",  "mjs", "cjs", "ts",  "tsx", "java", "kt",    "scala", "rb", "php",  "c",
    "h",  "cc", "cpp", "hpp", "cs",  "lua", "pl",  "pm",   "swift", "vim",   "el", "snap", "css",
};

bool is_definition(std::string_view name) { return project::definition_kind(name) != DefinedBy::dockerfile; }

bool is_one_of(std::string_view extension, std::span<const std::string_view> known) {
  return std::any_of(known.begin(), known.end(),
                     [&](std::string_view name) { return equal_ignoring_case(name, extension); });
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

std::string resolved(const std::string& path) {
  std::array<char, PATH_MAX> buffer{};
  return ::realpath(path.c_str(), buffer.data()) == nullptr ? std::string() : buffer.data();
}

std::string parent_of(const std::string& absolute) {
  const std::size_t slash = absolute.rfind('/');
  return slash == 0 ? "/" : absolute.substr(0, slash);
}

std::string with_slash(std::string path) {
  if (!path.ends_with('/')) path += '/';
  return path;
}

std::string read_or_nothing(const std::string& path) {
  FileContent content = read_file(path);
  return content.trouble.empty() ? std::move(content.bytes) : std::string();
}

IgnorePatterns patterns_in(const std::string& path) { return IgnorePatterns(read_or_nothing(path)); }

/// Where a repository's info/ lies: in .git, or where the file .git of a worktree or submodule says.
std::string git_directory(const std::string& root) {
  const std::string dot_git = root + ".git";
  struct stat status {};
  if (::stat(dot_git.c_str(), &status) != 0) return {};
  if (S_ISDIR(status.st_mode)) return dot_git;
  const auto first_line = [](const std::string& path) {
    const std::string text = read_or_nothing(path);
    return text.substr(0, text.find('\n'));
  };
  const auto below = [](const std::string& base, const std::string& path) {
    return path.starts_with('/') ? path : base + path;
  };
  const std::string link = first_line(dot_git);
  if (!link.starts_with("gitdir: ")) return {};
  const std::string directory = below(root, link.substr(8));
  const std::string common = first_line(directory + "/commondir");
  return common.empty() ? directory : below(directory + '/', common);
}

class Walk {
 public:
  Walk(Discovery& found, std::set<std::string>& seen) : found_(found), seen_(seen) {}

  /// `shown` is how paths below the folder begin: empty, or ending in a slash.
  void start(const std::string& absolute, const std::string& shown) {
    root_ = with_slash(absolute);
    push_parents(absolute);
    directory(root_, shown);
  }
  std::size_t matched() const { return matched_; }  // files found before count too
  std::size_t ignored() const { return ignored_; }

 private:
  struct Entry {
    std::string name;
    bool directory;
    bool link;
  };

  void push_repository(const std::string& root) {
    if (const std::string git = git_directory(root); !git.empty())
      ignore_.push(root, patterns_in(git + "/info/exclude"));
  }

  /// The .gitignore files between the root of the repository and the folder.
  void push_parents(const std::string& absolute) {
    std::vector<std::string> folders;
    for (std::string folder = absolute; folder != "/"; folder = parent_of(folder)) {
      struct stat status {};
      if (::stat((with_slash(folder) + ".git").c_str(), &status) == 0) {
        if (folder == absolute) return;  // directory() sees to it
        push_repository(with_slash(folder));
        ignore_.push(with_slash(folder), patterns_in(with_slash(folder) + ".gitignore"));
        for (auto it = folders.rbegin(); it != folders.rend(); ++it)
          if (*it != absolute) ignore_.push(with_slash(*it), patterns_in(with_slash(*it) + ".gitignore"));
        return;
      }
      folders.push_back(folder);
    }
  }

  /// Returns errno, or 0.
  static int list(const std::string& absolute, std::vector<Entry>& entries) {
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(absolute.c_str()), ::closedir);
    if (!stream) return errno;
    for (;;) {
      errno = 0;
      const dirent* const entry = ::readdir(stream.get());  // NOLINT(concurrency-mt-unsafe): a stream of our own
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      unsigned char type = entry->d_type;
      if (type == DT_UNKNOWN) {  // some file systems do not say
        struct stat status {};
        if (::lstat((absolute + entry->d_name).c_str(), &status) != 0) continue;
        type = S_ISDIR(status.st_mode)   ? DT_DIR
               : S_ISLNK(status.st_mode) ? DT_LNK
               : S_ISREG(status.st_mode) ? DT_REG
                                         : DT_UNKNOWN;
      }
      // As in git, a .gitignore that is a link counts for nothing: it could lead anywhere.
      const bool named = is_dockerfile_name(name) || is_definition(name);
      const bool wanted = type == DT_DIR || ((type == DT_REG || type == DT_LNK) && named) ||
                          (type == DT_REG && name == ".gitignore") || name == ".git";
      if (wanted) entries.push_back({std::string(name), type == DT_DIR, type == DT_LNK});
    }
    const int error = errno;
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return error;
  }

  /// Both paths end in a slash, but for an empty `shown`.
  void directory(const std::string& absolute, const std::string& shown) {
    std::vector<Entry> entries;
    const int error = list(absolute, entries);
    if (error == ENOMEM) throw std::bad_alloc();  // no folder is to blame
    if (error != 0)
      found_.troubles.push_back(fmt::format("cannot search {}: {}", shown.empty() ? "." : shown, error_text(error)));
    const auto has = [&](std::string_view name) {
      return std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.name == name; });
    };
    IgnoreStack outer;
    const std::size_t depth = ignore_.size();
    const bool repository = has(".git");
    if (repository) {  // a repository within a repository knows nothing of the outer one
      outer = std::exchange(ignore_, {});
      push_repository(absolute);
    }
    if (has(".gitignore")) ignore_.push(absolute, patterns_in(absolute + ".gitignore"));
    for (const Entry& entry : entries) {
      if (entry.name == ".git" || entry.name == ".gitignore" || (entry.directory && entry.name == "node_modules"))
        continue;
      const std::string path = absolute + entry.name;
      if (ignore_.ignores(path, entry.directory)) {
        ++ignored_;
      } else if (entry.directory) {
        directory(path + '/', shown + entry.name + '/');
      } else if (const std::string real = entry.link ? resolved(path) : path; !entry.link || is_regular_here(real)) {
        ++matched_;
        if (seen_.insert(real).second) add(shown + entry.name);
      }
    }
    if (repository) ignore_ = std::move(outer);
    else ignore_.shrink(depth);
  }

  void add(std::string path) {
    if (is_dockerfile_name(project::name_of(path)))
      found_.inputs.push_back({.path = std::move(path), .searched = true});
    else found_.definitions.push_back({{std::move(path), true}, root_});
  }

  bool is_regular_here(const std::string& real) const {
    struct stat status {};
    return real.starts_with(root_) && ::lstat(real.c_str(), &status) == 0 && S_ISREG(status.st_mode);
  }

  Discovery& found_;
  std::set<std::string>& seen_;
  IgnoreStack ignore_;
  std::string root_;
  std::size_t matched_ = 0;
  std::size_t ignored_ = 0;
};

/// "./api//x" as a person would write it: "api/x". `..` stays: what it means depends on links.
std::string tidy(std::string_view path) {
  std::string out;
  if (path.starts_with('/')) out = "/";
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (!out.empty() && !out.ends_with('/')) out += '/';
    out += part;
  }
  return out;
}

using project::name_of;

/// What a compose or bake file that the user names may speak of: the repository it lies in, else the current folder if
/// it lies below that, else its own.
std::string root_of(const std::string& real) {
  for (std::string folder = parent_of(real); folder != "/"; folder = parent_of(folder)) {
    struct stat status {};
    if (::stat((with_slash(folder) + ".git").c_str(), &status) == 0) return with_slash(std::move(folder));
  }
  const std::string here = resolved(".");
  return !here.empty() && real.starts_with(with_slash(here)) ? with_slash(here) : with_slash(parent_of(real));
}

}  // namespace

bool is_other_name(std::string_view name) {
  if (name.ends_with('~')) return true;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = name.substr(dot + 1);
  if (is_one_of(extension, kOther)) return true;
  const bool capital = to_lower(name.front()) != name.front();
  const bool image_of_code = capital && std::any_of(std::begin(kStems), std::end(kStems), [&](std::string_view stem) {
                               return starts_ignoring_case(name, stem);
                             });
  return !image_of_code && is_one_of(extension, kCode);
}

bool is_dockerfile_name(std::string_view name) {
  for (const std::string_view stem : kStems) {
    if (starts_ignoring_case(name, stem)) {
      const std::string_view rest = name.substr(stem.size());
      if (rest.empty()) return true;
      if (rest.size() < 2 || std::string_view(".-_").find(rest.front()) == std::string_view::npos) continue;
      if (!is_other_name(name)) return true;
    }
    const std::size_t dot = name.rfind('.');
    if (dot != std::string_view::npos && dot > 0 && equal_ignoring_case(name.substr(dot + 1), stem)) return true;
  }
  return false;
}

Discovery discover(const DiscoverOptions& options) {
  Discovery found;
  std::set<std::string> seen;  // real paths
  const bool by_hand = !options.paths.empty();
  const auto search = [&](const std::string& given) {
    const std::string absolute = resolved(given);
    if (absolute.empty() && errno == ENOMEM) throw std::bad_alloc();
    if (absolute.empty()) {  // as the current folder, once it has been removed
      found.troubles.push_back(fmt::format("cannot search {}: {}", given, error_text(errno)));
      return;
    }
    const std::size_t troubles = found.troubles.size();
    const std::string shown = tidy(given);
    Walk walk(found, seen);
    walk.start(absolute, shown.empty() ? shown : with_slash(shown));
    if (!by_hand || walk.matched() > 0 || found.troubles.size() > troubles) return;
    found.troubles.push_back(fmt::format("no Dockerfile in {}{}", given,
                                         walk.ignored() == 0 ? "" : " (what .gitignore names was left out)"));
  };
  if (!by_hand) {
    search(".");
    return found;
  }
  for (const std::string& given : options.paths) {
    if (given == "-") {
      const bool excluded = options.force_exclude && is_other_name(name_of(options.stdin_name));
      if (!seen.insert("-").second) continue;
      found.inputs.push_back({options.stdin_name, true, excluded});
      found.left_out += excluded ? 1 : 0;
      continue;
    }
    struct stat status {};
    if (::stat(given.c_str(), &status) != 0) {
      std::string trouble = fmt::format("cannot read {}: {}", given.empty() ? "''" : given, error_text(errno));
      if (const std::string_view command = near_name(given, command_names()); !command.empty())
        trouble += fmt::format("; the command is: dockerlint {} …", command);
      found.troubles.push_back(std::move(trouble));
      continue;
    }
    if (S_ISDIR(status.st_mode)) {
      search(given);
      continue;
    }
    const bool definition = is_definition(name_of(given)) && !is_dockerfile_name(name_of(given));
    if (options.force_exclude && !definition && is_other_name(name_of(given))) {
      ++found.left_out;
      continue;
    }
    const std::string real = resolved(given);
    if (!seen.insert(real.empty() ? given : real).second) continue;
    if (definition && !real.empty()) found.definitions.push_back({{project::clean_path(given), false}, root_of(real)});
    else found.inputs.push_back({given});
  }
  return found;
}

}  // namespace dockerlint::cli
