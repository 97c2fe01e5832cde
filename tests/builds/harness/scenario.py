# SPDX-License-Identifier: Apache-2.0
"""What a scenario says: a folder with a Dockerfile, its context, and `scenario.toml`."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path


class Malformed(Exception):
    """A scenario.toml that says something unknown, or too little."""


@dataclass
class Side:
    """What is expected of one of the two Dockerfiles: the original, or what --fix made of it."""
    fails: str = ""  # the first build fails, and its log has this pattern
    prints: str = ""  # what the image prints when it runs
    second_fails: str = ""
    second_prints: str = ""
    second: str = ""  # the original's second build is "cold" or "warm"


@dataclass
class Second:
    """The second build, after a small change."""
    change: str = ""  # a shell script, run in the context
    args: list = field(default_factory=list)  # build arguments
    caches: str = "kept"  # or "lost": they were pruned in between
    never_again: str = ""  # a pattern of the log or of requests: the first build did it, the second must not


@dataclass
class Scenario:
    name: str
    folder: Path
    title: str
    proves: list  # the rules whose fix is proven
    pending: list = field(default_factory=list)  # those of them that have no fix yet
    options: list = field(default_factory=list)  # of dockerlint, beside --fix
    args: list = field(default_factory=list)  # build arguments
    at_once: list = field(default_factory=list)  # several builds instead of one, each with this build argument
    holds: list = field(default_factory=list)  # paths that the image is for
    may_differ: list = field(default_factory=list)  # paths that need not be the same in both images
    runs: list = field(default_factory=list)  # the command of the image that prints
    once: str = ""  # a request that the original makes more than once, the result once
    side_by_side: list = field(default_factory=list)  # two that run at once only after the fix, see proof.py
    original: Side = field(default_factory=Side)
    result: Side = field(default_factory=Side)
    second: Second | None = None


def read(folder):
    try:
        said = tomllib.loads((folder / "scenario.toml").read_text())
        for key, kind in (("original", Side), ("result", Side), ("second", Second)):
            if key in said:
                said[key] = kind(**said[key])
        scenario = Scenario(name=folder.name, folder=folder, **said)
    except (OSError, TypeError, tomllib.TOMLDecodeError) as error:
        raise Malformed(f"{folder.name}: {error}") from error
    demand(scenario)
    return scenario


def demand(scenario):
    """What no scenario goes without: else it would prove nothing."""
    missing = [
        (scenario.proves, "proves: no rule"),
        (set(scenario.pending) <= set(scenario.proves), "pending: not among those in proves"),
        (scenario.holds, "holds: no file that the image is for"),
        (not scenario.runs or scenario.result.prints, "runs, but result.prints is missing"),
        (not scenario.runs or scenario.original.prints or scenario.original.fails,
         "runs, but original.prints is missing"),
        (scenario.second is None or scenario.second.never_again or scenario.original.second_fails
         or scenario.original.second_prints, "the second build has nothing to show"),
        (scenario.second is None or not scenario.second.never_again or scenario.original.second in ("cold", "warm")
         or scenario.original.fails or scenario.original.second_fails, "original.second: cold or warm?"),
    ]
    for there, complaint in missing:
        if not there:
            raise Malformed(f"{scenario.name}: {complaint}")
