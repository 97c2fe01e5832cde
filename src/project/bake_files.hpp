// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of one bake project: HCL and JSON as one kind of tree.

#include "dockerlint/project.hpp"
#include "project/hcl/evaluate.hpp"
#include "project/hcl/syntax.hpp"
#include "project/source.hpp"

#include <memory>
#include <string>
#include <vector>

namespace dockerlint::project {

struct BakeFile {
  BakeFile(const std::string& path, std::string bytes) : source(path, std::move(bytes)) {}

  Source source;
  hcl::Block root;
};

class BakeFiles {
 public:
  /// Reads a file, and says what is wrong with it.
  void add(const std::string& path, std::string bytes, Troubles& troubles);

  const std::vector<std::unique_ptr<BakeFile>>& all() const { return files_; }
  FilePlace at(std::uint32_t file, TextRange range) const { return files_[file]->source.at(range); }
  FilePlace at(const hcl::Name& name) const { return at(name.file, name.range); }
  FilePlace at(const hcl::Expr& expr) const { return at(expr.file, expr.range); }

 private:
  std::vector<std::unique_ptr<BakeFile>> files_;
};

/// JSON as the blocks and attributes that it stands for: https://github.com/hashicorp/hcl/blob/main/json/spec.md
hcl::File parse_bake_json(std::string_view text, std::uint32_t file);

}  // namespace dockerlint::project
