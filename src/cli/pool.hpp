// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work done by several threads, its results used in order by the caller's: what is printed is the same for any
// number of threads.

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace dockerlint::cli {

/// Threads are to ask the system for memory seldom, and to keep for the next file what one has taken: it answers one at
/// a time. A start with one thread is quicker without.
void take_memory_in_large_pieces();

/// Calls `work(i)` for each i below `count`, and `use(i, result)` in order of i. `use` returns false to stop.
/// `work` may not throw. Only some results beyond the one in use are kept, however many there are.
template <typename Result, typename Work, typename Use>
void in_order(std::size_t count, std::size_t threads, const Work& work, const Use& use) {
  const auto alone = [&] {
    for (std::size_t i = 0; i < count; ++i)
      if (!use(i, work(i))) return;
  };
  if (threads <= 1 || count <= 1) return alone();  // starting a thread costs more than linting a file
  // Taken several at once where there are many: to wake a thread costs as much as to lint a small file.
  constexpr std::size_t kMostAtOnce = 16;
  const std::size_t at_once = std::clamp<std::size_t>(count / (8 * threads), 1, kMostAtOnce);
  const std::size_t window = 8 * threads * at_once;
  std::vector<std::optional<Result>> results(window);  // of i at i % window
  std::mutex mutex;
  std::condition_variable room;
  std::condition_variable ready;
  std::size_t next = 0;  // to work on
  std::size_t used = 0;

  const auto worker = [&] {
    std::array<std::optional<Result>, kMostAtOnce> made;
    std::unique_lock lock(mutex);
    for (;;) {
      room.wait(lock, [&] { return next >= count || next + at_once <= used + window; });
      if (next >= count) return;
      const std::size_t first = next;
      next = std::min(next + at_once, count);
      const std::size_t end = next;
      lock.unlock();
      for (std::size_t i = first; i < end; ++i) made[i - first].emplace(work(i));
      lock.lock();
      for (std::size_t i = first; i < end; ++i) results[i % window] = std::move(made[i - first]);
      if (first == used) ready.notify_one();
    }
  };

  take_memory_in_large_pieces();
  std::vector<std::jthread> pool;
  pool.reserve(threads);
  // Whichever way we leave, nothing new is begun and the threads end.
  struct Stop {
    std::mutex& mutex;
    std::condition_variable& room;
    std::size_t& next;
    std::size_t count;
    ~Stop() {
      {
        const std::lock_guard hold(mutex);
        next = count;
      }
      room.notify_all();
    }
  } const stop{mutex, room, next, count};
  for (std::size_t t = 0; t < std::min(threads, count); ++t) {
    try {
      pool.emplace_back(worker);
    } catch (const std::system_error&) {  // the system has no more threads for us
      if (pool.empty()) return alone();
      break;
    }
  }
  std::vector<Result> taken;
  for (std::size_t i = 0; i < count;) {
    {
      std::unique_lock lock(mutex);
      ready.wait(lock, [&] { return results[used % window].has_value(); });
      for (; used < count && results[used % window] && taken.size() < at_once; ++used) {
        taken.push_back(std::move(*results[used % window]));
        results[used % window].reset();
      }
    }
    room.notify_all();
    for (Result& result : taken)
      if (!use(i++, std::move(result))) return;
    taken.clear();
  }
}

}  // namespace dockerlint::cli
