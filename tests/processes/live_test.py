#!/usr/bin/env python3
"""`check --live` and `graph --live` read what the nodes of the running mesh declare."""
import json
import unittest

import support

WHAT_IF = """dagmesh: 1
services:
  C:
    handlers:
      back: {on: z, emits: [x]}
"""


class Live(support.MeshTest):
    def two(self):
        return (self.start("node", "--service", "A", "--on", "x", "--emits", "y").until("ready"),
                self.start("node", "--service", "B", "--on", "y", "--emits", "z").until("ready"))

    def test_a_mesh_without_a_cycle(self):
        self.two()
        live = self.start("check", "--live", "--format", "json")
        self.assertEqual(live.wait(), 0, live.told())
        answer = json.loads(live.stdout())
        self.assertTrue(answer["acyclic"])
        self.assertEqual(answer["counts"]["services"], 2)
        self.assertEqual(answer["live"],
                         {"nodes": 2, "complete": True, "missing": [], "quarantined": []})
        self.assertIn(f"2 nodes of realm {self.realm}, all have told their contracts", live.stderr())

    def test_what_would_close_a_cycle_is_found_without_joining(self):
        nodes = self.two()
        file = self.folder / "c.mesh.yaml"
        file.write_text(WHAT_IF)
        tried = self.start("check", "--live", "--what-if", file)
        self.assertEqual(tried.wait(), 1, tried.told())
        for word in ("E001", "A.main", "B.main", "C.back", f"{file}:5:"):
            self.assertIn(word, tried.stdout())
        for node in nodes:
            self.assertNotIn("cycle", node.stderr())
        alone = self.start("check", file)
        self.assertEqual(alone.wait(), 0, alone.told())

    def test_who_is_quarantined_is_left_out_and_named(self):
        self.two()
        self.start("node", "--service", "C", "--on", "z", "--emits", "x",
                   "--no-strict-join").until("ready")
        live = self.start("check", "--live", "--format", "json")
        self.assertEqual(live.wait(), 0, live.told())
        self.assertEqual(json.loads(live.stdout())["live"]["quarantined"], ["C.main"])

    def test_two_versions_of_a_service_count_both(self):
        self.two()
        self.start("node", "--service", "B", "--on", "y", "--emits", "q").until("ready")
        path = self.start("graph", "path", "x", "q", "--live")
        self.assertEqual(path.wait(), 0, path.told())
        path = self.start("graph", "path", "x", "z", "--live")
        self.assertEqual(path.wait(), 0, path.told())

    def test_graph_show_draws_what_runs(self):
        self.two()
        shown = self.start("graph", "show", "--live")
        self.assertEqual(shown.wait(), 0, shown.told())
        for word in ("A.main", "B.main", "level 2"):
            self.assertIn(word, shown.stdout())

    def test_nobody_there_is_said(self):
        live = self.start("check", "--live")
        self.assertEqual(live.wait(), 0, live.told())
        self.assertIn("nobody", live.stderr())

    def test_files_and_live_do_not_mix(self):
        for words in (["check", "--live", "x.mesh.yaml"], ["check", "--what-if", "x.mesh.yaml"],
                      ["graph", "diff", "a", "b", "--live"]):
            wrong = self.start(*words)
            self.assertEqual(wrong.wait(), 2, wrong.told())


if __name__ == "__main__":
    support.main()
