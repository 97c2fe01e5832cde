# SPDX-License-Identifier: Apache-2.0
"""What the docs show beside transcripts: each command is run, or held against what it names; each example is read by
whom it is for. A command or an example that nothing here knows is a failure: either teach this file, or make it a
transcript, which is played.

  DOCKERLINT=PROGRAM python3 -m unittest examples     in this folder
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import unittest
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integrations"))
from given import FINDING, PROGRAM, ROOT, Place, needs, yaml_of  # noqa: E402
from pages import Block, blocks_of  # noqa: E402

PAGES = (ROOT / "README.md", ROOT / "SECURITY.md", *sorted(ROOT.glob("docs/*.md")))


def played() -> set[Path]:
    """The pages whose console blocks are transcripts, as tests/CMakeLists.txt chooses them."""
    cmake = (ROOT / "tests/CMakeLists.txt").read_text(encoding="utf-8")
    found = re.search(r"list\(FILTER transcripts EXCLUDE REGEX \"\^docs/\((.*)\)", cmake)
    assert found
    left_out = {f"docs/{name}.md" for name in found.group(1).split("|")}
    return {page for page in PAGES if page.name != "SECURITY.md" and str(page.relative_to(ROOT)) not in left_out}


@dataclass(frozen=True)
class Shown:
    """One command of a page."""
    page: Path
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.text}"


def blocks(*languages: str) -> Iterator[tuple[Path, Block]]:
    for page in PAGES:
        for block in blocks_of(page):
            if block.language in languages:
                yield page, block


def commands() -> list[Shown]:
    """Those that no transcript plays, one by one: `a && b` is two."""
    lines: list[Shown] = []
    for page, block in blocks("sh", "console"):
        if block.language == "console" and page in played():
            continue
        for line in block.text.splitlines():
            line = re.sub(r"\s+#\s.*$", "", line.removeprefix("$ ")).strip()
            lines += [Shown(page, part) for part in line.split(" && ") if part]
    return lines


# --- how commands are checked ---

def presets() -> dict[str, set[str]]:
    said = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
    return {kind: {preset["name"] for preset in said[f"{kind}Presets"]} for kind in ("configure", "build", "workflow")}


class Commands(Place):
    """Each pattern below is one way to check a command; the first that fits has to find it good."""

    def setUp(self) -> None:
        super().setUp()
        (self.bin / "dockerlint").symlink_to(PROGRAM)
        self.git("init", "-q")

    def runs(self, text: str) -> None:
        """In a repository with some Dockerfiles: 1 means that there are findings, and a pipe has its last status."""
        for folder in ("", "api/", "web/"):
            self.write(f"{folder}Dockerfile", FINDING)
        self.write("compose.yaml", "services:\n  api: { build: api }\n")
        done = self.run_here("bash", "-c", text)
        self.assertIn(done.returncode, (0, 1), done.stdout)
        self.assertNotIn("dockerlint: unknown", done.stdout)

    def is_completion_of(self, shell: str, text: str) -> None:
        if shutil.which(shell) is None:
            self.skipTest(f"there is no {shell} here")
        before = "autoload -Uz compinit && compinit -u && " if shell == "zsh" else ""
        done = self.run_here(shell, "-c", before + text)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def is_preset(self, kind: str, name: str) -> None:
        self.assertIn(name, presets()[kind])

    def is_our_script(self, text: str) -> None:
        path, *arguments = shlex.split(text)
        self.assertTrue((ROOT / path).stat().st_mode & 0o100, f"{path} is no program")
        for argument in arguments:
            if path == "./tests/builds/run":
                self.assertTrue((ROOT / "tests/builds/scenarios" / argument).is_dir(), argument)
            elif path == "./tools/test" and "/" in argument:
                self.assertTrue((ROOT / f"rules/{argument}.md").exists(), argument)
            elif path == "./tools/run" and argument.startswith("--"):
                help_text = self.run_here("dockerlint", "--help-all").stdout
                self.assertIn(f" {argument} ", help_text)

    def is_done_by(self, test: str, text: str) -> None:
        """What takes minutes, a network or root: a test of its own runs it, with these words."""
        self.assertIn(text, (ROOT / test).read_text(encoding="utf-8"))

    def takes_the_page(self, test: str, page: str) -> None:
        """The test runs what it finds on the page."""
        self.assertIn(page, (ROOT / test).read_text(encoding="utf-8"))

    def names_what_the_build_needs(self, packages: str) -> None:
        setup = (ROOT / "tools/setup").read_text(encoding="utf-8")
        found = re.search(r"else\n\s+names='(.*)'", setup)
        assert found
        self.assertEqual(set(packages.split()), set(found.group(1).split()) - {"catch2"})

    WAYS: tuple[tuple[str, Callable[..., None]], ...] = (
        (r"dockerlint completion fish \| source$", lambda self, found: self.is_completion_of("fish", found.group())),
        (r"source <\(dockerlint completion (\w+)\)$",
         lambda self, found: self.is_completion_of(found.group(1), found.group())),
        (r"dockerlint( .*)?$", lambda self, found: self.runs(found.group())),
        (r"cmake --preset (\w+)$", lambda self, found: self.is_preset("configure", found.group(1))),
        (r"cmake --build --preset (\w+)$", lambda self, found: self.is_preset("build", found.group(1))),
        (r"cmake --workflow --preset (\w+)$", lambda self, found: self.is_preset("workflow", found.group(1))),
        (r"cmake --install build/(\w+)( --prefix ~/.local)?$",
         lambda self, found: (self.is_preset("configure", found.group(1)),
                              self.is_done_by("tests/install/installed", "cmake --install"))),
        (r"cpack --config build/release/(CPackConfig.cmake) -B .*",
         lambda self, found: self.is_done_by("tests/install/packages", "cpack --config \"$build/CPackConfig.cmake\" -B")),
        (r"sudo (dpkg -i) .*\.deb$", lambda self, found: self.is_done_by("tests/install/packages", found.group(1))),
        (r"docker (build|run) .*", lambda self, found: self.takes_the_page("tests/builds/image", "docs/install.md")),
        (r"apt-get install (.*)", lambda self, found: self.names_what_the_build_needs(found.group(1))),
        (r"\./(tools|tests)/.*", lambda self, found: self.is_our_script(found.group())),
    )

    def test_each_command_is_checked(self) -> None:
        shown = commands()
        self.assertGreater(len(shown), 20)
        for command in shown:
            ways = [(re.match(pattern, command.text), way) for pattern, way in self.WAYS]
            found = next(((match, way) for match, way in ways if match), None)
            with self.subTest(str(command)):
                self.assertIsNotNone(found, "nothing checks it")
                assert found
                found[1](self, found[0])

    def test_commands_within_sentences_have_options_that_exist(self) -> None:
        seen = 0
        for page in PAGES:
            text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
            for command in re.findall(r"`(dockerlint [^`]+)`", text):
                done = self.run_here("bash", "-c", command.replace("RULE", "cache/missing-sharing"))
                with self.subTest(f"{page.name}: {command}"):
                    self.assertNotRegex(done.stdout, "dockerlint: (unknown|too many)")
                seen += 1
        self.assertGreater(seen, 20)


# --- how examples are checked ---

class Examples(Place):
    def setUp(self) -> None:
        super().setUp()
        (self.bin / "dockerlint").symlink_to(PROGRAM)

    def test_each_language_is_checked(self) -> None:
        """Named examples on pages that are played become files of the transcript."""
        known = {"sh", "console", "yaml", "toml", "dockerfile", "cmake", "groovy", "json", "python",
                 "text", ""}  # the last two are for people
        for page in PAGES:
            for block in blocks_of(page):
                with self.subTest(page.name):
                    self.assertIn(block.language, known, "nothing checks it")

    def hooks(self, text: str) -> list[dict[str, Any]]:
        said = yaml_of(text)
        if isinstance(said, dict):
            said = said.get("repos", [])
        return [hook for entry in said for hook in entry.get("hooks", [entry])]

    def test_hooks(self) -> None:
        """Which hooks there are, hooks.py knows; here: that what they are told, dockerlint understands."""
        keys = {"id", "args", "files"}
        seen = 0
        for page, block in blocks("yaml"):
            if " id: dockerlint" not in block.text:
                continue
            for hook in self.hooks(block.text):
                with self.subTest(page.name, hook=hook):
                    self.assertLessEqual(set(hook), keys)
                    re.compile(hook.get("files", ""))
                    self.write("Dockerfile", FINDING)
                    done = self.run_here("dockerlint", *hook.get("args", []), "Dockerfile")
                    self.assertIn(done.returncode, (0, 1), done.stdout)
                    seen += 1
        self.assertGreater(seen, 3)

    @needs("pre-commit", "git")
    def test_whole_configurations_of_pre_commit(self) -> None:
        for page, block in blocks("yaml"):
            if block.text.startswith("repos:"):
                self.write("config.yaml", block.text)
                done = self.run_here("pre-commit", "validate-config", "config.yaml")
                self.assertEqual(done.returncode, 0, f"{page}: {done.stdout}")

    def test_all_other_yaml_is_yaml_of_a_kind_that_is_known(self) -> None:
        kinds = {"services": "compose", "jobs": "a workflow, which github.py checks", "include": "GitLab's, see pipelines.py",
                 "repos": "pre-commit's", "failure-threshold": "hadolint's", "ignored": "hadolint's"}
        for page, block in blocks("yaml"):
            said = yaml_of(block.text)
            with self.subTest(page.name, block=block.text):
                if isinstance(said, dict):
                    self.assertTrue(set(said) & set(kinds), "nothing checks it")
                else:
                    entry = said[0]
                    self.assertTrue({"id", "repo"} & set(entry) or entry["uses"].startswith("dockerlint/dockerlint@v"))

    def test_configurations(self) -> None:
        """Good ones, or wrong on purpose: then the page shows what dockerlint says to it."""
        seen = 0
        for page, block in blocks("toml"):
            name = block.name or "example.toml"
            self.write(f"{page.stem}/{name}", block.text)
            done = self.run_here("sh", "-c", f"cd {page.stem} && dockerlint config check {name}")
            with self.subTest(page.name, block=block.text):
                if done.returncode != 0:
                    self.assertIn(done.stdout, page.read_text(encoding="utf-8"))
            seen += 1
        self.assertGreater(seen, 5)

    def test_dockerfiles(self) -> None:
        """Parts of one, too: BuildKit would take them, and their comments name rules that there are."""
        for page, block in blocks("dockerfile"):
            whole = block.text if "FROM" in block.text else f"FROM example/debian:12\n{block.text}"
            self.write("Dockerfile", whole)
            done = self.run_here("dockerlint", "--no-config", "--select", "syntax,from,suppressions/unknown-rule", "Dockerfile")
            with self.subTest(page.name, block=block.text):
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_cmake(self) -> None:
        """tests/install/installed builds a program that does the same."""
        consumer = (ROOT / "tests/install/consumer/CMakeLists.txt").read_text(encoding="utf-8")
        for _, block in blocks("cmake"):
            for line in block.text.splitlines():
                self.assertIn(line.replace("yours", "consumer"), consumer)

    def test_jenkins(self) -> None:
        """pipelines.py runs the one in the sources."""
        ours = (ROOT / "integrations/jenkins/Jenkinsfile").read_text(encoding="utf-8")
        for _, block in blocks("groovy"):
            self.assertIn(block.text.strip(), ours)

    def test_tools_of_the_catalog(self) -> None:
        for page, block in blocks("json"):
            said = json.loads(block.text.splitlines()[0] if block.name.endswith(".jsonl") else self.first(block))
            if "directories" not in said:
                continue
            file = f"{said['name']}.json"
            self.write(file, block.text)
            done = self.run_here("dockerlint", "rules", "--catalog")
            self.assertNotIn(said["name"], done.stdout.split(), "it needs no example")
            done = self.run_here("dockerlint", "explain", "--catalog", file, said["name"])
            self.assertEqual(done.returncode, 0, f"{page}: {done.stdout}")
            self.assertIn(said["title"], done.stdout)

    @staticmethod
    def first(block: Block) -> str:
        """Of several objects, a line each, as docker writes them, the first."""
        try:
            json.loads(block.text)
        except json.JSONDecodeError:
            return block.text.splitlines()[0]
        return block.text

    def test_programs_in_python(self) -> None:
        for _, block in blocks("python"):
            compile(block.text, block.name or "example", "exec")


class Links(unittest.TestCase):
    """What the docs lead to is there."""

    @staticmethod
    def anchors(page: Path) -> set[str]:
        text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    def test_links(self) -> None:
        seen = 0
        for page in (*PAGES, *sorted(ROOT.glob("rules/*/*.md"))):
            text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
            for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)):
                if re.match(r"[a-z]+:", link):
                    continue
                path, _, anchor = link.partition("#")
                target = (page.parent / path).resolve() if path else page
                with self.subTest(page=str(page.relative_to(ROOT)), link=link):
                    self.assertTrue(target.exists(), "there is no such file")
                    if anchor and target.suffix == ".md":
                        self.assertIn(anchor, self.anchors(target))
                seen += 1
        self.assertGreater(seen, 50)

    def test_files_that_are_named(self) -> None:
        named = re.compile(r"`((?:\./)?(?:tools|tests|src|include|integrations|docs|rules)/[\w./-]+)`")
        for page in PAGES:
            for path in named.findall(page.read_text(encoding="utf-8")):
                with self.subTest(page=page.name, path=path):
                    made_by_the_reader = re.search("my-rule|hugo|/carried/", path) is not None
                    self.assertTrue((ROOT / path).exists() or made_by_the_reader, "there is no such file")


class Codes(Place):
    """docs/migrating-from-hadolint.md, rule by rule."""

    NEVER = {"DL3005", "DL3017", "DL3031", "DL3035", "DL3039", "DL4002"}  # rules that hadolint has dropped, or never had

    def test_each_code_of_hadolint_is_told_once_and_taken_where_the_page_says_so(self) -> None:
        page = (ROOT / "docs/migrating-from-hadolint.md").read_text(encoding="utf-8")
        table = page[page.index("## Rule by rule"):]
        rows = re.findall(r"^\| (DL[^|]*)\| (.*) \|$", table, flags=re.MULTILINE)
        told: list[str] = []
        taken: set[str] = set()
        for codes, here in rows:
            for first, last in re.findall(r"DL(\d{4})(?:–DL(\d{4}))?", codes):
                told += [f"DL{number}" for number in range(int(first), int(last or first) + 1)]
            if "by this code too" in here:
                taken |= set(re.findall(r"DL\d{4}", codes))
        all_codes = {f"DL{number}" for number in (1000, 1001, *range(3000, 3063), *range(4000, 4007))}
        self.assertEqual(len(told), len(set(told)), "one is told twice")
        self.assertEqual(all_codes - set(told) - self.NEVER, set())
        (self.bin / "dockerlint").symlink_to(PROGRAM)
        rules = json.loads(self.run_here("dockerlint", "rules", "--format", "json").stdout)["rules"]
        aliases = {alias for rule in rules for alias in rule["aliases"]}
        self.assertEqual({alias for alias in aliases if alias.startswith("DL")}, taken)
