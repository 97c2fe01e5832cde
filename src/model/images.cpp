// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/image.hpp"

#include "model/image_tables.hpp"
#include "text/glob.hpp"

#include <algorithm>
#include <array>

namespace dockerlint {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 10> kFamilies{"unknown", "debian", "alpine", "wolfi",      "redhat",
                                                     "suse",    "arch",   "photon", "distroless", "windows"};
constexpr std::array<std::string_view, 4> kLibcs{"unknown", "glibc", "musl", "none"};

/// Docker Hub, and where the same repositories are offered under the same names.
constexpr std::string_view kHubs[] = {"docker.io/", "index.docker.io/", "registry-1.docker.io/",
                                      "registry.hub.docker.com/", "mirror.gcr.io/"};
constexpr std::string_view kOfficialMirror = "public.ecr.aws/docker/library/";
constexpr std::string_view kOfficial = "library/";

struct Reference {
  std::string_view name;
  std::string_view tag;
  bool has_digest = false;
};

Reference read(std::string_view text) {
  Reference reference;
  if (const std::size_t at = text.find('@'); at != text.npos) {
    reference.has_digest = true;
    text = text.substr(0, at);
  }
  const std::size_t slash = text.rfind('/');
  if (const std::size_t colon = text.find(':', slash == text.npos ? 0 : slash); colon != text.npos) {
    reference.tag = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  for (const std::string_view hub : kHubs)
    if (text.starts_with(hub)) {
      text.remove_prefix(hub.size());
      break;
    }
  if (text.starts_with(kOfficial)) text.remove_prefix(kOfficial.size());
  else if (text.starts_with(kOfficialMirror)) text.remove_prefix(kOfficialMirror.size());
  reference.name = text;
  return reference;
}

}  // namespace

std::string_view to_string(Family family) { return kFamilies[static_cast<std::size_t>(family)]; }
std::string_view to_string(Libc libc) { return kLibcs[static_cast<std::size_t>(libc)]; }

const Image* image_named(std::string_view text) {
  const Reference reference = read(text);
  const auto entries = image_tables::entries();
  const auto entry =
      std::lower_bound(entries.begin(), entries.end(), reference.name,
                       [](const image_tables::Entry& e, std::string_view name) { return e.name < name; });
  if (entry == entries.end() || entry->name != reference.name) return nullptr;
  if (reference.tag.find(':') != std::string_view::npos) return nullptr;
  if (reference.tag.empty() && reference.has_digest) return entry->any;
  const std::string_view tag = reference.tag.empty() ? "latest" : reference.tag;
  for (const image_tables::Variant& variant : entry->variants)
    if (glob_matches(tag, variant.tags)) return &variant.image;
  return nullptr;
}

}  // namespace dockerlint
