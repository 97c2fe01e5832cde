// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of package managers and compilers: what they cache, where, and what concurrency
// their caches bear. The facts are the files in rules/catalog/, made into constant tables by the build.

#include "dockerlint/model.hpp"

#include <span>
#include <string_view>

namespace dockerlint {

/// What happens when two builds use one directory at once, with the mount as it stands.
enum class Concurrency : std::uint8_t {
  exclusive,   // the tool fails or corrupts: sharing=locked
  serialised,  // as exclusive, but the lock holds up whole compilations, and a parallel form exists
  tolerated,   // safe in current versions; older ones had races, so a lock is nobody's mistake
  safe,        // safe by documentation, source or experiment: a lock only makes builds wait
};

struct CacheDir {
  std::string_view path;  // absolute, or `~/…` for every user's home
  std::string_view tool;  // "cargo"
  std::string_view what;  // "cargo's registry": completes "… is shared"
  Concurrency concurrency;
  Evidence evidence;
  std::string_view why;            // one sentence, shown to the user
  std::string_view parallel;       // how to let builds run side by side; empty when there is no way
  std::string_view parallel_sign;  // what a script holds that has set this up; empty when nothing tells
  std::string_view source;         // where it is written or how it was tried

  /// The mode that is right for this directory.
  Sharing sharing() const;
};

struct Tool {
  std::string_view name;
  std::string_view title;
  std::span<const CacheDir> caches;
};

class Catalog {
 public:
  static const Catalog& builtin();

  std::span<const Tool> tools() const { return tools_; }
  /// The cache that lies at an absolute, clean path, whoever's home it is in. Null when nobody knows it.
  const CacheDir* cache_at(std::string_view path) const;
  /// Where the mount's target is known and the catalog knows it.
  const CacheDir* cache_of(const Mount& mount) const;
  /// Whether the RUN's script looks as if it empties a cache. No other build survives that, which uses the
  /// cache at the same time: with `npm cache clean` beside them, 4 of 4 installs failed.
  bool may_empty_caches(const Document& document, const RunStep& run) const;

 private:
  explicit constexpr Catalog(std::span<const Tool> tools, std::span<const CacheDir* const> by_path)
      : tools_(tools), by_path_(by_path) {}

  std::span<const Tool> tools_;
  std::span<const CacheDir* const> by_path_;  // sorted by path, `~` in place of the home
};

}  // namespace dockerlint
