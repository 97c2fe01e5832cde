// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of base images: their environment, users, distribution. The facts are the files in
// rules/catalog/images/, made into constant tables by the build. What is not said there is not known.

#include <cstdint>
#include <span>
#include <string_view>

namespace dockerlint {

/// How a fact is known, from weakest to strongest. What is only recalled is never more than info.
enum class Evidence : std::uint8_t { recalled, reported, documented, source_read, tested };
std::string_view to_string(Evidence);

/// Which distribution an image is made from: what decides the package manager and where things lie.
enum class Family : std::uint8_t { unknown, debian, alpine, wolfi, redhat, suse, arch, photon, distroless, windows };
std::string_view to_string(Family);

/// Which binaries it can run.
enum class Libc : std::uint8_t { unknown, glibc, musl, none };
std::string_view to_string(Libc);

struct ImageVariable {
  std::string_view name;
  std::string_view value;
  bool known = true;  // false: the value depends on the version, or whether it is set at all
};

struct ImageUser {
  std::string_view name;
  std::uint32_t uid;
  std::uint32_t gid;
  std::string_view home;
};

struct Image {
  std::string_view name;  // as in FROM, without registry, `library/`, tag and digest
  Family family;          // of the tag that was asked for
  Libc libc;
  std::string_view package_manager;  // the catalog's name of it: "apt", "apk", …; empty: not known, or none
  std::string_view user;             // that it runs as: one of `users`, or root; empty: not known
  std::string_view workdir;          // absolute and clean; empty: not known
  std::string_view shell;            // the program that the text form of RUN is given to, where the image says so
  std::span<const ImageVariable> env;
  bool env_complete;                           // no other variable is set, but for PATH
  std::span<const ImageUser> users;            // besides root
  std::span<const std::string_view> programs;  // on PATH, besides those of its distribution
  bool docker_clean;                           // apt's hook that deletes packages after each install is there
  Evidence evidence;
  std::string_view source;
};

/// The facts on an image as FROM names it: any registry's mirror of an official image, with tag or digest.
/// The tag tells the variant (`node:22-alpine`); with a digest alone, only what holds for all of them is said.
/// Null when nobody knows it.
const Image* image_named(std::string_view reference);

}  // namespace dockerlint
