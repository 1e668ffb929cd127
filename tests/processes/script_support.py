"""A mesh of two services for the tests of scripts: order makes an order of each registration, audit
notes each order."""
import re

import support

MANIFEST = """
dagmesh: 1
events:
  user.registered: {entry: true}
  audit.noted: {terminal: true}
services:
  order:
    run: [python3, -u, order.py]
    handlers:
      create: {on: user.registered, emits: [order.created]}
  audit:
    run: [python3, -u, audit.py]
    handlers:
      note: {on: order.created, emits: [audit.noted]}
"""
SERVICE = """
import json, os, sys
for line in sys.stdin:
    event = json.loads(line)
    if event["data"].get("die"):
        os._exit(3)
    print(json.dumps({"emit": "%s", "data": event["data"]}))
    print(json.dumps({"done": event["id"]}))
"""
STEP = re.compile(r"^(ok|FAIL) +(\d+)  (.*?) +(\d+\.\d+) s$", re.MULTILINE)


class ScriptTest(support.MeshTest):
    def setUp(self):
        super().setUp()
        (self.folder / "a.mesh.yaml").write_text(MANIFEST)
        (self.folder / "order.py").write_text(SERVICE % "order.created")
        (self.folder / "audit.py").write_text(SERVICE % "audit.noted")

    def play(self, script, *words, **more):
        """Starts `dagmesh up --script` with these lines."""
        (self.folder / "a.demo").write_text(script)
        return self.start("up", self.folder / "a.mesh.yaml", "--script", self.folder / "a.demo",
                          *words, **more)

    def assert_passes(self, script, *words, within=60):
        up = self.play(script, *words)
        self.assert_exit(up, 0, within)
        return up

    def assert_fails(self, script, line, *told, within=60):
        """The step in this line fails, the program exits with 1, and says `told`."""
        up = self.play(script)
        self.assert_exit(up, 1, within)
        self.assertEqual([step[1] for step in self.steps(up) if step[0] == "FAIL"], [str(line)],
                         up.told())
        self.assertIn(f"a.demo:{line}: ", up.stderr(), up.told())
        for text in told:
            self.assertIn(text, up.stderr(), up.told())
        return up

    @staticmethod
    def steps(up):
        """What it told of each step: how it went, line, text, seconds."""
        return STEP.findall(up.stderr())

    def seconds(self, up, line):
        return next(float(step[3]) for step in self.steps(up) if step[1] == str(line))
