# SPDX-License-Identifier: Apache-2.0
"""The proof of one scenario: build the original, let dockerlint fix it, build the result, compare."""

import json
import os
import re
import shutil
import subprocess

from . import image

# The time that all files of a context have, as in a checkout that is older than the caches: 2024-01-01.
OLD = 1704067200
SIDES = ("original", "result")


class Failed(Exception):
    """Says what did not hold, in lines."""


class Proof:
    """What came of it: `failures`, or else `pending` rules, or else it is proven."""

    def __init__(self, scenario, engine, shop, program, work):
        self.scenario, self.engine, self.shop, self.program = scenario, engine, shop, program
        self.place = work / scenario.name  # a folder with both contexts, and the logs
        self.failures, self.pending = [], []
        self.seconds = {}  # of "original", "original again", "result", "result again"
        self._tags = []

    def prove(self, by_hand=None):
        """`by_hand`: a Dockerfile that stands in for what --fix would make."""
        try:
            self.copy_contexts()
            if by_hand:
                shutil.copy(by_hand, self.place / "result/Dockerfile")
            else:
                self.pending = self.unfixed()
            before = self.builds("original")
            if not self.pending:
                after = self.builds("result")
                self.compare_images(before, after)
                if self.scenario.pending and not by_hand:
                    raise Failed(f"{', '.join(self.scenario.pending)}: proven, so take it out of `pending`")
        except Failed as failed:
            self.failures, self.pending = [str(failed)], []
        finally:
            self.engine.remove(*self._tags)
        return self

    def copy_contexts(self):
        """Without what is for us; all files old."""
        shutil.rmtree(self.place, ignore_errors=True)
        for side in SIDES:
            copy = self.place / side
            shutil.copytree(self.scenario.folder, copy, ignore=shutil.ignore_patterns("scenario.toml"))
            # Else `COPY . .` of the two would differ, and a change of the Dockerfile would be one of the sources.
            (copy / ".dockerignore").write_text("Dockerfile\n.dockerignore\nnext\n")
            for path in copy.rglob("*"):
                os.utime(path, (OLD, OLD))

    # What dockerlint does.

    def unfixed(self):
        """Fixes the result's Dockerfile. The rules to prove that had nothing fixed; only pending ones may."""
        dockerfile = self.place / "result/Dockerfile"
        before = self.fixable(dockerfile)
        self.dockerlint("--fix", *self.scenario.options, dockerfile)
        done = before - self.fixable(dockerfile)
        undone = [rule for rule in self.scenario.proves if rule not in done]
        missed = [rule for rule in undone if rule not in self.scenario.pending]
        if missed:
            raise Failed(f"not proven: --fix changes nothing for {', '.join(missed)}")
        return undone

    def fixable(self, dockerfile):
        """The rules with a fix that is applied: a safe one, unless the scenario wants more."""
        options = [option for option in self.scenario.options if option != "--unsafe-fixes"]  # which goes with --fix
        applied = ("safe",) if options == self.scenario.options else ("safe", "unsafe")
        report = json.loads(self.dockerlint("--format", "json", *options, dockerfile))
        return {finding["rule"] for finding in report["findings"]
                if finding.get("fix", {}).get("applicability") in applied}

    def dockerlint(self, *arguments):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise Failed(f"dockerlint {' '.join(map(str, arguments))}: status {done.returncode}\n{done.stderr}")
        return done.stdout

    # What the builds do. `side` is one of SIDES.

    def builds(self, side):
        """First and second build. The layers of the first images; none where the build is to fail."""
        scenario, expected = self.scenario, getattr(self.scenario, side)
        self.engine.forget_everything()
        write_without_syntax(self.place / side / "Dockerfile")
        arguments = [scenario.args + [argument] for argument in scenario.at_once] or [scenario.args]
        first = self.build(side, side, arguments)
        if expected.fails:
            demand_failure(first, expected.fails, f"the {side}")
            return []
        demand_success(first, f"the {side}")
        self.demand_once(side, first)
        self.demand_side_by_side(side, first)
        images = [self.layers(build, side) for build in first]
        self.demand_print(first[0], expected.prints, f"the {side}")
        if scenario.second:
            self.build_again(side, first[0], scenario.second, arguments[0])
        return images

    def build_again(self, side, first, second, arguments):
        expected, whose = getattr(self.scenario, side), f"the second build of the {side}"
        subprocess.run(["sh", "-eu", "-c", second.change], cwd=self.place / side, check=True)
        if second.caches == "lost":
            self.engine.empty_caches()
        again = self.build(f"{side} again", side, [second.args or arguments])
        if expected.second_fails:
            demand_failure(again, expected.second_fails, whose)
            return
        demand_success(again, whose)
        self.demand_print(again[0], expected.second_prints, whose)
        if second.never_again:
            if not first.says(second.never_again):
                raise Failed(f"the first build of the {side} has nothing like {second.never_again}: it proves nothing")
            demand_warmth(again[0], second.never_again, expected.second, whose)

    def build(self, name, side, arguments):
        """Builds at once, one for each list of build arguments."""
        tags = [f"{self.scenario.name}:{name.replace(' ', '-')}-{number}" for number in range(len(arguments))]
        self._tags += tags
        context = self.place / side
        done = self.engine.build_at_once([(context, *each) for each in zip(tags, arguments)], self.shop)
        for build in done:
            log = self.place / f"{build.tag.partition(':')[2]}.log"
            log.write_text(build.log + "".join(f"shop: {request}\n" for request in build.requests))
        if all(build.good for build in done):
            self.seconds[name] = max(build.seconds for build in done)
        return done

    def layers(self, build, side):
        """Of an image that has what it is for."""
        layers = self.engine.layers(build.tag)
        absent = [path for path in self.scenario.holds if not image.lookup(layers, path)]
        if absent:
            raise Failed(f"the image of the {side} lacks {', '.join(absent)}")
        return layers

    def compare_images(self, before, after):
        may_differ = list(self.scenario.may_differ)
        if self.scenario.original.prints != self.scenario.result.prints:
            may_differ += self.scenario.holds  # the original ships something else: that is what is wrong with it
        for old, new in zip(before, after):
            differing = image.differences(old, new, may_differ)
            if differing:
                raise Failed(lines("the images differ", differing))

    # What is demanded of them.

    def demand_print(self, build, wanted, whose):
        if wanted:
            printed = self.engine.run(build.tag, self.scenario.runs)
            if printed != wanted:
                raise Failed(f"{whose} ships what prints `{printed}`, not `{wanted}`")

    def demand_once(self, side, builds):
        if self.scenario.once:
            count = len([request for request in builds[0].requests if re.search(self.scenario.once, request)])
            if count != 1 if side == "result" else count < 2:
                raise Failed(f"the {side} asks {count} times for {self.scenario.once}")

    def demand_side_by_side(self, side, builds):
        """The two print `NAME begins SECONDS` and `NAME ends SECONDS`."""
        if not self.scenario.side_by_side:
            return
        log = "\n".join(build.log for build in builds)
        spans = []
        for name in self.scenario.side_by_side:
            times = [re.search(rf"^#\d+ \d+\.\d+ {name} {what} (\d+\.\d+)$", log, re.M) for what in ("begins", "ends")]
            if None in times:
                raise Failed(f"the {side} does not say when {name} begins and ends")
            spans.append([float(time[1]) for time in times])
        together = max(begin for begin, _ in spans) < min(end for _, end in spans)
        if together != (side == "result"):
            raise Failed(f"in the {side} the two run {'at once' if together else 'one after the other'}: {spans}")


