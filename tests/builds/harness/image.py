# SPDX-License-Identifier: Apache-2.0
"""What is in an image, and how two differ."""

import fnmatch
import hashlib
import tarfile

# What the engine puts into a container, and what no two builds have in common: dates.
NEVER_COMPARED = ["/.dockerenv", "/dev/**", "/etc/hostname", "/etc/hosts", "/etc/mtab", "/etc/resolv.conf", "/proc/**",
                  "/sys/**", "/var/log/**", "/var/cache/ldconfig/aux-cache"]


def files(stream):
    """Path to (kind, mode, owner, content) for everything in a tar stream. Content is a hash or where a link leads."""
    found = {}
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for entry in archive:
            if entry.isfile():
                kind, content = "file", hashlib.file_digest(archive.extractfile(entry), "sha256").hexdigest()
            elif entry.isdir():
                kind, content = "directory", ""
            else:
                kind, content = "link" if entry.issym() or entry.islnk() else "special", entry.linkname
            found["/" + entry.name.removeprefix("./").strip("/")] = (
                kind, oct(entry.mode), f"{entry.uid}:{entry.gid}", content)
    return found


def matches(path, patterns):
    """`/dir/**` is the directory and everything in it; else `*` and `?` as in a shell, also across `/`."""
    return any(fnmatch.fnmatchcase(path, pattern)
               or pattern.endswith("/**") and fnmatch.fnmatchcase(path, pattern.removesuffix("/**"))
               for pattern in patterns)


def differences(before, after, may_differ):
    """Lines that say what differs, beyond what may."""
    lines = []
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) == after.get(path) or matches(path, NEVER_COMPARED + may_differ):
            continue
        if path not in after:
            lines.append(f"{path} is gone")
        elif path not in before:
            lines.append(f"{path} is new")
        else:
            changes = [f"{old} → {new}" for old, new in zip(before[path], after[path]) if old != new]
            lines.append(f"{path} differs: {', '.join(changes)}")
    return lines
