#!/usr/bin/env python3
"""Dead letters of real nodes: listed, shown, handled once more and thrown away."""
import json
import os
import pathlib

import support
from support import eventually

TROUBLE = str(pathlib.Path(os.environ.get("DAGMESH_BUILD", support.BIN)) / "tests" / "trouble-node")


class DeadLetters(support.MeshTest):
    def setUp(self):
        super().setUp()
        self.failing = self.folder / "failing"
        self.failing.touch()

    def order(self, *words, **more):
        return self.start("order", "publish", "order.placed", "on", "order.placed", "fail-while",
                          self.failing, *words, program=TROUBLE, name="order", feed=True,
                          **more).until("ready")

    def dead(self, *words, code=0, within=40):
        process = self.start("dead", *words)
        self.assert_exit(process, code, within)
        return process

    def listed(self, *words, code=0):
        return [json.loads(line) for line in
                self.dead("ls", "--format", "json", *words, code=code).lines()]

    def letters(self, count):
        """Waits until so many are there."""
        return eventually(lambda: (lambda all: all if len(all) == count else None)(self.listed()),
                          15, f"{count} dead letters")

    def test_a_letter_is_listed_shown_and_gone_when_its_event_is_handled(self):
        node = self.order("attempts", "3")
        node.feed("order.placed k {\"id\": 7}\n")
        letter, = self.letters(1)
        self.assertEqual((letter["letter"], letter["handler"], letter["reason"], letter["attempts"]),
                         ("order/1/1", "on-order.placed", "failed", 3))
        self.assertEqual((letter["topic"], letter["key"], letter["path"]),
                         ("order.placed", "k", ["order.placed"]))
        self.assertIn("told to fail", letter["error"])
        table = self.dead("ls").stdout()
        self.assertIn("order/1/1", table)
        self.assertIn("told to fail", table)
        shown = self.dead("show", "1").stdout()
        self.assertIn('{\\"id\\": 7}', shown)
        self.assertIn("order.on-order.placed", shown)
        whole = json.loads(self.dead("show", "order/1/1", "--format", "json").stdout())
        self.assertEqual(whole["event"]["data"], '{"id": 7}')

        again = self.dead("retry", "1", code=1)
        self.assertIn("order/1/1 kept: handler on-order.placed failed again", again.stdout())
        self.assertEqual([one["number"] for one in self.listed()], [1])
        self.failing.unlink()
        self.assertEqual(self.dead("retry", "1").stdout(), "order/1/1 handled\n")
        self.assertEqual(self.listed(), [])

    def test_letters_outlive_a_kill_and_those_of_a_stopped_node_are_read_from_its_file(self):
        node = self.order()
        node.feed("order.placed a 1\norder.placed b 2\n")
        self.letters(2)
        for named in (["ls", "--stopped", "--service", "order"], ["show", "order/1/1", "--stopped"]):
            runs = self.dead(*named, code=3)
            self.assertIn("order/1 runs: ask it, without --stopped", runs.stderr())
        self.assertEqual(self.dead("ls", "--stopped").stdout(), "")
        node.kill()
        self.assertEqual([one["key"] for one in self.listed("--stopped")], ["a", "b"])
        self.assertIn("start it", self.dead("retry", "1", "--stopped", code=2).stderr())
        self.assertEqual(self.dead("drop", "2", "--stopped").stdout(), "order/1/2 dropped\n")
        self.failing.unlink()
        self.order()
        self.assertEqual([one["key"] for one in self.letters(1)], ["a"])
        self.assertEqual(self.dead("retry", "--all").stdout(), "order/1/1 handled\n")
        self.assertEqual(self.listed(), [])

    def test_filters_and_names_that_mean_nothing(self):
        self.order("each", env={"DAGMESH_INSTANCE": "eu"}).feed("order.placed a 1\n")
        self.order("each", env={"DAGMESH_INSTANCE": "us"})
        self.letters(2)  # each replica has handled it
        self.assertEqual(len(self.listed("--instance", "eu")), 1)
        self.assertEqual(self.listed("--topic", "user.>"), [])
        self.assertEqual(len(self.listed("--topic", "order.*", "--handler", "on-order.placed",
                                         "--reason", "failed")), 2)
        either = self.dead("show", "1", code=2)
        self.assertIn("order/eu/1, order/us/1", either.stderr())
        self.assertEqual(self.dead("show", "order/eu/1").stderr(), "")
        for words, code, said in (
                (["show", "4711"], 2, "no dead letter 4711"),
                (["drop", "order/eu/9"], 2, "no dead letter order/eu/9"),
                (["retry"], 2, "which letter"), (["show", "x"], 2, "SERVICE/INSTANCE/NUMBER"),
                (["ls", "1"], 2, "dead show"), (["lst"], 2, "ls"),
                (["drop", "1", "--all"], 2, "not both"), (["ls", "--topic", "a..b"], 2, "a..b"),
                (["ls", "--reason", "bogus"], 2, "expected failed, undeclared"),
                (["retry", "--all", "--reason", "fialed"], 2, 'did you mean "failed"?'),
                (["ls", "--service", "nobody"], 3, "nobody")):
            with self.subTest(words=words):
                self.assertIn(said, self.dead(*words, code=code).stderr())
        self.assertEqual(sorted(self.dead("drop", "--all").lines()),
                         ["order/eu/1 dropped", "order/us/1 dropped"])


if __name__ == "__main__":
    support.main()
