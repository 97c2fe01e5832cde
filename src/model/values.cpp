// SPDX-License-Identifier: Apache-2.0
#include "model/values.hpp"

#include "text/shown.hpp"
#include "text/utf8.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace dockerlint {
namespace {

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

bool is_port(std::string_view text) {
  const auto value = number(text);
  return value && *value >= 0 && *value <= 65535;
}

bool is_port_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == text.npos) return is_port(text);
  const std::string_view first = text.substr(0, dash), last = text.substr(dash + 1);
  return is_port(first) && is_port(last) && *number(first) <= *number(last);
}

int range_length(std::string_view range) {
  const std::size_t dash = range.find('-');
  return dash == range.npos ? 1 : *number(range.substr(dash + 1)) - *number(range.substr(0, dash)) + 1;
}

/// IPv4, or something in brackets.
bool is_address(std::string_view text) {
  if (text.empty() || text.starts_with('[')) return true;
  int parts = 0;
  for (;; ++parts) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const auto part = number(text.substr(0, dot));
    if (!part || *part < 0 || *part > 255) return false;
    if (dot == text.size()) return parts == 3;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string port_error(std::string_view word) {
  std::string_view ports = word;
  if (const std::size_t slash = ports.rfind('/'); slash != ports.npos) {
    const std::string_view protocol = ports.substr(slash + 1);
    ports = ports.substr(0, slash);
    if (!protocol.empty() && !equal_ignoring_case(protocol, "tcp") && !equal_ignoring_case(protocol, "udp") &&
        !equal_ignoring_case(protocol, "sctp"))
      return fmt::format("`{}` is no protocol: tcp, udp and sctp are", shown(protocol));
  }
  // [[address:]host-port:]port; what stands before the port is ignored, but must be right.
  const std::size_t colon = ports.rfind(':');
  const std::string_view container = colon == ports.npos ? ports : ports.substr(colon + 1);
  if (!is_port_range(container)) return fmt::format("`{}` is no port", shown(container));
  if (colon == ports.npos) return {};
  const std::string_view before = ports.substr(0, colon);
  const std::size_t second = before.rfind(':');
  const std::string_view host = second == before.npos ? before : before.substr(second + 1);
  if (!host.empty() && !is_port_range(host)) return fmt::format("`{}` is no port", shown(host));
  if (!host.empty() && range_length(container) > 1 && range_length(container) != range_length(host))
    return fmt::format("{} and {} are not equally many ports", host, container);
  if (second != before.npos && !is_address(before.substr(0, second)))
    return fmt::format("`{}` is no address", shown(before.substr(0, second)));
  return {};
}

bool is_platform(std::string_view word) {
  std::size_t parts = 1;
  std::size_t length = 0;
  for (const char c : word) {
    const bool name =
        (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || c == '_' || c == '.' || c == '-';
    if (c == '(') return true;  // windows(version)/…: left to those who write it
    if (c == '/' && length > 0) {
      ++parts;
      length = 0;
    } else if (name) {
      ++length;
    } else {
      return false;
    }
  }
  if (length == 0 || parts > 3) return false;
  if (parts > 1) return true;
  for (const std::string_view known :
       {"aix",     "android", "darwin", "dragonfly", "freebsd",  "hurd",    "illumos", "ios",     "js",
        "linux",   "macos",   "nacl",   "netbsd",    "openbsd",  "plan9",   "solaris", "windows", "zos",
        "386",     "amd64",   "arm",    "armbe",     "arm64",    "arm64be", "ppc",     "ppc64",   "ppc64le",
        "loong64", "mips",    "mipsle", "mips64",    "mips64le", "riscv",   "riscv64", "s390",    "s390x",
        "sparc",   "sparc64", "wasm",   "i386",      "x86_64",   "x86-64",  "aarch64", "armhf",   "armel"})
    if (equal_ignoring_case(known, word)) return true;
  return false;
}

bool is_signal(std::string_view word) {
  if (const auto value = number(word)) return *value != 0;
  if (word.size() >= 3 && equal_ignoring_case(word.substr(0, 3), "SIG")) word.remove_prefix(3);
  for (const std::string_view name :
       {"ABRT", "ALRM", "BUS",  "CHLD", "CLD",  "CONT", "FPE",    "HUP",    "ILL",  "INT",  "IO",    "IOT",
        "KILL", "PIPE", "POLL", "PROF", "PWR",  "QUIT", "SEGV",   "STKFLT", "STOP", "SYS",  "TERM",  "TRAP",
        "TSTP", "TTIN", "TTOU", "URG",  "USR1", "USR2", "VTALRM", "WINCH",  "XCPU", "XFSZ", "RTMIN", "RTMAX"})
    if (equal_ignoring_case(word, name)) return true;
  const bool from_min = word.size() > 6 && equal_ignoring_case(word.substr(0, 6), "RTMIN+");
  const bool from_max = word.size() > 6 && equal_ignoring_case(word.substr(0, 6), "RTMAX-");
  if (!from_min && !from_max) return false;
  const auto distance = number(word.substr(6));
  return distance && *distance >= 1 && *distance <= (from_min ? 15 : 14);
}

}  // namespace dockerlint
