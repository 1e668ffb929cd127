#!/usr/bin/env python3
"""`dagmesh check` beside something: an older version, a baseline, and files that change."""
import json
import os
import shutil
import signal

import support
from support import eventually

BROKEN = support.ROOT / "examples" / "shop-broken"

CYCLE = """dagmesh: 1
realm: r
services:
  s:
    handlers:
      a: {on: x, emits: [y]}
      b: {on: y, emits: [x]}
"""
FIELDS = """dagmesh: 1
realm: r
events:
  x: {entry: true, fields: {%s}}
services:
  s: {handlers: {a: {on: x, emits: []}}}
"""


class Folder(support.MeshTest):
    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def check(self, code, *words):
        process = self.start("check", *words)
        self.assert_exit(process, code, 30)
        return process

    def found(self, code, *words):
        return json.loads(self.check(code, *words, "--format", "json").stdout())


class Against(Folder):
    def test_a_change_that_takes_something_away_is_an_error(self):
        old = self.write("old.mesh.yaml", FIELDS % "id: int, mail: str")
        for now, code, said in (("id: int, mail: str, more: int", 0, None),
                                ("id: int", 1, 'no longer has the field "mail" (str)'),
                                ("id: str, mail: str", 1, 'field "id" was int and is str')):
            with self.subTest(now=now):
                new = self.write("new.mesh.yaml", FIELDS % now)
                found = self.found(code, new, "--against", old)
                codes = [one["code"] for one in found["findings"] if one["severity"] == "error"]
                self.assertEqual(codes, ["E011"] if said else [])
                if said:
                    self.assertIn(said, found["findings"][0]["message"])
                    self.assertEqual(found["findings"][0]["file"], str(new))
                    self.assertEqual(found["findings"][0]["line"], 6)
                text = self.check(code, new, "--against", old).stdout()
                self.assertIn(f"against {old}:", text)

    def test_a_new_cycle_is_told_as_new(self):
        old = self.write("old.mesh.yaml", CYCLE.replace("emits: [x]", "emits: []"))
        new = self.write("new.mesh.yaml", CYCLE)
        found = self.found(1, new, "--against", old)
        realm = found["against"]["realms"][0]
        self.assertEqual([cycle["events"] for cycle in realm["added"]["cycles"]], [["x", "y"]])
        self.assertIn("+ cycle   x -> y -> x", self.check(1, new, "--against", old).stdout())

    def test_what_breaks_is_never_written_into_a_baseline(self):
        old = self.write("old.mesh.yaml", FIELDS % "id: int, mail: str")
        new = self.write("new.mesh.yaml", FIELDS % "id: int")
        known = self.folder / "known.yaml"
        found = self.found(1, new, "--against", old, "--write-baseline", known)
        self.assertEqual([one["code"] for one in found["findings"]], ["E011"])
        self.assertNotIn("E011", known.read_text())
        self.check(0, new, "--baseline", known)

    def test_an_older_version_that_cannot_be_read_exits_with_2(self):
        new = self.write("new.mesh.yaml", CYCLE)
        old = self.check(2, new, "--against", "/nonexistent")
        self.assertIn("/nonexistent", old.stderr())
        self.assertEqual(old.stdout(), "")


class Baseline(Folder):
    def test_known_findings_are_counted_and_no_errors(self):
        path = self.write("a.mesh.yaml", CYCLE)
        known = self.folder / "known.yaml"
        self.assertIn("wrote 1 finding", self.check(0, path, "--write-baseline", known).stdout())
        text = self.check(0, path, "--baseline", known).stdout()
        self.assertIn("baseline: 1 known, 0 new, 0 gone\n", text)
        found = self.found(0, path, "--baseline", known)
        self.assertEqual(found["findings"], [])
        self.assertFalse(found["acyclic"])
        self.assertEqual(found["baseline"]["known"], 1)

    def test_lines_may_move_and_files_may_be_renamed(self):
        path = self.write("a.mesh.yaml", CYCLE)
        known = self.folder / "known.yaml"
        self.check(0, path, "--write-baseline", known)
        moved = self.write("b.mesh.yaml", "# one\n\n# two\n" + CYCLE.replace(
            "      a: {on: x, emits: [y]}\n      b: {on: y, emits: [x]}\n",
            "      b: {on: y, emits: [x]}\n\n      a: {on: x, emits: [y]}\n"))
        self.check(0, moved, "--baseline", known)

    def test_a_second_cycle_in_the_group_does_not_pass_for_the_known_one(self):
        path = self.write("a.mesh.yaml", CYCLE)
        known = self.folder / "known.yaml"
        self.check(0, path, "--write-baseline", known)
        # The shortest cycle is the same as before.
        self.write("a.mesh.yaml", CYCLE + "      c: {on: y, emits: [z]}\n"
                                          "      d: {on: z, emits: [x]}\n")
        found = self.found(1, path, "--baseline", known)
        self.assertEqual([one["code"] for one in found["findings"]], ["E001", "E010"])
        self.assertEqual(found["baseline"]["known"], 0)

    def test_an_entry_that_matches_nothing_is_an_error_at_its_place(self):
        path = self.write("a.mesh.yaml", CYCLE)
        known = self.folder / "known.yaml"
        self.check(0, path, "--write-baseline", known)
        self.write("a.mesh.yaml", CYCLE.replace("emits: [x]", "emits: []"))
        found = self.found(1, path, "--baseline", known)
        gone = [one for one in found["findings"] if one["code"] == "E010"]
        self.assertEqual(len(gone), 1)
        self.assertEqual((gone[0]["file"], gone[0]["line"]), (str(known), 5))
        self.assertEqual(found["baseline"]["gone"], 1)

    def test_one_entry_stands_for_one_finding(self):
        path = self.write("a.mesh.yaml", "dagmesh: 1\nservices:\n  s:\n    handlers:\n"
                          "      a: {on: [x, x], emits: []}\n      b: {on: [x, x], emits: []}\n")
        known = self.folder / "known.yaml"
        self.check(0, path, "--strict", "--write-baseline", known)
        self.check(0, path, "--strict", "--baseline", known)
        entries = known.read_text().split("  - code: ")
        fewer = self.write("fewer.yaml", "  - code: ".join(entries[:-1]))
        self.check(1, path, "--strict", "--baseline", fewer)

    def test_it_is_written_the_same_in_any_order_of_files(self):
        one = self.write("one.mesh.yaml", CYCLE)
        two = self.write("two.mesh.yaml", CYCLE.replace("  s:", "  t:").replace("x", "v").replace(
            "on: y", "on: w").replace("[y]", "[w]"))
        texts = []
        for files in ([one, two], [two, one]):
            self.check(0, *files, "--write-baseline", self.folder / "known.yaml")
            texts.append((self.folder / "known.yaml").read_text())
        self.assertEqual(texts[0], texts[1])
        self.assertEqual(texts[0].count("code: E001"), 2)

    def test_a_baseline_that_cannot_be_used_exits_with_2(self):
        path = self.write("a.mesh.yaml", CYCLE)
        self.check(2, path, "--baseline", self.folder / "missing.yaml")
        wrong = self.write("wrong.yaml", "baseline: 1\nfindings:\n  - {code: E001, waht: x}\n")
        self.assertIn('did you mean "what"', self.check(2, path, "--baseline", wrong).stderr())
        self.check(5, path, "--write-baseline", "/nonexistent/known.yaml")


