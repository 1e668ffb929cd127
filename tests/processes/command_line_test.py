#!/usr/bin/env python3
"""What the program says and how it ends: the part of the command line that needs processes."""
import os
import signal
import subprocess
import time

import support
from support import eventually


class CommandLine(support.MeshTest):
    def test_wrong_usage_exits_with_2_and_says_what_is_wrong(self):
        for words, said in (
                (["serve"], "serve"), (["chekc"], "check"), (["pub"], "pub"),
                (["sub", "user.>", "--tiemout", "1s"], "--timeout"),
                (["sub"], "sub"), (["sub", "user..x"], "user..x"), (["sub", ">.user"], ">.user"),
                (["pub", "user.*", "1"], "user.*"), (["pub", "user registered", "1"], "user"),
                (["sub", "a", "-n", "many"], "many"), (["sub", "a", "--timeout", "1 fortnight"],
                                                       "fortnight"),
                (["node", "--on", "a"], "--service"),
                (["sub", "a", "--peer", "nowhere"], "nowhere"),
                (["sub", "a", "--listen", "127.0.0.1:65535"], "65535"),
                (["nodes", "--expect", "-1"], "-1"),
                (["nodes", "--realm", "a/b"], "--realm"), (["nodes", "--realm", "a b"], "--realm"),
                (["check", "--realm", ".."], "--realm"), (["pub", "a", "--instance", "*"], "*"),
                (["node", "--service", "a>", "--on", "a"], "--service"),
                (["sub", "a", "--group", "a/b"], "--group"),
                (["nodes", "--realm", "東" * 28], "the name of its file"),
                (["check", "/nonexistent"], "/nonexistent"),
                (["up"], "up"), (["up", "/nonexistent"], "/nonexistent"),
                (["node", "examples/shop/shop.mesh.yaml", "--service", "odrer"], "order")):
            with self.subTest(words=words):
                process = self.start(*words)
                self.assert_exit(process, 2)
                self.assertIn(said, process.stderr(), words)
                self.assertEqual(process.stdout(), "")
                self.assertLess(len(process.stderr().splitlines()), 4, process.told())

    def test_no_arguments_help_and_version(self):
        self.assert_exit(self.start(), 2)
        for words in (["--help"], ["-h"], ["sub", "--help"], ["--version"]):
            process = self.start(*words)
            self.assert_exit(process, 0)
            lines = process.stdout().splitlines()
            self.assertGreater(len(lines), 0)
            self.assertLessEqual(len(lines), 40)
            self.assertLessEqual(max(map(len, lines)), 100)
            self.assertEqual(process.stderr(), "")

    def test_a_variable_that_cannot_be_read_is_named(self):
        process = self.start("nodes", env={"DAGMESH_BEACON_PORT": "many"})
        self.assert_exit(process, 2)
        self.assertIn("DAGMESH_BEACON_PORT", process.stderr())

    def test_sub_that_gets_too_few_exits_with_3(self):
        sub = self.start("sub", "user.>", "-n", "1", "--timeout", "300ms")
        self.assert_exit(sub, 3)
        self.assertIn("0 of 1", sub.stderr())

    def test_sub_without_a_count_is_done_when_the_time_is_over(self):
        self.assert_exit(self.start("sub", "user.>", "--timeout", "300ms"), 0)

    def test_pub_that_nobody_wants_exits_with_3_and_says_that_nothing_was_sent(self):
        pub = self.start("pub", "user.registered", "1", "--timeout", "300ms")
        self.assert_exit(pub, 3)
        self.assertIn("nothing was sent", pub.stderr())

    def test_pub_with_wait_subs_0_sends_anyway(self):
        self.assert_exit(self.start("pub", "user.registered", "1", "--wait-subs", "0"), 0)

    def test_pub_waits_for_as_many_subscribers_as_it_is_told(self):
        pub = self.start("pub", "user.registered", "1", "--wait-subs", "3", "--timeout", "10s")
        subs = []
        for _ in range(3):
            self.assertTrue(pub.running())
            subs.append(self.start("sub", "user.*", "-n", "1", "--timeout", "10s"))
        for process in [pub, *subs]:
            self.assert_exit(process, 0)

    def test_text_that_is_no_json_and_every_kind_of_json_arrive_as_they_are(self):
        for data, arrives in (("hello, world", "hello, world"), ("ünïcödé 漢字 🦉", None),
                              ('{"a": [1, 2.5, null, true, "x"]}', {"a": [1, 2.5, None, True, "x"]}),
                              ("18446744073709551615", 2**64 - 1), ("-1", -1), ('""', "")):
            with self.subTest(data=data):
                sub = self.start("sub", "a.b", "-n", "1", "--timeout", "10s", "--format", "json")
                self.assert_exit(self.start("pub", "a.b", "--", data), 0)
                self.assert_exit(sub, 0)
                self.assertEqual(sub.events()[0]["data"], data if arrives is None else arrives)

    def test_events_come_in_the_order_of_their_lines(self):
        sub = self.start("sub", "a.b", "-n", "5000", "--timeout", "20s", "--format", "json")
        pub = self.start("pub", "a.b", "-", feed=True)
        pub.feed("".join(f"{number}\n" for number in range(5000)))
        pub.stdin.close()
        self.assert_exit(pub, 0)
        self.assert_exit(sub, 0)
        self.assertEqual([event["data"] for event in sub.events()], list(range(5000)))

    def test_nodes_short_of_what_was_expected_exits_with_3(self):
        self.assert_exit(self.start("nodes", "--expect", "1", "--timeout", "300ms"), 3)

    def test_an_instance_that_runs_already_is_refused(self):
        self.node("user", "--on", "user.>", "--instance", "front").until("ready")
        second = self.node("user", "--on", "user.>", "--instance", "front")
        self.assertEqual(second.wait(), 5, second.told())
        self.assertIn("front", second.stderr())

    def test_realms_on_one_port_never_meet(self):
        other = self.start("sub", "a.>", "-n", "1", "--timeout", "2s", "--realm", "another")
        self.assert_works("a.>")
        self.assert_exit(other, 3)

    def test_sigint_and_sigterm_drain_and_exit_with_0(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for words in (["node", "--service", "user", "--on", "user.>"], ["sub", "user.>"],
                          ["nodes", "--watch"]):
                with self.subTest(words=words, number=number):
                    look = self.start("nodes", "--watch", "--format", "json")
                    process = self.start("-v", *words)
                    eventually(lambda: "ready" in process.stderr(), 5, process.told)
                    process.send(number)
                    self.assert_exit(process, 0, 5)
                    look.kill()

    def test_what_is_stopped_before_it_has_what_it_waits_for_exits_with_3(self):
        for words, said in ((["nodes", "--expect", "3", "--timeout", "20s"], "stopped: 0 of 3"),
                            (["sub", "user.>", "-n", "2"], "stopped after 0 of 2 events")):
            with self.subTest(words=words):
                process = self.start("-v", *words).until("ready")
                process.send(signal.SIGINT)
                self.assert_exit(process, 3, 5)
                self.assertIn(said, process.stderr())
                self.assertNotIn("timed out", process.stderr())

    def test_output_that_cannot_be_written_exits_with_5(self):
        to_full = {"program": "/bin/sh", "before": ()}
        for words in ("--help", "--version", "nodes --timeout 2s", "nodes --watch --timeout 2s"):
            with self.subTest(words=words):
                process = self.start("-c", f"exec dagmesh {words} >/dev/full", **to_full)
                self.assert_exit(process, 5)
                self.assertEqual(process.stderr(), "dagmesh: cannot write to stdout\n")

    def test_sub_acknowledges_nothing_that_it_could_not_write(self):
        sub = self.start("-c", "exec dagmesh sub 'a.>' --group readers >/dev/full",
                         program="/bin/sh", name="sub")
        pub = self.start("pub", "a.b", "1", "-n", "3")
        self.assert_exit(sub, 5, 8)
        self.assertEqual(sub.stderr(), "dagmesh: cannot write to stdout\n")
        self.assert_exit(pub, 6)
        self.assertRegex(pub.stderr(), r"sub/readers\S* \(3 events\)")

    def test_sub_of_no_events_is_done_at_once(self):
        started_at = time.monotonic()
        self.assert_exit(self.start("sub", "a.b", "-n", "0"), 0)
        self.assertLess(time.monotonic() - started_at, 2)

    def test_pub_ends_when_asked_while_it_waits_for_its_next_line(self):
        sub = self.start("sub", "a.b", name="sub")
        pub = self.start("pub", "a.b", "-", feed=True)
        pub.feed("1\n")
        eventually(sub.lines, 10, sub.told)
        pub.send(signal.SIGTERM)
        self.assert_exit(pub, 0, 5)

    def test_pub_ends_when_asked_though_nobody_acknowledges(self):
        sub = self.start("sub", "a.b", name="sub")
        pub = self.start("pub", "a.b", "-", feed=True)
        pub.feed("1\n")
        eventually(sub.lines, 10, sub.told)
        sub.send(signal.SIGSTOP)
        pub.feed("2\n")
        pub.stdin.close()
        pub.send(signal.SIGTERM)
        self.assertIn(pub.wait(15), (3, 6), pub.told())

    def test_a_second_signal_ends_it_at_once(self):
        sub = self.start("sub", "a.b", name="sub")
        pub = self.start("pub", "a.b", "-", feed=True)
        pub.feed("1\n")
        eventually(sub.lines, 10, sub.told)
        sub.send(signal.SIGSTOP)
        pub.feed("".join(f"{number}\n" for number in range(100)))
        pub.send(signal.SIGINT)
        time.sleep(0.3)  # so that the two are not taken for one
        pub.send(signal.SIGINT)
        self.assertIn(pub.wait(3), (128 + signal.SIGINT, 0, 3, -signal.SIGINT), pub.told())

    def test_sub_ends_when_its_reader_has_gone(self):
        read, write = os.pipe()
        sub = subprocess.Popen([support.PROGRAM, "sub", "a.>"], env=self.env, stdout=write,
                               stderr=subprocess.DEVNULL, preexec_fn=support.ends_with_parent)
        self.addCleanup(sub.wait)
        self.addCleanup(sub.kill)
        os.close(write)
        os.close(read)
        self.start("pub", "a.b", "1", "--timeout", "5s").wait()
        self.assertIn(sub.wait(5), (0, -signal.SIGPIPE))


if __name__ == "__main__":
    support.main()