def write_without_syntax(dockerfile):
    """No frontend can be fetched here: the directive becomes an empty comment, so that line numbers stay."""
    text = dockerfile.read_text()
    dockerfile.write_text(re.sub(r"\A#\s*syntax\s*=.*", "#", text, flags=re.I))


def demand_success(builds, whose):
    for build in builds:
        if not build.good:
            raise Failed(lines(f"{whose} does not build", end_of(build.log)))


def demand_failure(builds, pattern, whose):
    if all(build.good for build in builds):
        raise Failed(f"{whose} builds; it should fail with {pattern}")
    log = "\n".join(build.log for build in builds if not build.good)
    if not re.search(pattern, log):
        raise Failed(lines(f"{whose} fails, but not with {pattern}", end_of(log)))


def demand_warmth(build, never_again, wanted, whose):
    """`wanted` is what the original says of itself; a result is warm."""
    repeated = build.says(never_again)
    if wanted == "cold" and not repeated:
        raise Failed(f"{whose} is warm already: nothing like {never_again}")
    if wanted != "cold" and repeated:
        raise Failed(lines(f"{whose} is cold", repeated))


def end_of(log):
    return log.rstrip().splitlines()[-15:]


def lines(head, rest, limit=15):
    more = [f"… and {len(rest) - limit} more"] if len(rest) > limit else []
    return "\n".join([f"{head}:", *(f"    {line}" for line in rest[:limit] + more)])
