// SPDX-License-Identifier: Apache-2.0
#pragma once
// A finding as docs/findings.schema.json describes it: what the formats json and jsonl have in common.

#include "dockerlint/diagnostic.hpp"

#include <string>

namespace dockerlint {

void append_finding_json(std::string& out, const SourceText& source, const Diagnostic& found);

}  // namespace dockerlint