class Watch(Folder):
    def watch(self, *words):
        process = self.start("check", "--watch", *words)
        return process

    def runs(self, process, count):
        """Waits until that many runs have closed with their line of sums."""
        closing = "longest chain"
        eventually(lambda: process.stdout().count(closing) >= count or not process.running(), 10,
                   process.told)
        self.assertEqual(process.stdout().count(closing), count, process.told())
        return process.stdout()

    def stop(self, process):
        process.send(signal.SIGINT)
        self.assert_exit(process, 0)

    def test_it_checks_again_when_a_file_changes_and_says_which(self):
        path = self.write("m/a.mesh.yaml", CYCLE)
        watch = self.watch(path)
        self.runs(watch, 1)
        self.write("m/a.mesh.yaml", CYCLE.replace("emits: [x]", "emits: []"))
        text = self.runs(watch, 2)
        self.assertIn(f"\n--- changed {path} ---\n", text)
        self.stop(watch)

    def test_an_editor_that_renames_a_file_that_vanishes_and_a_new_folder_are_seen(self):
        folder = self.write("m/a.mesh.yaml", CYCLE).parent
        watch = self.watch(folder)
        self.runs(watch, 1)
        self.write("m/.a.swp", CYCLE + "# more\n")
        os.rename(folder / ".a.swp", folder / "a.mesh.yaml")
        self.assertIn(f"--- changed {folder}/a.mesh.yaml ---", self.runs(watch, 2))
        self.write("m/deep/er/b.mesh.yaml", CYCLE.replace("  s:", "  t:"))
        self.assertIn(f"--- new {folder}/deep/er/b.mesh.yaml ---", self.runs(watch, 3))
        shutil.rmtree(folder / "deep")
        self.assertIn(f"--- gone {folder}/deep/er/b.mesh.yaml ---", self.runs(watch, 4))
        os.remove(folder / "a.mesh.yaml")
        watch.until("got none", 10)
        self.write("m/a.mesh.yaml", CYCLE)
        self.runs(watch, 5)
        shutil.rmtree(folder)
        watch.until("cannot read it", 10)
        self.write("m/a.mesh.yaml", CYCLE)
        self.runs(watch, 6)
        self.stop(watch)

    def test_what_is_not_a_manifest_and_what_stays_the_same_is_no_change(self):
        path = self.write("m/a.mesh.yaml", CYCLE)
        watch = self.watch(path.parent, "--output", f"json={self.folder}/m/out.json")
        self.runs(watch, 1)
        self.write("m/notes.txt", "x")
        self.write("m/a.mesh.yaml", CYCLE)
        # The next real change makes the second run, not a later one.
        self.write("m/a.mesh.yaml", CYCLE + "# more\n")
        self.runs(watch, 2)
        self.stop(watch)

    def test_json_is_a_line_a_run(self):
        path = self.write("m/a.mesh.yaml", CYCLE)
        watch = self.watch(path, "--format", "json")
        eventually(lambda: len(watch.lines()) == 1, 10, watch.told)
        self.write("m/a.mesh.yaml", CYCLE.replace("emits: [x]", "emits: []"))
        eventually(lambda: len(watch.lines()) == 2, 10, watch.told)
        self.assertEqual([run["acyclic"] for run in watch.events()], [False, True])
        self.stop(watch)

    def test_a_baseline_that_changes_is_a_change(self):
        path = self.write("m/a.mesh.yaml", CYCLE)
        known = self.folder / "known.yaml"
        self.check(0, path, "--write-baseline", known)
        watch = self.watch(path, "--baseline", known)
        self.runs(watch, 1)
        known.write_text("baseline: 1\nfindings: []\n")
        self.assertIn("baseline: 0 known, 1 new, 0 gone", self.runs(watch, 2))
        self.stop(watch)


if __name__ == "__main__":
    support.main()
