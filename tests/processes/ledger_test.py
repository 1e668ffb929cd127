#!/usr/bin/env python3
"""The ledger of real nodes: it balances whatever was killed, and a miscount does not pass."""
import os
import pathlib
import signal
import time

import support
from support import eventually

TROUBLE = str(pathlib.Path(os.environ.get("DAGMESH_BUILD", support.BIN)) / "tests" / "trouble-node")


class Ledger(support.MeshTest):
    def trouble(self, service, *words, env=None):
        return self.start(service, *words, program=TROUBLE, name=service, feed=True,
                          env=env).until("ready")

    def doctor(self, *words, code=0):
        process = self.start("doctor", "--ledger", "--format", "json", *words)
        self.assert_exit(process, code, 30)
        return process

    def rows(self, **more):
        return {(row["publisher"], row["subscription"], row["topic"]): row
                for row in self.doctor(**more).events()}

    def test_handled_dead_and_waiting_events_add_up_also_after_a_kill(self):
        failing, holding = self.folder / "failing", self.folder / "holding"
        for level in ("reliable", "durable"):
            with self.subTest(level=level):
                topic = f"{level}.placed"
                env = {"DAGMESH_EVENTS": f"{topic}={level}"}
                user = self.trouble(f"user-{level}", "publish", topic, env=env)
                words = ["on", topic, "fail-while", failing, "hold-while", holding]
                order = self.trouble(f"order-{level}", *words)
                row = (f"user-{level}/1", f"order-{level}.on-{topic} at order-{level}/1", topic)
                user.feed("".join(f"{topic} k {i}\n" for i in range(20)))
                eventually(lambda: self.rows()[row]["handled"] == 20, 20, "20 are handled")
                failing.touch()
                user.feed("".join(f"{topic} k {i}\n" for i in range(5)))
                eventually(lambda: self.rows()[row]["dead"] == 5, 20, "5 are dead")
                failing.unlink()
                holding.touch()
                user.feed("".join(f"{topic} k {i}\n" for i in range(7)))
                eventually(lambda: self.rows()[row]["in_flight"] == 7, 20, "7 are in flight")
                self.assertEqual(self.rows()[row]["sent"], 32)
                order.kill()
                holding.unlink()
                self.trouble(f"order-{level}", *words)
                # The new run has got what the one that died had not acknowledged.
                eventually(lambda: self.rows()[row]["handled"] == 7, 20, "7 are handled")
                self.assertEqual(self.rows()[row]["sent"], 7)

    def test_rows_of_replicas_that_share_balance_while_members_come_and_go(self):
        topic = "order.placed"
        user = self.trouble("user", "publish", topic)

        def feed(count):
            user.feed("".join(f"{topic} k{i} {i}\n" for i in range(count)))

        def handled():
            return [row["handled"] for row in self.rows().values()]  # each row balances

        first = self.trouble("order", "on", topic)
        feed(100)
        eventually(lambda: handled() == [100], 20, handled)
        self.trouble("order", "on", topic)
        feed(300)
        eventually(lambda: sum(handled()) == 400 and min(handled()) > 50, 20, handled)
        first.send(signal.SIGTERM)
        self.assert_exit(first, 0)
        alone = handled()
        self.assertEqual(len(alone), 1)
        feed(100)
        eventually(lambda: handled() == [alone[0] + 100], 20, handled)

    def test_a_miscount_is_found_and_said_where(self):
        user = self.trouble("user", "publish", "order.placed")
        self.trouble("order", "on", "order.placed", "miscount")
        user.feed("".join(f"order.placed k {i}\n" for i in range(30)))
        eventually(lambda: "sent 30" in self.doctor(code=1).stderr(), 30, "all are sent")
        told = self.doctor(code=1).stderr()
        self.assertIn("unbalanced: user/1, order.placed, order.on-order.placed at order/1", told)
        self.assertIn("3 missing", told)

    def test_nobody_in_view_and_events_that_do_not_come_to_rest(self):
        self.assertIn("nobody", self.doctor().stderr())
        user = self.trouble("user", "publish", "order.placed")
        self.trouble("order", "on", "order.placed")
        user.feed("order.placed k 1\n")
        eventually(lambda: self.rows(), 20, "a row")
        pub = self.start("pub", "order.placed", "x", "-n", "100000", "--rate", "500")
        time.sleep(0.5)  # it has to be under way; what follows holds whenever it is
        moving = self.doctor("--timeout", "1500ms", code=3)
        self.assertIn("still on their way", moving.stderr())
        pub.kill()


class Health(support.MeshTest):
    def test_the_doctor_says_what_is_wrong_with_whom(self):
        failing = self.folder / "failing"
        failing.touch()
        order = self.start("order", "publish", "a", "on", "a", "fail-while", failing,
                           program=TROUBLE, name="order", feed=True).until("ready")
        well = self.start("doctor", "--format", "json")
        self.assert_exit(well, 0)
        self.assertEqual([one["complaints"] for one in well.events()], [[]])
        order.feed("a k 1\n")

        def is_sick():
            doctor = self.start("doctor")
            doctor.wait()
            return "order/1: 1 dead letter" in doctor.stderr() and doctor.popen.returncode == 1
        eventually(is_sick, 15, "the dead letter is told")



if __name__ == "__main__":
    support.main()
