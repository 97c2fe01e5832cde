// SPDX-License-Identifier: Apache-2.0
// Any bytes as a configuration file, ours and hadolint's: read, merged and shown, or refused.
#include "config/load.hpp"
#include "config/resolve.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace dockerlint::config;

namespace {

/// Every path leads to the same bytes: what extends another file extends itself.
class SameBytes : public FileReader {
 public:
  explicit SameBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  FileText read(const std::string& path) const override { return {bytes_, path, {}}; }

 private:
  std::string bytes_;
};

void check(const std::string& path, const SameBytes& files) {
  const auto loaded = load(path, files);
  if (!loaded->problems.empty()) return;
  std::vector<const Layer*> layers;
  for (const Layer& layer : loaded->layers)
    if (holds_for(layer, "/p/api/Dockerfile")) layers.push_back(&layer);
  exclusions(layers).covers("/p/api/Dockerfile");
  const Resolved resolved = resolve(layers);
  to_config(resolved);
  // What is shown means something again.
  const SameBytes again(shown(resolved));
  if (!load("/p/again.toml", again)->problems.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SameBytes files(std::string(reinterpret_cast<const char*>(data), size));
  check("/p/.dockerlint.toml", files);
  check("/p/.hadolint.yaml", files);
  return 0;
}
