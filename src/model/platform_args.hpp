// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

namespace dockerlint {

/// Set by the builder for each platform, and empty in a stage that does not declare them
/// (docs: "automatic platform ARGs"). The values are those of the commonest platform; they count as unknown.
constexpr std::pair<std::string_view, std::string_view> kPlatformArgs[] = {
    {"TARGETPLATFORM", "linux/amd64"}, {"TARGETOS", "linux"},        {"TARGETARCH", "amd64"}, {"TARGETVARIANT", ""},
    {"BUILDPLATFORM", "linux/amd64"},  {"BUILDOS", "linux"},         {"BUILDARCH", "amd64"},  {"BUILDVARIANT", ""},
    {"TARGETSTAGE", "default"},        {"TARGETPLATFORMVARIANT", ""}};

}  // namespace dockerlint
