#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a large project costs: project.py PROGRAM [DOCKERFILES]. Makes a tree of that many Dockerfiles (10,000), ten to a
compose file, from the corpus that DOCKERLINT_CORPUS names, and lints it as one project. Prints time and peak memory,
beside those of half as many, so that growth shows; and holds that the output is the same for any --jobs."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time

PER_PROJECT = 10


def make_tree(folder, sources, count):
    for i in range(count):
        project = folder / f"p{i // PER_PROJECT:04}"
        service = project / f"s{i % PER_PROJECT}"
        service.mkdir(parents=True)
        (service / "Dockerfile").write_bytes(sources[i % len(sources)])
        with open(project / "compose.yaml", "a", encoding="utf-8") as compose:
            if i % PER_PROJECT == 0:
                compose.write("services:\n")
            compose.write(f"  s{i % PER_PROJECT}:\n    build:\n      context: ./s{i % PER_PROJECT}\n")
            compose.write(f"      args:\n        SERVICE: s{i % PER_PROJECT}\n")


def measure(program, folder, *arguments):
    """Seconds, peak memory in MiB, and a digest of what was printed."""
    digest = hashlib.sha256()
    began = time.monotonic()
    child = subprocess.Popen([program, "--no-config", "--format", "concise", *arguments, "."], cwd=folder,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for chunk in iter(lambda: child.stdout.read(1 << 16), b""):
        digest.update(chunk)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - began
    assert os.WIFEXITED(status) and os.WEXITSTATUS(status) < 2, status
    return seconds, usage.ru_maxrss / 1024, digest.hexdigest()


def main():
    corpus = os.environ.get("DOCKERLINT_CORPUS")
    if not corpus:
        print("skipped: DOCKERLINT_CORPUS names no folder")
        sys.exit(77)
    program = str(pathlib.Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    sources = [path.read_bytes() for path in sorted(pathlib.Path(corpus, "corpus").iterdir()) if path.is_file()]
    sources = [text for text in sources if len(text) < 65536]
    for dockerfiles in (count // 2, count):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            make_tree(folder, sources, dockerfiles)
            seconds, memory, digest = measure(program, folder)
            print(f"{dockerfiles} Dockerfiles, {dockerfiles // PER_PROJECT} compose files: "
                  f"{seconds:.1f} s, {memory:.0f} MiB", flush=True)
            if dockerfiles == count:
                assert measure(program, folder, "--jobs", "1")[2] == digest, "--jobs 1 says something else"


main()
