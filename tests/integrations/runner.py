# SPDX-License-Identifier: Apache-2.0
"""Runs a composite action as GitHub's runner does, as far as ours goes: inputs, outputs, `if`, files for commands.

Expressions are `inputs.NAME`, `steps.ID.outputs.NAME`, strings, `==` and `!=`. Steps that use another action are only
written down, with what they would be given.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")


@dataclass
class Ran:
    status: int = 0
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    used: dict[str, dict[str, str]] = field(default_factory=dict)  # other actions, with their inputs


class Runner:
    """`action` is action.yml as a tree, `tree` the folder of the action, `here` the checkout that it works on."""

    def __init__(self, action: dict[str, Any], tree: Path, here: Path, temporary: Path, environment: dict[str, str]):
        self.action, self.tree, self.here, self.temporary = action, tree, here, temporary
        self.environment = {**environment, "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_ACTION_PATH": str(tree),
                            "GITHUB_WORKSPACE": str(here), "RUNNER_TEMP": str(temporary), "RUNNER_OS": "Linux"}
        self.values: dict[str, str] = {}

    def run(self, **inputs: str) -> Ran:
        """Names of inputs have `_` for `-`."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        unknown = set(given) - set(self.action["inputs"])
        assert not unknown, f"the action has no input {unknown}"
        self.values = {f"inputs.{name}": given.get(name, about.get("default", ""))
                       for name, about in self.action["inputs"].items()}
        ran = Ran()
        for number, step in enumerate(self.action["runs"]["steps"]):
            # A step without a function of its own to say otherwise runs only if all before it went well.
            if ran.status != 0 or not self.holds(step.get("if", "'true' == 'true'")):
                continue
            if "uses" in step:
                ran.used[step["uses"]] = {name: self.fill(value) for name, value in step["with"].items()}
            else:
                self.run_step(f"step-{number}", step, ran)
        ran.outputs = {name: self.fill(about["value"]) for name, about in self.action["outputs"].items()}
        return ran

    def run_step(self, name: str, step: dict[str, Any], ran: Ran) -> None:
        assert step["shell"] == "bash"
        files = {variable: self.temporary / f"{name}-{variable}"
                 for variable in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")}
        for file in files.values():
            file.write_text("")
        script = self.temporary / f"{name}.sh"
        script.write_text(self.fill(step["run"]), encoding="utf-8")
        environment = {**self.environment, **{key: str(file) for key, file in files.items()},
                       **{key: self.fill(value) for key, value in step.get("env", {}).items()}}
        done = subprocess.run([*BASH, script], cwd=self.here, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
        ran.status = done.returncode
        ran.log += done.stdout
        ran.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        for folder in files["GITHUB_PATH"].read_text(encoding="utf-8").splitlines():
            self.environment["PATH"] = f"{folder}:{self.environment['PATH']}"
        for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{step['id']}.outputs.{key}"] = value

    def fill(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: self.value(match[1]), text)

    def value(self, expression: str) -> str:
        if re.fullmatch("'[^']*'", expression):
            return expression[1:-1]
        if re.fullmatch(r"steps\.[\w-]+\.outputs\.[\w-]+", expression):
            return self.values.get(expression, "")
        return self.values[expression]

    def holds(self, condition: str) -> bool:
        left, operator, right = condition.split()
        return (self.value(left) == self.value(right)) == (operator == "==")
