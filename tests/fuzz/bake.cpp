// SPDX-License-Identifier: Apache-2.0
// Any bytes as a bake file, in HCL and in JSON: read without a crash, and every place is in the file.

#include "project/dump.hpp"
#include "project/read.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace dockerlint;
using namespace dockerlint::project;

class OneFile : public Files {
 public:
  explicit OneFile(std::string bytes) : bytes_(std::move(bytes)) {}
  data::FileText read(const std::string& path) const override { return {bytes_, path, {}}; }
  FileKind kind(const std::string& path) const override {
    return path.find("override") == std::string::npos ? FileKind::file : FileKind::absent;
  }

 private:
  std::string bytes_;
};

void check(const char* path, const std::string& bytes) {
  const Project project = read_project({{{path, false}}, {}}, OneFile(bytes));
  dump_project(project);
  for (const ProjectTrouble& trouble : project.troubles)
    if (trouble.where.range.end > bytes.size()) std::abort();
  for (const Build& build : project.builds) {
    if (build.where.range.end > bytes.size()) std::abort();
    if (!build.inline_dockerfile) continue;
    TextSize at = 0;
    for (const TextPiece& piece : build.inline_dockerfile->pieces) {
      if (piece.at != at || piece.size == 0 || piece.source.end > bytes.size()) std::abort();
      at += piece.size;
    }
    if (!build.inline_dockerfile->pieces.empty() && at != build.inline_dockerfile->text.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  check("docker-bake.hcl", bytes);
  check("docker-bake.json", bytes);
  return 0;
}
