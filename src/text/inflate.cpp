// SPDX-License-Identifier: Apache-2.0
// RFC 1951, https://www.rfc-editor.org/rfc/rfc1951
#include "text/inflate.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace dockerlint {
namespace {

constexpr int kLongestCode = 15;  // bits

class Bits {
 public:
  explicit Bits(std::span<const unsigned char> bytes) : bytes_(bytes) {}

  /// Behind the end there are zeros.
  unsigned bit() {
    const std::size_t byte = at_ / 8;
    const unsigned here = byte < bytes_.size() ? bytes_[byte] : 0U;
    return here >> (at_++ % 8) & 1U;
  }
  unsigned number(unsigned bits) {
    unsigned value = 0;
    for (unsigned i = 0; i < bits; ++i) value |= bit() << i;
    return value;
  }
  void to_next_byte() { at_ = (at_ + 7) / 8 * 8; }
  bool at_end() const { return at_ / 8 >= bytes_.size(); }

 private:
  std::span<const unsigned char> bytes_;
  std::size_t at_ = 0;
};

/// A Huffman code, of which only the lengths are given (3.2.2).
class Code {
 public:
  explicit Code(std::span<const std::uint8_t> lengths) {
    for (const std::uint8_t length : lengths) ++count_[length];
    count_[0] = 0;
    std::array<std::uint16_t, kLongestCode + 2> next{};
    for (std::size_t length = 1; length <= kLongestCode; ++length)
      next[length + 1] = static_cast<std::uint16_t>(next[length] + count_[length]);
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol)
      if (lengths[symbol] != 0) symbols_[next[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
  }

  unsigned read(Bits& bits) const {
    unsigned code = 0, first = 0, index = 0;
    for (std::size_t length = 1; length <= kLongestCode; ++length) {
      code |= bits.bit();
      if (code < first + count_[length]) return symbols_[index + code - first];
      index += count_[length];
      first = (first + count_[length]) << 1U;
      code <<= 1U;
    }
    return kEndOfBlock;
  }

  static constexpr unsigned kEndOfBlock = 256;

 private:
  std::array<std::uint16_t, kLongestCode + 1> count_{};
  std::array<std::uint16_t, 288> symbols_{};
};

struct Codes {
  Code literals;
  Code distances;
};

Codes fixed_codes() {
  std::array<std::uint8_t, 288> literals{};
  const auto fill = [&](std::size_t from, std::size_t to, std::uint8_t length) {
    std::fill(literals.begin() + static_cast<std::ptrdiff_t>(from), literals.begin() + static_cast<std::ptrdiff_t>(to),
              length);
  };
  fill(0, 144, 8);
  fill(144, 256, 9);
  fill(256, 280, 7);
  fill(280, 288, 8);
  std::array<std::uint8_t, 30> distances{};
  distances.fill(5);
  return {Code(literals), Code(distances)};
}

Codes dynamic_codes(Bits& bits) {
  constexpr std::array<std::uint8_t, 19> kOrder{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  const std::size_t literals = bits.number(5) + 257;
  const std::size_t distances = bits.number(5) + 1;
  const std::size_t given = bits.number(4) + 4;
  std::array<std::uint8_t, 19> of_lengths{};
  for (std::size_t i = 0; i < std::min(given, kOrder.size()); ++i)
    of_lengths[kOrder[i]] = static_cast<std::uint8_t>(bits.number(3));
  const Code code(of_lengths);
  std::array<std::uint8_t, 288 + 32> lengths{};
  for (std::size_t i = 0; i < literals + distances;) {
    const unsigned symbol = code.read(bits);
    std::size_t times = 1;
    std::uint8_t length = 0;
    if (symbol < 16) length = static_cast<std::uint8_t>(symbol);
    else if (symbol == 16) length = i > 0 ? lengths[i - 1] : std::uint8_t{0};
    if (symbol == 16) times = 3 + bits.number(2);
    else if (symbol == 17) times = 3 + bits.number(3);
    else if (symbol > 17) times = 11 + bits.number(7);
    for (; times > 0 && i < literals + distances; --times) lengths[i++] = length;
  }
  const std::span<const std::uint8_t> all(lengths);
  return {Code(all.first(std::min<std::size_t>(literals, 288))), Code(all.subspan(literals, distances))};
}

void add_block(Bits& bits, const Codes& codes, std::size_t size, std::string& out) {
  while (out.size() < size) {
    const unsigned symbol = codes.literals.read(bits);
    if (symbol == Code::kEndOfBlock) return;
    if (symbol < Code::kEndOfBlock) {
      out += static_cast<char>(symbol);
      continue;
    }
    // Lengths and distances (3.2.5): the number of further bits grows with each fourth, and with each second, symbol.
    unsigned length = 258;
    if (const unsigned at = symbol - 257; at < 8) length = 3 + at;
    else if (at < 28) length = 3 + ((4 + at % 4) << (at / 4 - 1)) + bits.number(at / 4 - 1);
    unsigned distance = 1 + codes.distances.read(bits);
    if (distance > 30) return;  // no such symbol
    if (const unsigned at = distance - 1; at >= 4)
      distance = 1 + ((2 + at % 2) << (at / 2 - 1)) + bits.number(at / 2 - 1);
    if (distance > out.size()) return;
    for (std::size_t from = out.size() - distance; length > 0; --length) out += out[from++];
  }
}

}  // namespace

std::string inflate(std::span<const unsigned char> deflated, std::size_t size) {
  std::string out;
  out.reserve(size);
  Bits bits(deflated);
  bool last = false;
  while (!last && out.size() < size && !bits.at_end()) {
    last = bits.bit() == 1;
    switch (bits.number(2)) {
      case 0:
        bits.to_next_byte();
        for (unsigned length = bits.number(32) & 0xFFFF; length > 0; --length) out += static_cast<char>(bits.number(8));
        break;
      case 1: add_block(bits, fixed_codes(), size, out); break;
      case 2: add_block(bits, dynamic_codes(bits), size, out); break;
      default: return out;
    }
  }
  return out;
}

}  // namespace dockerlint
