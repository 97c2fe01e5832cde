# SPDX-License-Identifier: Apache-2.0
"""The package of Python: what pip makes of pyproject.toml. Nothing is asked of an index."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import shutil
import tarfile
import unittest
import zipfile
from pathlib import Path

from given import PACKAGE, PROGRAM, Place, backend, carry, copy_package, needs

PYTHON = "/usr/bin/python3"


@unittest.skipUnless(Path(PYTHON).exists(), "there is no Python of the system here")
class Wheel(Place):
    def setUp(self) -> None:
        super().setUp()
        self.sources = self.top / "dockerlint"
        copy_package(self.sources, *PACKAGE)

    def pip(self, *arguments: str, python: str = PYTHON, **more: str) -> str:
        alone = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        done = self.run_here(python, "-m", "pip", *arguments, **alone, **more)
        if "No module named pip" in done.stdout:
            self.skipTest("the system's Python has no pip")
        return done.stdout

    def make_wheel(self, *arguments: str) -> Path:
        said = self.pip("wheel", "--wheel-dir", str(self.here), *arguments, str(self.sources))
        wheels = list(self.here.glob("*.whl"))
        self.assertEqual(len(wheels), 1, said)
        return wheels[0]

    def test_it_carries_the_program_and_lists_it(self) -> None:
        carry(PROGRAM, self.sources)
        with zipfile.ZipFile(self.make_wheel()) as wheel:
            info = f"dockerlint-{backend.version()}.dist-info"
            record = io.StringIO(wheel.read(f"{info}/RECORD").decode())
            listed = {name: digest for name, digest, _ in csv.reader(record)}
            self.assertEqual(set(listed), set(wheel.namelist()))
            for name, digest in listed.items():
                if name != f"{info}/RECORD":
                    found = base64.urlsafe_b64encode(hashlib.sha256(wheel.read(name)).digest()).decode().rstrip("=")
                    self.assertEqual(digest, f"sha256={found}", name)

    def test_the_same_program_makes_the_same_wheel(self) -> None:
        carry(PROGRAM, self.sources)
        first = self.make_wheel()
        before = first.read_bytes()
        first.unlink()
        self.assertEqual(self.make_wheel().read_bytes(), before)

    def test_the_same_sources_make_the_same_archive(self) -> None:
        first = (self.here / backend.build_sdist(str(self.here))).read_bytes()
        self.assertEqual((self.here / backend.build_sdist(str(self.here))).read_bytes(), first)

    def test_it_says_which_platforms_it_is_for(self) -> None:
        carry(PROGRAM, self.sources)
        wheel = self.make_wheel("--config-settings=platform=manylinux2014_x86_64.musllinux_1_1_x86_64")
        self.assertTrue(wheel.name.endswith("-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl"), wheel.name)
        with zipfile.ZipFile(wheel) as content:
            text = content.read(f"dockerlint-{backend.version()}.dist-info/WHEEL").decode()
        self.assertIn("Tag: py3-none-manylinux2014_x86_64\nTag: py3-none-musllinux_1_1_x86_64\n", text)

    def python_of_an_environment(self) -> str:
        made = self.run_here(PYTHON, "-m", "virtualenv", str(self.top / "environment"))
        if made.returncode != 0:
            self.skipTest("there is no virtualenv here")
        return str(self.top / "environment/bin/python")

    def test_installed_it_is_the_program(self) -> None:
        carry(PROGRAM, self.sources)
        said = self.pip("install", str(self.sources), python=self.python_of_an_environment())
        self.assertIn(f"Successfully installed dockerlint-{backend.version()}", said)
        done = self.run_here(str(self.top / "environment/bin/dockerlint"), "--version")
        self.assertEqual(done.stdout, f"dockerlint {backend.version()}\n")

    def test_there_is_nothing_to_edit_in_place(self) -> None:
        said = self.pip("install", "-e", str(self.sources), python=self.python_of_an_environment())
        self.assertIn("dockerlint: it is a program, not a Python package, so there is nothing to edit in place", said)
        self.assertNotIn("Traceback", said)

    def test_what_is_missing_to_build_it_is_named(self) -> None:
        for tool in ("python3", "sh", "make"):
            (self.bin / tool).symlink_to(shutil.which(tool, path="/usr/bin:/bin") or "/bin/false")
        said = self.pip("wheel", str(self.sources), PATH=str(self.bin))
        self.assertIn("dockerlint: to build it, install: cmake (3.25 or newer), g++ (the names are Debian's)", said)
        self.assertNotIn("Traceback", said)

    @needs("cmake", "c++")
    def test_the_source_archive_holds_what_cmake_needs(self) -> None:
        name = backend.build_sdist(str(self.here))
        with tarfile.open(self.here / name) as archive:
            archive.extractall(self.here)
        tree = self.here / name.removesuffix(".tar.gz")
        self.assertIn(f"\nVersion: {backend.version()}\n", (tree / "PKG-INFO").read_text(encoding="utf-8"))
        generator = () if shutil.which("ninja") else ("-G", "Unix Makefiles")
        done = self.run_here("cmake", "-S", str(tree), "--preset", "release", "-B", str(self.top / "build"), *generator)
        self.assertEqual(done.returncode, 0, done.stdout)
