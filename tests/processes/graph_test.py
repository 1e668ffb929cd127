#!/usr/bin/env python3
"""What `dagmesh graph` answers, and how it ends."""
import json
import random

import support

SHOP = support.ROOT / "examples" / "shop"
BROKEN = support.ROOT / "examples" / "shop-broken"


def manifest(handlers, realm="r", head=""):
    """A manifest of one service; `handlers` are (name, on, emits)."""
    lines = ["dagmesh: 1", f"realm: {realm}", *head.splitlines(), "services:", "  s:", "    handlers:"]
    for name, on, emits in handlers:
        lines.append(f"      {name}: {{on: {json.dumps(on)}, emits: {json.dumps(emits)}}}")
    return "\n".join(lines) + "\n"


class Graph(support.MeshTest):
    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def ask(self, code, *words):
        process = self.start("graph", *words)
        self.assert_exit(process, code, 60)
        return process

    def answer(self, code, *words):
        return json.loads(self.ask(code, *words, "--format", "json").stdout())

    def test_wrong_questions_exit_with_2_and_say_what_is_wrong(self):
        for words, said in (
                (["graph"], "graph"), (["graph", "pth", "a", "b"], '"path"'),
                (["graph", "path", "a"], "path A B"), (["graph", "impact"], "impact X"),
                (["graph", "impact", "user.registred", SHOP], '"user.registered"'),
                (["graph", "cause", "order.create", SHOP], "order.create"),
                (["graph", "impact", "a..b", SHOP], "a..b"),
                (["graph", "impact", "order.created", SHOP, "--as", "jsn"], '"json"'),
                (["graph", "impact", "order.created", SHOP, "--as", "svg"], "graph show"),
                (["graph", "cycles", SHOP, "--all", "0"], "--all"),
                (["graph", "cycles", SHOP, "--all", "few"], "few"),
                (["graph", "cycles", "/nonexistent"], "/nonexistent"),
                (["graph", "diff", SHOP], "diff OLD NEW"),
                (["graph", "diff", "/nonexistent", SHOP], "/nonexistent")):
            with self.subTest(words=words):
                process = self.start(*words)
                self.assert_exit(process, 2)
                self.assertIn(said, process.stderr())
                self.assertEqual(process.stdout(), "")

    def test_a_path_exits_with_0_and_none_with_1(self):
        found = self.answer(0, "path", "user.registered", "order.created", SHOP)
        self.assertTrue(found["found"])
        self.assertEqual([step["handler"] for step in found["steps"]], ["order.create"])
        lines = (SHOP / "shop.mesh.yaml").read_text().splitlines()
        step = found["steps"][0]
        self.assertIn("order.created", lines[step["line"] - 1][step["column"] - 1:])
        none = self.answer(1, "path", "order.created", "user.registered", SHOP)
        self.assertFalse(none["found"])
        self.assertEqual(none["steps"], [])
        self.assertEqual(self.ask(1, "path", "order.created", "user.registered", SHOP).stdout(),
                         "no path from order.created to user.registered\n")

    def test_impact_and_cause_mirror_each_other(self):
        down = self.answer(0, "impact", "user.registered", BROKEN)
        self.assertEqual([one["event"] for one in down["events"]],
                         ["order.created", "payment.settled", "user.updated"])
        self.assertFalse(down["bounded"])
        up = self.answer(0, "cause", "user.updated", BROKEN)
        self.assertIn({"event": "order.created", "steps": 2}, up["events"])
        self.assertEqual(up["origins"][0]["kind"], "outside")
        straight = self.answer(0, "impact", "user.registered", SHOP)
        self.assertTrue(straight["bounded"])
        self.assertEqual(straight["handler_runs_max"], 3)  # audit, order, and audit again

    def test_cycles_exit_with_1_when_there_is_one(self):
        self.assertEqual(self.ask(0, "cycles", SHOP).stdout(), "no cycle\n")
        found = self.answer(1, "cycles", BROKEN)
        self.assertTrue(found["complete"])
        self.assertEqual([cycle["events"] for cycle in found["cycles"]],
                         [["order.created", "payment.settled", "user.updated"]])

    def test_more_cycles_than_asked_for_are_at_least_that_many(self):
        names = [f"t{i}" for i in range(12)]
        path = self.write("k.mesh.yaml", manifest(
            [(f"h{i}", [n for n in names if n != name], [name]) for i, name in enumerate(names)]))
        text = self.ask(1, "cycles", path).stdout()
        self.assertIn("at least 100 cycles", text)
        found = self.answer(1, "cycles", path, "--all", "66")
        self.assertFalse(found["complete"])
        self.assertEqual({len(cycle["events"]) for cycle in found["cycles"]}, {2})

    def test_an_allowed_loop_is_left_out_and_said(self):
        path = self.write("l.mesh.yaml", manifest([("a", "x", ["y"]), ("b", "y", ["x"])]) +
                          "    loops:\n      - {edge: {handler: b, emits: x}, max_rounds: 3,"
                          " reason: a test, until: 2999-01-01}\n")
        self.assertEqual(self.ask(0, "cycles", path).stdout(),
                         "no cycle; 1 allowed loop edge left out\n")
        self.ask(0, "path", "y", "y", path)

    def test_the_order_of_files_changes_no_byte(self):
        rest = BROKEN / "shop.mesh.yaml"
        one = self.write("one.mesh.yaml", manifest([("a", "order.*", ["x"]), ("b", "x", ["y.a"])],
                                                   realm="default"))
        for words in (["impact", "user.registered"], ["cause", "x"], ["cycles"],
                      ["path", "user.registered", "y.a"]):
            for form in ("text", "json"):
                outs = []
                for files in ([rest, one], [one, rest]):
                    process = self.start("graph", *words, *files, "--as", form)
                    process.wait()
                    outs.append(process.stdout())
                self.assertEqual(outs[0], outs[1], words)
                self.assertNotEqual(outs[0], "")

    def test_a_diff_lists_what_is_new_gone_and_broken_and_exits_with_0(self):
        old = self.write("old.mesh.yaml", manifest(
            [("a", "x", ["y"])], head="events:\n  x: {entry: true, fields: {id: int, mail: str}}"))
        new = self.write("new.mesh.yaml", manifest(
            [("a", "x", ["y"]), ("b", "y", ["z"])],
            head="events:\n  x: {entry: true, fields: {id: str, more: int}}"))
        found = self.answer(0, "diff", old, new)
        self.assertEqual([one["event"] for one in found["added"]["events"]], ["z"])
        self.assertEqual([one["handler"] for one in found["added"]["handlers"]], ["s.b"])
        self.assertEqual(found["added"]["reach"], [{"from": "x", "to": "z"}, {"from": "y", "to": "z"}])
        self.assertEqual(sorted(one["field"] for one in found["breaks"]), ["id", "mail"])
        text = self.ask(0, "diff", old, new).stdout()
        self.assertIn("! broken", text)
        self.assertIn("+ reach", text)
        self.assertEqual(self.ask(0, "diff", old, old).stdout(), "no difference\n")
        rest = self.write("rest.mesh.yaml", "dagmesh: 1\nrealm: r\nservices:\n  t: {handlers:"
                          " {h: {on: z, emits: []}}}\n")
        both = self.answer(0, "diff", old, new, rest)
        self.assertEqual(both["added"]["services"], [])

    def test_several_realms_are_asked_one_by_one(self):
        one = self.write("one.mesh.yaml", manifest([("a", "x", ["y"])], realm="one"))
        two = self.write("two.mesh.yaml", manifest([("b", "x", ["z"])], realm="two"))
        both = self.answer(0, "impact", "x", one, two)
        self.assertEqual([realm["realm"] for realm in both["realms"]], ["one", "two"])
        alone = self.answer(0, "impact", "y", one, two)
        self.assertEqual(alone["realm"], "one")

    def test_an_answer_goes_to_a_file_whole_or_not_at_all(self):
        target = self.folder / "answer.json"
        process = self.ask(0, "impact", "user.registered", SHOP, "--as", "json", "-o", target)
        self.assertEqual(process.stdout(), "")
        self.assertEqual(json.loads(target.read_text())["question"], "impact")
        bad = self.ask(5, "impact", "user.registered", SHOP, "-o", "/nonexistent/answer")
        self.assertIn("/nonexistent/answer", bad.stderr())

    def test_a_hundred_thousand_edges_are_answered_within_seconds(self):
        draw = random.Random(1)
        handlers = []
        for number in range(33_000):
            on = [f"t{draw.randrange(number + 1)}"]
            handlers.append((f"h{number}", on, [f"t{number + 1}", f"t{number + 2}"]))
        path = self.write("large.mesh.yaml", manifest(handlers))
        for words in (["impact", "t0"], ["cause", "t33000"], ["path", "t0", "t33001"], ["cycles"]):
            with self.subTest(words=words):
                process = self.start("graph", *words, path, "--as", "json")
                self.assertIn(process.wait(60), (0, 1), process.told())
                self.assertEqual(json.loads(process.stdout())["question"], words[0])
        self.assert_exit(self.start("graph", "diff", path, path), 0, 90)


if __name__ == "__main__":
    support.main()
