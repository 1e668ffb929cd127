#!/usr/bin/env python3
"""`dagmesh bench`, each case for a moment: events come once and in order, and the rows say so."""
import csv
import json
import os
import pathlib
import sys
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "processes"))
import support  # noqa: E402

REFERENCE = os.environ.get("DAGMESH_REFERENCE", str(support.BIN / "tests/bench/reference"))
FIELDS = {"bench", "case", "transport", "size", "level", "handler", "rounds", "rate", "rate_min",
          "rate_max", "reference_transport", "reference_rate", "ratio", "ratio_min", "ratio_max",
          "ratios", "cpu_us_per_event", "cpu_ratio", "lost", "disordered"}


class Bench(support.MeshTest):
    def bench(self, *words, code=0, within=60):
        process = self.start("bench", *words)
        self.assert_exit(process, code, within)
        return process

    def rows(self, *words):
        process = self.bench(*words, "--format", "json", "--rounds", "1", "--for", "50ms", "-q")
        self.assertEqual(process.stderr(), "")
        rows = process.events()
        for row in rows:
            with self.subTest(row=row):
                self.assertEqual((row["lost"], row["disordered"]), (0, 0))
                self.assertGreater(row["rate"], 0)
        return rows

    def test_every_event_comes_once_and_in_order_in_every_case(self):
        for name, case in (("throughput", "1:1"), ("throughput", "lane"),
                           ("throughput", "topics:7"), ("throughput", "emitted"),
                           ("throughput", "emitted:1"), ("fanout", "1:3"), ("mesh", "mesh:3")):
            with self.subTest(case=case):
                rows = self.rows(name, "--case", case, "--size", "64B", "--transport", "ipc,tcp",
                                 "--level", "reliable", "--handler", "inline")
                self.assertEqual([row["transport"] for row in rows], ["ipc", "tcp"])
                self.assertEqual({row["case"] for row in rows}, {case})
                self.assertEqual({row["handler"] for row in rows},
                                 {"lane" if case == "lane" else "inline"})

    def test_levels_handlers_and_sizes_are_rows(self):
        rows = self.rows("throughput", "--level", "fast,reliable,durable", "--handler",
                         "inline,lane", "--size", "16B,1KiB", "--transport", "ipc")
        self.assertEqual([(row["size"], row["level"], row["handler"]) for row in rows],
                         [(size, level, handler) for size in (16, 1024)
                          for level in ("fast", "reliable", "durable")
                          for handler in ("inline", "lane")])

    def test_beside_the_reference_a_row_has_its_rate_and_the_ratio(self):
        for case in ("1:1", "1:3", "mesh:3"):
            with self.subTest(case=case):
                for row in self.rows("throughput", "--case", case, "--handler", "inline",
                                     "--level", "fast", "--reference", REFERENCE):
                    self.assertLessEqual(FIELDS, set(row))
                    self.assertEqual(row["reference_transport"], row["transport"])
                    self.assertGreater(row["reference_rate"], 0)
                    self.assertAlmostEqual(row["ratio"], row["rate"] / row["reference_rate"])
                    self.assertEqual(row["ratios"], [row["ratio"]])
        [row] = self.rows("throughput", "--transport", "ipc", "--handler", "lane", "--level",
                          "reliable", "--reference", REFERENCE, "--reference-transport", "tcp")
        self.assertEqual(row["reference_transport"], "tcp")

    def test_without_a_reference_its_fields_are_empty(self):
        for row in self.rows("throughput", "--transport", "ipc", "--level", "reliable"):
            self.assertLessEqual(FIELDS, set(row))
            for name in ("reference_transport", "reference_rate", "ratio", "ratios", "cpu_ratio"):
                self.assertIsNone(row[name])

    def test_latency_tells_percentiles_at_each_rate(self):
        rows = self.rows("latency", "--rate", "1000,5000", "--handler", "inline", "--transport",
                         "ipc", "--reference", REFERENCE)
        self.assertEqual([row["offered_rate"] for row in rows], [1000, 5000])
        for row in rows:
            self.assertLessEqual(row["p50_us"], row["p99_us"])
            self.assertAlmostEqual(row["p50_ratio"], row["p50_us"] / row["reference_p50_us"])

    def test_csv_has_a_heading_and_the_same_fields(self):
        process = self.bench("throughput", "--format", "csv", "--rounds", "2", "--for", "30ms",
                             "--transport", "ipc", "--level", "fast")
        heading, *rows = csv.reader(process.lines())
        self.assertLessEqual(FIELDS, set(heading))
        self.assertEqual([len(row) for row in rows], [len(heading)] * 2)
        self.assertIn("round 2 of 2", process.stderr())

    def test_nodes_meet(self):
        [row] = self.bench("discovery", "3", "--rounds", "1", "--format", "json").events()
        self.assertEqual(row["nodes"], 3)
        self.assertGreater(row["all_see_all_ms"], 0)

    def test_an_idle_node_is_looked_at(self):
        [row] = self.bench("idle", "--for", "100ms", "--format", "json").events()
        self.assertGreater(row["private_mib"], 0)
        self.assertGreater(row["threads"], 0)

    def test_programs_that_speak_lines_are_timed(self):
        rows = self.bench("lines", "1000", "--rounds", "1", "--format", "json").events()
        self.assertEqual([(row["language"], row["workers"]) for row in rows],
                         [("python", 64), ("python", 1), ("shell", 64), ("shell", 1)])
        for row in rows:
            self.assertGreater(row["rate"], 0)

    def test_the_plot_is_a_picture(self):
        plot = self.folder / "plot.svg"
        self.bench("throughput", "--rounds", "1", "--for", "30ms", "--transport", "ipc", "--plot",
                   plot, "--reference", REFERENCE)
        picture = xml.etree.ElementTree.parse(plot).getroot()
        self.assertTrue(picture.tag.endswith("}svg"))
        self.assertIn("1:1, 64 B, ipc, reliable, inline", "".join(picture.itertext()))

    def test_wrong_words_exit_with_2_and_say_what_was_meant(self):
        for words, said in ((["throughptu"], "throughput"), (["throughput", "more"], "more"),
                            (["throughput", "--case", "mash:8"], "mesh:8"),
                            (["throughput", "--size", "8B"], "16B"),
                            (["throughput", "--level", "once"], "durable"),
                            (["throughput", "--handler", "thread"], "lane"),
                            (["mesh", "--case", "mesh:1"], "2 to"),
                            (["throughput", "--rate", "5"], "--rate"),
                            (["latency", "--case", "emitted"], "emitted"),
                            (["slow", "--size", "64B"], "--size"), (["slow", "splil"], "spill"),
                            (["levels", "disc"], "disk"), (["lines", "few"], "few"),
                            (["discovery", "one"], "nodes"), (["throughput", "--rounds", "0"], "1"),
                            (["part", "nonsense"], "nonsense")):
            with self.subTest(words=words):
                process = self.bench(*words, code=2)
                self.assertIn(said, process.stderr())
                self.assertEqual(process.stdout(), "")
        self.assert_exit(self.start("check", "--format", "csv"), 2)

    def test_a_reference_that_cannot_be_run_exits_with_5(self):
        self.assertIn("/nonexistent", self.bench("throughput", "--reference", "/nonexistent",
                                                 "--for", "20ms", code=5).stderr())

    def test_a_reference_that_ends_early_exits_with_3(self):
        self.bench("throughput", "--reference", "/bin/true", "--for", "20ms", "--rounds", "1",
                   code=3)

    def test_a_signal_stops_it_and_its_processes(self):
        process = self.start("bench", "throughput", "--for", "20s", "--level", "fast")
        process.until("round 1")
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        support.eventually(lambda: len(children.read_text().split()) == 2, 10, "two parts run")
        parts = children.read_text().split()
        self.assertEqual(process.stop(), 3)
        support.eventually(lambda: not any(os.path.exists(f"/proc/{part}") for part in parts), 5,
                           "the parts are gone")


if __name__ == "__main__":
    support.main()
