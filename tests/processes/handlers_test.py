#!/usr/bin/env python3
"""What a manifest says of how a handler runs, and what the program makes of it."""
import json

import support

MANIFEST = """
dagmesh: 1
realm: REALM
services:
  clock:
    handlers:
      tick: {every: 5ms, after: [order.created], emits: []}
      work: {on: order.created, emits: [], workers: 4, order: by-key,
             retry: {attempts: 3, backoff: 1ms..5ms}}
"""


class Handlers(support.MeshTest):
    def write(self, text):
        path = self.folder / "service.mesh.yaml"
        path.write_text(text.replace("REALM", self.realm))
        return path

    def test_timed_handlers_beat_and_lanes_work_as_the_manifest_says(self):
        reporting, path = support.report_file(self)
        node = self.node("clock", self.write(MANIFEST), **reporting).until("ready")
        pub = self.start("pub", "order.created", "x", "-n", "50", "--key", "k", "--wait-subs", "2")
        self.assert_exit(pub, 0)
        self.assertEqual(node.stop(), 0, node.told())
        counts = {handler["name"]: handler["topics"]
                  for handler in json.loads(path.read_text())["handlers"]}
        # A tool takes longer than that to find the node and to publish.
        self.assertGreaterEqual(counts["tick"]["(beats)"]["handled"], 3)
        self.assertEqual(counts["tick"]["order.created"]["handled"], 50)
        self.assertEqual(counts["work"]["order.created"]["handled"], 50)
        self.assertEqual(counts["work"]["order.created"]["dead"], 0)

    def test_more_workers_than_a_lane_has_are_refused_with_their_place(self):
        check = self.start("check", self.write(MANIFEST.replace("workers: 4", "workers: 65")))
        self.assert_exit(check, 2)
        self.assertIn("from 1 to 64, got \"65\"", check.stderr())

    def test_pub_refuses_a_header_that_is_the_meshs_own(self):
        pub = self.start("pub", "a", "x", "--wait-subs", "0", "-H", "dagmesh-ttl-ms:5")
        self.assert_exit(pub, 2)
        self.assertIn("dagmesh-ttl-ms", pub.stderr())


if __name__ == "__main__":
    support.main()
