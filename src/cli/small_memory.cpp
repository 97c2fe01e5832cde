// SPDX-License-Identifier: Apache-2.0
// Memory for small things, which linting takes and gives back by the hundred thousand: kept in lists by size, each
// thread's its own, and never given back to the system. That is a tenth of the instructions of a run; the C library's
// malloc joins and splits what it is given, which a program that ends within a second has nothing of.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

/// In front of each piece: the list that it goes back to.
using Head = std::size_t;
constexpr std::size_t kAlignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
static_assert(sizeof(Head) <= kAlignment);

// Up to 512 bytes there is a list for each 16, then four for each doubling.
constexpr std::size_t kFine = 512;
constexpr std::size_t kFineLists = kFine / kAlignment;
constexpr std::size_t kLargest = 4 * 1024;  // what is larger is seldom, and better joined again
constexpr Head kFromSystem = kFineLists + 4 * std::bit_width(kLargest / kFine - 1);
constexpr std::size_t kChunk = 32 * 1024;  // that pieces are cut from

struct Piece {
  Piece* next;
};

struct Lists {
  std::array<Piece*, kFromSystem> of_size;
  std::byte* at;  // what is left of the chunk in use
  std::size_t left;
};
constinit thread_local Lists lists{};

constexpr std::size_t size_of(Head list) {
  if (list < kFineLists) return (list + 1) * kAlignment;
  const std::size_t step = list - kFineLists;
  return (kFine << (step / 4)) / 4 * (5 + step % 4);
}

/// The first list whose pieces have as many bytes, the head's among them.
constexpr Head list_for(std::size_t bytes) {
  if (bytes <= kFine) return (bytes - 1) / kAlignment;
  const std::size_t doublings = static_cast<std::size_t>(std::bit_width((bytes - 1) / kFine)) - 1;
  const std::size_t quarter = (kFine << doublings) / 4;
  return kFineLists + 4 * doublings + (bytes - 1) / quarter - 4;
}
static_assert(size_of(list_for(kFine)) == kFine && size_of(list_for(kFine + 1)) == kFine / 4 * 5);
static_assert(size_of(list_for(kLargest)) == kLargest && list_for(kLargest) == kFromSystem - 1);

/// `memory` begins where the alignment is; what is handed out lies behind the head. Null for null.
void* piece_at(void* memory, Head list) {
  if (memory == nullptr) return nullptr;
  std::byte* const piece = static_cast<std::byte*>(memory) + kAlignment;
  *reinterpret_cast<Head*>(piece - sizeof(Head)) = list;
  return piece;
}

/// A new piece for the list.
[[gnu::noinline]] void* cut(Head list) {
  const std::size_t size = size_of(list);
  if (size > lists.left) {
    void* const chunk = std::malloc(kChunk);
    if (chunk == nullptr) return nullptr;
    lists.at = static_cast<std::byte*>(chunk);
    lists.left = kChunk - kAlignment;
  }
  void* const piece = piece_at(lists.at, list);
  lists.at += size;
  lists.left -= size;
  return piece;
}

[[gnu::noinline]] void* large(std::size_t size) {
  if (size > SIZE_MAX - 2 * kAlignment) return nullptr;
  return piece_at(std::malloc(size + kAlignment), kFromSystem);
}

inline void* take(std::size_t size) {
  const std::size_t bytes = size + sizeof(Head);
  if (size > kLargest - sizeof(Head)) [[unlikely]]
    return large(size);
  const Head list = list_for(bytes);
  Piece* const first = lists.of_size[list];
  if (first == nullptr) [[unlikely]]
    return cut(list);
  lists.of_size[list] = first->next;
  return first;
}

inline void give_back(void* piece) {
  if (piece == nullptr) return;
  const Head list = *reinterpret_cast<Head*>(static_cast<std::byte*>(piece) - sizeof(Head));
  if (list == kFromSystem) [[unlikely]]
    return std::free(static_cast<std::byte*>(piece) - kAlignment);
  auto* const first = static_cast<Piece*>(piece);
  first->next = lists.of_size[list];
  lists.of_size[list] = first;
}

}  // namespace

void* operator new(std::size_t size) {
  void* const taken = take(size);
  if (taken == nullptr) [[unlikely]]
    throw std::bad_alloc();
  return taken;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void operator delete(void* piece) noexcept { give_back(piece); }
void operator delete[](void* piece) noexcept { give_back(piece); }
void operator delete(void* piece, std::size_t) noexcept { give_back(piece); }
void operator delete[](void* piece, std::size_t) noexcept { give_back(piece); }
