# SPDX-License-Identifier: Apache-2.0
"""The hooks in .pre-commit-hooks.yaml, as the pre-commit of the system runs them in a git repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from given import (ADDRESS, FINDING, FIXED, PACKAGE, PROGRAM, ROOT, VERSION, WARNING, Place, backend, carry,
                   copy_package, needs, yaml_of)

GIT_CONFIG = """[user]
  name = A Developer
  email = developer@example.com
[init]
  defaultBranch = main
[url "{sources}"]
  insteadOf = {address}
"""


def git_config(sources: Path) -> str:
    return GIT_CONFIG.format(sources=sources, address=ADDRESS)


def make_repository(sources: Path) -> None:
    """Of a folder with sources, the repository that pre-commit clones."""
    (sources.parent / "gitconfig").write_text(git_config(sources), encoding="utf-8")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": str(sources.parent / "gitconfig")}
    steps = (["init", "-q"], ["add", "-A", "--force"], ["commit", "-q", "-m", "Sources"], ["tag", f"v{VERSION}"])
    for command in steps:
        subprocess.run(["git", *command], cwd=sources, env=environment, check=True)


@needs("pre-commit", "git")
class Hooks(Place):
    """All tests of a class share what pre-commit keeps, so that it installs the hooks once."""

    shared: Path

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="dockerlint-hooks-")
        cls.addClassCleanup(folder.cleanup)
        cls.shared = Path(folder.name)
        cls.make_sources(cls.shared / "dockerlint")
        make_repository(cls.shared / "dockerlint")

    @classmethod
    def make_sources(cls, folder: Path) -> None:
        copy_package(folder, *PACKAGE)
        carry(PROGRAM, folder)

    def setUp(self) -> None:
        super().setUp()
        (self.home / ".gitconfig").write_text(git_config(self.shared / "dockerlint"), encoding="utf-8")
        self.git("init", "-q")

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "PRE_COMMIT_HOME": str(self.shared / "pre-commit"),
                "PIP_NO_INDEX": "1"}

    def use(self, hook: str, *arguments: str) -> None:
        self.write(".pre-commit-config.yaml", f"""repos:
  - repo: {ADDRESS}
    rev: v{VERSION}
    hooks:
      - id: {hook}
        args: {list(arguments)}
""")

    def hook_run(self, *arguments: str) -> tuple[str, str]:
        """The hook's verdict ("Passed", "Failed", "Skipped"), and all that pre-commit said."""
        done = self.run_here("pre-commit", "run", *arguments)
        verdicts = [word for word in ("Passed", "Failed", "Skipped") if f"{word}\n" in done.stdout]
        self.assertEqual(len(verdicts), 1, done.stdout)
        self.assertEqual(done.returncode == 0, verdicts != ["Failed"], done.stdout)
        return verdicts[0], done.stdout

    def passes(self, *arguments: str) -> str:
        verdict, said = self.hook_run(*arguments)
        self.assertEqual(verdict, "Passed", said)
        return said

    def fails(self, *arguments: str) -> str:
        verdict, said = self.hook_run(*arguments)
        self.assertEqual(verdict, "Failed", said)
        return said

    def stage_all(self) -> None:
        self.git("add", "--all")


