# SPDX-License-Identifier: Apache-2.0
"""What the tests here stand on: the sources, the program, folders with a repository and a home of its own."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import unittest
from pathlib import Path
from typing import Any, Callable, TypeVar

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("DOCKERLINT", ROOT / "build/dev/dockerlint"))
ADDRESS = "https://github.com/dockerlint/dockerlint"

sys.path.insert(0, str(ROOT / "tools/packaging"))
import backend as backend  # noqa: E402

VERSION = backend.version()
Tested = TypeVar("Tested", bound="type[unittest.TestCase] | Callable[..., None]")

# The least that a wheel with a carried program is made of.
PACKAGE = (".pre-commit-hooks.yaml", "CMakeLists.txt", "LICENSE", "README.md", "pyproject.toml", "tools/packaging")

FINDING = """FROM example/debian:12
RUN --mount=type=cache,target=/var/cache/apt apt-get install -y git
"""
FIXED = FINDING.replace("/apt apt", "/apt,sharing=locked apt")
WARNING = "warning[cache/missing-sharing]"


def needs(*programs: str) -> Callable[[Tested], Tested]:
    """Skips a test, or all of a class, where a program is missing, and says which."""
    missing = [name for name in programs if shutil.which(name, path="/usr/local/bin:/usr/bin:/bin") is None]
    return unittest.skipIf(missing, f"there is no {' and no '.join(missing)} here")


def copy_package(target: Path, *names: str) -> None:
    skip = shutil.ignore_patterns(*backend.LEFT_OUT)
    for name in names:
        source = ROOT / name
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=skip)
        else:
            shutil.copy(source, target / name)


def carry(program: Path, tree: Path) -> None:
    copy_program(program, tree / "tools/packaging/carried" / sysconfig.get_platform() / "dockerlint")


def copy_program(program: Path, target: Path) -> None:
    """Without what a debugger wants of it, which is most of a debug build."""
    target.parent.mkdir(parents=True)
    if shutil.which("strip") is None or subprocess.run(["strip", "-o", target, program], check=False).returncode != 0:
        shutil.copy(program, target)


@functools.cache
def node_folder() -> Path:
    """Where npm has put what package.json names."""
    if shutil.which("npm") is None:
        raise unittest.SkipTest("there is no npm here")
    place = ROOT / "build/integrations/node"
    place.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "tests/integrations" / name, place)
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=place,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise unittest.SkipTest(f"npm cannot install the validators: {' '.join(done.stdout.split())[:200]}")
    return place / "node_modules/.bin"


@functools.cache
def node_program(name: str) -> str:
    program = str(node_folder() / name)
    done = subprocess.run([program, "--help"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise unittest.SkipTest(f"{name} does not run here: it may want a newer Node.js")
    return program


def yaml_of(text: str) -> Any:
    """What YAML says. Debian's python3-yaml comes with pre-commit, but only to the Python of the system."""
    script = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
    for python in (sys.executable, "/usr/bin/python3"):
        done = subprocess.run([python, "-c", script], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", check=False)
        if done.returncode == 0:
            # `on:` of a workflow is what YAML 1.1 takes for true, and JSON for "true".
            return json.loads(done.stdout)
        if "No module named 'yaml'" not in done.stderr:
            raise AssertionError(f"this is no YAML: {done.stderr}")
    raise unittest.SkipTest("there is no Python with yaml here")


class Place(unittest.TestCase):
    """A folder for each test, with a home in which git finds the sources of dockerlint at their public address."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="dockerlint-integration-")
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name)
        self.home = self.top / "home"
        self.here = self.top / "work"
        self.bin = self.top / "bin"
        for made in (self.home, self.here, self.bin):
            made.mkdir()

    def environment(self) -> dict[str, str]:
        return {"PATH": f"{self.bin}:/usr/local/bin:/usr/bin:/bin", "HOME": str(self.home), "LC_ALL": "C.UTF-8",
                "GIT_CONFIG_NOSYSTEM": "1", "TMPDIR": tempfile.gettempdir()}

    def write(self, path: str, text: str) -> Path:
        file = self.here / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def read(self, path: str) -> str:
        return (self.here / path).read_text(encoding="utf-8")

    def run_here(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Both streams come as one, in `stdout`."""
        return subprocess.run(command, cwd=self.here, env={**self.environment(), **more}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)

    def git(self, *arguments: str) -> str:
        done = self.run_here("git", *arguments)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout


# What a job downloads, it asks curl for. This one finds at the public addresses what the test has made, and hands
# everything to the real one.
CURL = """#!/bin/sh
for argument do
  shift
  case $argument in
    {address}/releases/download/*) argument=file://{releases}/${{argument#{address}/releases/download/}} ;;
    {raw}/*) argument=file://{sources}/${{argument#{raw}/*/}} ;;
    https://*) echo "curl: the test knows nothing at $argument" >&2; exit 6 ;;
  esac
  set -- "$@" "$argument"
done
exec {curl} "$@"
"""
RAW = "https://raw.githubusercontent.com/dockerlint/dockerlint"


def archive_name(version: str = VERSION) -> str:
    return f"dockerlint-{version}-{platform.system().lower()}-{platform.machine()}.tar.gz"


def make_release(releases: Path, program: Path, version: str = VERSION) -> Path:
    """The files of a release, as tools/packaging/release makes them; returns their folder."""
    folder = releases / f"v{version}"
    name = archive_name(version).removesuffix(".tar.gz")
    copy_program(program, folder / name / "bin/dockerlint")
    with tarfile.open(folder / f"{name}.tar.gz", "w:gz") as archive:
        archive.add(folder / name, name)
    shutil.rmtree(folder / name)
    digest = hashlib.sha256((folder / f"{name}.tar.gz").read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_text(f"{digest}  {name}.tar.gz\n", encoding="utf-8")
    return folder


def make_curl(bin_folder: Path, releases: Path) -> None:
    curl = bin_folder / "curl"
    real = shutil.which("curl", path="/usr/local/bin:/usr/bin:/bin")
    curl.write_text(CURL.format(address=ADDRESS, raw=RAW, releases=releases, sources=ROOT, curl=real), encoding="utf-8")
    curl.chmod(0o755)


class Downloading(Place):
    """A place in which the release of this version can be downloaded."""

    releases: Path
    kept: tempfile.TemporaryDirectory[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.kept = tempfile.TemporaryDirectory(prefix="dockerlint-releases-")
        cls.addClassCleanup(cls.kept.cleanup)
        cls.releases = Path(cls.kept.name)
        make_release(cls.releases, PROGRAM)

    def setUp(self) -> None:
        super().setUp()
        make_curl(self.bin, self.releases)
