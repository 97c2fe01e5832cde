// SPDX-License-Identifier: Apache-2.0
#pragma once
// XML 1.0 can carry less than JSON: some characters not even escaped.

#include <string>
#include <string_view>

namespace dockerlint {

enum class XmlPlace : unsigned char {
  attribute,  // a line end would become a blank: it is escaped
  content,    // between tags
};

/// Appends `text` so that it reads as it was. Bytes that are not UTF-8, and characters that XML does not know,
/// become U+FFFD; other control characters are escaped.
void append_xml(std::string& out, std::string_view text, XmlPlace place = XmlPlace::attribute);

}  // namespace dockerlint
