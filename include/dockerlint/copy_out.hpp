// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way out of a cache mount: a file is copied in the RUN that makes it, and its readers look there.

#include "dockerlint/diagnostic.hpp"
#include "dockerlint/edit.hpp"
#include "dockerlint/effects.hpp"
#include "dockerlint/model.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dockerlint::edit {

struct CopyOut {
  std::vector<TextEdit> edits;  // empty: it cannot be done
  std::string command;          // what the RUN that makes the file has to run; empty where nobody knows
  std::string destination;      // where readers have to look
};

/// For readers of one path that lies in a mount of the RUN that made it. All are changed, or none. There are no
/// edits where the file may be a directory, where the RUN makes it only sometimes, or where a reader does not say
/// the path in one word.
CopyOut copy_out(const Model& model, const Effects& effects, std::span<const PathRead* const> readers);

/// The same for the readers of several paths that one RUN makes, in one command where that can be: all of them are
/// changed, or none. `destination` is then where the first is to be found.
CopyOut copy_out_together(const Model& model, const Effects& effects,
                          std::span<const std::vector<const PathRead*>> readers_of_paths,
                          Lines lines = Lines::as_written);

/// Lets the RUN that `read` finds its file in do what the reader's RUN does: it only copies, and goes. Empty where
/// it does more, or where something between the two could make a difference.
std::vector<TextEdit> copy_earlier(const Model& model, const Effects& effects, const PathRead& read);

}  // namespace dockerlint::edit
