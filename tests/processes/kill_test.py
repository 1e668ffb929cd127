#!/usr/bin/env python3
"""Nodes that are killed and come back: seen as gone, seen as the same one, and at no cost."""
import itertools
import signal
import time

import support
from support import eventually


class Watch(support.MeshTest):
    def watch(self):
        return self.start("nodes", "--watch", "--format", "json", name="watch")

    def seen(self, watch, state, incarnation):
        return [line for line in watch.events()
                if line["state"] == state and line["incarnation"] == incarnation]

    def test_a_killed_node_is_gone_within_3_s_and_active_again_within_1_s_of_its_return(self):
        watch = self.watch()
        gone_after, active_after = [], []
        for incarnation in range(1, support.rounds(3, 10) + 1):
            node = self.node("user", "--on", "user.*")
            eventually(lambda: self.seen(watch, "active", incarnation), 10, watch.told)
            active_after.append(time.monotonic() - node.started_at)
            node.kill()
            killed_at = time.monotonic()
            eventually(lambda: self.seen(watch, "gone", incarnation), 10, watch.told)
            gone_after.append(time.monotonic() - killed_at)
        print(f"gone after {max(gone_after):.2f} s at most, active after {max(active_after):.2f} s")
        self.assertLess(max(gone_after), 3)
        self.assertLess(max(active_after[1:]), 1)
        lines = watch.events()
        self.assertEqual(len({(line["id"], line["instance"]) for line in lines}), 1, watch.told())
        in_order = [line["incarnation"] for line in lines]
        self.assertEqual(in_order, sorted(in_order), "an older run came back: a ghost")

    def test_a_node_back_before_it_was_missed_is_the_same_one_in_a_new_run(self):
        watch = self.watch()
        for incarnation in range(1, 6):
            node = self.node("user", "--on", "user.*")
            eventually(lambda: self.seen(watch, "active", incarnation), 10, watch.told)
            node.kill()
        eventually(lambda: self.seen(watch, "gone", 5), 10, watch.told)
        lines = watch.events()
        self.assertEqual(len({line["id"] for line in lines}), 1)
        in_order = [line["incarnation"] for line in lines]
        self.assertEqual(in_order, sorted(in_order), "an older run came back: a ghost")

    def test_a_node_that_leaves_is_gone_at_once(self):
        watch = self.watch()
        node = self.node("user", "--on", "user.*")
        eventually(lambda: self.seen(watch, "active", 1), 10, watch.told)
        node.send(signal.SIGTERM)
        eventually(lambda: self.seen(watch, "gone", 1), 1, watch.told)
        self.assert_exit(node, 0)

    def test_eight_nodes_started_together_all_see_all(self):
        nodes = [self.node(f"s{i}", "--on", f"s{(i + 1) % 8}.*", "--emits", f"s{i}.said")
                 for i in range(8)]
        look = self.start("nodes", "--expect", "8", "--timeout", "10s", "--format", "json")
        self.assert_exit(look, 0)
        self.assertEqual({line["service"] for line in look.events()}, {f"s{i}" for i in range(8)})
        for node in nodes:
            node.until("ready")
        self.assert_exit(self.start("nodes", "--expect", "9", "--timeout", "1s"), 3)


class Churn(support.MeshTest):
    def test_a_node_that_comes_and_goes_costs_another_one_no_memory(self):
        settled, last = support.rounds(10, 50), support.rounds(30, 200)
        # One listens to whoever comes, the other one is heard.
        keepers = [self.node("hearer", "--on", "coming.>").until("ready"),
                   self.node("speaker", "--emits", "speaker.said").until("ready")]
        private_kib, descriptors = {}, {}
        endings = itertools.cycle([signal.SIGKILL, signal.SIGTERM])
        for count in range(1, last + 1):
            node = self.node("coming", "--on", "speaker.>", "--emits", "coming.said").until("ready")
            node.send(next(endings))
            node.wait()
            self.forget(node)
            if count in (settled, last):
                private_kib[count] = [keeper.private_kib() for keeper in keepers]
                descriptors[count] = [keeper.descriptors() for keeper in keepers]
        print(f"private KiB by return: {private_kib}, descriptors: {descriptors}")
        for before, after in zip(private_kib[settled], private_kib[last]):
            self.assert_memory(after - before, 1024)
        for before, after in zip(descriptors[settled], descriptors[last]):
            self.assertLessEqual(after - before, 4)
        self.assert_works("coming.>")


if __name__ == "__main__":
    support.main()
