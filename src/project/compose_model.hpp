// SPDX-License-Identifier: Apache-2.0
#pragma once
// The services of a compose project, with what files include and services extend.

#include "project/compose_files.hpp"
#include "project/service.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace dockerlint::project {

/// Services by name, in the order in which they come up.
class ComposeModel {
 public:
  Service* find(const std::string& name) {
    const auto found = places_.find(name);
    return found == places_.end() ? nullptr : &services_[found->second];
  }
  void merge(Service service) {
    if (Service* const there = find(service.name)) *there = merged(std::move(*there), std::move(service));
    else add(std::move(service));
  }
  /// A service that an override takes away.
  void drop(const std::string& name) {
    if (Service* const there = find(name)) *there = Service{.name = name, .where = there->where, .has_image = true};
  }
  void add(Service service) {
    places_.emplace(service.name, services_.size());
    services_.push_back(std::move(service));
  }
  std::vector<Service>& services() { return services_; }

 private:
  std::vector<Service> services_;
  std::map<std::string, std::size_t> places_;
};

/// Reads the files, each on top of those before it. Relative paths count from the folder of the first. The files that
/// are included are added to `included`.
ComposeModel read_compose_model(const std::vector<std::string>& paths, ComposeFiles& files, Troubles& troubles,
                                std::set<std::string>& included);

}  // namespace dockerlint::project
