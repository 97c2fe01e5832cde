// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may name an image: [domain/]path[:tag][@digest] (distribution/reference).

#include <string>
#include <string_view>

namespace dockerlint {

/// Why `name` cannot name an image; empty when it can. `name` must not be empty.
std::string image_name_error(std::string_view name);

}  // namespace dockerlint
