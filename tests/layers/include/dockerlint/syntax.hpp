// SPDX-License-Identifier: Apache-2.0
#pragma once
// Wrong on purpose: the check of the layers must say so.

#include "dockerlint/lint.hpp"
