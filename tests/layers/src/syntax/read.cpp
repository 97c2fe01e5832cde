// SPDX-License-Identifier: Apache-2.0
// Wrong on purpose: the check of the layers must say so.

#include <fstream>
