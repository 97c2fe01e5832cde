#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What dockerlint costs, as ratios to programs that only read the same files, in one run on one machine.

Machines are noisy: the two that are compared run in turn, so that what else the machine does falls on both, and the
median of the ratios counts, with the spread beside it. Instructions, which valgrind counts, are exact.
"""
from __future__ import annotations

import argparse
import dataclasses
import datetime
import math
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from picture import picture

BLOCK = """\
# what the service needs
FROM debian:12 AS stage
ENV PATH=/opt/bin:$PATH LANG=C.UTF-8
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=cache,target=/var/lib/apt,sharing=locked \\
    apt-get update && \\
    apt-get install -y --no-install-recommends build-essential git curl
WORKDIR /src
COPY --chown=1000:1000 package.json package-lock.json ./
RUN <<EOF
set -e
make
make install
EOF

"""

# The least that a program can do that looks at a file: read it, and print a line.
READER = """\
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(int argc, char** argv) {
  static char bytes[1 << 20];
  long size = 0;
  for (int i = 1; i < argc; ++i) {
    const int file = open(argv[i], O_RDONLY);
    for (long got; (got = read(file, bytes, sizeof bytes)) > 0;) size += got;
    close(file);
  }
  return printf("%ld bytes\\n", size) < 0;
}
"""

# Runs a program and says what it took. A process begins with the peak memory of the one that it was forked from, so
# that must not be Python.
MEASURE = """\
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(int argc, char** argv) {
  struct timespec begin, end;
  struct rusage usage;
  int status = 0;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  const pid_t child = fork();
  if (child == 0) {
    const int nothing = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; ++i) dup2(nothing, i);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  wait4(child, &status, 0, &usage);
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("%d %.6f %.6f %ld\\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128,
         usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 1e-6 * (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
         end.tv_sec - begin.tv_sec + 1e-9 * (end.tv_nsec - begin.tv_nsec), usage.ru_maxrss);
  return argc < 2;
}
"""

# Other linters that are looked for on PATH, and how they are given files.
PEERS = {
    "hadolint": ["hadolint"],
    "dockerfilelint": ["dockerfilelint"],
    "dockerfile_lint": ["dockerfile_lint", "-f"],
    "tally": ["tally", "lint"],
}


@dataclasses.dataclass
class Cost:
    cpu: float  # user and system, in seconds
    wall: float  # in seconds
    memory: float  # the most that was resident, in MiB


class Machine:
    """Where programs are run; its own two programs live in a folder that goes with it."""

    scratch: pathlib.Path

    @classmethod
    def prepare(cls, scratch: pathlib.Path) -> None:
        cls.scratch = scratch
        for name, text in (("reader", READER), ("measure", MEASURE)):
            (scratch / f"{name}.c").write_text(text)
            subprocess.run(["cc", "-O2", "-o", str(scratch / name), str(scratch / f"{name}.c")], check=True)


DONE = range(2)
PEER_DONE = range(126)  # some say with the status how much they have found


def run(command: list[str], done: range = DONE) -> Cost:
    """Runs the program with nothing to read and nobody to read it. Ends the benchmark if it cannot do its work."""
    out = subprocess.run([str(Machine.scratch / "measure"), *command], capture_output=True, text=True, check=True)
    status, cpu, wall, kib = out.stdout.split()
    if int(status) not in done:
        sys.exit(f"bench: {command[0]} ended with status {status}")
    return Cost(float(cpu), float(wall), int(kib) / 1024)


@dataclasses.dataclass
class Comparison:
    what: str
    cpu: float  # the median of the ratios
    low: float  # a tenth of them lies below
    high: float  # a tenth of them lies above
    wall: float
    seconds: float  # our CPU time
    memory: float

    def row(self) -> str:
        took = f"{self.seconds * 1e3:.1f} ms" if self.seconds < 1 else f"{self.seconds:.2f} s"
        return (
            f"| {self.what} | {self.cpu:.2f} | {self.low:.2f}–{self.high:.2f} | {self.wall:.2f} | {took} |"
            f" {self.memory:.1f} |"
        )


def compare(
    what: str, ours: list[str], theirs: list[str], rounds: int, before=lambda: None, done: range = DONE
) -> Comparison:
    pairs = []
    for _ in range(rounds):
        before()
        other = run(theirs)
        before()
        pairs.append((run(ours, done), other))
    cpu = sorted(own.cpu / max(other.cpu, 1e-6) for own, other in pairs)
    tenth = len(cpu) // 10
    return Comparison(
        what,
        statistics.median(cpu),
        cpu[tenth],
        cpu[-1 - tenth],
        statistics.median(own.wall / other.wall for own, other in pairs),
        statistics.median(own.cpu for own, _ in pairs),
        max(own.memory for own, _ in pairs),
    )


def instructions(command: list[str], scratch: pathlib.Path) -> int:
    """In user space, all threads. The C library looks through the environment when a program starts, so that is the
    same everywhere."""
    out = scratch / "callgrind.out"
    bare = ["env", "-i", "PATH=/usr/bin:/bin", shutil.which("valgrind") or "valgrind"]
    run([*bare, "--tool=callgrind", f"--callgrind-out-file={out}", *command])
    found = re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE)
    if not found:
        sys.exit("bench: callgrind counted nothing")
    return int(found.group(1))


def sample(size: int) -> str:
    """A file of about `size` bytes, as people write them."""
    return BLOCK * (size // len(BLOCK) + 1)


def slope(points: list[tuple[int, int]]) -> float:
    """The exponent of the power law that fits best: 1 is linear."""
    xs = [math.log(x) for x, _ in points]
    ys = [math.log(y) for _, y in points]
    return statistics.linear_regression(xs, ys).slope


def dockerfiles(folder: pathlib.Path) -> list[str]:
    return sorted(str(p) for p in folder.rglob("*Dockerfile*") if p.is_file())


def drop_caches() -> bool:
    """Makes the next reading a cold one. False where that is not for us to do."""
    try:
        os.sync()
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3\n")
        return True
    except OSError:
        return False


def tree_of(files: list[str], count: int, where: pathlib.Path) -> list[str]:
    made = []
    for i in range(count):
        folder = where / f"{i // 100:02d}" / f"{i % 100:02d}"
        folder.mkdir(parents=True)
        made.append(str(folder / "Dockerfile"))
        shutil.copyfile(files[i % len(files)], made[-1])
    return made


def machine() -> str:
    cpu = "an unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores of {cpu}, {platform.system()} {platform.machine()}, load average {load:.1f}"


def measure(program: str, folder: pathlib.Path, peers: dict[str, list[str]], scratch: pathlib.Path) -> tuple[str, str]:
    """The results as Markdown and as a picture."""
    files = dockerfiles(folder)
    if not files:
        sys.exit(f"bench: {folder} holds no Dockerfile")
    size = sum(os.path.getsize(f) for f in files)
    one = sorted(files, key=os.path.getsize)[len(files) // 2]
    reader = str(scratch / "reader")
    huge = scratch / "huge" / "Dockerfile"
    huge.parent.mkdir()
    huge.write_text(sample(10_000_000))
    tree = tree_of(files, 10_000, scratch / "tree")
    quiet = [program, "--quiet", "--no-config"]

    rows = [
        compare("start-up, against a program that reads the file", [program, "--version"], [reader, one], 100),
        compare("one typical file, the same", [*quiet, one], [reader, one], 100),
        compare("one typical file, against `wc -l`", [*quiet, one], ["wc", "-l", one], 100),
        compare(f"{len(files):,} files, one core, against `cat`", [*quiet, "--jobs", "1", *files], ["cat", *files], 21),
    ]
    if drop_caches():
        rows.append(
            compare(f"{len(files):,} files, cold", [*quiet, "--jobs", "1", *files], ["cat", *files], 5, drop_caches)
        )
    rows.append(compare("one file of 10 MB", [*quiet, str(huge)], ["cat", str(huge)], 5))
    rows.append(compare("a tree of 10,000 files", [*quiet, str(scratch / "tree")], ["cat", *tree], 5))
    out = [
        "| | CPU, ratio | 10–90 % | wall, ratio | CPU | MiB |",
        "|---|---:|---:|---:|---:|---:|",
        *(row.row() for row in rows),
        "",
    ]

    several = [*quiet, *files]
    cores = os.cpu_count() or 1
    gains = [run([*several, "--jobs", "1"]).wall / run([*several, "--jobs", str(cores)]).wall for _ in range(11)]
    if cores > 1:
        out += [f"Parallel efficiency on {cores} cores: {statistics.median(gains) / cores:.2f}.", ""]

    if peers:
        out += [
            "Others, against dockerlint on the same files, all rules as they come:",
            "",
            "| | one typical file, CPU | wall | files of the corpus, CPU | wall | MiB |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        some = files[:: max(1, len(files) // 200)]
        for name, command in sorted(peers.items()):
            single = compare(name, [*command, one], [*quiet, one], 7, done=PEER_DONE)
            many = compare(name, [*command, *some], [*quiet, "--jobs", "1", *some], 3, done=PEER_DONE)
            out.append(
                f"| {name} | {single.cpu:.1f} × | {single.wall:.1f} × | {many.cpu:.1f} × | {many.wall:.1f} × |"
                f" {many.memory:.0f} |"
            )
        out.append("")

    points: list[tuple[int, int]] = []
    if shutil.which("valgrind"):
        start = instructions([program, "--version"], scratch)
        corpus = instructions([*quiet, "--jobs", "1", *files], scratch)
        for bytes_ in (10_000, 100_000, 1_000_000, 10_000_000):
            path = scratch / "large.Dockerfile"
            path.write_text(sample(bytes_))
            points.append((path.stat().st_size, instructions([*quiet, str(path)], scratch) - start))
        out += [
            f"Instructions: {start / 1e3:.0f} thousand to start, `wc -l` takes"
            f" {instructions(['wc', '-l', one], scratch) / 1e3:.0f} thousand; {(corpus - start) / size:.0f} a byte on"
            f" the {len(files):,} files. From 10 KB to 10 MB they grow with the bytes to the power of"
            f" {slope(points):.3f}.",
            "",
        ]
    else:
        out += ["valgrind is not installed: no instructions counted.", ""]

    million = scratch / "million.Dockerfile"
    text = "".join(pathlib.Path(f).read_text(errors="surrogateescape") + "\n" for f in files)
    million.write_text(text[:1_000_000], errors="surrogateescape")
    memory = run([*quiet, str(million)]).memory
    out.append(f"A file of 1 MB made of real ones takes {memory:.1f} MiB, one of 10 MB {rows[-2].memory:.0f} MiB.")
    return "\n".join(out) + "\n", picture([(row.what, row.cpu, row.low, row.high) for row in rows], points)


def default_folder() -> pathlib.Path:
    """The external corpus, if there is one."""
    corpus = os.environ.get("DOCKERLINT_CORPUS")
    return pathlib.Path(corpus) / "corpus" if corpus else pathlib.Path(__file__).parents[1] / "files"


def write_down(page: pathlib.Path, results: str) -> None:
    text = page.read_text()
    begin, end = "<!-- results -->\n", "<!-- end of results -->"
    head, rest = text.split(begin)
    page.write_text(f"{head}{begin}{results}{end}{rest.split(end)[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path, nargs="?", default=default_folder())
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND", help="another linter")
    parser.add_argument("--write", type=pathlib.Path, metavar="PAGE", help="put the results into this page")
    arguments = parser.parse_args()
    peers = {name: command for name, command in PEERS.items() if shutil.which(command[0])}
    for peer in arguments.peer:
        name, _, command = peer.partition("=")
        peers[name] = (command or name).split()
    with tempfile.TemporaryDirectory(prefix="dockerlint-bench-") as scratch:
        Machine.prepare(pathlib.Path(scratch))
        results, drawing = measure(arguments.program, arguments.folder, peers, pathlib.Path(scratch))
    results = f"Measured on {datetime.date.today()}, {machine()}.\n\n{results}"
    print(results, end="")
    if arguments.write:
        write_down(arguments.write, results)
        (arguments.write.parent / "pictures" / "performance.svg").write_text(drawing)


if __name__ == "__main__":
    main()
