// SPDX-License-Identifier: Apache-2.0
#pragma once
// A script within a script: `sh -c '…'`, `bash <<EOF`. Its text is made of a word's, with the way back to
// the Dockerfile, so that what is found in it can be shown, and mended, where it stands.

#include "model/shell_words.hpp"

namespace dockerlint::script {

/// What the inner shell is given. What the outer one puts in and nobody knows stays as written, as `foreign`.
const ScriptText* text_of_argument(const CommandWord& argument, Names& names);
const ScriptText* text_of_heredoc(const shell::Word& body, Names& names);

}  // namespace dockerlint::script
