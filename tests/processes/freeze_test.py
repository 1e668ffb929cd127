#!/usr/bin/env python3
"""A subscriber that stands still does not slow another one, costs the publisher no more than its
log, and afterwards knows exactly what it has missed."""
import re
import signal
import threading
import time

import support
from support import eventually

LOG_KIB_MAX = 64 * 1024


class Counter:
    """Counts the whole lines of a growing file without reading them twice."""

    def __init__(self, path):
        self.file = open(path, "rb")
        self.count = 0

    def __call__(self):
        while chunk := self.file.read(1 << 20):
            self.count += chunk.count(b"\n")
        return self.count


class Freeze(support.MeshTest):
    def setUp(self):
        super().setUp()
        self.published = 0

    def subscriber(self, name):
        sub = self.start("sub", "load.>", name=name)
        sub.counter = Counter(sub.out)
        self.addCleanup(sub.counter.file.close)
        return sub

    def publisher(self, subscriber_count):
        return self.start("pub", "load.line", "-", "--wait-subs", subscriber_count,
                          "--timeout", "60s", name="pub",
                          feed=True)

    def feed(self, pub, count, size_bytes):
        """Hands lines to the publisher from a thread: its pipe blocks while it has no room."""
        first, self.published = self.published, self.published + count
        tail = b" ".ljust(size_bytes - 10, b"x") + b"\n"

        def write():
            for start in range(first, first + count, 1000):
                end = min(start + 1000, first + count)
                pub.feed(b"".join(b"%09d" % i + tail for i in range(start, end)))
        thread = threading.Thread(target=write, daemon=True)
        thread.start()
        return thread

    def seconds_for(self, pub, sub, count, size_bytes):
        began_at = time.monotonic()
        feeding = self.feed(pub, count, size_bytes)
        eventually(lambda: sub.counter() == self.published, 60,
                   lambda: f"{sub.counter()} of {self.published}\n{pub.told()}{sub.stderr()}")
        took = time.monotonic() - began_at
        feeding.join(5)
        return took

    def both_started(self):
        """A publisher with two subscribers that have the first event, the second then frozen."""
        moving, frozen = self.subscriber("moving"), self.subscriber("frozen")
        pub = self.publisher(2)
        self.seconds_for(pub, moving, 1, 20)
        eventually(lambda: frozen.counter() == 1, 10, frozen.told)
        frozen.send(signal.SIGSTOP)
        return pub, moving, frozen

    def finish(self, pub, moving):
        pub.stdin.close()
        self.assert_exit(pub, 0, 30)
        self.assertEqual(moving.stop(), 0, moving.told())

    def sequence(self, sub):
        return [int(number) for number in re.findall(r'"(\d{9}) x', sub.stdout())]

    def test_it_does_not_slow_another_one_and_gets_all_that_the_log_holds(self):
        count, size_bytes = 300_000, 100
        alone = self.subscriber("alone")
        pub = self.publisher(1)
        self.seconds_for(pub, alone, 1, 20)
        took_alone = self.seconds_for(pub, alone, count, size_bytes)
        self.finish(pub, alone)

        self.published = 0
        pub, moving, frozen = self.both_started()
        took = self.seconds_for(pub, moving, count, size_bytes)
        print(f"alone {took_alone:.2f} s, beside a frozen one {took:.2f} s, publisher "
              f"{pub.private_kib() // 1024} MiB")
        self.assertLess(took, 3 * took_alone + 1)
        self.assert_memory(pub.private_kib(), 2 * LOG_KIB_MAX)
        frozen.send(signal.SIGCONT)
        eventually(lambda: frozen.counter() >= self.published, 20,
                   lambda: f"{frozen.counter()} of {self.published}\n{pub.told()}{frozen.stderr()}")
        self.finish(pub, moving)
        self.assertEqual(frozen.stop(), 0, frozen.stderr())
        self.assertEqual(self.sequence(frozen), list(range(count + 1)))

    def test_it_is_told_exactly_how_much_the_log_no_longer_holds(self):
        pub, moving, frozen = self.both_started()
        # In portions that fit the log: a tool holds nobody up, so one that only prints slowly would
        # lose something too.
        for _ in range(6):
            self.seconds_for(pub, moving, 50_000, 400)
        private_mib = pub.private_kib() // 1024
        print(f"publisher {private_mib} MiB after {self.published * 400 >> 20} MiB of events")
        self.assert_memory(pub.private_kib(), 2 * LOG_KIB_MAX)
        frozen.send(signal.SIGCONT)

        def lost():
            return sum(int(n) for n in re.findall(r"gap: (\d+) events", frozen.stderr()))
        eventually(lambda: frozen.counter() + lost() >= self.published, 20,
                   lambda: f"{frozen.counter()} + {lost()} of {self.published}\n"
                           f"{pub.told()}{frozen.told()}")
        self.finish(pub, moving)
        self.assertEqual(frozen.stop(), 6, frozen.stderr())
        print(f"received {frozen.counter()}, lost {lost()}")
        self.assertGreater(lost(), 0)
        self.assertEqual(frozen.counter() + lost(), self.published)
        received = self.sequence(frozen)
        self.assertEqual(received, sorted(set(received)), "out of order or repeated")

    def test_a_node_frozen_for_longer_than_its_lease_gets_everything_afterwards(self):
        reporting, report = support.report_file(self)
        node = self.node("store", "--on", "load.>", **reporting).until("ready")
        moving = self.subscriber("moving")
        pub = self.publisher(2)
        self.seconds_for(pub, moving, 10, 20)
        node.send(signal.SIGSTOP)
        self.seconds_for(pub, moving, 1000, 100)
        watch = self.start("nodes", "--watch", "--format", "json", name="watch")
        time.sleep(5)  # longer than lease and patience: what is tested is that time passes
        node.send(signal.SIGCONT)
        eventually(lambda: any(line["state"] == "active" for line in watch.events()), 5, watch.told)
        self.seconds_for(pub, moving, 10, 20)
        pub.stdin.close()
        self.assert_exit(pub, 0)
        self.assertEqual(node.stop(), 0)
        counts = support.handled(report)["load.line"]
        self.assertEqual((counts["handled"], counts["lost"]), (self.published, 0))


if __name__ == "__main__":
    support.main()
