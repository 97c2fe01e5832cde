// SPDX-License-Identifier: Apache-2.0
#include "model/variables.hpp"

#include "model/name_filter.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace dockerlint {
namespace {

/// How many stages are looked through, one built on the other. More are found in no real file, and
/// would let each question take as long as the file.
constexpr int kMostStages = 100;

/// What BuildKit sets where the image does not (util/system, DefaultPathEnvUnix).
constexpr std::string_view kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Every RUN has these from the command line, declared or not (docs: "predefined ARGs").
constexpr std::array<std::string_view, 10> kProxies{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy",
                                                    "FTP_PROXY",  "ftp_proxy",  "NO_PROXY",    "no_proxy",
                                                    "ALL_PROXY",  "all_proxy"};

bool is_proxy(std::string_view name) {
  constexpr NameFilter kFilter(kProxies);
  return kFilter.may_have(name) && std::find(kProxies.begin(), kProxies.end(), name) != kProxies.end();
}

std::optional<std::uint32_t> number(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

User user_of(const ImageUser& user) { return {user.name, user.uid, user.gid, user.home}; }

/// An ARG that has a value takes the place of the ENV before it (dockerfile2llb/convert.go, dispatchArg: AddEnv);
/// one that has none may be given one by the command line.
Variable argument_over(const Variable& argument, const Variable& env) {
  return argument.set ? argument : Variable{false, env.set, env.value};
}

}  // namespace

std::optional<bool> User::is_root() const {
  if (uid) return *uid == 0;
  if (name) return *name == "root";
  return std::nullopt;
}

Variable Environment::find(std::string_view name) const {
  return stage_ == nullptr ? kUnknown : stage_->find(name, at_);
}

User Environment::user(std::string_view name) const {
  return stage_ == nullptr ? StageVariables{}.user(name, at_) : stage_->user(name, at_);
}

Variable StageVariables::find(std::string_view name, TextSize at) const {
  const TimeLine<Variable>::Change* argument = nullptr;  // what an ARG says, where no ENV comes after it
  const StageVariables* stage = this;
  for (int count = 0;; ++count, stage = stage->parent, at = kEnd) {
    if (stage->lost || count == kMostStages) return kUnknown;
    const TimeLine<Variable>::Change* set = nullptr;  // by ENV
    if (const auto line = stage->env.find(name); line != stage->env.end()) set = line->second.at(at);
    if (const auto line = argument == nullptr ? stage->args.find(name) : stage->args.end(); line != stage->args.end())
      if (const auto* change = line->second.at(at); change != nullptr && (set == nullptr || set->since < change->since))
        argument = change;
    if (set != nullptr) return argument != nullptr ? argument_over(argument->value, set->value) : set->value;
    if (stage->parent == nullptr) break;
  }
  if (stage->image != nullptr)
    for (const ImageVariable& variable : stage->image->env)
      if (variable.name == name) {
        const Variable set{variable.known, true, variable.value};
        return argument != nullptr ? argument_over(argument->value, set) : set;
      }
  if (argument != nullptr) return argument->value;
  if (name == "PATH") return {false, true, kDefaultPath};
  if (is_proxy(name)) return kUnknown;
  return {stage->scratch || (stage->image != nullptr && stage->image->env_complete), false, {}};
}

User StageVariables::account(std::string_view name, TextSize at) const {
  const std::optional<std::uint32_t> uid = number(name);
  User unknown;
  if (uid) unknown.uid = uid;
  else unknown.name = name;

  const StageVariables* stage = this;
  for (int count = 0;; ++count, stage = stage->parent, at = kEnd) {
    if (stage->lost || count == kMostStages) return unknown;
    if (const Accounts* const accounts = stage->accounts_.get(); accounts != nullptr) {
      const TimeLine<User>::Change* change = nullptr;
      if (uid) {
        if (const auto line = accounts->by_uid.find(*uid); line != accounts->by_uid.end()) change = line->second.at(at);
      } else if (const auto line = accounts->by_name.find(name); line != accounts->by_name.end()) {
        change = line->second.at(at);
      }
      const auto* loss = accounts->lost.at(at);
      if (change != nullptr && (loss == nullptr || loss->since < change->since)) return change->value;
      if (loss != nullptr) return unknown;
    }
    if (stage->parent == nullptr) break;
  }
  if (stage->image != nullptr)
    for (const ImageUser& user : stage->image->users)
      if (uid ? user.uid == *uid : user.name == name) return user_of(user);
  return unknown;
}

User StageVariables::user(std::string_view name_and_group, TextSize at) const {
  const std::size_t colon = name_and_group.find(':');
  const std::string_view name = name_and_group.substr(0, colon);
  if (name.empty()) return {};
  User user = account(name, at);
  if (user.name == "root" || user.uid == 0U) {
    const StageVariables* base = this;
    for (int count = 0; base->parent != nullptr && count < kMostStages; ++count) base = base->parent;
    user = {"root", 0, 0, base->scratch ? Value() : user.home.value_or("/root")};
  }
  if (colon != name_and_group.npos) {
    const std::string_view group = name_and_group.substr(colon + 1);
    user.gid = group == "root" ? 0U : number(group);
    if (!user.gid && user.name == group) user.gid = account(name, at).gid;
  }
  return user;
}

void StageVariables::add_user(TextSize since, const User& user) {
  if (user.name) accounts().by_name[*user.name].set(since, user);
  if (user.uid) accounts().by_uid[*user.uid].set(since, user);
}

void StageVariables::lose_users(TextSize since) { accounts().lost.set(since, true); }

StageVariables::Accounts& StageVariables::accounts() {
  if (accounts_ == nullptr) accounts_ = std::make_unique<Accounts>();
  return *accounts_;
}

}  // namespace dockerlint
