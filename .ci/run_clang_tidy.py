#!/usr/bin/env python3
"""Runs clang-tidy over our sources, one process a core, and remembers which were clean.

usage: run_clang_tidy.py BUILD-FOLDER, which holds compile_commands.json. A source is looked at again
when it, a header of ours that it includes, its command or the checks have changed. Exits 1 when
there is a warning in any of them.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Not the tests: they are a third of all sources and of the time, most of it in the headers of Catch2.
FOLDERS = ("mesh", "discovery", "nodes", "examples")
TIDY = "clang-tidy-14"
SECONDS_MAX = 300
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def files_behind(source: Path) -> list[Path]:
    """The source and every header of ours that it includes, directly or not."""
    found, waiting = set(), [source]
    while waiting:
        file = waiting.pop()
        if file in found or not file.exists():
            continue
        found.add(file)
        waiting += [ROOT / name for name in INCLUDE.findall(file.read_text(encoding="utf-8"))]
    return sorted(found)


def settings_behind(source: Path) -> list[Path]:
    """The .clang-tidy files that clang-tidy reads for this source."""
    folders = [folder for folder in source.parents if folder.is_relative_to(ROOT)]
    return [folder / ".clang-tidy" for folder in folders if (folder / ".clang-tidy").exists()]


def digest(source: Path, command: str, version: str) -> str:
    parts = [version.encode(), command.encode()]
    parts += [file.read_bytes() for file in settings_behind(source) + files_behind(source)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def tidy(source: Path, folder: Path) -> tuple[bool, str]:
    arguments = [TIDY, "--quiet", "--checks=clang-diagnostic-*", "--warnings-as-errors=*"]
    arguments += ["-p", str(folder), str(source)]
    try:
        run = subprocess.run(arguments, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired:
        return False, f"{source}: clang-tidy took more than {SECONDS_MAX} s\n"
    # Its stderr counts the warnings in the headers of libraries; it matters when nothing else is said.
    return run.returncode == 0, run.stdout or run.stderr


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    version = subprocess.run([TIDY, "--version"], capture_output=True, text=True, check=True).stdout
    clean = folder / "clang-tidy-clean"
    clean.mkdir(exist_ok=True)

    # A source that is compiled twice, for a shared and a static library, is looked at once.
    # Its own list says so to clang-tidy, which otherwise follows every command of a source.
    entries = {}
    for entry in json.loads((folder / "compile_commands.json").read_text()):
        source = Path(os.path.normpath(folder / entry["file"]))
        if source.is_relative_to(ROOT) and source.relative_to(ROOT).parts[0] in FOLDERS:
            entries.setdefault(source, entry)
    commands = {source: entry["command"] for source, entry in entries.items()}
    once = folder / "clang-tidy-commands"
    once.mkdir(exist_ok=True)
    (once / "compile_commands.json").write_text(json.dumps(list(entries.values())))

    stamps = {source: clean / digest(source, commands[source], version) for source in sorted(commands)}
    todo = [source for source, stamp in stamps.items() if not stamp.exists()]

    failed = 0
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for source, (passed, output) in zip(todo, pool.map(lambda file: tidy(file, once), todo)):
            if passed:
                stamps[source].touch()
            else:
                failed += 1
                print(output, flush=True)
    for stamp in set(clean.iterdir()) - set(stamps.values()):
        stamp.unlink()
    print(f"clang-tidy: {len(todo)} of {len(stamps)} sources looked at, {failed} with warnings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
