#!/usr/bin/env python3
"""Scripts: each step, what fails and when, and what is said of it. The steps that hurt a mesh are in
script_faults_test.py."""
import json
import signal
import time

import script_support
import support


class Script(script_support.ScriptTest):
    def test_the_steps_are_told_one_by_one_and_everything_is_stopped(self):
        up = self.assert_passes(
            "# a demo\n"
            "wait ready 2 within 30s\n"
            'pub user.registered {"user_id": 1, "who": {"name": "Ada Lovelace"}}\n'
            'expect order.created where user_id==1 who.name=="Ada Lovelace" within 10s\n'
            "expect audit.* where user_id==1 within 10s # and so on\n"
            "ledger balanced\n"
            "check\n")
        self.assertEqual([step[:2] for step in self.steps(up)],
                         [("ok", str(line)) for line in range(2, 8)], up.told())
        self.assertIn("a.demo: 6 steps, all as expected", up.stderr())
        look = self.start("nodes", "--format", "json", "--timeout", "2s")
        look.wait()
        self.assertEqual(look.events(), [])

    def test_stdout_is_as_up_has_it(self):
        up = self.assert_passes('wait ready 2 within 30s\npub user.registered {"user_id": 1}\n'
                                "expect audit.noted within 10s\n")
        self.assertIn("order.created", up.stdout())
        self.assertNotIn("wait ready", up.stdout())

    def test_steps_as_json(self):
        up = self.play("wait ready 2 within 30s\nexpect order.created within 200ms\n",
                       "--format", "json")
        self.assert_exit(up, 1, 60)
        steps = [json.loads(line) for line in up.stderr().splitlines() if line.startswith("{")]
        self.assertEqual([(step["line"], step["ok"]) for step in steps], [(1, True), (2, False)])
        self.assertEqual(steps[1]["step"], "expect order.created within 200ms")
        self.assertIn("found 0", steps[1]["error"])

    def test_a_wrong_expectation_fails_in_the_time_that_it_names(self):
        up = self.assert_fails(
            'wait ready 2 within 30s\npub user.registered {"user_id": 1}\n'
            "expect order.created within 10s\n"
            'pub user.registered {"user_id": 2}\n'
            "expect order.created where user_id==3 within 1500ms\n", 5,
            "expected 1 event of order.created where user_id==3 within 1500ms, found 0",
            "seen since the script began: 2 events of order.created, 1 of them taken by earlier",
            "the last 2 events of order.created:", 'order.created {"user_id":2}',
            '{"user_id":1} (taken by line 3)')
        self.assertGreaterEqual(self.seconds(up, 5), 1.5)
        self.assertLess(self.seconds(up, 5), 2.0)

    def test_an_expectation_of_a_misspelt_topic_says_which_was_meant(self):
        self.assert_fails("expect order.creatd within 100ms\n", 1,
                          'did you mean "order.created"?')

    def test_an_event_is_taken_once_and_a_count_takes_so_many(self):
        registrations = "".join(f'pub user.registered {{"user_id": {i}}}\n' for i in range(4))
        self.assert_fails("wait ready 2 within 30s\n" + registrations +
                          "expect order.created count 3 within 10s\n"
                          "expect order.created within 10s\n"
                          "expect order.created within 300ms\n", 8,
                          "4 events of order.created, 4 of them taken")

    def test_expect_none_looks_at_what_comes_and_fails_at_once(self):
        up = self.play('wait ready 2 within 30s\npub user.registered {"user_id": 1}\n'
                       "expect order.created within 10s\n"
                       "expect none of order.> within 500ms\n"
                       "expect none of order.> where user_id==2 within 30s\n")
        up.until("ok  4", 60)
        self.assertGreaterEqual(self.seconds(up, 4), 0.5)
        pub = self.start("pub", "user.registered", '{"user_id": 2}')
        self.assert_exit(up, 1, 20)
        pub.wait()
        self.assertIn("expected none of order.> where user_id==2 within 30s, found one",
                      up.stderr())
        self.assertLess(self.seconds(up, 5), 15)

    def test_fewer_nodes_than_expected_are_named(self):
        self.assert_fails("wait ready 2 within 30s\nwait ready 3 within 300ms\n", 2,
                          "expected 3 nodes ready within 300ms, found 2", "order/1")

    def test_what_cannot_be_read_starts_nothing(self):
        for script, told in (
                ("wait ready 2\n", ':1: expected "within"'),
                ("\nexpct a.b within 1s\n", 'found "expct"; did you mean "expect"?'),
                ("stop odrer\n", 'found "odrer"; did you mean "order"?'),
                ("# nothing\n", "expected a step")):
            with self.subTest(script=script):
                up = self.play(script)
                self.assert_exit(up, 2)
                self.assertIn(told, up.stderr(), up.told())
                self.assertNotIn("starts ", up.stderr(), up.told())

    def test_a_service_that_is_left_out_is_unknown_to_the_script(self):
        up = self.play("stop audit\n", "--only", "order")
        self.assert_exit(up, 2)
        self.assertIn('found "audit"', up.stderr())

    def test_a_script_that_is_not_there(self):
        up = self.start("up", self.folder / "a.mesh.yaml", "--script", self.folder / "no.demo")
        self.assert_exit(up, 2)
        self.assertIn("no.demo", up.stderr())

    def test_no_other_end_goes_with_a_script(self):
        up = self.play("check\n", "--for", "1s")
        self.assert_exit(up, 2)
        self.assertIn("--for does not go with --script", up.stderr())

    def test_a_service_that_dies_by_itself_ends_the_script_at_once(self):
        started = time.monotonic()
        up = self.play('wait ready 2 within 30s\npub user.registered {"die": true}\n'
                       "expect order.created within 50s\n")
        self.assert_exit(up, 7, 45)
        self.assertLess(time.monotonic() - started, 45)
        self.assertIn("stopped before the end", up.stderr(), up.told())

    def test_a_signal_ends_the_script_short_of_its_end(self):
        up = self.play("wait ready 2 within 30s\nexpect order.created within 60s\n")
        up.until("ok  1", 40)
        up.send(signal.SIGINT)
        self.assert_exit(up, 3, 20)
        self.assertIn("a.demo:2: stopped before the end", up.stderr(), up.told())

    def test_run_speaks_to_the_mesh_and_its_output_comes_as_it_is(self):
        up = self.assert_passes("wait ready 2 within 30s\n"
                                "run dagmesh nodes --expect 2 --format json\n"
                                "run basename \"$PWD\"; echo aside >&2\n"
                                "run dagmesh pub user.registered '{\"user_id\": 5}'\n"
                                "expect audit.noted where user_id==5 within 10s\n")
        nodes = [json.loads(line)["service"] for line in up.lines() if line.startswith("{")]
        self.assertEqual(sorted(nodes), ["audit", "order"])
        self.assertIn(self.folder.name, up.lines())
        self.assertIn("aside", up.stderr().splitlines())

    def test_a_command_that_fails_fails_the_step(self):
        self.assert_fails("run true\nrun exit 4\n", 2, "exited with 4")

    def test_check_finds_a_cycle_that_came_meanwhile(self):
        self.assert_fails("check\n"
                          "run sed -i 's/on: user.registered/on: [user.registered, audit.noted]/' a.mesh.yaml\n"
                          "check\n", 3, "event cycle of 2 handlers", "a.mesh.yaml:")

    def test_each_run_begins_anew_and_leaves_nothing(self):
        manifest = self.folder / "a.mesh.yaml"
        manifest.write_text(manifest.read_text().replace("user.registered: {entry: true}",
                                                         "user.registered: {entry: true, level: durable}"))
        del self.env["DAGMESH_STATE"]
        self.env["TMPDIR"] = str(self.folder / "tmp")
        (self.folder / "tmp").mkdir()
        for _ in range(2):
            self.assert_passes('wait ready 2 within 30s\npub user.registered {"user_id": 1}\n'
                               "expect audit.noted within 10s\n"
                               "expect none of audit.noted within 300ms\n")
        self.assertEqual(list((self.folder / "tmp").iterdir()), [])


if __name__ == "__main__":
    support.main()
