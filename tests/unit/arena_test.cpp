// SPDX-License-Identifier: Apache-2.0
#include "text/arena.hpp"
#include "support/catch.hpp"

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

using namespace dockerlint;

namespace {

std::vector<std::uint64_t> numbers(std::size_t count) {
  std::vector<std::uint64_t> all(count);
  std::iota(all.begin(), all.end(), count);
  return all;
}

}  // namespace

TEST_CASE("an arena keeps what it is given, small and large, in its place") {
  Arena arena;
  std::vector<KeptList<std::uint64_t>> lists;
  std::vector<std::string_view> texts;
  for (std::size_t count = 0; count < 2000; count += 7) {
    lists.push_back(arena.keep_list(numbers(count)));
    texts.push_back(arena.keep(std::string_view(std::string(count, 'x'))));
  }
  for (std::size_t i = 0; i < lists.size(); ++i) {
    CHECK(std::vector<std::uint64_t>(lists[i].begin(), lists[i].end()) == numbers(i * 7));
    CHECK(texts[i] == std::string(i * 7, 'x'));
    CHECK(reinterpret_cast<std::uintptr_t>(lists[i].data()) % alignof(std::uint64_t) == 0);
  }
}

TEST_CASE("a kept list is one pointer, and a span where one is wanted") {
  Arena arena;
  const KeptList<std::uint64_t> none;
  CHECK(sizeof none == sizeof(void*));
  CHECK(none.empty());
  CHECK(none.begin() == none.end());

  const KeptList<std::uint64_t> one = arena.keep_list_of(std::uint64_t{7});
  const std::span<const std::uint64_t> span = one;
  CHECK(span.size() == 1);
  CHECK((one.front() == 7 && one.back() == 7 && one[0] == 7));
}
