// SPDX-License-Identifier: Apache-2.0
// Whatever the bytes: the rules' findings are in place, and fixes keep what they promise.

#include "support/properties.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dockerlint::test;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> faults = broken_properties("Dockerfile", bytes, dockerlint::Config{}, 0);
  for (const std::string& fault : faults) std::fprintf(stderr, "%s\n", fault.c_str());
  if (!faults.empty()) std::abort();
  return 0;
}
