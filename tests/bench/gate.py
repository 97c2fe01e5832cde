#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when the program takes more instructions than it did.

Instructions are the same on every run of one program, however busy the machine is; another compiler or C library
makes another program, so they are compared only where both are those that the figures were taken with.
"""
from __future__ import annotations

import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

from bench import Machine, instructions, sample

KEPT = pathlib.Path(__file__).with_name("instructions.json")
MORE = 1.02  # what is still the same: processors differ in how strings are searched


def made_with() -> str:
    compiler = subprocess.run(["c++", "-dumpfullversion"], capture_output=True, text=True, check=True).stdout.strip()
    return f"g++ {compiler}, {' '.join(platform.libc_ver())}, {platform.machine()}"


def count(program: str) -> dict[str, int]:
    with tempfile.TemporaryDirectory(prefix="dockerlint-bench-") as name:
        scratch = pathlib.Path(name)
        Machine.prepare(scratch)
        large = scratch / "Dockerfile"
        large.write_text(sample(1_000_000))
        ours = sorted(str(p) for p in pathlib.Path("tests/files").glob("*/Dockerfile"))
        alone = [program, "--no-config", "--jobs", "1"]
        return {
            "start": instructions([program, "--version"], scratch),
            "our files": instructions([*alone, *ours], scratch),
            "our files, fixed": instructions([*alone, "--diff", *ours], scratch),
            "a file of 1 MB": instructions([*alone, str(large)], scratch),
        }


def main() -> int:
    if not shutil.which("valgrind"):
        print("instructions: skipped: valgrind is not installed")
        return 0
    kept = json.loads(KEPT.read_text())
    blessing = os.environ.get("DOCKERLINT_BLESS") == "1"
    if not blessing and kept["made with"] != made_with():
        print(f"instructions: skipped: counted with {kept['made with']}, here is {made_with()}")
        return 0
    counts = count(sys.argv[1])
    if blessing:
        KEPT.write_text(json.dumps({"made with": made_with(), "instructions": counts}, indent=2) + "\n")
    grown = False
    for what, now in counts.items():
        before = kept["instructions"].get(what, now)
        print(f"{what}: {now:,} instructions, {100 * (now / before - 1):+.1f} %")
        grown |= now > before * MORE
    if grown and not blessing:
        print(f"more than {KEPT.name} says: mend that, or explain it and DOCKERLINT_BLESS=1 tests/bench/gate")
    return grown and not blessing


if __name__ == "__main__":
    sys.exit(main())
