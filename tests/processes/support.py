"""Real processes on loopback: what every test in this folder stands on.

A test is a MeshTest. It has a realm, a beacon port and a state folder of its own, so that tests may
run side by side, and everything that it starts has ended when it has, failed or not.
"""
import ctypes
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("DAGMESH_BIN", ROOT / "build")).resolve()
EXAMPLES = pathlib.Path(os.environ.get("DAGMESH_EXAMPLES", BIN / "examples")).resolve()
PROGRAM = str(BIN / "dagmesh")
SANITIZER = os.environ.get("DAGMESH_SANITIZER", "none")

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def rounds(few, all_of_them):
    """How often to repeat: `few`, all of them with DAGMESH_TEST_ROUNDS=full, or the
    number that the variable holds."""
    asked = os.environ.get("DAGMESH_TEST_ROUNDS", "")
    if asked == "full":
        return all_of_them
    return min(int(asked), all_of_them) if asked else few


def eventually(condition, within, what):
    """The first true value of `condition`, looked at every 5 ms; fails after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what() if callable(what) else what}")
        time.sleep(0.005)


def ends_with_parent():
    """Run in a child before its program: it ends when the test does, however that ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port(kind=socket.SOCK_STREAM, host="127.0.0.1", count=1):
    """The first of `count` free ports side by side; below those that the kernel or a node picks."""
    for _ in range(1000):
        port = random.randrange(10000, 19990)
        taken = []
        try:
            for i in range(count):
                taken.append(socket.socket(socket.AF_INET, kind))
                taken[-1].bind((host, port + i))
            return port
        except OSError:
            continue
        finally:
            for one in taken:
                one.close()
    raise RuntimeError("no free port")


def report_file(test):
    """Where a node writes what it has handled: the arguments for `start`, and the file."""
    path = test.folder / f"report-{test.started_count}"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    test.addCleanup(os.close, file)
    return {"pass_fds": [file], "env": {"DAGMESH_REPORT_FD": str(file)}}, path


def handled(path):
    """The counts by topic in the report of a node that has ended, all handlers together."""
    report = json.loads(path.read_text())
    return {topic: counts for handler in report["handlers"]
            for topic, counts in handler["topics"].items()}


class Process:
    """A started program. What it writes goes to files, so nothing that it says can block it."""

    def __init__(self, name, argv, env, folder, feed=False, pass_fds=()):
        self.name = name
        self.out = folder / f"{name}.out"
        self.err = folder / f"{name}.err"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.popen = subprocess.Popen(
                [str(word) for word in argv], env=env, stdout=out, stderr=err, cwd=ROOT,
                stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
                preexec_fn=ends_with_parent, pass_fds=pass_fds)
        self.pid = self.popen.pid
        self.stdin = self.popen.stdin
        self.started_at = time.monotonic()

    def stdout(self):
        return self.out.read_text(errors="replace")

    def stderr(self):
        return self.err.read_text(errors="replace")

    def lines(self):
        """Whole lines of stdout so far."""
        text = self.stdout()
        return text[:text.rfind("\n") + 1].splitlines()

    def events(self):
        """Whole lines of stdout so far, read as JSON."""
        return [json.loads(line) for line in self.lines()]

    def running(self):
        return self.popen.poll() is None

    def send(self, number):
        self.popen.send_signal(number)

    def feed(self, text):
        self.stdin.write(text.encode() if isinstance(text, str) else text)
        self.stdin.flush()

    def wait(self, within=15):
        """The exit code; fails when it does not end in time."""
        try:
            return self.popen.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} still runs after {within} s\n{self.told()}") from None

    def kill(self):
        """kill -9, and gone when this returns."""
        if self.running():
            self.popen.kill()
        self.popen.wait()
        if self.stdin:
            try:
                self.stdin.close()
            except BrokenPipeError:
                pass

    def stop(self, within=15):
        """SIGTERM; the exit code."""
        self.send(signal.SIGTERM)
        return self.wait(within)

    def until(self, text, within=10, where=None):
        """Waits until it has written `text`: on stderr, if nothing else is said."""
        where = where or self.stderr
        eventually(lambda: text in where() or not self.running(), within,
                   lambda: f"{self.name} writes {text!r}\n{self.told()}")
        if text not in where():
            raise AssertionError(f"{self.name} ended without {text!r}\n{self.told()}")
        return self

    def told(self):
        """What it has said, for the message of a failure."""
        def end(text):
            return text if len(text) < 3000 else text[:800] + "\n...\n" + text[-2000:]
        return (f"--- {self.name}: exit {self.popen.poll()}\n--- stdout\n{end(self.stdout())}"
                f"--- stderr\n{end(self.stderr())}")

    def private_kib(self):
        """Memory that this process has written to. Clean pages are left out: those of the program
        itself count as private whenever no other process happens to run it."""
        for line in pathlib.Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1])
        raise AssertionError("no Private_Dirty")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


