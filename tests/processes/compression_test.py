#!/usr/bin/env python3
"""Compressed payloads between real processes: what is published is what everybody reads."""
import json
import os
import pathlib

import support
from support import eventually

TROUBLE = str(pathlib.Path(os.environ.get("DAGMESH_BUILD", support.BIN)) / "tests" / "trouble-node")
ORDERS = json.dumps([{"order": i, "state": "paid", "mail": f"user{i}@example.org"}
                     for i in range(400)])


class Compression(support.MeshTest):
    def setUp(self):
        super().setUp()
        self.input = self.folder / "orders.jsonl"
        self.input.write_text((ORDERS + "\n" + '{"order": 1}' + "\n") * 20)

    def compresses(self):
        """Whether this build does; one that does not says so."""
        tried = self.start("pub", "try.it", "1", "--wait-subs", "0", "--compress", "1KiB")
        code = tried.wait()
        if code != 0:
            self.assertEqual(code, 5)
            self.assertIn("built without zstd", tried.stderr())
        return code == 0

    def publish(self, *words, **more):
        words = ["sh", "-c", 'exec dagmesh pub order.placed - "$@" <"$INPUT"', "pub", *words]
        return self.start(*words[1:], program=words[0], name="pub",
                          env={"INPUT": str(self.input), **more})

    def test_sub_prints_the_data_that_was_published_compressed_by_option_or_environment(self):
        if not self.compresses():
            self.skipTest("built without zstd")
        for words, env in ((["--compress", "1KiB"], {}), ([], {"DAGMESH_COMPRESS": "1KiB"}),
                           (["--compress", "1KiB", "--level", "durable"], {})):
            with self.subTest(words=words, env=env):
                sub = self.start("sub", "order.>", "-n", "40", "--timeout", "20s", "--format", "json")
                self.assert_exit(self.publish(*words, **env), 0, 20)
                self.assert_exit(sub, 0, 20)
                self.assertEqual([event["data"] for event in sub.events()],
                                 [json.loads(ORDERS), {"order": 1}] * 20)

    def test_the_manifest_makes_a_journal_small_and_a_dead_letter_is_shown_plain(self):
        if not self.compresses():
            self.skipTest("built without zstd")
        failing = self.folder / "failing"
        failing.touch()
        node = self.start("order", "publish", "order.placed", "on", "order.placed", "fail-while",
                          failing, program=TROUBLE, name="order", feed=True,
                          env={"DAGMESH_EVENTS": "order.*=durable+compress:1024"}).until("ready")
        node.feed(f"order.placed k {ORDERS}\n")
        letter = eventually(lambda: self.dead("ls"), 15, "a dead letter")
        self.assertEqual(letter["reason"], "failed")
        shown = self.dead("show", "1")
        self.assertEqual(shown["event"]["data"], ORDERS)
        failing.unlink()
        retried = self.start("dead", "retry", "1")
        self.assert_exit(retried, 0, 40)
        for i in range(100):
            node.feed(f"order.placed k{i} {ORDERS}\n")
        self.assertEqual(node.stop(), 0)
        kept = sum(path.stat().st_size for path in (self.folder / "state").rglob("node.db*"))
        self.assertLess(kept, 100 * len(ORDERS) // 2)

    def dead(self, *words):
        """The first line that it prints, read, or nothing."""
        process = self.start("dead", *words, "--format", "json")
        self.assert_exit(process, 0, 40)
        return json.loads(process.lines()[0]) if process.lines() else None

    def test_what_is_no_size_is_an_error(self):
        for value in ("lots", "4", "-1KiB"):
            with self.subTest(value=value):
                process = self.start("pub", "a", "1", "--compress=" + value)
                self.assertEqual(process.wait(), 2)
                self.assertIn("--compress: expected a size", process.stderr())
        process = self.start("node", "--service", "s", "--on", "a",
                             env={"DAGMESH_COMPRESS": "much"})
        self.assertEqual(process.wait(), 2)
        self.assertIn("DAGMESH_COMPRESS: expected a size", process.stderr())


if __name__ == "__main__":
    support.main()
