// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work done by several threads, its results used in order by the caller's: what is printed is the same for any
// number of threads.

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace dockerlint::cli {

/// Calls `work(i)` for each i below `count`, and `use(i, result)` in order of i. `use` returns false to stop.
/// `work` may not throw. Only some results beyond the one in use are kept, however many there are.
template <typename Result, typename Work, typename Use>
void in_order(std::size_t count, std::size_t threads, const Work& work, const Use& use) {
  const auto alone = [&] {
    for (std::size_t i = 0; i < count; ++i)
      if (!use(i, work(i))) return;
  };
  if (threads <= 1 || count <= 1) return alone();  // starting a thread costs more than linting a file
  const std::size_t window = 8 * threads;
  std::vector<std::optional<Result>> results(window);  // of i at i % window
  std::mutex mutex;
  std::condition_variable room;
  std::condition_variable ready;
  std::size_t next = 0;  // to work on
  std::size_t used = 0;

  const auto worker = [&] {
    std::unique_lock lock(mutex);
    for (;;) {
      room.wait(lock, [&] { return next >= count || next < used + window; });
      if (next >= count) return;
      const std::size_t i = next++;
      lock.unlock();
      Result result = work(i);
      lock.lock();
      results[i % window] = std::move(result);
      if (i == used) ready.notify_one();
    }
  };

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
  std::unique_lock lock(mutex);
  while (used < count) {
    ready.wait(lock, [&] { return results[used % window].has_value(); });
    Result result = std::move(*results[used % window]);
    results[used % window].reset();
    const std::size_t i = used++;
    lock.unlock();
    room.notify_all();
    if (!use(i, std::move(result))) return;
    lock.lock();
  }
}

}  // namespace dockerlint::cli
