// SPDX-License-Identifier: Apache-2.0
// Whatever the bytes: they are read without a crash, and the tokens tile them.

#include "support/properties.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dockerlint::test;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  constexpr std::size_t kFew = 8;
  std::vector<std::string> faults = broken_by_reading("Dockerfile", bytes);
  if (faults.empty()) faults = broken_by_deletion("Dockerfile", bytes, kFew);
  for (const std::string& fault : faults) std::fprintf(stderr, "%s\n", fault.c_str());
  if (!faults.empty()) std::abort();
  return 0;
}
