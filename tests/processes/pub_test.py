#!/usr/bin/env python3
"""`pub` says what became of what it published, and its exit code says the same."""
import os
import pathlib
import signal
import time

import support
from support import eventually

TROUBLE = str(pathlib.Path(os.environ.get("DAGMESH_BUILD", support.BIN)) / "tests" / "trouble-node")


class Pub(support.MeshTest):
    def setUp(self):
        super().setUp()
        self.holding = self.folder / "holding"
        self.holding.touch()

    def holding_node(self, service="order", topic="user.registered"):
        """A node whose handler takes events and is done with none while the file is there."""
        return self.start(service, "on", topic, "hold-while", self.holding, program=TROUBLE,
                          name=service, feed=True).until("ready")

    def publish(self, *words):
        return self.start("pub", "user.registered", "1", *words, name="pub")

    def test_a_subscriber_that_dies_with_its_events_is_a_loss(self):
        for level in ("fast", "reliable"):
            with self.subTest(level=level):
                order = self.holding_node()
                pub = self.publish("-n", "3", "--level", level, "--timeout", "20s")
                time.sleep(1)
                order.kill()
                self.assert_exit(pub, 6, 15)
                self.assertRegex(pub.stderr(), r"gone without having acknowledged: "
                                               r"order/on-user\.registered\S* \(3 events\)")

    def test_what_is_stored_for_a_subscriber_that_dies_is_owed(self):
        order = self.holding_node()
        pub = self.publish("-n", "3", "--level", "durable", "--timeout", "20s", "--instance", "till")
        time.sleep(1)
        order.kill()
        self.assert_exit(pub, 0, 15)
        self.assertRegex(pub.stderr(), r"owed when instance till of pub runs again: to "
                                       r"order/on-user\.registered\S* \(3 events\)")

    def test_the_timeout_bounds_the_wait_and_what_is_not_acknowledged_is_said(self):
        self.holding_node()
        for level in ("fast", "reliable", "durable"):
            with self.subTest(level=level):
                started_at = time.monotonic()
                pub = self.publish("-n", "2", "--level", level, "--timeout", "1500ms")
                self.assert_exit(pub, 3)
                self.assertLess(time.monotonic() - started_at, 4)
                self.assertIn("timed out: not every subscriber has acknowledged", pub.stderr())
                self.assertRegex(pub.stderr(), r"order/on-user\.registered\S* \(2 events\)")

    def test_stopped_before_anything_was_sent_it_says_so_and_exits_with_3(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            pub = self.publish("--timeout", "30s").until("waiting for 1 subscriber")
            pub.send(number)
            self.assert_exit(pub, 3, 5)
            self.assertRegex(pub.stderr(), "stopped: 0 of 1 subscribers of user.registered .*; "
                                           "nothing was sent")
            self.assertNotIn("timed out", pub.stderr())

    def test_stopped_while_it_waits_it_exits_with_0_only_if_all_is_acknowledged_in_time(self):
        self.holding_node()
        pub = self.publish("--timeout", "30s")
        time.sleep(1)
        pub.send(signal.SIGINT)
        time.sleep(0.5)
        self.assertTrue(pub.running())
        self.holding.unlink()
        self.assert_exit(pub, 0, 5)
        self.assertEqual(pub.stderr(), "")
        self.holding.touch()
        pub = self.publish("--timeout", "3s")
        time.sleep(1)
        pub.send(signal.SIGINT)
        self.assert_exit(pub, 3, 10)
        self.assertIn("stopped: not every subscriber has acknowledged", pub.stderr())

    def test_stopped_in_the_middle_it_says_how_many_were_published(self):
        sub = self.start("sub", "user.>", name="sub")
        pub = self.publish("-n", "100", "--rate", "5")
        eventually(sub.lines, 10, sub.told)
        pub.send(signal.SIGTERM)
        self.assert_exit(pub, 3, 5)
        self.assertRegex(pub.stderr(), r"stopped after \d+ of 100 events")

    def test_stopped_while_there_is_no_room_it_ends_in_time(self):
        self.holding_node()
        pub = self.publish("-n", "1000000")
        time.sleep(1.5)
        pub.send(signal.SIGINT)
        self.assert_exit(pub, 3, 14)
        self.assertRegex(pub.stderr(), r"stopped after \d+ of 1000000 events")

    def test_a_line_that_no_event_can_hold_is_named(self):
        for size in (1 << 20, 3 << 20):
            with self.subTest(size=size):
                lines = self.folder / "lines"
                lines.write_text("1\n2\n" + "x" * (size + 1) + "\n4\n")
                pub = self.start("-c", f"exec dagmesh pub a.b - --wait-subs 0 < {lines}",
                                 program="/bin/sh")
                self.assert_exit(pub, 2)
                self.assertEqual(pub.stderr(), "dagmesh: line 3 is too long: an event holds at "
                                               "most 1 MiB\n")


if __name__ == "__main__":
    support.main()
