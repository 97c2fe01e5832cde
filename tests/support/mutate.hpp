// SPDX-License-Identifier: Apache-2.0
#pragma once
// Dockerfiles changed in their parts, not in their bytes: what comes out is still much like a Dockerfile, so that a
// fuzzer gets beyond the parser.

#include <cstdint>
#include <string>
#include <string_view>

namespace dockerlint::test {

/// One change: an instruction, flag, mount option, command or word comes, goes, or is put in another's place; a line is
/// broken or joined; a comment or a heredoc is put around something. Parts come from `donor`, which may be the file itself.
/// The same for the same `seed`.
std::string mutated(std::string_view bytes, std::string_view donor, std::uint32_t seed);

}  // namespace dockerlint::test
