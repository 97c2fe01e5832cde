#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files made to be hard, four times as big: they may take four times as long, not sixteen times.

    tests/growth/growth.py PROGRAM [NAME…]

Each is read, linted, fixed and shown, with all rules and unsafe fixes. CPU time counts, and only where there is enough of
it to be measured. The exit status is 1 when a file took out of proportion, crashed, or found a fault in dockerlint.
"""

import os
import resource
import subprocess
import sys
import tempfile

SIZE = 4000
MEASURABLE = 0.2  # seconds
TOO_MUCH = 1.8  # times what is in proportion: allocators and caches make some difference
LIMIT = 60  # seconds

FROM = "FROM debian:12\n"
DEEP = 12000  # a line of BuildKit's has 64 KiB


def each(count, text, between=""):
    return between.join(text.replace("%d", str(i)) for i in range(count))


def lines(count, text, before=FROM, after=""):
    return before + each(count, text) + after


def run(count, text, between=" && \\\n", after=""):
    return FROM + "RUN " + each(count, text, between) + after + "\n"


DOCKERFILES = {
    # stages
    "stages on stages": lambda n: "FROM x AS s0\n" + "".join(
        f"FROM s{i} AS s{i + 1}\nENV A{i}=1\nRUN --mount=type=cache,target=/root/.npm npm ci\n" for i in range(n)),
    "copies from the stage before": lambda n: "FROM x AS s0\n" + "".join(
        f"FROM x AS s{i + 1}\nCOPY --from=s{i} /a /a\n" for i in range(n)),
    "copies by number": lambda n: "FROM x\n" * n + each(n, "COPY --from=%d /a /b%d\n"),
    "mounted products": lambda n: "FROM x AS b\n" + each(
        n, "RUN --mount=type=cache,target=/c%d make && cp /c%d/a /b%d\n") + FROM + each(n, "COPY --from=b /c%d /x\n"),
    "triggers": lambda n: lines(n, "ONBUILD RUN npm ci\n"),
    "triggers in triggers": lambda n: FROM + "ONBUILD " * min(n, DEEP // 2) + "RUN true\n",
    # variables and directories
    "arguments": lambda n: each(n, "ARG A%d=1\n") + lines(n, "ARG A%d\nRUN echo $A%d\n"),
    "one ENV": lambda n: FROM + "ENV " + each(n, "A%d=1", " \\\n ") + "\nRUN true\n",
    "variables that double": lambda n: lines(n, "ENV A=${A}x$A\n"),
    "a path that grows": lambda n: lines(n, "ENV PATH=/a:$PATH\nRUN npm ci\n"),
    "settings": lambda n: lines(n, "ENV npm_config_cache=/c%d\nRUN --mount=type=cache,target=/c%d npm ci && go build\n"),
    "relative directories": lambda n: lines(n, "WORKDIR a\nRUN --mount=type=cache,target=x npm ci\nCOPY a b\n"),
    "changed directories": lambda n: run(n, "cd a && touch b"),
    "users": lambda n: lines(n, "USER u%d\nRUN --mount=type=cache,target=/root/.npm npm ci\n"),
    "shells": lambda n: lines(n, 'SHELL ["/bin/bash", "-c"]\nRUN npm ci\n'),
    "patterns": lambda n: FROM + "ENV A=" + "a" * min(n, DEEP) + "\nARG B=${A##*b}\nARG C=${A/*a*b/x}\nARG D=${A//a/bb}\n",
    "defaults in defaults": lambda n: FROM + "ENV A=" + "${a:-\\\n" * n + "}" * min(n, DEEP) + "\n",
    # mounts
    "mounts of one RUN": lambda n: FROM + "RUN " + each(n, "--mount=type=cache,target=/a%d", " \\\n ") + " true\n",
    "mounts of one cache": lambda n: FROM + "RUN " + each(n, "--mount=type=cache,target=/var/cache/apt", " \\\n ")
    + " apt-get update\n",
    "mounts in one place": lambda n: FROM + "RUN " + each(n, "--mount=type=cache,id=x%d,target=/root/.npm", " \\\n ")
    + " npm ci\n",
    "mounts in one line": lambda n: FROM + "RUN " + "--mount=type=cache,target=/var/cache/apt " * n + "apt-get update\n",
    "options of one mount": lambda n: FROM + "RUN --mount=type=cache" + each(n, ",\\\n%d=") + ",target=/a true\n",
    "scattered ids": lambda n: lines(n, "RUN --mount=type=cache,id=n%d,target=/root/.npm,sharing=locked npm ci\n"),
    # scripts
    "commands": lambda n: run(n, "apt-get install -y p%d"),
    "commands that might fail": lambda n: run(n, "false%d || a%d"),
    "many tools": lambda n: lines(n // 4, "RUN pip install x%d\nRUN npm ci\nRUN go build ./...\nRUN cargo build\n"
                                          "RUN mvn package\nCOPY a%d b%d\n"),
    "one command": lambda n: FROM + "RUN apt-get install -y \\\n " + each(n, "p%d", " \\\n ") + "\n",
    "what is put and taken away": lambda n: run(n, "npm ci && rm -rf /root/.npm/x%d && cp /root/.npm/y%d /z%d"),
    "variables of a script": lambda n: run(n, "a=$a$a; export B%d=$a; npm ci; echo $a", "; \\\n"),
    "links": lambda n: run(n, "ln -s /a%d /b%d && touch /b%d/x"),
    "functions": lambda n: run(n, "f%d() { f%d; f%d; }", "; \\\n"),
    "loops in loops": lambda n: FROM + "RUN " + "for i in a b c d; do \\\n" * n + "rm $i; \\\n" + "done; \\\n" * n + "true\n",
    "many words in a loop": lambda n: FROM + "RUN for i in " + each(n, "w%d", " \\\n ") + "; do rm -rf /x/$i; done\n",
    "braces": lambda n: FROM + "RUN rm -rf " + "{a,b}" * min(n, DEEP) + " && mkdir " + "{a," * min(n, DEEP // 3) + "\n",
    "a range": lambda n: FROM + "RUN rm -rf /x/{1..999999999}\n" * (n // 100),
    "parentheses": lambda n: FROM + "RUN " + "(" * DEEP + "\n" + "RUN echo " + "$(a \\\n" * n + ")" * min(n, DEEP) + "\n",
    "conditions": lambda n: FROM + "RUN <<EOF\n" + "if a; then\n" * n + "true\n" + "fi\n" * n + "EOF\n",
    # instructions
    "heredocs": lambda n: lines(n, "RUN <<E%d\nnpm ci\nE%d\n"),
    "heredocs of one RUN": lambda n: FROM + "RUN cat " + each(n, "<<E%d", " \\\n") + "\n" + each(n, "x\nE%d\n"),
    "heredocs without end": lambda n: lines(n, "RUN <<E%d\nnpm ci\n"),
    "heredocs whose end is indented": lambda n: lines(n, "RUN <<E\nnpm ci\n  E\n"),
    "heredocs in a script": lambda n: FROM + "RUN <<EOF\n" + "cat <<X\n$(cat <<Y\nx\n" * n + "EOF\n",
    "comments in one RUN": lambda n: FROM + "RUN a \\\n" + "# c\n b \\\n\n" * n + "b\n",
    "ignored": lambda n: lines(n, "# dockerlint ignore=cache/needless-lock x\n"
                                  "RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci\n"),
    "ignored for nothing": lambda n: lines(n, "# dockerlint ignore=cache/needless-lock x\n", after="RUN true\n"),
    "unknown instructions": lambda n: lines(n, "RUNN%d x\nRUN --moutn=type=cache true\n"),
    "copies": lambda n: lines(n, "COPY a%d /d/b%d\nRUN cat /d/b%d > /d/c%d && rm -rf /d\n"),
    "sources of one COPY": lambda n: FROM + "COPY " + each(n, "a%d", " \\\n") + " /d/\nRUN true\n",
    "labels": lambda n: FROM + "LABEL " + each(n, "a%d=b", " \\\n") + "\n",
    "a long word": lambda n: FROM + "RUN " + ("a" * 100 + "\\\n") * n + "\n",
    "carriage returns": lambda n: FROM + "RUN a" + "\r" * 10 * n + "\n",
}

DEFINITIONS = {
    "services": ("compose.yaml", lambda n: "services:\n" + each(
        n, "  s%d:\n    build:\n      context: .\n      args: {A: %d}\n")),
    "services with Dockerfiles": ("compose.yaml", lambda n: "services:\n" + each(
        n, "  s%d:\n    build:\n      dockerfile_inline: |\n        FROM debian:12\n"
           "        RUN --mount=type=cache,target=/var/cache/apt apt-get update\n")),
    "a Dockerfile in one line": ("compose.yaml", lambda n: 'services:\n  s:\n    build:\n      dockerfile_inline: "'
                                 + "FROM debian:12\\n" + "RUN --mount=type=cache,target=/var/cache/apt a\\n" * n + '"\n'),
    "aliases of aliases": ("compose.yaml", lambda n: "x0: &a0 [x, x]\n" + "".join(
        f"x{i + 1}: &a{i + 1} [*a{i}, *a{i}]\n" for i in range(n // 40)) + f"services: *a{n // 40}\n"),
    "services that extend": ("compose.yaml", lambda n: "services:\n  s0:\n    build: .\n" + "".join(
        f"  s{i + 1}:\n    extends: s{i}\n" for i in range(n))),
    "flow in flow": ("compose.yaml", lambda n: "services: " + "{a: [" * n * 5 + "\n"),
    "interpolation": ("compose.yaml", lambda n: "services:\n  s:\n    build: " + "${A:-" * n * 5 + "}" * n * 5 + "\n"),
    "targets": ("docker-bake.hcl", lambda n: each(n, 'target "t%d" {\n  context = "./%d"\n}\n')),
    "one target": ("docker-bake.hcl", lambda n: each(n, 'target "t" {\n  args = { A%d = "x" }\n}\n')),
    "targets that inherit": ("docker-bake.hcl", lambda n: 'target "a0" {}\ntarget "b0" {}\n' + "".join(
        f'target "{x}{i + 1}" {{\n  inherits = ["a{i}", "b{i}"]\n  args = {{ A{i} = "x" }}\n}}\n'
        for i in range(n) for x in "ab")),
    "lists that double": ("docker-bake.hcl", lambda n: 'v0 = ["x"]\n' + "".join(
        f"v{i + 1} = concat(v{i}, v{i})\n" for i in range(n // 40)) + f'target "t" {{\n  tags = v{n // 40}\n}}\n'),
    "templates in templates": ("docker-bake.hcl", lambda n: 'target "t" {\n  context = ' + '"${' * n * 5 + "\n}\n"),
    "JSON in JSON": ("docker-bake.json", lambda n: '{"target": ' + '{"a":' * n * 5),
    "overrides": (".dockerlint.toml", lambda n: each(n, '[[overrides]]\npaths = ["a%d/**"]\n')),
    "stars": (".dockerlint.toml", lambda n: 'exclude = ["' + "**/*a" * n + '"]\n'),
}


class Run:
    def __init__(self, program, name, text):
        with tempfile.TemporaryDirectory(prefix="dockerlint-growth-") as folder:
            for file, content in {"Dockerfile": FROM, name: text}.items():
                with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
                    out.write(content)
            given = folder if name.startswith(".") else os.path.join(folder, name)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            process = subprocess.Popen(
                [program, "--diff", "--unsafe-fixes", "--min-severity", "hint", given], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT)))
            said = process.communicate()[1].decode(errors="replace")
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.bytes = len(text)
        self.seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.fault = ""
        if process.returncode < 0:
            self.fault = f"ended by signal {-process.returncode} after {self.seconds:.1f} s"
        elif "this is a fault in dockerlint" in said:
            self.fault = next(line for line in said.splitlines() if "this is a fault in dockerlint" in line)


def fault_of(program, file, make):
    small, big = (Run(program, file, make(size)) for size in (SIZE, 4 * SIZE))
    for one in (small, big):
        if one.fault:
            return one.fault
    per_byte = small.seconds / small.bytes
    if big.seconds > MEASURABLE and big.seconds > TOO_MUCH * max(per_byte * big.bytes, MEASURABLE / 4):
        return f"{small.bytes} bytes take {small.seconds:.2f} s, {big.bytes} take {big.seconds:.2f} s"
    return ""


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    cases = {name: ("Dockerfile", make) for name, make in DOCKERFILES.items()} | DEFINITIONS
    wanted = sys.argv[2:] or list(cases)
    faults = 0
    for name in wanted:
        # A second look: other programs may have had the caches.
        fault = fault_of(program, *cases[name]) and fault_of(program, *cases[name])
        if fault:
            print(f"growth: {name}: {fault}", flush=True)
            faults += 1
    print(f"growth: {len(wanted) - faults} of {len(wanted)} kinds of files take time in proportion")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
