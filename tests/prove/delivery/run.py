#!/usr/bin/env python3
"""The fault run: real nodes, each in a network namespace of its own where namespaces can be made,
under kill -9, SIGSTOP and cuts at seeded moments. What was published and what was handled is judged
by a program of its own, checker.py.

usage: prove-delivery [--seed N] [--long] [--level durable|once]... [--shape pair|diamond]...
At level `once` the nodes keep what they handled in their store, and are judged by that.
Exits with 1 when something was lost, came twice at level `once`, or out of order.
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "processes"))
import support  # noqa: E402

# Who handles what in a shape: service -> (words for the node, topics whose events it has to get).
SHAPES = {
    "pair": {"source": ["publish", "run.a", "8", "{events}"],
             "left": ["on", "run.a"], "right": ["on", "run.a"]},
    "diamond": {"source": ["publish", "run.a", "8", "{events}"],
                "up": ["on", "run.a", "emit", "run.b"], "down": ["on", "run.a", "emit", "run.c"],
                "both": ["on", "run.b", "on", "run.c", "emit", "run.d"],
                "end": ["on", "run.d"], "watch": ["on", "run.b", "on", "run.c"]},
}
JUDGED = {"pair": {"left": ["run.a"], "right": ["run.a"]},
          "diamond": {"end": ["run.d"], "watch": ["run.b", "run.c"]}}
READY_WITHIN_S = 30
QUIET_WITHIN_S = 90


class Net:
    """A hub namespace with a bridge, and a namespace a node with a cable to it. They live as long as
    the processes that hold them."""

    def __init__(self, names):
        self.holders = {}
        self.addresses = {}
        self.hub = self.hold("hub")
        self.inside("hub", "ip", "link", "add", "bridge", "type", "bridge")
        self.inside("hub", "ip", "link", "set", "bridge", "up")
        for i, name in enumerate(names):
            self.hold(name)
            self.inside("hub", "ip", "link", "add", f"c{i}", "type", "veth", "peer", "name", "cable",
                        "netns", str(self.holders[name].pid))
            self.inside("hub", "ip", "link", "set", f"c{i}", "master", "bridge", "up")
            self.addresses[name] = f"10.232.0.{i + 1}"
            self.inside(name, "ip", "address", "add", f"{self.addresses[name]}/24", "broadcast", "+",
                        "dev", "cable")
            self.inside(name, "ip", "link", "set", "lo", "up")
            self.inside(name, "ip", "link", "set", "cable", "up")
            self.inside(name, "nft", "add table inet cut; add chain inet cut in "
                        "{ type filter hook input priority 0; }; add chain inet cut out "
                        "{ type filter hook output priority 0; }")

    def hold(self, name):
        holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"],
                                  preexec_fn=support.ends_with_parent)
        self.holders[name] = holder
        own = os.stat("/proc/self/ns/net").st_ino
        support.eventually(lambda: os.stat(f"/proc/{holder.pid}/ns/net").st_ino != own, 5,
                           "a network namespace")
        return holder

    def prefix(self, name):
        return ["nsenter", f"--net=/proc/{self.holders[name].pid}/ns/net"]

    def inside(self, name, *words):
        subprocess.run([*self.prefix(name), *words], check=True, capture_output=True)

    def cut(self, name):
        for chain in ("in", "out"):
            self.inside(name, "nft", f"add rule inet cut {chain} meta protocol ip ip saddr 10.232.0.0/24 drop")

    def mend(self, name):
        self.inside(name, "nft", "flush table inet cut")

    def close(self):
        for holder in self.holders.values():
            holder.kill()
            holder.wait()


class Run:
    def __init__(self, arguments, shape, level, events, faults, random_):
        self.shape, self.level, self.events, self.faults = shape, level, events, faults
        self.random = random_
        self.program = arguments.node
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dagmesh-delivery-"))
        self.nodes = SHAPES[shape]
        self.net = None if arguments.no_net else Net(self.nodes)
        self.processes = {}
        self.made = {"kill": 0, "freeze": 0, "cut": 0}

    def environment(self, service):
        env = {**os.environ, "DAGMESH_REALM": f"delivery-{os.getpid()}-{self.shape}-{self.level}",
               "DAGMESH_STATE": str(self.folder / "state"), "DAGMESH_INSTANCE": "1",
               "DAGMESH_EVENTS": f"run.>={self.level}"}
        env.pop("DAGMESH_CONFIG", None)
        if self.net:
            env["DAGMESH_IFACE"] = "cable"
            env["DAGMESH_INSECURE"] = "1"
        return env

    def log(self, service):
        return self.folder / f"{service}.log"

    def start(self, service, waits=True):
        words = [word.format(events=self.events) for word in self.nodes[service]]
        if self.level == "once":
            words.insert(0, "keep")
        prefix = self.net.prefix(service) if self.net else []
        with open(self.folder / f"{service}.err", "ab") as err:
            self.processes[service] = subprocess.Popen(
                [*prefix, self.program, service, str(self.log(service)), *words], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=err, env=self.environment(service),
                preexec_fn=support.ends_with_parent)
        if waits:
            self.wait_ready(service)

    def wait_ready(self, service):
        line = self.processes[service].stdout.readline()
        if line != b"ready\n":
            raise RuntimeError(f"{service} did not become ready: "
                               f"{(self.folder / f'{service}.err').read_text()[-2000:]}")

    def start_all(self):
        # Whoever listens first: the source's first event is published when all are linked.
        for service in reversed(list(self.nodes)):
            self.start(service, waits=False)
        for service in self.nodes:
            self.wait_ready(service)

    def fault(self):
        service = self.random.choice(list(self.nodes))
        kinds = ["kill", "kill", "freeze"] + (["cut"] if self.net else [])
        kind = self.random.choice(kinds)
        self.made[kind] += 1
        if kind == "kill":
            self.processes[service].send_signal(signal.SIGKILL)
            self.processes[service].wait()
            time.sleep(self.random.uniform(0, 0.3))
            self.start(service, waits=False)
        elif kind == "freeze":
            self.processes[service].send_signal(signal.SIGSTOP)
            time.sleep(self.random.uniform(0.1, 1.5))
            self.processes[service].send_signal(signal.SIGCONT)
        else:
            self.net.cut(service)
            time.sleep(self.random.uniform(0.1, 1.5))
            self.net.mend(service)

    def kept(self, service):
        return next((self.folder / "state").glob(f"*/{service}/1+data/node.db"))

    def judge(self, is_over=False):
        record = self.kept if is_over and self.level == "once" else self.log
        subscribers = [f"{record(service)}:{'+'.join(topics)}"
                       for service, topics in JUDGED[self.shape].items()]
        told = subprocess.run([sys.executable, str(HERE / "checker.py"), str(self.log("source")), *subscribers],
                              check=True, capture_output=True, text=True).stdout.split()
        return dict((name, int(value)) for name, value in (word.split("=") for word in told))

    def is_published(self):
        return sum(1 for line in open(self.log("source")) if line.startswith("put"))

    def wait_for_the_rest(self):
        """Until everything is published and nothing is missing any more, or nothing moves."""
        last, since = None, time.monotonic()
        while time.monotonic() - since < QUIET_WITHIN_S:
            sizes = [self.log(service).stat().st_size for service in self.nodes]
            if sizes != last:
                last, since = sizes, time.monotonic()
            elif time.monotonic() - since > 1.5 and self.judge()["lost"] == 0:
                return
            time.sleep(0.25)

    def stop_all(self):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(timeout=READY_WITHIN_S)

    def run(self):
        start = time.monotonic()
        try:
            self.start_all()
            for _ in range(self.faults):
                time.sleep(self.random.uniform(0.1, 0.6))
                for service, process in self.processes.items():
                    if process.poll() is not None:
                        raise RuntimeError(f"{service} ended with {process.returncode}: "
                                           f"{(self.folder / f'{service}.err').read_text()[-2000:]}")
                self.fault()
            self.wait_for_the_rest()
            self.stop_all()
            figures = self.judge(is_over=True)
        finally:
            for process in self.processes.values():
                process.kill()
                process.wait()
            if self.net:
                self.net.close()
        print(f"level={self.level} shape={self.shape} faults={self.faults} events={figures['events']} "
              f"lost={figures['lost']} twice={figures['twice']} reordered={figures['reordered']} "
              f"max_stall={figures['max_stall_ms']}ms took={time.monotonic() - start:.0f}s "
              f"kills={self.made['kill']} freezes={self.made['freeze']} cuts={self.made['cut']}",
              flush=True)
        is_right = figures["lost"] == 0 and figures["reordered"] == 0 and \
            (self.level != "once" or figures["twice"] == 0)
        if is_right:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"prove-delivery: what the nodes wrote is in {self.folder}", file=sys.stderr)
        return is_right


def why_no_net():
    if os.geteuid() != 0:
        return "not root"
    try:
        subprocess.run(["unshare", "--net", "nft", "list", "tables"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return str(error)
    return ""


def main():
    parser = argparse.ArgumentParser(prog="prove-delivery")
    parser.add_argument("--node", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--long", action="store_true", help="1,000 faults")
    parser.add_argument("--faults", type=int, help="in each run")
    parser.add_argument("--events", type=int, help="in each run")
    parser.add_argument("--level", action="append", choices=["durable", "once"])
    parser.add_argument("--shape", action="append", choices=list(SHAPES))
    arguments = parser.parse_args()
    reason = why_no_net()
    arguments.no_net = bool(reason)
    if reason:
        print(f"prove-delivery: no network namespaces, so nothing is cut: {reason}", file=sys.stderr)
    is_right = True
    for level in arguments.level or ["durable", "once"]:
        for shape in arguments.shape or list(SHAPES):
            faults = arguments.faults or (250 if arguments.long else 16)
            events = arguments.events or (1_000_000 if arguments.long else 251_000)
            run = Run(arguments, shape, level, events, faults,
                      random.Random(f"{arguments.seed} {level} {shape}"))
            is_right = run.run() and is_right
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
