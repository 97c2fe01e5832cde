// SPDX-License-Identifier: Apache-2.0
#include "cli/pool.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace dockerlint::cli {

void take_memory_in_large_pieces() {
#ifdef __GLIBC__
  mallopt(M_TOP_PAD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 26);
#endif
}

}  // namespace dockerlint::cli
