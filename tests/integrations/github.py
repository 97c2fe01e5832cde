# SPDX-License-Identifier: Apache-2.0
"""action.yml and the workflows: run step by step as GitHub's runner would, and held against GitHub's schemas."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from given import FINDING, FIXED, PROGRAM, ROOT, VERSION, Downloading, Place, make_curl, needs, node_program, yaml_of
from pages import blocks_of
from runner import Ran, Runner

UPLOAD = "github/codeql-action/upload-sarif@v3"


@needs("curl", "bash")
class Action(Downloading):
    def setUp(self) -> None:
        super().setUp()
        self.write("api/Dockerfile", FINDING)

    def act(self, tree: Path = ROOT, **inputs: str) -> Ran:
        action = yaml_of((ROOT / "action.yml").read_text(encoding="utf-8"))
        temporary = self.top / "runner"
        temporary.mkdir()
        return Runner(action, tree, self.here, temporary, self.environment()).run(**inputs)

    def test_findings_become_annotations_a_summary_and_a_red_step(self) -> None:
        ran = self.act()
        self.assertEqual(ran.status, 1, ran.log)
        self.assertIn("::warning title=dockerlint (cache/missing-sharing),file=api/Dockerfile,line=2,", ran.log)
        self.assertIn("| warning | api/Dockerfile:2:5 | cache/missing-sharing |", ran.summary)
        self.assertEqual(ran.summary.count("## dockerlint"), 1)
        self.assertEqual(ran.outputs, {"exit-status": "1", "findings": "1", "sarif-file": ""})
        self.assertEqual(ran.used, {})

    def test_nothing_found_is_a_green_step(self) -> None:
        self.write("api/Dockerfile", FIXED)
        ran = self.act()
        self.assertEqual(ran.status, 0, ran.log)
        self.assertEqual(ran.outputs["findings"], "0")

    def test_sarif_is_uploaded_before_the_verdict(self) -> None:
        ran = self.act(upload_sarif="true")
        self.assertEqual(ran.status, 1, ran.log)
        self.assertEqual(ran.used, {UPLOAD: {"sarif_file": "dockerlint.sarif", "category": "dockerlint"}})
        results = json.loads(self.read("dockerlint.sarif"))["runs"][0]["results"]
        self.assertEqual([result["ruleId"] for result in results], ["cache/missing-sharing"])

    def test_sarif_can_be_for_something_else(self) -> None:
        ran = self.act(sarif_file="reports.sarif", fail_on="never")
        self.assertEqual(ran.status, 0, ran.log)
        self.assertEqual(ran.used, {})
        self.assertEqual(ran.outputs["sarif-file"], "reports.sarif")
        self.assertTrue((self.here / "reports.sarif").exists())

    def test_the_inputs_are_heeded(self) -> None:
        self.write("my web/Dockerfile", FINDING)
        self.write("other/Dockerfile", FINDING)
        self.write("strict.toml", '[rules]\n"cache/missing-sharing" = "error"\n')
        ran = self.act(paths="my web\n  api/Dockerfile  \n", config="strict.toml", fail_on="error", format="concise",
                       args="--quiet\n")
        self.assertEqual(ran.status, 1, ran.log)
        self.assertIn("\nmy web/Dockerfile:2:5: error[cache/missing-sharing]", ran.log)
        self.assertIn("\napi/Dockerfile:2:5: error[", ran.log)
        self.assertNotIn("other/", ran.log)
        self.assertNotIn("::", ran.log)
        self.assertEqual(ran.outputs["findings"], "2")

    def test_what_an_input_says_is_never_run(self) -> None:
        evil = "'; touch evil; $(touch evil) `touch evil`\n"
        ran = self.act(paths=evil, args="--ignore=$(touch evil)", config='"; touch evil; "')
        self.assertEqual(ran.status, 2, ran.log)
        self.assertFalse((self.here / "evil").exists())

    def test_trouble_is_status_2_and_uploads_nothing(self) -> None:
        self.write(".dockerlint.toml", "selekt = []\n")
        ran = self.act(upload_sarif="true")
        self.assertEqual(ran.status, 2, ran.log)
        self.assertEqual(ran.outputs["exit-status"], "2")
        self.assertEqual(ran.used, {})

    def test_a_version_that_was_never_released_is_an_error(self) -> None:
        ran = self.act(version="v9.9.9")
        self.assertEqual(ran.status, 1)
        self.assertIn("::error title=dockerlint::cannot install dockerlint 9.9.9", ran.log)
        self.assertEqual(ran.outputs["exit-status"], "")

    def test_a_version_may_be_chosen(self) -> None:
        self.assertEqual(self.act(version=VERSION, fail_on="never").status, 0)


    def test_without_a_release_the_program_is_built(self) -> None:
        """Here tools/run, which builds it, is played by one that has it already."""
        tree = self.top / "action"
        shutil.copytree(ROOT / "integrations", tree / "integrations")
        shutil.copy(ROOT / "CMakeLists.txt", tree)
        run = tree / "tools/run"
        run.parent.mkdir()
        run.write_text('#!/bin/sh\ncd "$(dirname "$0")/.." && mkdir -p build/release && '
                       f"cp {PROGRAM} build/release/\n", encoding="utf-8")
        run.chmod(0o755)
        make_curl(self.bin, self.top / "nothing")
        ran = self.act(tree)
        self.assertIn("building it, which takes minutes", ran.log)
        self.assertIn("::warning title=dockerlint (cache/missing-sharing)", ran.log)
        self.assertEqual(ran.status, 1)


class Schemas(unittest.TestCase):
    """GitHub's schemas of actions and workflows, as the npm package @action-validator/cli has them."""

    def check(self, file: Path) -> None:
        done = subprocess.run([node_program("action-validator"), file], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding="utf-8", check=False)
        self.assertEqual(done.returncode, 0, f"{file}:\n{done.stdout}")

    def test_the_action(self) -> None:
        self.check(ROOT / "action.yml")

    def test_our_own_workflows(self) -> None:
        workflows = sorted(ROOT.glob(".github/workflows/*.yml"))
        self.assertTrue(workflows)
        for workflow in workflows:
            self.check(workflow)

    def test_the_workflows_in_the_docs(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            found = [block for block in blocks_of(ROOT / "docs/ci.md") if block.name.startswith(".github/workflows/")]
            self.assertTrue(found)
            for number, block in enumerate(found):
                file = Path(folder, str(number), "workflow.yml")
                file.parent.mkdir()
                file.write_text(block.text, encoding="utf-8")
                self.check(file)

    def test_a_workflow_that_is_wrong_is_found_out(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "workflow.yml")
            file.write_text("on: push\njobs: { lint: { runs-on: ubuntu-latest, stepz: [] } }\n", encoding="utf-8")
            with self.assertRaises(AssertionError):
                self.check(file)


REVIEWDOG = """#!/usr/bin/env python3
import json, sys
suggestions = [suggestion["text"] for diagnostic in json.load(sys.stdin)["diagnostics"]
               for suggestion in diagnostic.get("suggestions", [])]
print(*sys.argv[1:], suggestions)
"""


class Examples(Place):
    def steps(self, name: str) -> list[dict[str, Any]]:
        path = f".github/workflows/{name}"
        workflows = [block.text for block in blocks_of(ROOT / "docs/ci.md") if block.name == path]
        self.assertEqual(len(workflows), 1)
        return [step for job in yaml_of(workflows[0])["jobs"].values() for step in job["steps"]]

    def run_last_step(self, name: str) -> subprocess.CompletedProcess[str]:
        (self.bin / "dockerlint").symlink_to(PROGRAM)
        return self.run_here("bash", "-e", "-c", self.steps(name)[-1]["run"])

    def test_reviewdog_is_given_suggestions(self) -> None:
        """What plays reviewdog here only reads its input; tests/formats has its schema."""
        (self.bin / "reviewdog").write_text(REVIEWDOG, encoding="utf-8")
        (self.bin / "reviewdog").chmod(0o755)
        self.write("Dockerfile", FINDING)
        done = self.run_last_step("reviewdog.yml")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("-f=rdjson -reporter=github-pr-review [',sharing=locked']\n", done.stdout)

    def test_later_steps_can_run_the_program(self) -> None:
        self.write("api/Dockerfile", FINDING)
        self.write("web/Dockerfile.dev", FIXED)
        done = self.run_last_step("dockerlint-fix.yml")
        self.assertEqual(done.returncode, 1)
        self.assertIn("+++ b/api/Dockerfile\n", done.stdout)

    def test_the_action_is_given_only_inputs_that_it_has(self) -> None:
        inputs = set(yaml_of((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"])
        seen = 0
        for block in blocks_of(ROOT / "docs/ci.md"):
            if not block.name.startswith(".github/workflows/"):
                continue
            for job in yaml_of(block.text)["jobs"].values():
                for step in job["steps"]:
                    if step.get("uses", "").startswith("dockerlint/dockerlint@"):
                        self.assertEqual(step["uses"], f"dockerlint/dockerlint@v{VERSION}")
                        self.assertLessEqual(set(step.get("with", {})), inputs)
                        seen += 1
        self.assertGreater(seen, 0)
