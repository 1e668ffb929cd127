#!/usr/bin/env python3
"""What a manifest says of levels and policies comes true in real processes."""
import signal

import support
from support import eventually

MANIFEST = """
dagmesh: 1
events:
  load.*: {level: fast}
  load.kept: {level: durable, entry: true}
services:
  source:
    publishes: [load.line, load.kept]
    run: ["sh", "-c", "echo \\"$DAGMESH_EVENTS\\""]
    speaks: mesh
  slow:
    handlers:
      crawl: {on: "load.*", emits: [], policy: POLICY}
"""


class Policies(support.MeshTest):
    def manifest(self, policy="block"):
        path = self.folder / "load.mesh.yaml"
        path.write_text(MANIFEST.replace("POLICY", policy))
        return str(path)

    def test_a_program_learns_from_its_environment_what_the_manifest_says_of_its_events(self):
        for command in (["node", self.manifest(), "--service", "source"],
                        ["up", self.manifest(), "--only", "source", "--until", "source"]):
            program = self.start(*command, name=command[0])
            program.wait(30)
            self.assertIn("load.*=fast load.kept=durable+entry", program.stdout(), program.told())

    def test_an_unknown_level_is_an_error_that_names_the_four(self):
        pub = self.start("pub", "a", "1", "--level", "sometimes")
        self.assert_exit(pub, 2)
        self.assertIn("--level: expected fast, reliable, durable or once", pub.stderr())

    def test_of_what_a_frozen_node_is_too_slow_for_it_gets_all_or_knows_how_much_it_lost(self):
        count = 200_000
        for policy, loses in [("drop-oldest", True), ("drop-newest", True), ("latest", True),
                              ("spill", False)]:
            with self.subTest(policy=policy):
                reporting, report = support.report_file(self)
                node = self.start("node", self.manifest(policy), "--service", "slow",
                                  name=policy, **reporting).until("ready")
                watch = self.start("sub", "load.line", "-n", "1", "--timeout", "20s", name="watch")
                pub = self.start("pub", "load.line", "-", "--wait-subs", "2", "--timeout", "20s",
                                 name="pub", feed=True)
                pub.feed(b"0\n")
                self.assert_exit(watch, 0, 30)  # so the node is linked as well
                # Frozen before it has much, and never waited for.
                node.send(signal.SIGSTOP)
                pub.feed(b"".join(b"%d\n" % n for n in range(1, count)))
                pub.stdin.close()
                eventually(lambda: self.is_waiting(pub), 30, pub.told)
                node.send(signal.SIGCONT)
                self.assert_exit(pub, 0, 60)
                self.assertEqual(node.stop(), 0)
                counts = support.handled(report)
                handled = counts["load.line"]["handled"]
                lost = sum(topic["lost"] for topic in counts.values())
                print(f"{policy}: handled {handled}, lost {lost}")
                self.assertEqual(handled + lost, count)
                self.assertEqual(lost > 0, loses)

    def is_waiting(self, pub):
        """Whether it has read all that there is, and reads no more."""
        with open(f"/proc/{pub.pid}/io", encoding="ascii") as io:
            read = int(io.readline().split()[1])
        before, self.read_before = getattr(self, "read_before", None), read
        return before == read and read > 1_000_000


if __name__ == "__main__":
    support.main()
