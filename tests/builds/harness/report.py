# SPDX-License-Identifier: Apache-2.0
"""What a run says, and the table of timings in docs/builds.md."""

import os
import platform
import re
import time

BEGIN, END = "<!-- timings -->", "<!-- end of timings -->"


def say(proof, seconds):
    """One line a scenario, as soon as it is done; what failed below it."""
    scenario = proof.scenario
    if proof.failures:
        state, rest = "FAILED ", ""
    elif proof.pending:
        state, rest = "pending", f", nothing fixed yet for {', '.join(proof.pending)}"
    else:
        state, rest = "passed ", ""
    print(f"{state} {scenario.name}: {scenario.title}{rest} ({seconds:.0f} s)", flush=True)
    for failure in proof.failures:
        print("    " + failure.replace("\n", "\n    "), flush=True)


def close(proofs, wanted, trouble):
    """The closing line; the exit status."""
    failed = sum(bool(proof.failures) for proof in proofs)
    pending = sum(bool(proof.pending) for proof in proofs)
    if trouble:
        print(f"builds: stopped: {trouble}; {wanted - len(proofs)} of {wanted} scenarios were not proven")
        failed += wanted - len(proofs)
    waiting = sorted({rule for proof in proofs for rule in proof.pending})
    if waiting:
        print(f"pending: {', '.join(waiting)}")
    passed = len([proof for proof in proofs if not proof.failures and not proof.pending])
    print(f"{passed} passed, {failed} failed, {pending} pending", flush=True)
    return 1 if failed or trouble else 0


def write_table(proofs, version, page):
    cell = lambda proof, key: f"{proof.seconds[key]:.1f}" if key in proof.seconds else ""  # noqa: E731
    rows = ["| scenario | before | again | fixed | again |", "|---|---:|---:|---:|---:|"]
    for proof in proofs:
        if not proof.failures:
            keys = ("original", "original again", "result", "result again")
            rows.append(f"| {proof.scenario.name} | " + " | ".join(cell(proof, key) for key in keys) + " |")
    load = f"load average {os.getloadavg()[2]:.0f}"
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {load}, Docker {version}"
    head = f"Seconds, measured on {time.strftime('%Y-%m-%d')} ({machine}), one run."
    table = "\n".join([BEGIN, head, "", *rows, END])
    text = page.read_text()
    page.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: table, text, flags=re.S))
