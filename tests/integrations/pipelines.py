# SPDX-License-Identifier: Apache-2.0
"""The pipelines for GitLab and Jenkins: their commands are run, as these do it, and their reports read."""

from __future__ import annotations

import json
import re
import textwrap
import xml.etree.ElementTree
from typing import Any

from given import FINDING, FIXED, RAW, ROOT, VERSION, WARNING, Downloading, Place, needs, node_program, yaml_of
from pages import blocks_of


@needs("curl", "bash")
class GitLab(Downloading):
    """GitLab's runner joins before_script and script into one script for bash, with these options."""

    def setUp(self) -> None:
        super().setUp()
        text = (ROOT / "integrations/gitlab/dockerlint.yml").read_text(encoding="utf-8")
        self.job: dict[str, Any] = yaml_of(text)["dockerlint"]

    def run_job(self, **variables: str) -> tuple[int, str]:
        script = "\n".join(["set -eo pipefail", *self.job["before_script"], *self.job["script"]])
        done = self.run_here("bash", "-c", script, **{**self.job["variables"], **variables}, GITLAB_CI="true")
        return done.returncode, done.stdout

    def report(self) -> list[dict[str, Any]]:
        issues: list[dict[str, Any]] = json.loads(self.read(self.job["artifacts"]["reports"]["codequality"]))
        return issues

    def test_findings_fail_the_job_and_are_reported(self) -> None:
        self.write("api/Dockerfile", FINDING)
        status, log = self.run_job()
        self.assertEqual(status, 1, log)
        self.assertIn(WARNING, log)
        self.assertEqual([(issue["check_name"], issue["location"]["path"]) for issue in self.report()],
                         [("cache/missing-sharing", "api/Dockerfile")])
        self.assertEqual(self.job["artifacts"]["when"], "always")

    def test_nothing_found_is_an_empty_report(self) -> None:
        self.write("api/Dockerfile", FIXED)
        status, log = self.run_job()
        self.assertEqual((status, self.report()), (0, []), log)

    def test_arguments_reach_it(self) -> None:
        self.write("api/Dockerfile", FINDING)
        self.write("web/Dockerfile", FINDING)
        status, log = self.run_job(DOCKERLINT_ARGS="--fail-on error web")
        self.assertEqual(status, 0, log)
        self.assertEqual([issue["location"]["path"] for issue in self.report()], ["web/Dockerfile"])

    def test_it_installs_the_release_that_it_belongs_to(self) -> None:
        self.assertEqual(self.job["variables"]["DOCKERLINT_VERSION"], VERSION)

    def test_the_example_includes_it(self) -> None:
        example = [yaml_of(block.text) for block in blocks_of(ROOT / "docs/ci.md") if block.name == ".gitlab-ci.yml"]
        self.assertEqual([page["include"] for page in example],
                         [[{"remote": f"{RAW}/v{VERSION}/integrations/gitlab/dockerlint.yml"}]])
        self.assertLessEqual(set(example[0]["dockerlint"]["variables"]), set(self.job["variables"]))


@needs("git")
class GitLabSchema(Place):
    """GitLab's schema of pipelines, and its rules of including and merging, as gitlab-ci-local has them."""

    def setUp(self) -> None:
        super().setUp()
        self.git("init", "-q")
        self.git("remote", "add", "origin", "git@gitlab.example.com:group/shop.git")
        job = (ROOT / "integrations/gitlab/dockerlint.yml").read_text(encoding="utf-8")
        self.write("integrations/gitlab/dockerlint.yml", job)

    def preview(self, pipeline: str) -> tuple[int, str]:
        self.write(".gitlab-ci.yml", pipeline)
        self.git("add", ".")
        done = self.run_here(node_program("gitlab-ci-local"), "--preview")
        return done.returncode, done.stdout

    def test_the_example_in_the_docs(self) -> None:
        example = next(block.text for block in blocks_of(ROOT / "docs/ci.md") if block.name == ".gitlab-ci.yml")
        status, pipeline = self.preview(example.replace(f"remote: {RAW}/v{VERSION}/", "local: /"))
        self.assertEqual(status, 0, pipeline)
        self.assertIn("- dockerlint $DOCKERLINT_ARGS\n", pipeline)
        self.assertIn("DOCKERLINT_ARGS: '--fail-on error api'\n", pipeline)
        self.assertIn(f"DOCKERLINT_VERSION: {VERSION}\n", pipeline)

    def test_a_job_that_is_wrong_is_found_out(self) -> None:
        status, said = self.preview("include: { local: /integrations/gitlab/dockerlint.yml }\n"
                                    "dockerlint: { stagee: test }\n")
        self.assertNotEqual(status, 0)
        self.assertIn("'stagee' property is not expected", said)


@needs("curl")
class Jenkins(Downloading):
    """No Jenkins runs here: the `sh` steps of the pipeline do, in their order, each as Jenkins starts it."""

    def setUp(self) -> None:
        super().setUp()
        self.text = (ROOT / "integrations/jenkins/Jenkinsfile").read_text(encoding="utf-8")

    def run_pipeline(self) -> tuple[int, str]:
        version = re.search(r"DOCKERLINT_VERSION = '([^']*)'", self.text)
        assert version is not None
        log = ""
        for several, one in re.findall(r"^ *sh (?:'''(.*?)'''|'([^'\n]*)')$", self.text, re.MULTILINE | re.DOTALL):
            script = self.write("../step.sh", textwrap.dedent(several or one))
            done = self.run_here("sh", "-xe", str(script), DOCKERLINT_VERSION=version[1])
            log += done.stdout
            if done.returncode != 0:
                return done.returncode, log
        return 0, log

    def test_findings_fail_the_build_and_are_recorded(self) -> None:
        self.write("api/Dockerfile", FINDING)
        status, log = self.run_pipeline()
        self.assertEqual(status, 1, log)
        self.assertIn(WARNING, log)
        pattern = re.search(r"checkStyle\(.*pattern: '([^']*)'", self.text)
        assert pattern is not None
        report = xml.etree.ElementTree.parse(self.here / pattern[1])
        self.assertEqual([error.get("source") for error in report.iter("error")], ["dockerlint.cache/missing-sharing"])

    def test_nothing_found_passes(self) -> None:
        self.write("api/Dockerfile", FIXED)
        status, log = self.run_pipeline()
        self.assertEqual(status, 0, log)

    def test_it_installs_the_release_that_it_belongs_to(self) -> None:
        self.assertIn(f"DOCKERLINT_VERSION = '{VERSION}'", self.text)

    def test_the_docs_show_it_as_it_is(self) -> None:
        pipeline = self.text[self.text.index("pipeline {"):]
        shown = [block.text for block in blocks_of(ROOT / "docs/ci.md") if block.language == "groovy"]
        self.assertEqual(shown, [pipeline])
