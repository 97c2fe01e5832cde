# SPDX-License-Identifier: Apache-2.0
"""The Docker engine of these tests, and builds on it."""

import json
import os
import re
import shlex
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .shop import HOSTS_ENTRY

SCRIPT = Path(__file__).parent.parent / "engine"


@dataclass
class Build:
    """One build that has ended."""
    tag: str
    good: bool
    seconds: float
    log: str
    requests: list  # to the shop, also those of builds beside it

    def says(self, pattern):
        """The lines of the log, and the requests to the shop, that have the pattern."""
        lines = [re.sub(r"^#\d+ (\d+\.\d+ )?", "", line) for line in self.log.splitlines()]
        # What BuildKit prints of the Dockerfile itself is nothing that happened.
        lines = [line for line in lines if not re.match(r"\[.*\] [A-Z]+ |\s*\d+ \||>>> ", line)]
        return [line for line in lines + self.requests if re.search(pattern, line)]


def why_not(folder):
    """Why there can be no engine in this folder; empty where there can."""
    return subprocess.run([SCRIPT, "check", folder], capture_output=True, text=True).stdout.strip()


class Engine:
    """Runs within `with`; stopped at its end, whatever happens."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        try:
            self._script("start")
            self._environment = self._read_environment()
            self.forget_everything()
        except BaseException:
            self._script("stop")
            raise
        return self

    def __exit__(self, *_):
        self._script("stop")

    def version(self):
        return self.docker("version", "--format", "{{.Server.Version}}").strip()

    def docker(self, *arguments):
        return subprocess.run(["docker", *arguments], env=self._environment, check=True, text=True, capture_output=True,
                              errors="replace").stdout

    def forget_everything(self):
        """Layers and cache mounts; images stay."""
        self.docker("builder", "prune", "--all", "--force")

    def empty_caches(self):
        self.docker("builder", "prune", "--force", "--filter", "type=exec.cachemount")

    def build_at_once(self, builds, shop):
        """Builds of (context, tag, build arguments) started together; a Build for each, in order."""
        before, started = len(shop.requests), time.monotonic()
        running = [self._start_build(*build) for build in builds]
        try:
            logs = [process.communicate()[0] for process in running]
        finally:
            for process in running:
                if process.poll() is None:
                    process.kill()
        seconds, requests = time.monotonic() - started, shop.since(before)
        return [Build(tag, process.returncode == 0, seconds, log, requests)
                for (_, tag, _), process, log in zip(builds, running, logs)]

    def layers(self, tag):
        """The folders that an image is made of, the bottom one first."""
        data = json.loads(self.docker("image", "inspect", "--format", "{{json .GraphDriver.Data}}", tag))
        return list(reversed([data["UpperDir"], *filter(None, data.get("LowerDir", "").split(":"))]))

    def run(self, tag, command):
        call = ["docker", "run", "--rm", "--network", "none", "--entrypoint", command[0], tag, *command[1:]]
        done = subprocess.run(call, env=self._environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout.strip()

    def remove(self, *tags):
        subprocess.run(["docker", "image", "rm", "--force", *tags], env=self._environment, capture_output=True)

    def _start_build(self, context, tag, arguments):
        command = ["docker", "build", "--progress", "plain", "--network", "host", "--add-host", HOSTS_ENTRY]
        command += ["--tag", tag]
        for argument in arguments:
            command += ["--build-arg", argument]
        return subprocess.Popen([*command, context], env=self._environment, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, errors="replace")

    def _script(self, what):
        # A session of its own, so that all of it can be ended.
        with subprocess.Popen([SCRIPT, what, self.folder], start_new_session=True) as process:
            try:
                status = process.wait()
            except BaseException:
                os.killpg(process.pid, signal.SIGTERM)
                raise
        if status != 0:
            raise RuntimeError(f"tests/builds/engine {what} ended with status {status}")

    def _read_environment(self):
        script = f". {shlex.quote(str(self.folder / 'environment'))}; env -0"
        text = subprocess.run(["sh", "-c", script], check=True, capture_output=True, text=True).stdout
        return dict(line.split("=", 1) for line in text.split("\0") if line)
