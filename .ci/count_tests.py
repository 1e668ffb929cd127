#!/usr/bin/env python3
"""Prints `N passed, N failed`, with `, N skipped` when some were, from meson's JSON logs.

Exits 1 when a test failed, or when none ran: an empty run proves nothing.
"""

import json
import sys
from collections import Counter
from pathlib import Path

KINDS = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}  # all others: failed


def count(logs: list[Path]) -> Counter:
    lines = [line for log in logs if log.exists() for line in log.read_text().splitlines() if line]
    return Counter(KINDS.get(json.loads(line)["result"], "failed") for line in lines)


def main() -> int:
    counts = count([Path(name) for name in sys.argv[1:]])
    line = f"{counts['passed']} passed, {counts['failed']} failed"
    print(line + (f", {counts['skipped']} skipped" if counts["skipped"] else ""), flush=True)
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
