// SPDX-License-Identifier: Apache-2.0
// The facts about base images, whichever they are: that they fit together. What single images say is in
// images.txt.

#include "dockerlint/image.hpp"
#include "model/image_tables.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <string>

using namespace dockerlint;

namespace {

/// Calls `check` for each variant of each image.
template <typename Check>
void each_image(const Check& check) {
  for (const image_tables::Entry& entry : image_tables::entries()) {
    INFO(entry.name);
    for (const image_tables::Variant& variant : entry.variants) {
      INFO("tags " << variant.tags);
      check(variant.image);
    }
  }
}

}  // namespace

TEST_CASE("images are found by name, and every tag of them is known") {
  const auto entries = image_tables::entries();
  CHECK(std::is_sorted(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; }));
  for (const image_tables::Entry& entry : entries) {
    INFO(entry.name);
    CHECK(entry.variants.back().tags == "*");
    CHECK(image_named(entry.name) != nullptr);
    CHECK(image_named(std::string(entry.name) + ":no-such-tag-yet") != nullptr);
  }
}

TEST_CASE("an image runs as root or as one of its users") {
  each_image([](const Image& image) {
    const bool known = image.user.empty() || image.user == "root" || image.family == Family::windows ||
                       std::any_of(image.users.begin(), image.users.end(),
                                   [&](const ImageUser& user) { return user.name == image.user; });
    CHECK(known);
  });
}

TEST_CASE("what is only recalled makes no variable known to be unset") {
  each_image([](const Image& image) { CHECK((!image.env_complete || image.evidence >= Evidence::documented)); });
}

TEST_CASE("each image has one distribution") {
  each_image([](const Image& image) {
    if (image.family == Family::debian) CHECK(image.libc == Libc::glibc);
    if (image.family == Family::alpine) CHECK(image.libc == Libc::musl);
    if (image.package_manager == "apt") CHECK(image.family == Family::debian);
    if (image.docker_clean) CHECK(image.package_manager == "apt");
  });
}

TEST_CASE("nothing is made of a name that is no image's") {
  for (const std::string_view name : {"", ":", "@", "node/", "nodes", "library/", "docker.io/", "docker.io/library/",
                                      "example.com/node", "node:22:23", "NODE", "quay.io/library/node"}) {
    INFO(name);
    CHECK(image_named(name) == nullptr);
  }
}
