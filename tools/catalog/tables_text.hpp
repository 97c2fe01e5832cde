// SPDX-License-Identifier: Apache-2.0
#pragma once
// The catalog's tables as C++: constants that cost nothing before main.

#include "catalog/tables.hpp"

#include <string>

namespace dockerlint::catalog {

std::string tables_text(const CatalogTables& tables);

}  // namespace dockerlint::catalog
