#!/usr/bin/env python3
"""What `check` finds, as its users get it: exit codes, views, days, explanations, and the same bytes
in any order of files."""
import json

import support

SERVICES_ONLY = """\
dagmesh: 1
events: {start: {entry: true}, done: {terminal: true}}
services:
  order:
    handlers:
      create: {on: start, emits: [order.created]}
      close: {on: payment.settled, emits: [done]}
  payment:
    handlers:
      charge: {on: order.created, emits: [payment.settled]}
"""

RETRY = """\
dagmesh: 1
services:
  order:
    handlers:
      reopen: {on: payment.failed, emits: [order.created], policy: spill}
    loops:
      - edge: {handler: reopen, emits: order.created}
        max_rounds: 3
        reason: a failed payment is retried
        until: 2027-06-30
  payment:
    handlers:
      charge: {on: order.created, emits: [payment.failed], policy: spill}
"""


class Findings(support.MeshTest):
    def write(self, name, text):
        path = self.folder / (name + ".mesh.yaml")
        path.write_text(text)
        return str(path)

    def check(self, *words):
        process = self.start("check", *words)
        process.wait(30)
        return process

    def test_a_cycle_of_services_is_an_error_only_when_asked(self):
        path = self.write("services", SERVICES_ONLY)
        for words, code in (([], 0), (["--view", "events"], 0), (["--view", "handlers"], 0),
                            (["--view", "services"], 1), (["--strict"], 1)):
            with self.subTest(words=words):
                process = self.check(path, *words)
                self.assert_exit(process, code)
                self.assertIn("[W006]", process.stdout())

    def test_a_loop_is_judged_by_the_day_that_is_given(self):
        path = self.write("retry", RETRY)
        self.assert_exit(self.check(path, "--today", "2027-06-30"), 0)
        late = self.check(path, "--today", "2027-07-01")
        self.assert_exit(late, 1)
        self.assertIn("error[E006]", late.stdout())

    def test_a_handler_that_a_loop_feeds_may_not_block(self):
        path = self.write("retry", RETRY.replace("[payment.failed], policy: spill",
                                                 "[payment.failed]"))
        process = self.check(path, "--today", "2027-06-30")
        self.assert_exit(process, 1)
        self.assertIn("error[E009]: handler payment.charge blocks", process.stdout())

    def test_the_same_findings_in_any_order_of_files(self):
        paths = [
            self.write("a", "dagmesh: 1\nservices:\n  a: {handlers: {h: {on: y, emits: [x, z]}}}\n"),
            self.write("b", "dagmesh: 1\nservices:\n  b: {handlers: {h: {on: x, emits: [\"y\"]}}}\n"
                            "rules:\n  - {from: x, must_not_reach: z}\n"),
            self.write("c", "dagmesh: 1\nservices:\n  c: {publishes: [z, z], handlers: "
                            "{h: {on: \">\", emits: [z]}}}\n")]
        for form in ("text", "json"):
            told = {self.check(*order, "--format", form).stdout()
                    for order in (paths, paths[::-1], paths[1:] + paths[:1])}
            self.assertEqual(len(told), 1)
            for code in ("E001", "E002", "E003", "W004", "W007"):
                self.assertIn(code, next(iter(told)))

    def test_a_broken_rule_comes_with_its_path_in_json(self):
        path = self.write("rule", "dagmesh: 1\nservices:\n  a: {handlers: {h: {on: x, emits: [z]}}}\n"
                                  "rules:\n  - {from: x, must_not_reach: z}\n")
        process = self.check(path, "--format", "json")
        self.assert_exit(process, 1)
        finding = json.loads(process.stdout())["findings"][0]
        self.assertEqual(finding["code"], "E003")
        self.assertEqual(finding["line"], 5)
        self.assertEqual(finding["path"]["events"], ["x", "z"])
        self.assertEqual(finding["path"]["steps"][0]["on"]["line"], 3)

    def test_explain_prints_the_explanation_and_knows_what_was_meant(self):
        process = self.check("--explain", "E008")
        self.assert_exit(process, 0)
        self.assertTrue(process.stdout().startswith("E008 self-compensation (error)\n"))
        wrong = self.check("--explain", "E0O8")
        self.assert_exit(wrong, 2)
        self.assertIn('did you mean "E008"', wrong.stderr())
        self.assertEqual(wrong.stdout(), "")

    def test_a_name_that_compensates_nothing_is_invalid_input(self):
        path = self.write("undo", "dagmesh: 1\nservices:\n  a:\n    handlers:\n"
                                  "      charge: {on: x, emits: []}\n"
                                  "      refund: {on: z, emits: [], compensates: chrage}\n")
        process = self.check(path)
        self.assert_exit(process, 2)
        self.assertIn('did you mean "charge"', process.stderr())

    def test_a_manifest_without_services_is_said_to_have_none(self):
        process = self.check(self.write("none", "dagmesh: 1\n"))
        self.assert_exit(process, 0)
        self.assertIn("nothing to check: there is no service", process.stdout())


if __name__ == "__main__":
    support.main()
