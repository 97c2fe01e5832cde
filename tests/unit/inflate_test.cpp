// SPDX-License-Identifier: Apache-2.0
// The bytes below are zlib's.
#include "text/inflate.hpp"
#include "dockerlint/rule.hpp"
#include "support/catch.hpp"

#include <array>
#include <cstdio>
#include <string>

using namespace dockerlint;

TEST_CASE("what zlib has made small is itself again") {
  SECTION("a block that is stored as it is") {
    constexpr std::array<unsigned char, 11> kStored{0x01, 0x06, 0x00, 0xf9, 0xff, 0x73, 0x74, 0x6f, 0x72, 0x65, 0x64};
    CHECK(inflate(kStored, 6) == "stored");
  }
  SECTION("a block with the fixed codes") {
    constexpr std::array<unsigned char, 15> kFixed{0x4b, 0x54, 0x28, 0xca, 0x2f, 0x4e, 0x55, 0xc8,
                                                   0x2c, 0x56, 0x48, 0x44, 0x63, 0x01, 0x00};
    CHECK(inflate(kFixed, 26) == "a rose is a rose is a rose");
  }
}

TEST_CASE("the pages that are built in are the files, codes of their own and all") {
  for (const Rule* const rule : all_rules()) {
    const std::string path = "rules/" + std::string(rule->name) + ".md";
    std::FILE* const file = std::fopen(path.c_str(), "rb");
    REQUIRE(file != nullptr);
    std::string text;
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
    std::fclose(file);
    INFO(path);
    CHECK(page_of(*rule) == text);
  }
}

TEST_CASE("what is broken or cut off ends, whatever it says") {
  constexpr std::array<unsigned char, 15> kFixed{0x4b, 0x54, 0x28, 0xca, 0x2f, 0x4e, 0x55, 0xc8,
                                                 0x2c, 0x56, 0x48, 0x44, 0x63, 0x01, 0x00};
  CHECK(inflate(std::span(kFixed).first(8), 26).starts_with("a rose"));
  CHECK(inflate({}, 100).empty());
  for (unsigned byte = 0; byte < 256; ++byte) {
    const std::array<unsigned char, 4> bytes{static_cast<unsigned char>(byte), 0xFF, 0x5A,
                                             static_cast<unsigned char>(~byte)};
    CHECK(inflate(bytes, 1000).size() <= 1000 + 65535);
  }
}
