// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work done by several threads, its results used in order by the caller's: what is printed is the same for any
// number of threads.

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace dockerlint::cli {

/// Calls `work(i)` for each i below `count`, and `use(i, result)` in order of i. `use` returns false to stop.
/// Neither may throw. Only some results beyond the one in use are kept, however many there are.
template <typename Result, typename Work, typename Use>
void in_order(std::size_t count, std::size_t threads, const Work& work, const Use& use) {
  if (threads <= 1 || count <= 1) {  // no thread at all: starting one costs more than linting a file
    for (std::size_t i = 0; i < count; ++i)
      if (!use(i, work(i))) return;
    return;
  }
  const std::size_t window = 8 * threads;
  std::vector<std::optional<Result>> results(window);  // of i at i % window
  std::mutex mutex;
  std::condition_variable room;
  std::condition_variable ready;
  std::size_t next = 0;  // to work on
  std::size_t used = 0;

  std::vector<std::jthread> pool;
  pool.reserve(threads);
  for (std::size_t t = 0; t < std::min(threads, count); ++t) {
    pool.emplace_back([&] {
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
    });
  }
  std::unique_lock lock(mutex);
  while (used < count) {
    ready.wait(lock, [&] { return results[used % window].has_value(); });
    Result result = std::move(*results[used % window]);
    results[used % window].reset();
    const std::size_t i = used++;
    lock.unlock();
    room.notify_all();
    const bool go_on = use(i, std::move(result));
    lock.lock();
    if (!go_on) {
      next = count;
      break;
    }
  }
  lock.unlock();
  room.notify_all();
}

}  // namespace dockerlint::cli
