// SPDX-License-Identifier: Apache-2.0
#include "report/xml_text.hpp"

#include "text/utf8.hpp"

#include <fmt/format.h>

#include <iterator>

namespace dockerlint {
namespace {

/// https://www.w3.org/TR/xml/#charsets
bool is_known(const CodePoint& c) {
  if (c.value < 0x20) return c.value == '\t' || c.value == '\n' || c.value == '\r';
  return c.valid && c.value != 0xFFFE && c.value != 0xFFFF;
}

}  // namespace

void append_xml(std::string& out, std::string_view text, XmlPlace place) {
  while (!text.empty()) {
    const CodePoint c = decode(text);
    switch (c.value) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default:
        if (!is_known(c)) append_utf8(out, 0xFFFD);
        else if (c.value == '\n' && place == XmlPlace::content) out += '\n';
        else if (c.value < 0x20 || (c.value >= 0x7F && c.value < 0xA0))
          fmt::format_to(std::back_inserter(out), "&#{};", static_cast<std::uint32_t>(c.value));
        else out += text.substr(0, c.length);
    }
    text.remove_prefix(c.length);
  }
}

}  // namespace dockerlint
