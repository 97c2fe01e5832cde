# SPDX-License-Identifier: Apache-2.0
"""integrations/install.sh, with the real curl at releases that lie in a folder."""

from __future__ import annotations

import shutil
import unittest

from given import PROGRAM, ROOT, VERSION, Downloading, Place, archive_name, make_release, needs

SCRIPT = str(ROOT / "integrations/install.sh")


@needs("curl", "tar")
class Install(Downloading):
    def test_it_installs_the_program(self) -> None:
        done = self.run_here("sh", SCRIPT, "--to", str(self.here / "my bin"))
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(f"dockerlint: {VERSION} is in {self.here}/my bin", done.stdout)
        self.assertIn("put it on your PATH", done.stdout)
        self.assertEqual([file.name for file in (self.here / "my bin").iterdir()], ["dockerlint"])
        version = self.run_here(str(self.here / "my bin/dockerlint"), "--version")
        self.assertEqual(version.stdout, f"dockerlint {VERSION}\n")

    def test_its_version_is_that_of_the_sources(self) -> None:
        self.assertIn(f"\nversion={VERSION}\n", (ROOT / "integrations/install.sh").read_text(encoding="utf-8"))

    def test_it_takes_the_place_of_an_older_one(self) -> None:
        self.write("dockerlint", "#!/bin/sh\n")
        done = self.run_here("sh", SCRIPT, "--to", str(self.here))
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(self.run_here("./dockerlint", "--version").stdout, f"dockerlint {VERSION}\n")

    def test_what_is_not_what_was_released_is_refused(self) -> None:
        folder = make_release(self.top / "bad", PROGRAM)
        with open(folder / archive_name(), "ab") as archive:
            archive.write(b"!")
        done = self.run_here("sh", SCRIPT, "--to", str(self.here), DOCKERLINT_RELEASES=f"file://{self.top}/bad")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("is not what was released: its SHA-256 is ", done.stdout)
        self.assertEqual(list(self.here.iterdir()), [])

    def test_a_release_that_does_not_list_the_archive_is_refused(self) -> None:
        folder = make_release(self.top / "bad", PROGRAM)
        (folder / "SHA256SUMS").write_text(f"0123  other-{archive_name()}\n", encoding="utf-8")
        done = self.run_here("sh", SCRIPT, "--to", str(self.here), DOCKERLINT_RELEASES=f"file://{self.top}/bad")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("does not name", done.stdout)

    def test_where_there_is_no_such_release_it_says_so(self) -> None:
        done = self.run_here("sh", SCRIPT, "--version", "v9.9.9", "--to", str(self.here))
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("there is no SHA256SUMS in the release 9.9.9 at https://github.com/", done.stdout)

    def test_a_server_that_cannot_be_reached_is_another_matter(self) -> None:
        done = self.run_here("sh", SCRIPT, "--to", str(self.here), DOCKERLINT_RELEASES="http://127.0.0.1:1")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("cannot download http://127.0.0.1:1/v", done.stdout)

    @needs("wget")
    def test_without_curl_it_takes_wget(self) -> None:
        for tool in ("sh", "id", "uname", "tr", "mktemp", "rm", "wget", "cat"):
            (self.bin / tool).symlink_to(shutil.which(tool, path="/usr/bin:/bin") or "/bin/false")
        (self.bin / "curl").unlink()
        done = self.run_here("sh", SCRIPT, "--to", str(self.here), PATH=str(self.bin),
                             DOCKERLINT_RELEASES="http://127.0.0.1:1")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("cannot download http://127.0.0.1:1/v", done.stdout)

    def test_wrong_arguments_are_refused(self) -> None:
        for arguments in (["--to"], ["--where", "x"]):
            self.assertIn("usage: install.sh", self.run_here("sh", SCRIPT, *arguments).stdout)


@needs("curl", "tar", "readelf")
@unittest.skipUnless(PROGRAM == ROOT / "build/release/dockerlint", "only the release program is released")
class Release(Place):
    """tools/packaging/release makes what install.sh takes, and a wheel for any C library."""

    def test_what_is_released_can_be_installed(self) -> None:
        folder = self.top / f"releases/v{VERSION}"
        made = self.run_here(str(ROOT / "tools/packaging/release"), str(folder))
        self.assertEqual(made.returncode, 0, made.stdout)
        names = {file.name for file in folder.iterdir()}
        wheels = {name for name in names if name.endswith(".whl")}
        self.assertEqual(names - wheels, {"SHA256SUMS", archive_name(), f"dockerlint-{VERSION}.tar.gz"})
        self.assertEqual(len(wheels), 1)
        self.assertIn("manylinux2014_", wheels.pop())
        done = self.run_here("sh", SCRIPT, "--to", str(self.bin), DOCKERLINT_RELEASES=f"file://{self.top}/releases")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual((self.bin / "dockerlint").read_bytes(), PROGRAM.read_bytes())
