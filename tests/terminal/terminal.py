#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What dockerlint is like where people sit: on a terminal, and in shells that complete what they type.

    tests/terminal/terminal.py PROGRAM [TEST…]

The shells are real ones, and so is the terminal. What is not installed is skipped and says so. The exit status is 77
when all was.
"""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = ""  # set by main()
MOUNT = b"FROM example/debian:12\nRUN --mount=type=cache,target=/var/cache/apt apt-get install -y git\n"
LINK = "\x1b]8;;"


def needs(name):
    return unittest.skipUnless(shutil.which(name), f"{name} is not installed")


class Terminal(unittest.TestCase):
    """In a folder of its own, with nothing of our surroundings."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dockerlint-terminal-")
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)
        os.mkdir(self.path("bin"))
        os.symlink(PROGRAM, self.path("bin/dockerlint"))
        self.environment = {"PATH": self.path("bin") + ":/usr/bin:/bin", "HOME": self.folder, "LC_ALL": "C.UTF-8",
                            "TERM": "xterm-256color"}

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            file.write(content)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def run_in(self, *arguments, text="", **more):
        return subprocess.run(arguments, cwd=self.folder, env={**self.environment, **more}, input=text,
                              capture_output=True, text=True, timeout=120)

    def prints(self, *arguments, **more):
        done = self.run_in(*arguments, **more)
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        return done.stdout

    def on_terminal(self, *arguments, answers=(), seconds=60, until=None, **more):
        """What comes on a terminal. `answers` are pairs: what is waited for, what is typed then."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.execvpe(arguments[0], arguments, {**self.environment, **more})
        output = b""
        waiting = list(answers)
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                if until is not None and until in output:
                    break
                if not select.select([terminal], [], [], 0.2)[0]:
                    continue
                try:
                    piece = os.read(terminal, 65536)
                except OSError:  # the last who had it open has closed it
                    break
                if not piece:
                    break
                output += piece
                if waiting and waiting[0][0] in output:
                    os.write(terminal, waiting.pop(0)[1])
        finally:
            os.close(terminal)
            if until is None:
                os.waitpid(child, 0)
            else:
                os.kill(child, 9)
                os.waitpid(child, 0)
        return output.decode(errors="replace").replace("\r\n", "\n")


class Help(Terminal):
    def test_the_first_help_fits_on_a_screen(self):
        lines = self.prints("dockerlint", "--help").splitlines()
        self.assertLessEqual(len(lines), 24)
        self.assertLessEqual(max(map(len, lines)), 80)
        self.assertIn("  --help-all       Show every option", lines)

    def test_no_help_is_wider_than_a_screen(self):
        for command in ([], ["init"], ["explain"], ["rules"], ["config"], ["completion"], ["dump"], ["man"]):
            for option in ["--help"] if command else ["--help-all"]:
                for line in self.prints("dockerlint", *command, option).splitlines():
                    with self.subTest(command=command, line=line):
                        self.assertLessEqual(len(line), 80)


class ManPage(Terminal):
    def test_it_names_every_option(self):
        page = self.prints("dockerlint", "man").replace("\\", "")
        options = set(re.findall(r"--[a-z-]+", self.prints("dockerlint", "--help-all")))
        self.assertGreater(len(options), 20)
        self.assertEqual(sorted(option for option in options if option not in page), [])

    @needs("groff")
    def test_groff_has_no_complaint(self):
        done = self.run_in("groff", "-man", "-ww", "-z", "-Tutf8", text=self.prints("dockerlint", "man"))
        self.assertEqual((done.stderr, done.returncode), ("", 0))

    @needs("mandoc")
    def test_mandoc_has_none_but_that_it_bears_no_date(self):
        done = self.run_in("mandoc", "-Tlint", "-Wwarning", text=self.prints("dockerlint", "man"))
        complaints = [line for line in done.stdout.splitlines() if "missing date" not in line]
        self.assertEqual(complaints, [])

    @needs("man")
    def test_man_shows_it(self):
        self.write("dockerlint.1", self.prints("dockerlint", "man").encode())
        page = self.run_in("man", "-l", "dockerlint.1", MANWIDTH="80").stdout
        self.assertIn("dockerlint - find what is wrong with Dockerfiles, and fix it", page)
        self.assertRegex(page, r"--unsafe-fixes\n +With --fix or --diff: the unsafe fixes too")


@needs("bash")
class Bash(Terminal):
    def complete(self, *words):
        """What bash offers behind these words, the last of which is being typed."""
        script = ('source <(dockerlint completion bash) && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && _dockerlint\n'
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        return self.prints("bash", "-c", script, "bash", "dockerlint", *words).split()

    def test_commands_and_paths(self):
        self.write("explained/Dockerfile", MOUNT)
        self.assertEqual(self.complete("ex"), ["explain", "explained"])
        self.assertIn("completion", self.complete(""))
        self.assertNotIn("dump", self.complete(""))  # for those who work on dockerlint

    def test_options(self):
        self.assertEqual(self.complete("--for"), ["--format", "--force-exclude"])
        self.assertEqual(self.complete("Dockerfile", "--uns"), ["--unsafe-fixes"])
        self.assertEqual(self.complete("rules", "--c"), ["--catalog"])

    def test_values(self):
        self.assertEqual(self.complete("--format", "j"), ["json", "jsonl", "junit"])
        self.assertEqual(self.complete("--format", "=", "j"), ["json", "jsonl", "junit"])  # as bash cuts --format=j
        self.assertEqual(self.complete("--min-severity", "="), ["error", "warning", "info", "hint"])
        self.assertEqual(self.complete("rules", "--format", ""), ["text", "json"])
        self.assertEqual(self.complete("completion", ""), ["bash", "zsh", "fish"])

    def test_names_of_rules_and_tools(self):
        self.assertEqual(self.complete("--select", "cache/need"), ["cache/needless-lock"])
        self.assertEqual(self.complete("--ignore", "packages,cache/need"), ["packages,cache/needless-lock"])
        self.assertEqual(self.complete("explain", "cargo"), ["cargo", "cargo-chef"])
        self.assertEqual(self.complete("explain", "cache/lost"), ["cache/lost-output"])

    def test_files(self):
        self.write("my config.toml", b"")
        self.assertEqual(self.complete("--config", "my"), ["my", "config.toml"])  # one name, split by us
        self.assertEqual(self.complete("config", "show", "my"), ["my", "config.toml"])


@needs("fish")
class Fish(Terminal):
    def complete(self, line):
        self.write("dockerlint.fish", self.prints("dockerlint", "completion", "fish").encode())
        done = self.prints("fish", "--no-config", "-c", "source dockerlint.fish; complete -C $argv[1]", line)
        return [offer.split("\t")[0] for offer in done.splitlines()]

    def test_syntax(self):
        self.write("dockerlint.fish", self.prints("dockerlint", "completion", "fish").encode())
        self.assertEqual(self.prints("fish", "--no-execute", "dockerlint.fish"), "")

    def test_completion(self):
        self.assertEqual(self.complete("dockerlint expl"), ["explain"])
        self.assertEqual(self.complete("dockerlint --for"), ["--force-exclude", "--format"])
        self.assertEqual(self.complete("dockerlint --format j"), ["json", "jsonl", "junit"])
        self.assertEqual(self.complete("dockerlint --format=j"), ["--format=json", "--format=jsonl", "--format=junit"])
        self.assertEqual(self.complete("dockerlint --select cache/need"), ["cache/needless-lock"])
        self.assertEqual(self.complete("dockerlint --select packages,cache/need"), ["packages,cache/needless-lock"])
        self.assertEqual(self.complete("dockerlint explain cargo-"), ["cargo-chef"])
        self.assertEqual(self.complete("dockerlint rules --cat"), ["--catalog"])
        self.write("web.Dockerfile", MOUNT)
        self.assertEqual(self.complete("dockerlint web."), ["web.Dockerfile"])


@needs("zsh")
class Zsh(Terminal):
    def becomes(self, typed, completed):
        """Whether a Tab makes the one of the other."""
        self.write("_dockerlint", self.prints("dockerlint", "completion", "zsh").encode())
        self.write(".zshrc", b"unset zle_bracketed_paste; PROMPT='> '; fpath=($ZDOTDIR $fpath)\n"
                             b"autoload -U compinit; compinit -u -D; bindkey '^I' complete-word\n")
        output = self.on_terminal("zsh", "-i", TERM="dumb", ZDOTDIR=self.folder, seconds=20, until=completed.encode(),
                                  answers=[(b"\r> ", typed.encode() + b"\t")])
        self.assertIn(completed, output)

    def test_syntax(self):
        self.write("_dockerlint", self.prints("dockerlint", "completion", "zsh").encode())
        self.assertEqual(self.prints("zsh", "-n", "_dockerlint"), "")

    def test_completion(self):
        self.becomes("dockerlint --unsa", "dockerlint --unsafe-fixes ")
        self.becomes("dockerlint --format jso", "dockerlint --format json")
        self.becomes("dockerlint --select cache/a,cache/needl", "cache/a,cache/needless-lock")
        self.becomes("dockerlint explain cargo-", "dockerlint explain cargo-chef")
        self.becomes("dockerlint config che", "dockerlint config check")


class Progress(Terminal):
    def test_a_line_shows_how_far_it_is_and_goes_away(self):
        # A pipe that is slow to be written: the time is not ours to waste, but half a second has to pass.
        for number in range(3):
            self.write(f"{number}/Dockerfile", b"FROM scratch\n")
        output = self.on_terminal("sh", "-c", "{ sleep 1; echo FROM scratch; } | dockerlint --jobs 1 - 0 1 2")
        self.assertRegex(output, r"\r\x1b\[K\d of 4 files")
        self.assertTrue(output.endswith("\r\x1b[K4 files, no findings\n"), repr(output))

    def test_none_where_it_is_quick_or_nobody_looks(self):
        self.write("Dockerfile", b"FROM scratch\n")
        self.write("b/Dockerfile", b"FROM scratch\n")
        self.assertEqual(self.on_terminal("dockerlint"), "2 files, no findings\n")
        slow = "{ sleep 1; echo FROM scratch; } | dockerlint --jobs 1 - b"
        self.assertEqual(self.on_terminal("sh", "-c", slow + " 2>log; cat log"), "2 files, no findings\n")
        self.assertEqual(self.on_terminal("sh", "-c", slow.replace("lint ", "lint --quiet ")), "")


class Hyperlinks(Terminal):
    URL = "https://example.org/rules/"

    def setUp(self):
        super().setUp()
        self.environment["DOCKERLINT_DOCS_URL"] = self.URL
        self.write("Dockerfile", MOUNT)

    def link(self, rule):
        return f"[{LINK}{self.URL}{rule}.md\x1b\\{rule}{LINK}\x1b\\]"

    def test_a_terminal_that_has_them_gets_them(self):
        for surroundings in ({"TERM_PROGRAM": "WezTerm"}, {"VTE_VERSION": "6800"}, {"TERM": "xterm-kitty"},
                             {"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.4.15"},
                             {"TERM_PROGRAM": "vscode", "TERM_PROGRAM_VERSION": "1.95.0"}):
            with self.subTest(surroundings):
                output = self.on_terminal("dockerlint", **surroundings)
                self.assertIn(self.link("cache/missing-sharing"), output)

    def test_others_do_not(self):
        for surroundings in ({}, {"TERM": "dumb", "VTE_VERSION": "6800"}, {"VTE_VERSION": "4601"},
                             {"TERM_PROGRAM": "Apple_Terminal"}, {"TERM_PROGRAM": "WezTerm", "TMUX": "/tmp/tmux"},
                             {"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.0.9"},
                             {"TERM_PROGRAM": "WezTerm", "FORCE_HYPERLINK": "0"},
                             {"TERM_PROGRAM": "WezTerm", "DOCKERLINT_DOCS_URL": "https://example.org/\x1b]0;title\x07"}):
            with self.subTest(surroundings):
                output = self.on_terminal("dockerlint", **surroundings)
                self.assertIn("missing-sharing", output)
                self.assertNotIn(LINK, output)

    def test_nobody_gets_them_in_a_file_unless_he_says_so(self):
        self.assertNotIn(LINK, self.run_in("dockerlint", TERM_PROGRAM="WezTerm").stdout)
        self.assertIn(self.link("cache/missing-sharing"), self.run_in("dockerlint", FORCE_HYPERLINK="1").stdout)
        self.assertIn(self.link("cache/missing-sharing"), self.run_in("dockerlint", "--hyperlinks=always").stdout)
        self.assertNotIn(LINK, self.run_in("dockerlint", "--hyperlinks=never", FORCE_HYPERLINK="1").stdout)

    def test_without_pages_there_is_nothing_to_link_to(self):
        done = self.run_in("dockerlint", "--hyperlinks=always", DOCKERLINT_DOCS_URL="")
        self.assertNotIn("https:", done.stdout)


class Init(Terminal):
    def test_it_asks_for_each_file(self):
        self.write("repo/Dockerfile", MOUNT)
        self.write("repo/.gitlab-ci.yml", b"build:\n  script: make\n")
        self.folder = self.path("repo")
        output = self.on_terminal("dockerlint", "init", answers=[
            (b"write .dockerlint.toml? [y/N] ", b"y\n"), (b"write .pre-commit-config.yaml? [y/N] ", b"\n"),
            (b"change .gitlab-ci.yml? [y/N] ", b"yes\n")])
        self.assertIn("wrote .dockerlint.toml\n", output)
        self.assertIn("\x1b[32m+cache-policy = \"mounts\"\x1b[0m\n", output)
        self.assertTrue(output.endswith("changed .gitlab-ci.yml\n"), repr(output))
        self.assertEqual(sorted(os.listdir(self.folder)), [".dockerlint.toml", ".gitlab-ci.yml", "Dockerfile"])
        self.assertTrue(self.read(".gitlab-ci.yml").startswith("build:\n  script: make\n\ninclude:\n  - remote: "))


@needs("git")
class Diff(Terminal):
    def test_it_looks_like_gits(self):
        tail = b"".join(b"ENV V%d=1\n" % number for number in range(9))
        self.write("Dockerfile", b"FROM example/base AS base\n" + tail + MOUNT[MOUNT.index(b"\n") + 1:] + tail)
        ours = self.run_in("dockerlint", "--diff", "--color", "always", "--quiet").stdout
        self.prints("git", "init", "-q", ".")
        self.prints("git", "add", "Dockerfile")
        self.assertEqual(self.run_in("dockerlint", "--fix", "--quiet").returncode, 0)
        self.write(".gitattributes", b"Dockerfile diff=stages\n")
        git = self.prints("git", "-c", "diff.stages.xfuncname=^FROM.*", "diff", "--color=always")
        self.assertEqual(self.plain_hunk(ours), self.plain_hunk(git))
        self.assertIn("\x1b[36m@@ -8,7 +8,7 @@\x1b[0m FROM example/base AS base\n", ours)

    @staticmethod
    def plain_hunk(diff):
        """From the first hunk on. git marks lines one piece at a time, and ends each piece."""
        lines = diff[diff.index("\x1b[36m@@"):].splitlines()
        return [re.sub(r"\x1b\[m|\x1b\[0m|(?<=.)\x1b\[\d+m", "", line) for line in lines]


def main():
    global PROGRAM
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = os.path.abspath(sys.argv[1])
    program = unittest.main(module=__name__, argv=[sys.argv[0], *sys.argv[2:]], exit=False, verbosity=1)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    for _, why in result.skipped:
        print(f"skipped: {why}")
    sys.exit(77 if result.testsRun == len(result.skipped) else 0)


if __name__ == "__main__":
    main()
