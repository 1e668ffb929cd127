#!/usr/bin/env python3
"""Holds the shape of the house: which room includes which, and each library behind one door.

docs/architecture.md draws the rooms, docs/dependencies.md lists the doors. Run it at the root of
the repository, or give it another root. It prints `file:line: message` and exits 1 on a finding.
"""

import re
import sys
from pathlib import Path
from typing import Iterator, NamedTuple

FOLDERS = ("mesh", "discovery", "nodes", "examples", "tests")
LINES_MAX = 300
VAGUE_NAMES = ("util", "common", "manager", "helper")

# Which rooms a room may include, beside itself. A room that is not listed here does not exist yet:
# whoever builds it gives it its place.
BASE = {"mesh/base"}
WIRE = BASE | {"mesh/event", "mesh/wire"}
ROOMS = BASE | {
    "mesh/event", "mesh/wire", "mesh/graph", "mesh/flow", "mesh/peer", "mesh/manifest",
    "mesh/store", "mesh/net",
}
MAY_INCLUDE = {
    "mesh/base": set(),
    "mesh/event": BASE,
    "mesh/wire": BASE | {"mesh/event"},
    "mesh/graph": BASE | {"mesh/event"},
    "mesh/manifest": BASE | {"mesh/event"},
    "mesh/flow": WIRE,
    "mesh/peer": WIRE | {"mesh/graph"},  # to join is to check the graph with oneself in it
    "mesh/store": BASE | {"mesh/event"},  # a dead letter is an event
    "mesh/net": BASE,
    "mesh/node": ROOMS,
    "discovery": ROOMS | {"mesh/node"},
    "nodes": ROOMS | {"mesh/node", "discovery"},
    "examples": {"mesh/node", "discovery"},
    "tests": ROOMS | {"mesh/node", "discovery", "nodes", "examples"},
}
# The one file of a lower room that belongs to the face: examples pack and unpack with it.
ALSO_INCLUDES = {"examples": {"mesh/wire/payload.hpp"}}

# Where a library may be included from. Tests read JSON and play strangers on the wire.
DOORS = [
    (r"zmq(_addon)?\.h(pp)?$", "ZeroMQ", ("mesh/net/", "tests/")),
    (r"msgpack(\.hpp$|/)", "msgpack", ("mesh/wire/", "tests/mesh/wire/")),
    (r"boost/graph/", "Boost.Graph", ("tests/bench/",)),  # to compare with
    (r"boost/", "Boost", ("nodes/cli/",)),
    (r"yaml-cpp/", "yaml-cpp", ("mesh/manifest/",)),
    (r"spdlog/", "spdlog", ("mesh/base/",)),
    (r"tl/expected\.hpp$", "tl::expected", ("mesh/base/",)),
    (r"sqlite3\.h$", "SQLite", ("mesh/store/",)),
    (r"zlib\.h$", "zlib", ("mesh/store/",)),
    (r"zstd\.h$", "zstd", ("mesh/wire/compression.cpp",)),
    (r"(gvc|cgraph)\.h$", "Graphviz", ("nodes/draw/",)),
    (r"httplib\.h$", "cpp-httplib", ("nodes/gateway/",)),
    (r"nlohmann/", "nlohmann-json", ("nodes/", "examples/", "tests/", "mesh/manifest/")),
    (r"catch2/", "Catch2", ("tests/support/catch.hpp",)),
    (r"rapidcheck(\.h$|/)", "RapidCheck", ("tests/",)),
    (r"fmt/", "fmt", ("",)),  # words, not machinery: std::format, once the compilers have it
]
SYSTEM = re.compile(
    r"[a-z_0-9]+$"  # the standard library
    r"|(sys|net|netinet|arpa|linux|netpacket)/"
    r"|(dirent|dlfcn|errno|fcntl|getopt|ifaddrs|malloc|netdb|poll|pthread|pwd|sched|semaphore|signal|spawn"
    r"|stdlib|string|syslog|termios|time|ucontext|unistd|wait)\.h$"
)

# Pure rooms decide: values in, values out. What these headers give has no place in them.
PURE = ("mesh/event/", "mesh/wire/", "mesh/graph/", "mesh/flow/", "mesh/peer/", "discovery/membership")
IMPURE = re.compile(
    r"(thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|iostream|fstream"
    r"|filesystem|random)$|(sys|net|netinet|arpa|linux)/|(fcntl|poll|pthread|signal|spawn|unistd)\.h$"
)

INCLUDE = re.compile(r'\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')


class Finding(NamedTuple):
    path: str
    line: int
    message: str


def room_of(path: str) -> str:
    """`mesh/flow/credit.hpp` -> `mesh/flow`; the roof `mesh/node.hpp` belongs to `mesh/node`."""
    parts = path.split("/")
    return "/".join(parts[:2]).removesuffix(".hpp").removesuffix(".cpp") if parts[0] == "mesh" else parts[0]


def check_own(path: str, target: str, root: Path) -> str | None:
    """What is wrong with an include of one of our files, if anything."""
    if target.split("/")[0] not in FOLDERS:
        return f'"{target}" is not named from the root of the repository'
    if not (root / target).exists():
        return f'"{target}" does not exist'
    here, there = room_of(path), room_of(target)
    for room in (here, there):
        if room not in MAY_INCLUDE:
            return f"{room} is no known room: give it its place in .ci/check_includes.py"
    if there == here or there in MAY_INCLUDE[here] or target in ALSO_INCLUDES.get(here, ()):
        return None
    return f"{here} may not include {there} ({target})"


def check_foreign(path: str, target: str) -> str | None:
    """What is wrong with an include of a library's or the system's header, if anything."""
    if path.startswith(PURE) and IMPURE.match(target):
        return f"<{target}> in a pure room: pass values and `now` in"
    if SYSTEM.match(target):
        return None
    for pattern, library, places in DOORS:
        if re.match(pattern, target):
            return None if path.startswith(places) else f"{library} (<{target}>) has its door in {places[0]}"
    return f"<{target}> has no door: see docs/dependencies.md and .ci/check_includes.py"


def check_source(path: str, text: str, root: Path) -> Iterator[Finding]:
    own_header = re.sub(r"\.cpp$", ".hpp", path)
    expects_own = own_header != path and (root / own_header).exists()
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        foreign, own = match.groups()
        if expects_own and own != own_header:
            yield Finding(path, number, f'a source includes its own header first: "{own_header}"')
        expects_own = False
        message = check_own(path, own, root) if own else check_foreign(path, foreign)
        if message:
            yield Finding(path, number, message)


def check_file(path: str, root: Path) -> Iterator[Finding]:
    for word in re.split(r"[^a-z]+", Path(path).name.lower()):
        if word.startswith(VAGUE_NAMES):
            yield Finding(path, 1, f'"{word}" in a file name says nothing: name the idea in it')
    if not path.endswith((".hpp", ".cpp", ".py")):
        return
    text = (root / path).read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > LINES_MAX:
        yield Finding(path, LINES_MAX + 1, f"{lines} lines, over {LINES_MAX}: it usually holds two ideas")
    if not path.endswith(".py"):
        yield from check_source(path, text, root)


def check(root: Path) -> list[Finding]:
    files = (file for folder in FOLDERS for file in sorted((root / folder).rglob("*")))
    paths = (file.relative_to(root).as_posix() for file in files if file.is_file())
    return [f for path in paths if "__pycache__" not in path for f in check_file(path, root)]


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    findings = check(root)
    for finding in findings:
        print(f"{finding.path}:{finding.line}: {finding.message}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
