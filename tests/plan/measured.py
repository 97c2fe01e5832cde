# SPDX-License-Identifier: Apache-2.0
"""Whether simulated builds take as long as real ones did: measured.py PROGRAM FOLDER. The folder is a project with logs
of real builds, and `measured.json` says how long these took, as they were and as --fix makes them."""
import json
import pathlib
import subprocess
import sys

# What a simulation leaves out: how busy the machine is, and what `docker` does before and after. A log with a clock says
# when loading begins and when the image is done; a plain one says less.
NEAR = {True: 0.12, False: 0.2}


def main():
    program, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    logs = {log: times for log, times in json.loads((folder / "measured.json").read_text()).items() if log != "what"}
    assert logs
    for log, measured in logs.items():
        done = subprocess.run([program, "cache", "--no-config", "--format", "json", "--simulate", log], cwd=folder,
                              capture_output=True, text=True, check=True)
        simulated = json.loads(done.stdout)
        for what, seconds in measured.items():
            off = abs(simulated[what] - seconds) / seconds
            print(f"{log}: {what}: {simulated[what]:.1f} s simulated, {seconds:.1f} s measured")
            assert off <= NEAR[simulated["clock"]], (log, what, off)


main()
