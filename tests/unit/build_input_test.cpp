// SPDX-License-Identifier: Apache-2.0
// What a Dockerfile means for a build that gives it arguments.

#include "dockerlint/model.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace dockerlint;

namespace {

constexpr const char* kFile =
    "ARG BASE=debian\n"
    "FROM $BASE AS build\n"
    "ARG SERVICE=api\n"
    "ARG TARGETARCH\n"
    "RUN --mount=type=cache,id=${SERVICE}-${TARGETARCH},target=/c make\n"
    "RUN --mount=type=cache,id=$SERVICE,target=/c make\n";

std::string id_of(const Model& model, std::size_t run) {
  return std::string(model.stages()[0].runs[run].mounts[0].id.value_or("?"));
}

}  // namespace

TEST_CASE("an argument that a build gives takes the place of the default, in FROM and in a stage") {
  const Document document = Document::parse("Dockerfile", kFile);
  const std::vector<BuildInput::Argument> arguments{{"BASE", "alpine"}, {"SERVICE", "web"}};
  const Model model(document, image_named, {arguments, false});
  CHECK(model.stages()[0].base == "alpine");
  CHECK(id_of(model, 1) == "web");
  CHECK(id_of(model, 0) == "?");  // nobody knows the platform
  CHECK(id_of(Model(document), 1) == "api");
}

TEST_CASE("an argument that is given something unknown is unknown") {
  const Document document = Document::parse("Dockerfile", kFile);
  const std::vector<BuildInput::Argument> arguments{{"SERVICE", std::nullopt}};
  CHECK(id_of(Model(document, image_named, {arguments, false}), 1) == "?");
}

TEST_CASE("variables of the platform may stand for themselves") {
  const Document document = Document::parse("Dockerfile", kFile);
  CHECK(id_of(Model(document, image_named, {{}, true}), 0) == "api-${TARGETARCH}");
}

TEST_CASE("an argument that no instruction declares changes nothing") {
  const Document document =
      Document::parse("Dockerfile", "FROM scratch\nRUN --mount=type=cache,id=a$X,target=/c make\n");
  const std::vector<BuildInput::Argument> arguments{{"X", "x"}};
  CHECK(id_of(Model(document, image_named, {arguments, false}), 0) == "a");
}
