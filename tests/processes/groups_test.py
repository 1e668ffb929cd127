#!/usr/bin/env python3
"""Replicas that share events: nodes of one service, and tools of one group, while members are
killed one after the other."""
import json
import signal
import time

import support
from support import eventually


class Groups(support.MeshTest):
    def test_replicas_of_a_service_share_its_events(self):
        replicas = []
        for _ in range(3):
            arguments, report = support.report_file(self)
            node = self.node("order", "--on", "user.*", **arguments).until("ready")
            replicas.append((node, report))
        pub = self.start("pub", "user.registered", "-", "--wait-subs", "3", feed=True)
        pub.feed("".join(json.dumps({"n": n}) + "\n" for n in range(600)))
        pub.stdin.close()
        self.assert_exit(pub, 0)
        counts = []
        for node, report in replicas:
            self.assertEqual(node.stop(), 0, node.told())
            counts.append(support.handled(report).get("user.registered", {}).get("handled", 0))
        self.assertEqual(sum(counts), 600, counts)
        self.assertGreater(min(counts), 50, counts)

    def test_up_runs_replicas_that_share(self):
        manifest = self.folder / "shop.mesh.yaml"
        manifest.write_text(
            "dagmesh: 1\nservices:\n  order:\n    replicas: 3\n    handlers:\n"
            "      create: {on: user.registered, emits: []}\n")
        up = self.start("up", manifest, feed=False)
        up.until("ready")
        pub = self.start("pub", "user.registered", "-", "--wait-subs", "3", "--timeout", "10s",
                         feed=True)
        pub.feed("".join(json.dumps({"n": n}) + "\n" for n in range(300)))
        pub.stdin.close()
        self.assert_exit(pub, 0)
        up.send(signal.SIGINT)
        self.assert_exit(up, 0)
        self.assertIn("300", up.stdout() + up.stderr(), up.told())
        self.assertNotIn("900", up.stdout() + up.stderr(), up.told())

    def member(self):
        return self.start("sub", "work.*", "--group", "crew", "--format", "json")

    def kill_one_after_the_other(self, level):
        members = [self.member() for _ in range(3)]
        everybody = list(members)
        pub = self.start("pub", "work.item", "-", "--level", level, "--wait-subs", "3",
                         "--timeout", "10s", feed=True)
        published = 0
        for _ in range(support.rounds(4, 12)):
            for _ in range(self.random.randrange(5, 15)):
                pub.feed("".join(json.dumps({"n": published + n}) + "\n" for n in range(20)))
                published += 20
                time.sleep(0.02)
            victim = self.random.choice(members)
            victim.kill()
            members.remove(victim)
            members.append(self.member())
            everybody.append(members[-1])

        def handled():
            return {event["data"]["n"] for one in everybody for event in one.events()}

        eventually(lambda: len(handled()) == published, 30,
                   lambda: f"all {published} handled, missing {published - len(handled())}\n"
                           + pub.told())
        pub.stdin.close()
        self.assert_exit(pub, 0)
        for one in everybody:
            numbers = [event["data"]["n"] for event in one.events()]
            self.assertEqual(len(numbers), len(set(numbers)), "a member got an event twice")

    def replicas(self, *patterns):
        started = []
        for _ in range(2):
            arguments, report = support.report_file(self)
            words = [word for pattern in patterns for word in ("--on", pattern)]
            started.append((self.node("order", *words, **arguments).until("ready"), report))
        return started

    def test_a_new_version_that_listens_to_more_takes_over_what_the_old_one_was_owed(self):
        old = self.replicas("user.registered")
        watch = self.start("sub", "user.registered", "-n", "200", "--timeout", "20s")
        pub = self.start("pub", "user.registered", "-", "--level", "durable", "--wait-subs", "3",
                         "--timeout", "20s", feed=True)
        pub.feed("".join(json.dumps({"n": n}) + "\n" for n in range(200)))
        self.assert_exit(watch, 0, 30)  # so the old version is being served
        for node, _ in old:
            node.kill()
        pub.feed("".join(json.dumps({"n": n}) + "\n" for n in range(200, 500)))
        new = self.replicas("user.registered", "user.removed")
        pub.stdin.close()
        self.assert_exit(pub, 0, 30)  # everything is acknowledged
        handled = []
        for node, report in new:
            self.assertEqual(node.stop(), 0, node.told())
            handled.append(support.handled(report).get("user.registered", {}).get("handled", 0))
        self.assertGreaterEqual(sum(handled), 300, handled)

    def test_members_killed_one_after_the_other_lose_nothing_reliable(self):
        self.kill_one_after_the_other("reliable")

    def test_members_killed_one_after_the_other_lose_nothing_durable(self):
        self.kill_one_after_the_other("durable")


if __name__ == "__main__":
    support.main()
