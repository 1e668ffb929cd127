#!/usr/bin/env python3
"""examples/python/tap.py prints the events of a node that runs with --tap."""
import json
import sys
import time

import support
from support import eventually

try:
    import zmq  # what the example needs
except ImportError:
    zmq = None


class Tap(support.MeshTest):
    def test_the_example_prints_what_the_node_handles(self):
        if zmq is None:
            print("SKIPPED: pyzmq is missing (Debian: python3-zmq)")
            self.skipTest("pyzmq is missing (Debian: python3-zmq)")
        endpoint = f"tcp://127.0.0.1:{support.free_port()}"
        self.node("x", "--on", "user.*", "--tap", endpoint).until("ready")
        example = support.ROOT / "examples" / "python" / "tap.py"
        taps = [self.start(example, endpoint, *prefix, program=sys.executable, name="tap")
                for prefix in ([], ["user.reg"], ["order."])]

        # Best effort: what is published before the example has connected is not shown.
        def publish():
            self.assert_exit(self.start("pub", "user.registered", '{"user_id": 7}'), 0)
            time.sleep(0.05)
            return taps[0].lines() and taps[1].lines()
        eventually(publish, 10, lambda: taps[0].told() + taps[1].told())
        for tap in taps[:2]:
            topic, event = tap.lines()[0].split(" ", 1)
            self.assertEqual(topic, "user.registered")
            self.assertEqual(json.loads(event)["data"], {"user_id": 7})
        self.assertEqual(taps[2].lines(), [])

    def test_an_endpoint_that_cannot_be_bound_is_named(self):
        node = self.node("x", "--on", "user.*", "--tap", "tcp://192.0.2.1:7100")
        self.assert_exit(node, 5)
        self.assertIn("192.0.2.1", node.stderr())


if __name__ == "__main__":
    support.main()
