#!/usr/bin/env python3
"""`pub --request` prints what a handler of another process replies."""
import os
import pathlib

import support

TROUBLE = str(pathlib.Path(os.environ.get("DAGMESH_BUILD", support.BIN)) / "tests" / "trouble-node")


class Request(support.MeshTest):
    def test_a_reply_is_printed_and_a_failure_or_silence_is_said(self):
        failing = self.folder / "failing"
        self.start("price", "on", "price.wanted", "fail-while", failing, "replies",
                   program=TROUBLE, name="price", feed=True).until("ready")
        pub = self.start("pub", "price.wanted", "1", "--key", "apples", "--request")
        self.assert_exit(pub, 0)
        self.assertEqual(pub.stdout(), '"got apples"\n')
        self.assertEqual(pub.stderr(), "")
        failing.touch()
        pub = self.start("pub", "price.wanted", "1", "--request")
        self.assert_exit(pub, 1)
        self.assertIn("price.on-price.wanted failed: told to fail", pub.stderr())
        self.start("sub", "silence")
        pub = self.start("pub", "silence", "1", "--request", "--timeout", "2s")
        self.assert_exit(pub, 3)
        self.assertIn("no reply in time", pub.stderr())


if __name__ == "__main__":
    support.main()
