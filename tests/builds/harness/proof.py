# SPDX-License-Identifier: Apache-2.0
"""The proof of one scenario: build the original, let dockerlint fix it, build the result, compare."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field

from . import image

# The time that all files of a context have, as in a checkout that is older than the caches: 2024-01-01.
OLD = 1704067200


@dataclass
class Proof:
    """What came of it. `pending` is said only where nothing failed."""
    scenario: object
    failures: list = field(default_factory=list)
    pending: list = field(default_factory=list)
    seconds: dict = field(default_factory=dict)  # "original", "original again", "result", "result again"


class Failed(Exception):
    """Says what did not hold, in lines."""


class Prover:
    def __init__(self, engine, shop, program, work):
        self.engine, self.shop, self.program, self.work = engine, shop, program, work

    def prove(self, scenario, by_hand=None):
        """`by_hand`: a Dockerfile that stands in for what --fix would make."""
        proof = Proof(scenario)
        place = self.work / scenario.name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        tags = []
        try:
            original, result = self.contexts(scenario, place)
            if by_hand:
                shutil.copy(by_hand, result / "Dockerfile")
            else:
                done = self.fix(scenario, result)
                self.compare_rules(scenario, done, proof)
            before = self.builds(scenario, "original", original, scenario.original, proof, tags)
            if proof.pending:
                return proof
            after = self.builds(scenario, "result", result, scenario.result, proof, tags)
            self.compare_images(scenario, before, after)
            if not by_hand and scenario.pending:
                raise Failed(f"{', '.join(scenario.pending)}: proven, so take it out of `pending`")
        except Failed as failed:
            proof.failures.append(str(failed))
            proof.pending = []
        finally:
            self.engine.remove(*tags)
        return proof

    def contexts(self, scenario, place):
        """Two copies of the context, without what is for us; all files old."""
        copies = []
        for name in ("original", "result"):
            copy = place / name
            shutil.copytree(scenario.folder, copy, ignore=shutil.ignore_patterns("scenario.toml"))
            # Else `COPY . .` of the two would differ, and a change of the Dockerfile would be one of the sources.
            (copy / ".dockerignore").write_text("Dockerfile\n.dockerignore\nnext\n")
            for path in copy.rglob("*"):
                os.utime(path, (OLD, OLD))
            copies.append(copy)
        return copies

    def fix(self, scenario, context):
        """The rules whose findings --fix has fixed."""
        dockerfile = context / "Dockerfile"
        text = dockerfile.read_text()
        before = self.fixable(scenario, dockerfile)
        self.dockerlint("--fix", *scenario.options, dockerfile)
        if dockerfile.read_text() == text:
            return set()
        return before - self.fixable(scenario, dockerfile)

    def fixable(self, scenario, dockerfile):
        report = json.loads(self.dockerlint("--format", "json", *scenario.options, dockerfile))
        return {finding["rule"] for finding in report["findings"]
                if finding.get("fix", {}).get("applicability") == "safe"}

    def dockerlint(self, *arguments):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise Failed(f"dockerlint {' '.join(map(str, arguments))}: status {done.returncode}\n{done.stderr}")
        return done.stdout

    def compare_rules(self, scenario, done, proof):
        undone = [rule for rule in scenario.proves if rule not in done]
        surprising = [rule for rule in undone if rule not in scenario.pending]
        if surprising:
            raise Failed(f"not proven: --fix changes nothing for {', '.join(surprising)}")
        proof.pending = undone

    def builds(self, scenario, side, context, expected, proof, tags):
        """First and second build of one side. The files of the first images, where there are any."""
        self.engine.forget_everything()
        without_syntax(context / "Dockerfile")
        first = self.build(scenario, side, context, scenario.at_once or [None], scenario.args, proof, tags)
        if expected.fails:
            demand_failure(first, expected.fails, f"the {side}")
            return None
        demand_success(first, f"the {side}")
        self.demand_order(scenario, side, first)
        images = [self.files(scenario, side, build.tag, expected) for build in first]
        self.demand_print(scenario, first[0].tag, expected.prints, f"the {side}")
        if scenario.second:
            self.second_build(scenario, side, context, expected, first, proof, tags)
        return images

    def build(self, scenario, side, context, at_once, args, proof, tags):
        orders = []
        for number, argument in enumerate(at_once):
            tag = f"{scenario.name}:{side.replace(' ', '-')}-{number}"
            tags.append(tag)
            orders.append((context, tag, args + ([argument] if argument else [])))
        done = self.engine.build_at_once(orders, self.shop)
        for (_, tag, _), build in zip(orders, done):
            build.tag = tag
            (self.work / scenario.name / f"{tag.partition(':')[2]}.log").write_text(
                build.log + "".join(f"shop: {request}\n" for request in build.requests))
        if all(build.good for build in done):
            proof.seconds[side] = max(build.seconds for build in done)
        return done

    def second_build(self, scenario, side, context, expected, first, proof, tags):
        second = scenario.second
        if second.change:
            subprocess.run(["sh", "-eu", "-c", second.change], cwd=context, check=True)
        if second.caches == "lost":
            self.engine.empty_caches()
        args = second.args or scenario.args or scenario.at_once[:1]
        again = self.build(scenario, f"{side} again", context, [None], args, proof, tags)
        whose = f"the second build of the {side}"
        if expected.second_fails:
            demand_failure(again, expected.second_fails, whose)
            return
        demand_success(again, whose)
        self.demand_print(scenario, again[0].tag, expected.second_prints, whose)
        if second.never_again:
            if not first[0].says(second.never_again):
                raise Failed(f"the first build of the {side} has nothing like {second.never_again}: it proves nothing")
            repeated = again[0].says(second.never_again)
            cold = expected.second == "cold"
            if cold and not repeated:
                raise Failed(f"{whose} is warm already: nothing like {second.never_again}")
            if not cold and repeated:
                raise Failed(lines(f"{whose} is cold", repeated))

    def files(self, scenario, side, tag, expected):
        with self.engine.export(tag) as stream:
            found = image.files(stream)
        absent = [path for path in scenario.holds if path not in found]
        if absent != expected.lacks:
            raise Failed(f"the image of the {side} lacks {', '.join(absent) or 'nothing'}")
        return found

    def compare_images(self, scenario, before, after):
        may_differ = scenario.may_differ + scenario.original.lacks
        if scenario.original.prints != scenario.result.prints:
            may_differ += scenario.holds  # the original ships something else: that is what was wrong
        for old, new in zip(before or [], after):
            differing = image.differences(old, new, may_differ)
            if differing:
                raise Failed(lines("the images differ", differing))

    def demand_print(self, scenario, tag, wanted, whose):
        if wanted:
            printed = self.engine.run(tag, scenario.runs)
            if printed != wanted:
                raise Failed(f"{whose} ships what prints `{printed}`, not `{wanted}`")

    def demand_order(self, scenario, side, builds):
        """How often something was asked for, and what ran beside what.

        The two of `side_by_side` print `NAME begins SECONDS` and `NAME ends SECONDS`.
        """
        if scenario.once:
            count = len([line for line in builds[0].requests if re.search(scenario.once, line)])
            if (count > 1) if side == "result" else (count < 2):
                raise Failed(f"the {side} asks {count} times for {scenario.once}")
        if scenario.side_by_side:
            log = "\n".join(build.log for build in builds)
            spans = []
            for name in scenario.side_by_side:
                times = [re.search(rf"^#\d+ \d+\.\d+ {name} {what} (\d+\.\d+)$", log, re.M) for what in ("begins", "ends")]
                if None in times:
                    raise Failed(f"the {side} does not say when {name} begins and ends")
                spans.append([float(time[1]) for time in times])
            together = max(span[0] for span in spans) < min(span[1] for span in spans)
            if together != (side == "result"):
                raise Failed(f"in the {side} the two run {'at once' if together else 'one after the other'}: {spans}")


def without_syntax(dockerfile):
    """No frontend can be fetched here: the directive becomes an empty comment, so that line numbers stay."""
    text = dockerfile.read_text()
    dockerfile.write_text(re.sub(r"\A#\s*syntax\s*=.*", "#", text, flags=re.I))


def demand_success(builds, whose):
    for build in builds:
        if not build.good:
            raise Failed(lines(f"{whose} does not build", excerpt(build.log)))


def demand_failure(builds, pattern, whose):
    if all(build.good for build in builds):
        raise Failed(f"{whose} builds; it should fail with {pattern}")
    log = "\n".join(build.log for build in builds if not build.good)
    if not re.search(pattern, log):
        raise Failed(lines(f"{whose} fails, but not with {pattern}", excerpt(log)))


def excerpt(log):
    return log.rstrip().splitlines()[-15:]


def lines(head, rest, limit=15):
    more = [f"… and {len(rest) - limit} more"] if len(rest) > limit else []
    return "\n".join([f"{head}:", *(f"    {line}" for line in rest[:limit] + more)])
