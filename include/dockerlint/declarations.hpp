// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which variables a word of the Dockerfile names, and who declares them.

#include "dockerlint/model.hpp"

#include <string_view>
#include <vector>

namespace dockerlint {

/// A variable in a word: `$NAME`, `${NAME}`, `${NAME:-…}`.
struct NamedVariable {
  std::string_view name;
  bool plain = true;  // false: with something behind the name that takes its place when it is empty
};

/// In their order; those in the words behind a `:-` too.
std::vector<NamedVariable> variables_in(std::string_view word);

/// One that BuildKit sets for each platform where a stage declares it: TARGETARCH, BUILDPLATFORM, …
bool is_platform_argument(std::string_view name);

/// Whether an ARG before the first FROM gives the name a value that stages may declare.
bool is_global_argument(const Document& document, std::string_view name);

/// By index: whether the stage runs on the platform that the image is for.
std::vector<bool> native_stages(const Model& model);

/// Whether the stage, or one that it is built on in the file, declares the name by ARG or ENV before the RUN.
bool is_declared(const RunStep& run, std::string_view name);

}  // namespace dockerlint
