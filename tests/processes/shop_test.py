#!/usr/bin/env python3
"""The shop, as its manifest runs it: three programs, a thousand users, a thousand orders."""
import re
import shutil
import signal

import support
from support import eventually

SHOP = support.ROOT / "examples" / "shop"
BROKEN = support.ROOT / "examples" / "shop-broken"


class Shop(support.MeshTest):
    def test_its_graph_has_no_cycle(self):
        self.assert_exit(self.start("check", SHOP), 0)

    def test_check_shows_the_cycle_of_the_broken_one_with_positions(self):
        check = self.start("check", BROKEN)
        self.assert_exit(check, 1)
        for topic in ("order.created", "payment.settled", "user.updated"):
            self.assertRegex(check.stdout(), rf"{topic}.*\n", check.told())
        self.assertGreaterEqual(len(re.findall(r"shop\.mesh\.yaml:\d+:\d+", check.stdout())), 3,
                                check.told())

    def test_check_says_the_same_in_json(self):
        check = self.start("check", BROKEN, "--format", "json")
        self.assert_exit(check, 1)
        found = support.json.loads(check.stdout())
        self.assertFalse(found["acyclic"])
        self.assertEqual([one["code"] for one in found["findings"]
                          if one["severity"] == "error"], ["E001"])
        cycle = found["findings"][0]["cycle"]
        self.assertEqual(cycle["events"], ["order.created", "payment.settled", "user.updated"])
        lines = (BROKEN / "shop.mesh.yaml").read_text().splitlines()
        for step in cycle["steps"]:
            self.assertIn(step["emits"], lines[step["line"] - 1][step["column"] - 1:])

    def test_it_runs_to_the_end(self):
        up = self.start("up", SHOP, "--until", "user", "--realm", self.realm)
        self.assert_exit(up, 0, 60)
        self.assertIn("1000 registrations, 1000 orders", up.stdout() + up.stderr())
        table = [line.split() for line in up.stdout().splitlines()]
        for topic in ("user.registered", "order.created"):
            rows = [row for row in table if row[:1] == [topic]]
            self.assertEqual(len(rows), 1, up.told())
            self.assertEqual(rows[0][1].replace(",", ""), "1000", up.told())

    def test_nothing_is_left_running_and_a_second_run_counts_the_same(self):
        for _ in range(2):
            up = self.start("up", SHOP, "--until", "user", "--realm", self.realm)
            self.assert_exit(up, 0, 60)
            self.assertIn("1000 registrations, 1000 orders", up.stdout() + up.stderr())
            look = self.start("nodes", "--format", "json")
            self.assert_exit(look, 0)
            self.assertEqual(look.events(), [])

    def test_up_refuses_the_broken_one_and_starts_nothing(self):
        up = self.start("up", BROKEN, "--realm", self.realm)
        self.assertEqual(up.wait(), 1, up.told())
        self.assertIn("order.created", up.stdout() + up.stderr())
        self.assertNotIn("[user]", up.stdout() + up.stderr())

    def test_it_stops_when_asked(self):
        up = self.start("up", SHOP, "--only", "order,audit", "--realm", self.realm)
        look = self.start("nodes", "--expect", "2", "--timeout", "10s")
        self.assert_exit(look, 0)
        up.send(signal.SIGINT)
        self.assert_exit(up, 0)

    def test_a_service_that_dies_ends_the_others(self):
        up = self.start("up", SHOP, "--only", "order,audit", "--realm", self.realm)
        self.assert_exit(self.start("nodes", "--expect", "2", "--timeout", "10s"), 0)
        victims = eventually(lambda: self.children(up.pid), 5, "children of up")
        support.os.kill(victims["shop-order"], signal.SIGKILL)
        self.assert_exit(up, 7)
        for pid in victims.values():
            self.assertFalse(support.pathlib.Path(f"/proc/{pid}").exists())

    def children(self, pid):
        """Name to pid of the programs that a process has started."""
        found = {}
        for child in support.pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            name = support.pathlib.Path(f"/proc/{child}/comm").read_text().strip()
            found[name] = int(child)
        return found if {"shop-order", "shop-audit"} <= found.keys() else None

    def test_a_killed_up_leaves_no_service_behind(self):
        up = self.start("up", SHOP, "--only", "order,audit", "--realm", self.realm)
        self.assert_exit(self.start("nodes", "--expect", "2", "--timeout", "10s"), 0)
        services = eventually(lambda: self.children(up.pid), 5, "children of up")
        up.kill()
        try:
            eventually(lambda: not any(support.pathlib.Path(f"/proc/{pid}").exists()
                                       for pid in services.values()), 5, "all have ended")
        finally:
            for pid in services.values():
                if support.pathlib.Path(f"/proc/{pid}").exists():
                    support.os.kill(pid, signal.SIGKILL)

    def test_a_program_that_is_missing_is_named(self):
        folder = self.folder / "shop"
        shutil.copytree(SHOP, folder)
        up = self.start("up", folder, "--realm", self.realm, env={"PATH": "/usr/bin:/bin"})
        self.assertIn(up.wait(), (5, 7), up.told())
        self.assertIn("shop-", up.stderr())


if __name__ == "__main__":
    support.main()
