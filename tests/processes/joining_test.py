#!/usr/bin/env python3
"""Nodes that would close a cycle of events are refused, or kept from it, and come in when they fit."""
import re
import unittest

import support
from support import eventually

STEPS = re.compile(r"^  (\S+ -> \S+ -> \S+)", re.MULTILINE)
CYCLE = ["x -> A.main -> y", "y -> B.main -> z", "z -> C.main -> x"]


class Joining(support.MeshTest):
    def relay(self, service, on, emits, *more):
        return self.start("node", "--service", service, "--on", on, "--emits", emits, *more)

    def two_of_three(self):
        return (self.relay("A", "x", "y").until("ready"), self.relay("B", "y", "z").until("ready"))

    def told_cycle(self, process):
        eventually(lambda: len(STEPS.findall(process.stderr())) >= 3, 10,
                   lambda: "a cycle\n" + process.told())
        return STEPS.findall(process.stderr())[:3]

    def test_who_would_close_a_cycle_is_refused_and_all_say_which(self):
        first, second = self.two_of_three()
        third = self.relay("C", "z", "x")
        self.assertEqual(third.wait(), 4, third.told())
        self.assertNotIn("ready", third.stderr().split())
        for process in (first, second, third):
            self.assertEqual(self.told_cycle(process), CYCLE, process.told())
        self.assertTrue(first.running() and second.running())
        self.assertEqual(second.stop(), 0)
        self.relay("C", "z", "x").until("ready")

    def test_a_quarantined_handler_comes_in_when_the_cause_leaves(self):
        _, second = self.two_of_three()
        third = self.relay("C", "z", "x", "--no-strict-join").until("ready")
        self.assertIn("quarantined", third.stderr())

        def states():
            listed = self.start("nodes", "--expect", "2", "--format", "json")
            self.assertEqual(listed.wait(), 0, listed.told())
            return {node["service"]: node["state"] for node in listed.events()}
        eventually(lambda: states().get("C") == "quarantined", 10, states)
        self.assertEqual(second.stop(), 0)
        third.until("runs again")
        eventually(lambda: states().get("C") == "active", 10, states)

    def test_one_that_dies_makes_room_as_well(self):
        _, second = self.two_of_three()
        third = self.relay("C", "z", "x", "--no-strict-join").until("quarantined")
        second.kill()
        third.until("runs again")

    def test_three_that_start_together_agree_who_stays_out(self):
        for _ in range(support.rounds(3, 30)):
            nodes = [self.relay(service, on, emits, "--no-strict-join") for service, on, emits in
                     (("A", "x", "y"), ("B", "y", "z"), ("C", "z", "x"))]
            for node in nodes:
                node.until("ready")
            eventually(lambda: any("quarantined" in node.stderr() for node in nodes), 10,
                       lambda: "\n".join(node.told() for node in nodes))
            out = [node for node in nodes if "is quarantined" in node.stderr()]
            self.assertEqual(len(out), 1, "\n".join(node.told() for node in nodes))
            for node in nodes:
                self.assertEqual(self.told_cycle(node), CYCLE, node.told())
            for node in nodes:
                self.assertEqual(node.stop(), 0, node.told())


if __name__ == "__main__":
    support.main()
