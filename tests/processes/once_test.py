#!/usr/bin/env python3
"""Events of level once between the examples' services, which are killed in the middle: the shop makes
exactly one order a registration, and the saga ends for each order."""
import json
import shutil
import signal
import subprocess

import support
from support import eventually

SHOP = support.ROOT / "examples" / "shop"
SAGA = support.ROOT / "examples" / "saga"
USERS = 4000


class Once(support.MeshTest):
    def shop(self):
        """The shop with more users, so that there is a middle."""
        folder = self.folder / "shop"
        shutil.copytree(SHOP, folder)
        with open(folder / "registrations.jsonl", "w") as lines:
            for number in range(1, USERS + 1):
                data = {"user_id": number, "name": f"user {number}", "email": "u@example.org"}
                print(json.dumps({"event": "user.registered", "data": data}), file=lines)
        return folder

    def service(self, folder, name):
        return self.start("node", folder, "--service", name, "--realm", self.realm, name=name)

    def test_an_order_service_that_is_killed_makes_one_order_a_registration(self):
        folder = self.shop()
        audit = self.service(folder, "audit")
        order = self.service(folder, "order")
        self.assert_exit(self.start("nodes", "--expect", "2", "--timeout", "10s"), 0)
        seen = self.start("sub", "order.created", "--format", "json", name="seen")
        user = self.service(folder, "user")
        for count in (USERS // 4, USERS // 2):
            eventually(lambda: len(seen.lines()) >= count, 30, f"{count} orders")
            order.send(signal.SIGKILL)
            order.wait()
            order = self.service(folder, "order")
        self.assert_exit(user, 0, 60)
        for process in (order, audit):
            process.send(signal.SIGTERM)
            self.assert_exit(process, 0, 30)
        self.assertIn(f"{USERS} registrations, {USERS} orders: the books balance", audit.stdout())

    def test_an_audit_that_is_killed_goes_on_with_its_books(self):
        folder = self.shop()
        audit = self.service(folder, "audit")
        order = self.service(folder, "order")
        self.assert_exit(self.start("nodes", "--expect", "2", "--timeout", "10s"), 0)
        seen = self.start("sub", "order.created", "--format", "json", name="seen")
        user = self.service(folder, "user")
        eventually(lambda: len(seen.lines()) >= USERS // 3, 30, "a third of the orders")
        audit.send(signal.SIGKILL)
        audit.wait()
        audit = self.service(folder, "audit")
        self.assert_exit(user, 0, 60)
        for process in (order, audit):
            process.send(signal.SIGTERM)
            self.assert_exit(process, 0, 30)
        self.assertIn(f"{USERS} registrations, {USERS} orders: the books balance", audit.stdout())

    def test_the_saga_ends_for_each_order(self):
        demo = subprocess.run(["bash", SAGA / "demo.sh", "60"], env=self.env, timeout=120,
                              capture_output=True, text=True, check=False)
        told = demo.stdout + demo.stderr
        self.assertEqual(demo.returncode, 0, told)
        for line in ("40 orders completed, 20 coupons", "60 orders created, 40 completed, 20 cancelled",
                     "60 items reserved, 20 released", "20 coupons issued",
                     "40 payments of 200000 cents, 20 failed"):
            self.assertIn(line, demo.stdout, told)
        rows = [row for row in demo.stdout.splitlines() if "(journal)" in row]
        self.assertGreaterEqual(len(rows), 6, told)
        for row in rows:
            self.assertRegex(row, r" balanced$", told)


if __name__ == "__main__":
    support.main()