class MeshTest(unittest.TestCase):
    """One mesh a test: `self.start("sub", "user.>")` runs `dagmesh sub 'user.>'` in it."""

    def setUp(self):
        self.seed = os.environ.get("DAGMESH_TEST_SEED", str(random.SystemRandom().randrange(1 << 32)))
        self.random = random.Random(self.seed)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dagmesh-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.processes = []
        self.started_count = 0
        self.addCleanup(self.end_all)
        self.realm = f"test-{os.getpid()}-{random.randrange(1 << 32):08x}"
        self.beacon_port = free_port(socket.SOCK_DGRAM, "127.255.255.255")
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith("DAGMESH_")}
        self.env.update(DAGMESH_REALM=self.realm, DAGMESH_STATE=str(self.folder / "state"),
                        DAGMESH_BEACON_PORT=str(self.beacon_port), NO_COLOR="1",
                        PATH=f"{BIN}:{EXAMPLES}:{os.environ['PATH']}")

    def run(self, result=None):
        before = len(result.failures) + len(result.errors) if result else 0
        value = super().run(result)
        if result and len(result.failures) + len(result.errors) > before:
            print(f"{self.id()}: repeat with DAGMESH_TEST_SEED={self.seed}", file=sys.stderr)
        return value

    def end_all(self):
        for process in self.processes:
            process.kill()

    def start(self, *words, program=PROGRAM, name=None, feed=False, env=None, before=(),
              pass_fds=()):
        """Starts `dagmesh WORDS...`, or another program; `before` goes in front of the command."""
        self.started_count += 1
        name = f"{self.started_count}-{name or pathlib.Path(program).name}"
        process = Process(name, [*before, program, *words], {**self.env, **(env or {})},
                          self.folder, feed, pass_fds)
        self.processes.append(process)
        return process

    def node(self, service, *words, **more):
        """Starts `dagmesh node --service SERVICE WORDS...`."""
        return self.start("node", "--service", service, *words, name=service, **more)

    def forget(self, process):
        """Drops an ended process and its files, for tests that start hundreds."""
        process.kill()
        self.processes.remove(process)
        process.out.unlink()
        process.err.unlink()

    def assert_memory(self, kib, kib_max):
        """A sanitizer keeps what was freed and adds its own: then nothing can be said of memory."""
        if SANITIZER == "none":
            self.assertLessEqual(kib, kib_max)

    def assert_exit(self, process, code, within=15):
        self.assertEqual(process.wait(within), code, process.told())

    def assert_works(self, pattern="probe.>", **more):
        """An event gets from a new publisher to a new subscriber."""
        sub = self.start("sub", pattern, "-n", "1", "--timeout", "10s", "--format", "json", **more)
        pub = self.start("pub", pattern.replace(">", "now"), '{"n": 1}', **more)
        self.assert_exit(pub, 0)
        self.assert_exit(sub, 0)
        self.assertEqual([event["data"] for event in sub.events()], [{"n": 1}])


def main():
    if not os.access(PROGRAM, os.X_OK):
        sys.exit(f"{PROGRAM} is missing: build it, or set DAGMESH_BIN to its folder")
    unittest.main(module="__main__", verbosity=2)
