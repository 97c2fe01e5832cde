// SPDX-License-Identifier: Apache-2.0
// From the manual pages: coreutils, util-linux, findutils, sudo 1.9, OpenDoas, GNU time, tini, dumb-init,
// xvfb-run, fakeroot, gosu. Options with which no command is run are left out on purpose.

#include "model/wrapper_table.hpp"

#include "model/name_filter.hpp"

#include <algorithm>
#include <array>

namespace dockerlint::script {
namespace {

using enum WrapperKind;

constexpr std::array kWrappers{
    Wrapper{"builtin", "", "", in_shell},
    Wrapper{"busybox", "", ""},
    Wrapper{"catchsegv", "", ""},
    Wrapper{"chronic", "ev", ""},
    Wrapper{"chrt", "abfiorvT:P:D:R", "batch>b fifo>f idle>i other>o rr>r", plain, 1},
    Wrapper{"command", "p", "", in_shell},
    Wrapper{"dbus-run-session", "", "dbus-daemon: config-file:"},
    Wrapper{"doas", "nu:C:", "", sudo},
    Wrapper{"dumb-init", "vcr:", "verbose>v single-child>c rewrite:>r"},
    Wrapper{"eatmydata", "", ""},
    Wrapper{"env", "i0vu:C:", "ignore-environment>i unset:>u chdir:>C null>0 debug>v", env, 0, true},
    Wrapper{"exec", "cla:", "", exec},
    Wrapper{"fakeroot", "l:f:i:s:b:u", "lib:>l faked:>f unknown-is-real>u"},
    Wrapper{"faketime", "fm", "", plain, 1},
    Wrapper{"flock", "sxenuw:E:Fov", "shared exclusive nonblock unlock close no-fork verbose wait: timeout:", plain, 1},
    Wrapper{"gosu", "", "", user_first, 1},
    Wrapper{"ionice", "c:n:t", "class:>c classdata:>n ignore>t"},
    Wrapper{"linux32", "vRFZLXBIST3", ""},
    Wrapper{"linux64", "vRFZLXBIST3", ""},
    Wrapper{"nice", "n:0123456789", "adjustment:>n"},
    Wrapper{"nohup", "", ""},
    Wrapper{"numactl", "i:N:m:C:p:l", "interleave: cpunodebind: membind: physcpubind: preferred: localalloc all"},
    Wrapper{"parallel", "j:kn:q0uX", "jobs:>j keep-order halt: will-cite bar ungroup null retries:", parallel},
    Wrapper{"proxychains", "qf:", ""},
    Wrapper{"proxychains4", "qf:", ""},
    Wrapper{"retry", "t:d:n:r:s:m:", "times: delay: tries: max: sleep:", retry},
    Wrapper{"runuser", "u:g:G:", "user:>u group:>g supp-group:>G", user_option},
    Wrapper{"s6-setuidgid", "", "", user_first, 1},
    Wrapper{"setarch", "vRFZLXBIST3", "", plain, 1},
    Wrapper{"setpriv", "",
            "reuid:>u regid: ruid: rgid: euid: egid: groups: clear-groups init-groups keep-groups inh-caps: "
            "ambient-caps: bounding-set: securebits: pdeathsig: no-new-privs nnp",
            user_option},
    Wrapper{"setsid", "cfw", "ctty>c fork>f wait>w"},
    Wrapper{"setuidgid", "", "", user_first, 1},
    Wrapper{"ssh-agent", "a:t:E:P:D", ""},
    Wrapper{"stdbuf", "i:o:e:", "input:>i output:>o error:>e"},
    Wrapper{"strace", "fFqvtrTCyo:e:s:", ""},
    Wrapper{"su-exec", "", "", user_first, 1},
    Wrapper{"sudo", "AbEHnPSisu:g:p:C:h:D:T:",
            "askpass background preserve-env>E set-home>H non-interactive>n preserve-groups>P stdin>S login>i shell>s "
            "user:>u group:>g prompt:>p close-from:>C host:>h chdir:>D command-timeout:>T",
            sudo, 0, true},
    Wrapper{"taskset", "ac", "all-tasks>a cpu-list>c", plain, 1},
    Wrapper{"time", "pvqaf:o:", "portability>p verbose>v quiet>q append>a format:>f output:>o"},
    Wrapper{"timeout", "k:s:vfp", "kill-after:>k signal:>s verbose>v foreground>f preserve-status>p", plain, 1},
    Wrapper{"tini", "svwgp:e:", ""},
    Wrapper{"torify", "", ""},
    Wrapper{"torsocks", "", ""},
    Wrapper{"travis_retry", "", ""},
    Wrapper{"unbuffer", "p", ""},
    Wrapper{"unshare", "mUinpuTCrcf",
            "mount user net ipc pid uts cgroup time fork map-root-user map-current-user mount-proc kill-child"},
    Wrapper{"watch", "n:dtbexgc", "interval:>n"},
    Wrapper{"with-contenv", "", ""},
    Wrapper{"xargs", "0rtxpn:P:L:I:i::d:E:e::s:a:l::",
            "null>0 no-run-if-empty>r verbose>t exit>x max-args:>n max-procs:>P max-lines:>L replace:>I delimiter:>d "
            "max-chars:>s arg-file:>a",
            xargs},
    Wrapper{"xvfb-run", "aln:e:f:w:s:p:",
            "auto-servernum>a listen-tcp>l server-num:>n error-file:>e auth-file:>f wait:>w server-args:>s "
            "xauth-protocol:>p"},
};

constexpr bool before(const Wrapper& a, const Wrapper& b) { return a.name < b.name; }
static_assert(std::is_sorted(kWrappers.begin(), kWrappers.end(), before));
constexpr NameFilter kFilter(kWrappers);

}  // namespace

const Wrapper* wrapper_named(std::string_view program) {
  if (!kFilter.may_have(program)) return nullptr;
  const auto found = std::lower_bound(kWrappers.begin(), kWrappers.end(), Wrapper{program, {}, {}}, before);
  return found != kWrappers.end() && found->name == program ? &*found : nullptr;
}

}  // namespace dockerlint::script
