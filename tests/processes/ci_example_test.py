#!/usr/bin/env python3
"""The workflow in examples/ci: it is YAML of the right shape, what it runs exists, and its lines that
run dagmesh do what its README says."""
import json
import re
import shutil
import unittest

import support

try:
    import yaml
except ImportError:
    yaml = None

WORKFLOW = support.ROOT / "examples" / "ci" / "dagmesh.yml"


@unittest.skipUnless(yaml, "python3-yaml is not installed")
class TheWorkflow(support.MeshTest):
    def setUp(self):
        super().setUp()
        self.workflow = yaml.safe_load(WORKFLOW.read_text())
        self.steps = self.workflow["jobs"]["check"]["steps"]
        self.project = self.folder / "project"
        self.project.mkdir()

    def dagmesh_lines(self):
        lines = [line.strip() for step in self.steps for line in step.get("run", "").splitlines()]
        return [line for line in lines if line.startswith("dagmesh ")]

    def run_line(self, line, code):
        process = self.start("-c", f"cd {self.project} && {line}", program="bash")
        self.assert_exit(process, code, within=60)
        return process

    def test_it_has_the_shape_of_a_workflow(self):
        # YAML 1.1 reads the key `on` as true.
        self.assertIn("pull_request", self.workflow.get("on") or self.workflow[True])
        self.assertEqual(self.workflow["permissions"]["security-events"], "write")
        for step in self.steps:
            self.assertEqual(("uses" in step) + ("run" in step), 1, step)
            if "uses" in step:
                self.assertRegex(step["uses"], r"^[\w.-]+/[\w./-]+@v\d+$")

    def test_what_it_uploads_is_what_it_writes(self):
        (line,) = self.dagmesh_lines()
        written = dict(part.split("=", 1) for part in re.findall(r"--output (\S+)", line))
        uploads = [step["with"] for step in self.steps if "upload-" in step.get("uses", "")]
        self.assertEqual(uploads[0]["sarif_file"], written["sarif"])
        for path in uploads[1]["path"].split():
            self.assertIn(path, written.values())

    def test_it_calls_a_script_that_is_there(self):
        runs = "\n".join(step.get("run", "") for step in self.steps)
        self.assertIn(".dagmesh/dev install", runs)
        self.assertIn("command_install()", (support.ROOT / "dev").read_text())

    def test_its_line_passes_what_the_baseline_knows_and_fails_for_what_is_new(self):
        (line,) = self.dagmesh_lines()
        if "--baseline" not in self.run_line("dagmesh check --help", 0).stdout():
            self.skipTest("this build has no --baseline")
        services = self.project / "services"
        shutil.copytree(support.ROOT / "examples" / "shop-broken", services)
        write = self.start("-c", f"cd {self.project} && dagmesh check services "
                                 "--write-baseline event-baseline.yaml", program="bash")
        write.wait(60)
        process = self.start("-c", f"cd {self.project} && {line}", program="bash")
        if process.wait(60) == 5 and "built without pictures" in process.stderr():
            self.skipTest("this build has no pictures")
        self.assert_exit(process, 0)

        (services / "more.mesh.yaml").write_text(
            "dagmesh: 1\nrealm: shop\nservices:\n"
            "  echo: {handlers: {say: {on: echo.heard, emits: [echo.heard]}}}\n")
        process = self.run_line(line, 1)
        self.assertIn("::error file=services/more.mesh.yaml,line=4,", process.stdout())
        log = json.loads((self.project / "dagmesh.sarif").read_text())
        self.assertIn("E002", [result["ruleId"] for result in log["runs"][0]["results"]])
        for file in ("event-graph.html", "dagmesh.xml"):
            self.assertGreater((self.project / file).stat().st_size, 100)


if __name__ == "__main__":
    support.main()
