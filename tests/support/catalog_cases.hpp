// SPDX-License-Identifier: Apache-2.0
#pragma once
// The cases in tests/catalog/*.txt: what a command line is taken for, where a directory lies, whose a path is.
//
//   npm ci                  => npm: ci fills cache; writes node_modules
//   @env npm_config_cache=/c
//   npm ci                  -> cache /c
//   /root/.npm              == npm/cache safe

#include "dockerlint/catalog.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace dockerlint::catalog_cases {

/// What the `@` lines before a case have set.
struct Scene {
  std::string image = "debian";
  std::string user;
  std::string home;
  std::string workdir;
  std::string env;  // as ENV takes it
};

struct Case {
  std::size_t line = 0;  // from 1
  Scene scene;
  std::string left;
  std::string sign;  // "=>", "->", "=="; empty: the line is no case
  std::string expected;
};

std::vector<Case> read_cases(std::string_view text);

/// What the catalog makes of it, in the words of `expected`. `own`: whose file it is.
std::string seen(const Case& test, const Tool& own, const Catalog& catalog);

}  // namespace dockerlint::catalog_cases
