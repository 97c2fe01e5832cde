// SPDX-License-Identifier: Apache-2.0
#include "dockerlint/image.hpp"

namespace dockerlint {

std::string_view to_string(Evidence evidence) {
  switch (evidence) {
    case Evidence::recalled: return "recalled";
    case Evidence::reported: return "reported";
    case Evidence::documented: return "documented";
    case Evidence::source_read: return "source-read";
    case Evidence::tested: return "tested";
  }
  return {};
}

}  // namespace dockerlint
