"""The instructions that an event costs, counted by callgrind: they are the same on any machine and
however busy it is, so a slow-down is noticed. Kept in event_path.json, by compiler.

After a change that is meant to cost something, or to save: event_path_test.py PROGRAM COMPILER --keep.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MARGIN = 0.15
EVENTS = 15_000
KEPT = pathlib.Path(__file__).with_name("event_path.json")
SKIPPED = 77  # what meson takes for a test that was not run


def counted(program, way, events):
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", program, way, str(events)],
            # What the heap does to find errors would count too.
            env=os.environ | {"MALLOC_PERTURB_": "0"}, capture_output=True, text=True, timeout=150)
    collected = re.search(r"Collected : (\d+)", told.stderr)
    if told.returncode != 0 or not collected:
        sys.exit(f"callgrind of {program} {way} {events} failed:\n{told.stderr[-2000:]}")
    return int(collected[1])


def per_event(program, way):
    """Of many events less those of half as many, so that what a start costs does not count."""
    return (counted(program, way, 2 * EVENTS) - counted(program, way, EVENTS)) / EVENTS


def main():
    program, compiler = sys.argv[1:3]
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed, so nothing can count instructions")
        sys.exit(SKIPPED)
    publish = per_event(program, "publish")
    # Whoever receives publishes first.
    counts = {"publish": round(publish), "receive": round(per_event(program, "receive") - publish)}
    kept = json.loads(KEPT.read_text())
    print(f"instructions an event: {counts}, kept of {compiler}: {kept.get(compiler)}")
    if "--keep" in sys.argv:
        KEPT.write_text(json.dumps(kept | {compiler: counts}, indent=4) + "\n")
    elif compiler not in kept:
        print(f"skipped: no counts are kept of {compiler}")
        sys.exit(SKIPPED)
    else:
        slower = [way for way in counts if counts[way] > kept[compiler][way] * (1 + MARGIN)]
        if slower:
            sys.exit(f"more than {MARGIN:.0%} above what is kept: {', '.join(slower)}")


if __name__ == "__main__":
    main()
