# SPDX-License-Identifier: Apache-2.0
"""Makes a wheel of the program: the build back end (PEP 517) that pyproject.toml names.

A wheel is a zip file, and a file in its `.data/scripts` is put on the PATH. The program is what the setting `program`
names, else tools/packaging/carried/PLATFORM/dockerlint, if the tree carries one for this platform ("linux-x86_64");
otherwise CMake builds the release preset in a folder of its own, which takes minutes.

    pip wheel . --config-settings=platform=manylinux2014_x86_64.musllinux_1_1_x86_64

says which platforms a static program runs on, for a wheel that leaves this machine (tools/packaging/release).
"""

from __future__ import annotations

import base64
import calendar
import gzip
import hashlib
import io
import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import NoReturn, Optional

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "docs", "include", "pyproject.toml", "rules",
           "src", "tools")
LEFT_OUT = ("__pycache__", "carried")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment of zip; the same files make the same archives

Settings = Optional[dict[str, str]]


def fail(message: str) -> NoReturn:
    """pip shows it as it is, without a traceback."""
    sys.exit(f"dockerlint: {message}")


def version() -> str:
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    found = re.search(r"^project\(dockerlint VERSION ([0-9.]+)", text, re.MULTILINE)
    return found[1] if found else fail("CMakeLists.txt names no version")


def metadata() -> str:
    return f"""\
Metadata-Version: 2.1
Name: dockerlint
Version: {version()}
Summary: A Dockerfile linter that fixes what it finds
Home-page: https://github.com/dockerlint/dockerlint
License: Apache-2.0
Requires-Python: >=3.9
Description-Content-Type: text/markdown

{(ROOT / "README.md").read_text(encoding="utf-8")}"""


# --- the program ---


def ready_program(settings: Settings) -> Path | None:
    if given := (settings or {}).get("program"):
        return Path(given)
    carried = ROOT / "tools/packaging/carried" / sysconfig.get_platform() / "dockerlint"
    return carried if carried.is_file() else None


def missing_tools() -> list[str]:
    missing = []
    found = re.search(r"version (\d+)\.(\d+)", run("cmake", "--version")) if shutil.which("cmake") else None
    if found is None or (int(found[1]), int(found[2])) < (3, 25):
        missing.append("cmake (3.25 or newer)")
    if not any(map(shutil.which, ("ninja", "make"))):
        missing.append("ninja-build")
    compilers = [os.environ["CXX"].split()[0]] if os.environ.get("CXX") else ["c++", "g++", "clang++"]
    if not any(map(shutil.which, compilers)):
        missing.append("g++")
    return missing


def run(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
                          check=False)
    if done.returncode != 0:
        fail(f"`{' '.join(command)}` failed:\n{done.stdout}")
    return done.stdout


def build_program(folder: str) -> Path:
    if os.name != "posix":
        fail("it runs on Linux and other systems like Unix; on Windows use WSL")
    if missing := missing_tools():
        fail(f"to build it, install: {', '.join(missing)} (the names are Debian's)\n"
             "or install dockerlint itself, and use the hooks whose names end in -system; docs/pre-commit.md says more")
    generator = () if shutil.which("ninja") else ("-G", "Unix Makefiles")
    run("cmake", "-S", str(ROOT), "--preset", "release", "-B", folder, *generator)
    run("cmake", "--build", folder, "--target", "dockerlint", "--parallel", str(os.cpu_count() or 1))
    return Path(folder, "dockerlint")


# --- the wheel ---


def tag(settings: Settings) -> str:
    platform = (settings or {}).get("platform") or re.sub("[-.]", "_", sysconfig.get_platform())
    return f"py3-none-{platform}"


def dist_info() -> str:
    return f"dockerlint-{version()}.dist-info"


def wheel_file(settings: Settings) -> str:
    # "py3-none-a.b" stands for two tags, and a wheel names each.
    python, abi, platforms = tag(settings).split("-")
    tags = "".join(f"Tag: {python}-{abi}-{platform}\n" for platform in platforms.split("."))
    return f"Wheel-Version: 1.0\nGenerator: dockerlint\nRoot-Is-Purelib: false\n{tags}"


class Wheel:
    def __init__(self, path: Path) -> None:
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self.record = ""

    def add(self, name: str, content: bytes, mode: int = 0o644) -> None:
        entry = zipfile.ZipInfo(name, LONG_AGO)
        entry.external_attr = (stat.S_IFREG | mode) << 16
        self.zip.writestr(entry, content, zipfile.ZIP_DEFLATED)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self.record += f"{name},sha256={digest},{len(content)}\n"

    def close(self) -> None:
        name = f"{dist_info()}/RECORD"  # which lists itself, without a hash
        self.add(name, f"{self.record}{name},,\n".encode())
        self.zip.close()


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    with tempfile.TemporaryDirectory(prefix="dockerlint-build-") as folder:
        program = (ready_program(config_settings) or build_program(folder)).read_bytes()
    name = f"dockerlint-{version()}-{tag(config_settings)}.whl"
    wheel = Wheel(Path(wheel_directory, name))
    wheel.add(f"dockerlint-{version()}.data/scripts/dockerlint", program, 0o755)
    wheel.add(f"{dist_info()}/LICENSE", (ROOT / "LICENSE").read_bytes())
    wheel.add(f"{dist_info()}/METADATA", metadata().encode())
    wheel.add(f"{dist_info()}/WHEEL", wheel_file(config_settings).encode())
    wheel.close()
    return name


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings = None) -> str:
    """Without it pip builds a wheel to look at, and then another."""
    folder = Path(metadata_directory, dist_info())
    folder.mkdir()
    (folder / "METADATA").write_text(metadata(), encoding="utf-8")
    (folder / "WHEEL").write_text(wheel_file(config_settings), encoding="utf-8")
    return folder.name


def build_editable(wheel_directory: str, config_settings: Settings = None,
                   metadata_directory: str | None = None) -> str:
    fail("it is a program, not a Python package, so there is nothing to edit in place: leave out -e")


# --- the sources ---


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    top = f"dockerlint-{version()}"

    def chosen(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        if entry.name.rsplit("/", 1)[-1] in LEFT_OUT:
            return None
        entry.mtime = calendar.timegm(LONG_AGO)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        return entry

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in SOURCES:
            archive.add(ROOT / name, f"{top}/{name}", filter=chosen)
        content = metadata().encode()
        entry = tarfile.TarInfo(f"{top}/PKG-INFO")
        entry.size, entry.mode, entry.mtime = len(content), 0o644, calendar.timegm(LONG_AGO)
        archive.addfile(entry, io.BytesIO(content))
    Path(sdist_directory, f"{top}.tar.gz").write_bytes(gzip.compress(packed.getvalue(), mtime=0))
    return f"{top}.tar.gz"
