// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way to files, for code that may not open them.

#include <cstdint>
#include <string>

namespace dockerlint::data {

struct FileText {
  std::string bytes;
  std::string name;     // as it is shown
  std::string trouble;  // why it could not be read; empty when it was
};

class FileReader {
 public:
  virtual ~FileReader() = default;
  virtual FileText read(const std::string& path) const = 0;
};

}  // namespace dockerlint::data
