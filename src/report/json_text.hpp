// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one thing that is hard about writing JSON: strings.

#include <string>
#include <string_view>

namespace dockerlint {

/// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD. Control characters,
/// C1 and DEL among them, are escaped, so that the output is harmless on a terminal too.
void append_json(std::string& out, std::string_view text);

}  // namespace dockerlint
