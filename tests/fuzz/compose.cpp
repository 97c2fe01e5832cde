// SPDX-License-Identifier: Apache-2.0
// Any bytes as a compose file: read without a crash, every place is in the file, and what is said of an embedded
// Dockerfile stands there. What can be edited, is.

#include "project/dump.hpp"
#include "project/embedded.hpp"
#include "project/read.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace dockerlint;
using namespace dockerlint::project;

/// Every path leads to the same bytes: what includes another file includes itself.
class SameBytes : public Files {
 public:
  explicit SameBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  data::FileText read(const std::string& path) const override { return {bytes_, path, {}}; }
  FileKind kind(const std::string& path) const override {
    return path.find('D') == std::string::npos ? FileKind::file : FileKind::absent;
  }

 private:
  std::string bytes_;
};

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const Project project = read_project({{{"compose.yaml", false}}, {}}, SameBytes(bytes));
  dump_project(project);
  for (const ProjectTrouble& trouble : project.troubles) require(trouble.where.range.end <= size);
  for (const Build& build : project.builds) {
    require(build.where.range.end <= size);
    if (!build.inline_dockerfile) continue;
    const InlineDockerfile& text = *build.inline_dockerfile;
    require(stands_in(bytes, text));
    TextSize at = 0;
    for (const TextPiece& piece : text.pieces) {
      require(piece.at == at && piece.size > 0 && piece.source.begin <= piece.source.end);
      at += piece.size;
    }
    require(text.pieces.empty() || at == text.text.size());
    if (!text.editable) continue;
    const std::string wanted = "FROM scratch\n" + text.text + "# $more\n";
    const Rewritten made = rewritten(bytes, {text}, {wanted});
    require(made.texts.size() == 1 && stands_in(made.file, made.texts[0]));
    require(made.texts[0].text == (made.file == bytes ? text.text : wanted));
  }
  return 0;
}
