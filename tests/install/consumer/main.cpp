// SPDX-License-Identifier: Apache-2.0
#include <dockerlint/lint.hpp>

#include <cstdio>
#include <string_view>

int main() {
  using namespace dockerlint;
  const FixResult result = fix("Dockerfile",
                               "FROM example/debian:12\n"
                               "RUN --mount=type=cache,target=/var/cache/apt apt-get install -y git\n",
                               Config{}, Catalog::builtin(), Applicability::safe);
  const std::string_view text = result.document.source().bytes();
  std::fwrite(text.data(), 1, text.size(), stdout);
  return result.left.empty() ? 0 : 1;
}
