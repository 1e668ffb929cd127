"""`dagmesh check --edges`: lists of edges from files and pipes, as tsort reads them."""
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from support import PROGRAM

SECONDS_MAX = 60


def check(*arguments, text=b"", **options):
    return subprocess.run([PROGRAM, "check", *arguments], input=text, capture_output=True,
                          timeout=SECONDS_MAX, check=False, **options)


class Edges(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, text, name="graph.txt"):
        path = self.folder / name
        path.write_bytes(text)
        return str(path)

    def test_a_list_without_a_cycle_is_fine(self):
        for text, summary in [
            (b"a b\nb c\n", "0 errors, 0 warnings   3 names, 2 edges   longest chain 3   no cycle\n"),
            (b"a b", "0 errors, 0 warnings   2 names, 1 edge   longest chain 2   no cycle\n"),
            (b"", "0 errors, 0 warnings   0 names, 0 edges   longest chain 0   no cycle\n"),
        ]:
            done = check("--edges", "-", text=text)
            self.assertEqual((done.returncode, done.stdout.decode(), done.stderr), (0, summary, b""))

    def test_a_cycle_is_told_as_a_walk_with_the_line_of_each_edge(self):
        path = self.file(b"pay ship\nship  bill\n\nbill pay\nbill post\n")
        done = check("--edges", path)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.decode(), f"""\
error[E001]: event cycle of 3; the shortest in a group of 3

  bill
     | {path}:4:1
     v
  pay
     | {path}:1:1
     v
  ship
     | {path}:2:1
     v
  bill   <- back at the start

  without this edge there is no such cycle:
     {path}:1:1   pay -x- ship

1 error, 0 warnings   4 names, 4 edges   longest chain 3   cyclic
""")

    def test_a_file_and_a_pipe_give_the_same(self):
        text = b"a b b a\nc c\n" * 3 + b"x y\n"
        path = self.file(text)
        from_file = check("--edges", path)
        from_pipe = check("--edges", "-", text=text)
        with open(path, "rb") as file:
            redirected = subprocess.run([PROGRAM, "check", "--edges", "-"], stdin=file,
                                        capture_output=True, timeout=SECONDS_MAX, check=False)
        self.assertEqual(from_pipe.returncode, 1)
        self.assertEqual(from_pipe.stdout, redirected.stdout)
        self.assertEqual(from_file.stdout.decode().replace(path, "-"), from_pipe.stdout.decode())

    def test_json_has_counts_findings_and_places(self):
        done = check("--edges", "-", "--format", "json", text=b"a b b a\n\xff \xff x y")
        self.assertEqual(done.returncode, 1)
        report = json.loads(done.stdout)
        self.assertEqual(report["version"], 1)
        self.assertFalse(report["acyclic"])
        self.assertEqual(report["counts"], {"services": 0, "events": 5, "handlers": 0, "edges": 4,
                                            "errors": 2, "warnings": 0})
        cycle, loop = report["findings"]
        self.assertEqual((cycle["code"], cycle["file"], cycle["line"], cycle["column"]),
                         ("E001", "-", 1, 1))
        self.assertEqual(cycle["cycle"]["events"], ["a", "b"])
        self.assertEqual([(step["event"], step["emits"], step["line"], step["column"])
                          for step in cycle["cycle"]["steps"]], [("a", "b", 1, 1), ("b", "a", 1, 5)])
        self.assertEqual(len(cycle["cut"]), 1)
        self.assertEqual((loop["code"], loop["line"]), ("E002", 2))

    def test_levels_are_there_for_small_lists(self):
        report = json.loads(check("--edges", "-", "--format", "json", text=b"a b b c a c").stdout)
        self.assertEqual((report["levels"], report["longest_chain"]), ([["a"], ["b"], ["c"]], 3))

    def test_what_cannot_be_read_names_the_place(self):
        missing = str(self.folder / "nothing")
        for arguments, text, expected in [
            (["-"], b"a b\n c\n", "-:2:2: error: expected pairs of names, found an odd number of "
                                  "names: \"c\" is the last\n"),
            ([missing], b"", f"{missing}: error: cannot be read: No such file or directory\n"),
            ([str(self.folder)], b"", f"{self.folder}: error: cannot be read: Is a directory\n"),
        ]:
            done = check("--edges", *arguments, text=text)
            self.assertEqual((done.returncode, done.stdout, done.stderr.decode()), (2, b"", expected))

    def test_edges_and_manifests_do_not_go_together(self):
        done = check("--edges", "-", "shop.mesh.yaml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--edges checks one edge list, and no manifests", done.stderr.decode())

    def test_names_cannot_command_a_terminal(self):
        done = check("--edges", "-", text=b"\x1b[31mred blue blue \x1b[31mred")
        self.assertNotIn(b"\x1b", done.stdout)
        self.assertIn(b"?[31mred", done.stdout)

    def test_work_of_more_than_a_second_says_how_far_it_is_unless_quiet(self):
        for quiet in ([], ["-q"]):
            with subprocess.Popen([PROGRAM, "check", "--edges", "-", *quiet], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                process.stdin.write(b"a b\n")
                process.stdin.flush()
                time.sleep(1.3)
                out, err = process.communicate(b"b c\n", timeout=SECONDS_MAX)
            self.assertEqual(process.returncode, 0)
            self.assertIn(b"3 names, 2 edges", out)
            if quiet:
                self.assertEqual(err, b"")
            else:
                self.assertIn(b"-: 0 MiB and 2 edges read\n", err)
                self.assertIn(b"-: looking for cycles in 2 edges of 3 names\n", err)

    @unittest.skipUnless(os.path.exists("/usr/bin/tsort"), "needs tsort")
    def test_it_agrees_with_tsort(self):
        for text in [b"a b\nb c", b"a b b a", b"a\tb\n\n b\rc d", b"a a", b"a b c", b"", b"x\x0b y"]:
            slow = subprocess.run(["/usr/bin/tsort"], input=text, capture_output=True,
                                  timeout=SECONDS_MAX, check=False)
            is_loop_of_one = text == b"a a"  # a lone name for tsort, a cycle here
            done = check("--edges", "-", text=text)
            self.assertEqual(done.returncode == 0, slow.returncode == 0 and not is_loop_of_one, text)


if __name__ == "__main__":
    unittest.main()
