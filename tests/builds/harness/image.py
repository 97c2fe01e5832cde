# SPDX-License-Identifier: Apache-2.0
"""What is in an image, and how two differ.

An image is the list of its layers, the bottom one first: folders, as the engine's storage driver (overlay2) keeps
them. Most of them two images have in common. A deleted file is a character device 0/0 there, and a folder that hides
those below it is opaque.
"""

import fnmatch
import hashlib
import os
import stat
from pathlib import PurePosixPath

# What no two builds have in common: dates.
NEVER_COMPARED = ["/var/log/**", "/var/cache/ldconfig/aux-cache"]
DELETED = ("deleted",)


def lookup(layers, path):
    """(kind, mode, owner, content) of a path; None where the image has no such."""
    for layer in reversed(layers):
        found = describe(layer + path)
        if found:
            return None if found == DELETED else found
        if any(hides(layer + str(parent)) for parent in PurePosixPath(path).parents[:-1]):
            return None
    return None


def differences(before, after, may_differ):
    """Lines that say what differs, beyond what may."""
    shared = 0
    while shared < min(len(before), len(after)) and before[shared] == after[shared]:
        shared += 1
    found = []
    for path in sorted(paths(before[shared:], before) | paths(after[shared:], after)):
        if matches(path, NEVER_COMPARED + may_differ):
            continue
        old, new = lookup(before, path), lookup(after, path)
        if old and not new:
            found.append(f"{path} is gone")
        elif new and not old:
            found.append(f"{path} is new")
        elif old != new:
            changes = [f"{was} → {now}" for was, now in zip(old, new) if was != now]
            found.append(f"{path} differs: {', '.join(changes)}")
    return found


def matches(path, patterns):
    """`/dir/**` is the folder and everything in it; else `*` and `?` as in a shell, also across `/`."""
    return any(fnmatch.fnmatchcase(path, pattern)
               or pattern.endswith("/**") and fnmatch.fnmatchcase(path, pattern.removesuffix("/**"))
               for pattern in patterns)


def paths(layers, image):
    """Everything that stands in these layers, and what an opaque folder there hides of the whole image."""
    found = set()
    for layer in layers:
        for folder, subfolders, files in os.walk(layer):
            inside = folder.removeprefix(layer)
            found.update(f"{inside}/{name}" for name in subfolders + files)
            if opaque(folder):
                found.update(inside + path for path in paths([f"{below}{inside}" for below in image], []))
    return found


def describe(place):
    try:
        status = os.lstat(place)
    except (FileNotFoundError, NotADirectoryError):
        return None
    content = ""
    if stat.S_ISCHR(status.st_mode) and status.st_rdev == 0:
        return DELETED
    if stat.S_ISREG(status.st_mode):
        with open(place, "rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    elif stat.S_ISLNK(status.st_mode):
        content = os.readlink(place)
    kind, mode = stat.filemode(status.st_mode)[0], oct(stat.S_IMODE(status.st_mode))
    return kind, mode, f"{status.st_uid}:{status.st_gid}", content


def hides(place):
    """Whether a layer has something here that hides what is in and below it in the layers beneath."""
    try:
        return not stat.S_ISDIR(os.lstat(place).st_mode) or opaque(place)
    except (FileNotFoundError, NotADirectoryError):
        return False


def opaque(folder):
    try:
        return os.getxattr(folder, "trusted.overlay.opaque", follow_symlinks=False) == b"y"
    except OSError:
        return False
