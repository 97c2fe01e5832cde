// SPDX-License-Identifier: Apache-2.0
#include "cli/hyperlinks.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string_view>

namespace dockerlint::cli {
namespace {

/// The major and the minor version as one number, 0 where there is none: "3.4.2" is 3004, VTE's "6800" is 6800.
unsigned version_of(std::string_view text) {
  unsigned major = 0;
  unsigned minor = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, major);
  if (error != std::errc() || major > 999'999) return 0;
  if (stop == end || *stop != '.') return major;
  std::from_chars(stop + 1, end, minor);
  return major * 1000 + std::min(minor, 999U);
}

/// As the npm package supports-hyperlinks has it, which most command-line programs that know of links follow; a
/// terminal that does not know them shows the text alone, but a few very old ones show the escape sequences.
bool terminal_has_links() {
  const std::string_view term = environment("TERM");
  if (term == "dumb" || !environment("CI").empty()) return false;
  // Neither passes links through before versions that nobody can ask for.
  if (term.starts_with("screen") || !environment("TMUX").empty()) return false;
  if (const std::string_view vte = environment("VTE_VERSION"); !vte.empty())
    return version_of(vte) > 5000;  // 0.50.0 crashes on them
  const std::string_view program = environment("TERM_PROGRAM");
  const unsigned version = version_of(environment("TERM_PROGRAM_VERSION"));
  if (program == "iTerm.app") return version >= 3001;
  if (program == "vscode") return version >= 1072;
  if (program == "WezTerm" || program == "ghostty" || program == "Hyper" || program == "rio" || program == "zed")
    return true;
  if (!environment("WT_SESSION").empty() || !environment("KONSOLE_VERSION").empty()) return true;
  return term == "xterm-kitty" || term == "xterm-ghostty" || term == "alacritty" || term.starts_with("foot");
}

bool wanted(Choice choice, int fd) {
  if (choice != Choice::automatic) return choice == Choice::always;
  if (const std::string_view force = environment("FORCE_HYPERLINK"); !force.empty()) return force != "0";
  return ::isatty(fd) == 1 && terminal_has_links();
}

/// A path as a part of a URL.
std::string percent_encoded(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/";
  std::string out;
  for (const char c : path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos) out += c;
    else fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : std::string();
}

/// PREFIX/share/doc/dockerlint/rules, where the program is PREFIX/bin/dockerlint; empty: not installed so.
std::string installed_pages() {
  const std::string program = real_path("/proc/self/exe");
  const std::size_t slash = program.rfind('/');
  if (slash == std::string::npos) return {};
  return real_path(program.substr(0, slash) + "/../share/doc/dockerlint/rules");
}

}  // namespace

std::string rule_pages(Choice choice, int fd) {
  if (!wanted(choice, fd)) return {};
  if (std::string address(environment("DOCKERLINT_DOCS_URL")); !address.empty()) {
    // Whoever sets it may be somebody else than who looks at the terminal.
    if (std::any_of(address.begin(), address.end(), [](char c) { return c <= ' ' || c > '~'; })) return {};
    return address.ends_with('/') ? address : address + '/';
  }
  const std::string pages = installed_pages();
  if (pages.empty()) return {};
  // With the name of the machine, so that a terminal on another one does not open a file of its own.
  char host[HOST_NAME_MAX + 1] = {};
  if (::gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  return fmt::format("file://{}{}/", percent_encoded(host), percent_encoded(pages));
}

}  // namespace dockerlint::cli
