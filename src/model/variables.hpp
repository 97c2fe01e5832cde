// SPDX-License-Identifier: Apache-2.0
#pragma once
// What names stand for in a stage, and from where on: a time line for each name, so that any place of the
// file can be asked about later, and memory stays linear.

#include "dockerlint/model.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace dockerlint {

constexpr Variable kUnknown{false, false, {}};

/// What something is, and since where in the file. To be set in the order of the file.
template <typename T>
class TimeLine {
 public:
  struct Change {
    TextSize since;
    T value;
  };

  void set(TextSize since, const T& value) {
    if (first_) later_.push_back({since, value});
    else first_ = Change{since, value};
  }

  /// The change that holds at `place`; null before the first.
  const Change* at(TextSize place) const {
    if (!first_ || place < first_->since) return nullptr;
    const auto next = std::upper_bound(later_.begin(), later_.end(), place,
                                       [](TextSize p, const Change& change) { return p < change.since; });
    return next == later_.begin() ? &*first_ : &*std::prev(next);
  }

 private:
  std::optional<Change> first_;  // of most names the only one
  std::vector<Change> later_;
};

/// What one stage sets, and where to look for the rest.
struct StageVariables {
  /// Behind everything in the stage.
  static constexpr TextSize kEnd = std::numeric_limits<TextSize>::max();

  const StageVariables* parent = nullptr;  // the stage in the file that it builds on
  const Image* image = nullptr;            // else the base image, if it is known
  bool scratch = false;                    // the base image is empty
  bool lost = false;                       // too much happens in it to follow

  std::unordered_map<std::string_view, TimeLine<Variable>> env;
  std::unordered_map<std::string_view, TimeLine<Variable>> args;

  Variable find(std::string_view name, TextSize at) const;
  User user(std::string_view name_and_group, TextSize at) const;
  void add_user(TextSize since, const User& user);
  /// /etc/passwd is another one from there on.
  void lose_users(TextSize since);

 private:
  struct Accounts {
    std::unordered_map<std::string_view, TimeLine<User>> by_name;
    std::unordered_map<std::uint32_t, TimeLine<User>> by_uid;
    TimeLine<bool> lost;
  };

  User account(std::string_view name, TextSize at) const;
  Accounts& accounts();

  std::unique_ptr<Accounts> accounts_;  // null: the stage changes none
};

}  // namespace dockerlint
