#!/usr/bin/env python3
"""Scripts that hurt a mesh: processes that are killed, stopped, paused and multiplied, and nodes that
are cut off from each other. And the examples, in both forms."""
import json
import subprocess

import script_support
import support

EXAMPLES = support.ROOT / "examples"
READY = "wait ready 2 within 30s\n"


class ScriptFaults(script_support.ScriptTest):
    def test_a_kill_is_no_failure_and_what_comes_meanwhile_is_not_lost(self):
        up = self.assert_passes(
            READY + "kill -9 order\n"
            'pub user.registered {"user_id": 1}\n'
            "expect none of order.created within 500ms\n"
            "start order\n"
            "expect order.created where user_id==1 within 10s\n"
            "ledger balanced within 20s\n")
        self.assertIn("order was killed", up.stderr())

    def test_a_killed_service_starts_again_by_itself_when_its_manifest_says_so(self):
        manifest = self.folder / "a.mesh.yaml"
        manifest.write_text(manifest.read_text().replace(
            "    run: [python3, -u, order.py]\n",
            "    run: [python3, -u, order.py]\n    restart: on-failure\n"))
        self.assert_passes(READY + "kill -9 order\n"
                           "wait ready 2 within 20s\n"
                           'pub user.registered {"user_id": 1}\n'
                           "expect order.created within 10s\n")

    def test_a_service_is_stopped_drained_and_started_again(self):
        up = self.assert_passes(
            READY + 'pub user.registered {"user_id": 1}\n'
            "stop order\n"
            "wait ready 1 within 1s\n"
            "expect order.created where user_id==1 within 100ms\n"
            "start order\n"
            "start order\n"
            "wait ready 2 within 10s\n")
        self.assertIn("order has stopped", up.stderr())

    def test_who_does_not_run_cannot_be_stopped(self):
        self.assert_fails(READY + "stop order\nstop order\n", 3,
                          "expected order to run, found order/1 stopped")
        self.assert_fails(READY + "kill -9 order/2\n", 2, "no such replica")

    def test_a_paused_service_gets_its_events_when_it_goes_on(self):
        self.assert_passes(
            READY + "pause order\n"
            'pub user.registered {"user_id": 1}\n'
            "expect none of order.created within 500ms\n"
            "resume order\n"
            "expect order.created where user_id==1 within 20s\n"
            "pause audit\n")

    def test_replicas_come_and_go(self):
        up = self.assert_passes(
            READY + "replicas order 3\n"
            "wait ready 4 within 5s\n"
            "run dagmesh nodes --expect 4 --format json\n"
            "kill -9 order/2\n"
            "start order\n"
            "wait ready 4 within 5s\n"
            "replicas order 1\n"
            "wait ready 2 within 5s\n"
            'pub user.registered {"user_id": 1}\n'
            "expect order.created within 10s\n"
            "replicas order 0\n"
            "wait ready 1 within 5s\n")
        nodes = [json.loads(line) for line in up.lines() if line.startswith("{")]
        self.assertEqual(sorted((node["service"], node["instance"]) for node in nodes),
                         [("audit", "1"), ("order", "1"), ("order", "2"), ("order", "3")])

    def test_across_a_partition_nothing_arrives_and_everything_does_when_it_is_over(self):
        up = self.assert_passes(
            READY + "partition order | audit for 8s\n"
            'pub user.registered {"user_id": 1}\n'
            "expect order.created where user_id==1 within 3s\n"
            "expect none of audit.noted within 3s\n"
            "expect audit.noted where user_id==1 within 15s\n"
            "wait ready 2 within 10s\n"
            "ledger balanced\n")
        self.assertLess(self.seconds(up, 2), 1, "a partition begins, and the script goes on")

    def test_a_service_that_is_started_in_a_partition_is_cut_off_too(self):
        self.assert_passes(
            READY + "partition order | audit for 8s\n"
            "kill -9 order\n"
            'pub user.registered {"user_id": 1}\n'
            "start order\n"  # it waits for audit, so this takes until the partition is over
            "expect audit.noted where user_id==1 within 15s\n"
            "ledger balanced\n")

    def test_nobody_is_ready_and_no_ledger_balances_before_a_partition_is_over(self):
        self.assert_fails(READY + "partition order | audit for 5s\nwait ready 2 within 500ms\n", 3,
                          "a partition lasts for another")
        self.assert_fails(READY + "partition order | audit for 5s\n"
                          "ledger balanced within 500ms\n", 3, "found a partition that lasts longer")

    def test_a_partition_of_programs_on_the_library(self):
        script = self.folder / "shop.demo"
        script.write_text(
            "wait ready 2 within 30s\npartition order | audit for 3s\n"
            'pub user.registered {"user_id": 7, "name": "Ada", "email": "a@example.com"}\n'
            "expect order.created where user_id==7 within 2s\n"
            "wait ready 2 within 10s\nledger balanced\n")
        up = self.start("up", EXAMPLES / "shop", "--only", "order,audit",
                        "--script", script)
        self.assert_exit(up, 0, 60)
        self.assertIn("1 registrations, 1 orders: the books balance", up.stdout())

    def test_the_demo_of_the_shop(self):
        up = self.start("up", EXAMPLES / "shop", "--script",
                        EXAMPLES / "scripts" / "shop.demo")
        self.assert_exit(up, 0, 120)
        self.assertIn("1002 registrations, 1002 orders: the books balance", up.stdout())

    def test_a_demo_as_a_script_and_in_bash(self):
        scripts = EXAMPLES / "scripts"
        up = self.start("up", EXAMPLES / "shop", "--only", "order,audit",
                        "--script", scripts / "recover.demo")
        self.assert_exit(up, 0, 60)
        bash = subprocess.run(["bash", scripts / "recover.sh"], env=self.env, timeout=60,
                              capture_output=True, text=True, check=False)
        self.assertEqual(bash.returncode, 0, bash.stdout + bash.stderr)


if __name__ == "__main__":
    support.main()
