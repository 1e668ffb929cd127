#!/usr/bin/env python3
"""Where a subscriber begins: --from, for what a publisher still holds, with an exact gap for what
it asked for and is gone."""
import datetime
import json
import re
import time

import support
from support import eventually


class Replay(support.MeshTest):
    def publisher(self, topic, lines, *words, before=0):
        """A publisher that has published these lines and stays; others have published as many
        before."""
        pub = self.start("pub", topic, "-", "--wait-subs", "0", "--timeout", "60s", *words,
                         name="pub", feed=True)
        watch = self.start("sub", topic, "--from", "oldest", "-n", str(before + len(lines)),
                           name="watch")
        pub.feed("".join(line + "\n" for line in lines).encode())
        eventually(lambda: watch.popen.poll() is not None, 60,
                   lambda: f"{len(watch.lines())} of {before + len(lines)}\n{pub.told()}"
                           f"{watch.stderr()}")
        return pub

    def replay(self, pattern, start, count, code=0):
        """The events that a subscriber gets that begins there."""
        sub = self.start("sub", pattern, "--from", start, "-n", str(count), "--timeout", "20s",
                         "--format", "json", name=f"sub-{self.started_count}")
        self.assert_exit(sub, code, 30)
        return sub

    def test_everything_the_last_n_a_sequence_and_a_time_give_what_they_say(self):
        before = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.publisher("replay.line", [str(n) for n in range(1, 11)])
        for start, expected in [("oldest", range(1, 11)), ("1", range(1, 11)), ("8", range(8, 11)),
                                ("last:3", range(8, 11)), ("last:99", range(1, 11)),
                                ("last", [10]), (before, range(1, 11)), ("10m", range(1, 11))]:
            with self.subTest(start=start):
                sub = self.replay("replay.>", start, len(expected))
                self.assertEqual([event["data"] for event in sub.events()], list(expected))

    def test_the_last_value_of_each_key_comes_first_and_then_what_is_new(self):
        pubs = [self.publisher("replay.price", [f"{n}{key}" for n in (1, 2, 3)], "--key", key,
                               before=before)
                for key, before in (("a", 0), ("b", 3))]
        sub = self.start("sub", "replay.price", "--from", "last", "-n", "3", "--timeout", "20s",
                         "--format", "json", name="late")
        eventually(lambda: len(sub.events()) == 2, 10, sub.told)
        pubs[0].feed(b"4a\n")
        self.assert_exit(sub, 0, 30)
        values = [(event["partitionkey"], event["data"]) for event in sub.events()]
        self.assertEqual(sorted(values[:2]), [("a", "3a"), ("b", "3b")])
        self.assertEqual(values[2], ("a", "4a"))

    def test_a_journal_replays_what_earlier_runs_published(self):
        durable = ["--level", "durable", "--instance", "ledger"]
        first = self.publisher("replay.line", ["1", "2", "3", "4"], *durable, "--key", "a")
        first.kill()
        self.forget(first)
        between = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        again = self.publisher("replay.line", ["5", "6"], *durable, "--key", "b", before=4)
        for start, expected in [("oldest", range(1, 7)), ("1", range(1, 7)), ("3", range(3, 7)),
                                ("last:3", range(4, 7)), ("last:99", range(1, 7)),
                                ("last", [4, 6]), (between, [5, 6]), ("10m", range(1, 7))]:
            with self.subTest(start=start):
                sub = self.replay("replay.>", start, len(expected))
                self.assertEqual([event["data"] for event in sub.events()], list(expected))
        late = self.start("sub", "replay.line", "--from", "last:1", "-n", "2", "--timeout", "20s",
                          "--format", "json", name="late")
        eventually(lambda: len(late.events()) == 1, 10, late.told)
        again.feed(b"7\n")
        self.assert_exit(late, 0, 30)
        self.assertEqual([event["data"] for event in late.events()], [6, 7])

    def test_now_gives_nothing_of_what_was(self):
        pub = self.publisher("replay.line", ["1", "2", "3"])
        sub = self.start("sub", "replay.>", "--from", "now", "-n", "1", "--timeout", "20s",
                         "--format", "json", name="now")
        number = 3
        while sub.running():  # until it is linked, which the publisher does not tell
            number += 1
            pub.feed(f"{number}\n".encode())
            time.sleep(0.05)
        self.assert_exit(sub, 0)
        self.assertGreater(sub.events()[0]["data"], 3)

    def test_what_is_asked_for_and_gone_is_an_exact_gap(self):
        # More than the log holds: 64 MiB.
        count = 1000
        pub = self.start("pub", "replay.large", "-", "--wait-subs", "1", "--timeout", "60s",
                         name="pub", feed=True)
        watch = self.start("sub", "replay.large", name="watch")
        line = "x" * 100_000
        for first in range(0, count, 100):
            pub.feed("".join(f"{n:09d}{line}\n"
                             for n in range(first, first + 100)).encode())
            eventually(lambda: len(watch.lines()) == first + 100, 60, watch.stderr)
        for start, asked in [("1", count), ("51", count - 50), ("last:900", 900)]:
            with self.subTest(start=start):
                sub = self.start("sub", "replay.large", "--from", start, "--timeout", "60s",
                                 name=f"late-{self.started_count}")

                def lost():
                    return sum(int(gap[0]) for gap in self.gaps(sub))
                eventually(lambda: len(sub.lines()) + lost() >= asked, 30,
                           lambda: f"{len(sub.lines())} + {lost()} of {asked} {sub.stderr()}")
                self.assertEqual(sub.stop(), 6)
                self.assertEqual(len(sub.lines()) + lost(), asked)
                self.assertGreater(lost(), 0)
                first = int(re.search(r'"(\d{9})x', sub.lines()[0])[1])
                [(missing, after, until)] = self.gaps(sub)
                self.assertEqual(int(until), first)  # sequences count from 1, lines from 0
                if start != "last:900":
                    self.assertEqual((int(after), int(missing)), (int(start) - 1,
                                                                  first - int(start) + 1))
        sub = self.replay("replay.large", "oldest", 10)
        self.assertEqual(self.gaps(sub), [])

    def gaps(self, sub):
        return re.findall(r"gap: (\d+) events of pub after (\d+) up to (\d+) are lost",
                          sub.stderr())

    def test_what_is_no_start_is_an_error_that_names_those_that_are(self):
        sub = self.start("sub", "a", "--from", "yesterday")
        self.assert_exit(sub, 2)
        self.assertIn("--from: expected now, oldest, last:N, last, a sequence", sub.stderr())


if __name__ == "__main__":
    support.main()