class Manifest(unittest.TestCase):
    def test_what_people_copy_from_the_docs_is_there(self) -> None:
        hooks = {hook["id"] for hook in yaml_of((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
        wanted = {f"dockerlint{what}{how}" for what in ("", "-fix", "-project") for how in ("", "-system")}
        self.assertEqual(hooks, wanted)
        for page in (ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))):
            text = page.read_text(encoding="utf-8")
            with self.subTest(page.name):
                self.assertLessEqual(set(re.findall(r"\bid: (dockerlint[\w-]*)", text)), hooks)
                self.assertLessEqual(set(re.findall(r"\brev: v([\d.]+)|dockerlint/dockerlint@v([\d.]+)", text)),
                                     {(VERSION, ""), ("", VERSION)})


class Linting(Hooks):
    def test_it_fails_where_something_is_found_and_shows_it(self) -> None:
        self.use("dockerlint")
        self.write("api/Dockerfile", FINDING)
        self.stage_all()
        said = self.fails()
        self.assertIn(WARNING, said)
        self.assertIn("--> api/Dockerfile:2:5", said)
        self.assertNotIn("files were modified", said)
        self.assertEqual(self.read("api/Dockerfile"), FINDING)

    def test_it_passes_where_nothing_is(self) -> None:
        self.use("dockerlint")
        self.write("Dockerfile", FIXED)
        self.stage_all()
        self.passes()

    def test_it_looks_at_what_is_staged_only(self) -> None:
        self.use("dockerlint")
        self.write("Dockerfile", FIXED)
        self.stage_all()
        self.write("Dockerfile", FINDING)
        self.passes()
        self.assertEqual(self.read("Dockerfile"), FINDING)

    def test_files_of_all_the_names_that_people_give_them(self) -> None:
        names = ["Dockerfile", "Dockerfile.dev", "Dockerfile-alpine", "Dockerfile_x", "Dockerfile.go", "api.Dockerfile",
                 "Containerfile", "Containerfile.prod", "x.containerfile", "deep/er/dockerfile", "dev.dockerfile",
                 "two words/Dockerfile of it's", "two words/Dockerfile.of it's", "größe/Dockerfile"]
        wanted = [name for name in names if not name.endswith("/Dockerfile of it's")]
        self.use("dockerlint", "--format", "concise", "--quiet")
        for name in names:
            self.write(name, FINDING)
        self.stage_all()
        said = self.fails()
        found = sorted(line.split(":2:5: ")[0] for line in said.splitlines() if WARNING in line)
        self.assertEqual(found, sorted(wanted))

    def test_what_is_no_dockerfile_is_left_alone(self) -> None:
        self.use("dockerlint-fix")
        for name in ("Dockerfile.md", "docs/dockerfile.rst", "Dockerfile.j2", "Dockerfile.tmpl", "Dockerfile.erb",
                     "Dockerfile.in", ".dockerignore", "Dockerfile.dockerignore", "dockerfile.go", "dockerfile-lint.js",
                     "Dockerfile.orig", "Dockerfiles", "MyDockerfile", "Dockerfile.d/notes"):
            self.write(name, FINDING)
        self.stage_all()
        before = self.git("diff", "--cached")
        verdict, said = self.hook_run()
        self.assertIn(verdict, ("Passed", "Skipped"), said)
        self.assertEqual(self.git("diff"), "")
        self.assertEqual(self.git("diff", "--cached"), before)

    def test_one_process_looks_at_all_files(self) -> None:
        self.use("dockerlint")
        for number in range(60):
            self.write(f"service-{number}/Dockerfile", FINDING)
        self.stage_all()
        self.assertIn("in 60 files", self.fails())

    def test_arguments_and_configuration_of_the_project_hold(self) -> None:
        self.use("dockerlint", "--ignore", "cache/missing-sharing")
        self.write("Dockerfile", FINDING)
        self.write("vendor/Dockerfile", "FORM x\n")
        self.write(".dockerlint.toml", 'exclude = ["vendor/"]\n')
        self.stage_all()
        self.passes()

    def test_a_broken_configuration_fails_and_says_where(self) -> None:
        self.use("dockerlint")
        self.write("Dockerfile", FIXED)
        self.write(".dockerlint.toml", "selekt = []\n")
        self.stage_all()
        said = self.fails()
        self.assertIn("exit code: 2", said)
        self.assertIn(".dockerlint.toml:1:1", said)


class Fixing(Hooks):
    def setUp(self) -> None:
        super().setUp()
        self.use("dockerlint-fix")

    def test_it_fixes_fails_for_that_and_passes_the_second_time(self) -> None:
        self.write("my api/Dockerfile.dev", FINDING)
        self.stage_all()
        said = self.fails()
        self.assertIn("files were modified by this hook", said)
        self.assertIn("fixed 1 finding in 1 file, nothing left", said)
        self.assertEqual(self.read("my api/Dockerfile.dev"), FIXED)
        self.stage_all()
        self.passes()

    def test_what_it_cannot_fix_it_reports(self) -> None:
        self.write("Dockerfile", "FORM x\n")
        self.stage_all()
        said = self.fails()
        self.assertIn("error[syntax/unknown-instruction]", said)
        self.assertNotIn("files were modified", said)

    def test_line_ends_and_modes_stay(self) -> None:
        file = self.write("Dockerfile", "")
        file.write_bytes(FINDING.replace("\n", "\r\n").encode())
        file.chmod(0o755)
        self.stage_all()
        self.fails()
        self.assertEqual(file.read_bytes(), FIXED.replace("\n", "\r\n").encode())
        self.assertEqual(file.stat().st_mode & 0o777, 0o755)

    def test_a_partially_staged_file_keeps_what_is_not_staged(self) -> None:
        more = "\n# one\n# two\n# three\n# four\n"
        self.write("Dockerfile", FINDING + more)
        self.stage_all()
        self.write("Dockerfile", FINDING + more + "# not staged\n")
        said = self.fails()
        self.assertIn("Unstaged files detected", said)
        self.assertEqual(self.read("Dockerfile"), FIXED + more + "# not staged\n")

    def test_where_the_fix_meets_what_is_not_staged_nothing_is_lost(self) -> None:
        mine = FINDING.replace("install -y git", "install -y git curl")
        self.write("Dockerfile", FINDING)
        self.stage_all()
        self.write("Dockerfile", mine)
        said = self.fails()
        self.assertIn("Rolling back", said)
        self.assertEqual(self.read("Dockerfile"), mine)

    def test_git_commit_runs_it(self) -> None:
        self.assertEqual(self.run_here("pre-commit", "install").returncode, 0)
        self.write("Dockerfile", FINDING)
        self.stage_all()
        refused = self.run_here("git", "commit", "-m", "Add an image")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("files were modified by this hook", refused.stdout)
        self.stage_all()
        self.git("commit", "-m", "Add an image")
        self.assertEqual(self.git("show", "HEAD:Dockerfile"), FIXED)

    def test_files_of_ours_and_of_the_corpus(self) -> None:
        sources = sorted(ROOT.glob("tests/files/*/Dockerfile*"))
        if corpus := os.environ.get("DOCKERLINT_CORPUS"):
            sources += sorted(path for path in Path(corpus, "corpus").iterdir() if path.suffix != ".jsonl")[::8]
        self.assertGreater(len(sources), 10)
        plain = self.top / "plain"
        for number, source in enumerate(sources):
            for tree in (self.here, plain):
                (tree / f"{number}").mkdir(parents=True)
                shutil.copy(source, tree / f"{number}/Dockerfile")
                (tree / f"{number}/Dockerfile").chmod(0o644)
        self.use("dockerlint-fix", "--fail-on", "never")
        self.stage_all()
        subprocess.run([PROGRAM, "--fix-only", "--no-config", "--quiet", plain], check=True)
        self.assertIn("files were modified by this hook", self.fails())
        for number in range(len(sources)):
            path = f"{number}/Dockerfile"
            self.assertEqual((self.here / path).read_bytes(), (plain / path).read_bytes(), sources[number])
        self.stage_all()
        self.passes()


class WholeProject(Hooks):
    def setUp(self) -> None:
        super().setUp()
        self.use("dockerlint-project")
        self.write("api/Dockerfile", FINDING)
        self.stage_all()
        self.git("commit", "-q", "-m", "Add an image")

    def test_it_looks_at_all_when_something_that_matters_changes(self) -> None:
        for name in ("compose.yaml", "docker-compose.dev.yml", "docker-bake.hcl", ".dockerlint.toml", "web/Dockerfile"):
            with self.subTest(name):
                self.git("reset", "-q", "--hard")
                self.write(name, "# nothing yet\n" if name != "web/Dockerfile" else FIXED)
                self.stage_all()
                self.assertIn("--> api/Dockerfile:2:5", self.fails())

    def test_it_has_nothing_to_do_when_nothing_of_that_does(self) -> None:
        self.write("README.md", "# Shop\n")
        self.git("add", "README.md")
        verdict, said = self.hook_run()
        self.assertEqual(verdict, "Skipped", said)


class Installed(Hooks):
    """The hooks that run the dockerlint that is installed."""

    def setUp(self) -> None:
        super().setUp()
        self.write("Dockerfile", FINDING)

    def test_they_do_the_same(self) -> None:
        (self.bin / "dockerlint").symlink_to(PROGRAM)
        for hook in ("dockerlint-system", "dockerlint-project-system", "dockerlint-fix-system"):
            self.use(hook)
            self.stage_all()
            self.fails()
        self.assertEqual(self.read("Dockerfile"), FIXED)

    def test_without_it_they_say_so(self) -> None:
        self.use("dockerlint-system")
        self.stage_all()
        self.assertIn("Executable `dockerlint` not found", self.fails())


@unittest.skipUnless(os.environ.get("DOCKERLINT_BUILD_HOOK") == "1", "it takes minutes: set DOCKERLINT_BUILD_HOOK=1")
class Building(Hooks):
    """The hook's own way to the program: from the sources, as pre-commit clones them."""

    @classmethod
    def make_sources(cls, folder: Path) -> None:
        copy_package(folder, ".pre-commit-hooks.yaml", *backend.SOURCES)

    def test_the_hook_builds_the_program_once_and_runs_it(self) -> None:
        self.write("Dockerfile", FINDING)
        for hook in ("dockerlint", "dockerlint-fix", "dockerlint-project"):
            self.use(hook)
            self.stage_all()
            _, said = self.hook_run()
            self.assertEqual("Installing environment" in said, hook == "dockerlint", said)
        self.assertEqual(self.read("Dockerfile"), FIXED)
