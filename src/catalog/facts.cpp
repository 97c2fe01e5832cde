// SPDX-License-Identifier: Apache-2.0
// What the words of the facts are called, and which mode follows from them.

#include "dockerlint/catalog.hpp"

namespace dockerlint {

std::string_view to_string(Concurrency concurrency) {
  switch (concurrency) {
    case Concurrency::unknown: return "unknown";
    case Concurrency::exclusive: return "exclusive";
    case Concurrency::serialised: return "serialised";
    case Concurrency::tolerated: return "tolerated";
    case Concurrency::safe: return "safe";
  }
  return {};
}

std::string_view to_string(DirectoryKind kind) {
  switch (kind) {
    case DirectoryKind::download: return "download";
    case DirectoryKind::metadata: return "metadata";
    case DirectoryKind::compile_cache: return "compile-cache";
    case DirectoryKind::build_output: return "build-output";
    case DirectoryKind::in_place: return "in-place";
    case DirectoryKind::installed: return "installed";
    case DirectoryKind::state: return "state";
  }
  return {};
}

std::string_view to_string(MountAdvice advice) {
  switch (advice) {
    case MountAdvice::yes: return "yes";
    case MountAdvice::with_care: return "with-care";
    case MountAdvice::no: return "no";
  }
  return {};
}

std::string_view to_string(PlatformAdvice advice) {
  switch (advice) {
    case PlatformAdvice::no: return "no";
    case PlatformAdvice::recommended: return "recommended";
    case PlatformAdvice::required: return "required";
  }
  return {};
}

Sharing CacheDir::sharing() const {
  switch (concurrency) {
    case Concurrency::unknown:
    case Concurrency::exclusive:
    case Concurrency::serialised: return Sharing::locked;
    case Concurrency::tolerated:
    case Concurrency::safe: break;
  }
  return Sharing::shared;
}

}  // namespace dockerlint
