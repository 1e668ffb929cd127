#!/usr/bin/env python3
"""Programs in any language are services: `speaks: lines`."""
import json
import shutil
import signal
import unittest

import support

EXAMPLE = support.ROOT / "examples" / "lines"

ECHO = """
import json, os, sys
for line in sys.stdin:
    event = json.loads(line)
    if os.path.exists("die"):
        os.remove("die")
        sys.exit(3)
    print(json.dumps({"emit": "out", "data": event["data"]}))
    print(json.dumps({"done": event["id"]}), flush=True)
"""

# What it has heard last, at each beat; the first one fails.
REMINDER = """
import json, sys
has_failed = False
for line in sys.stdin:
    beat = json.loads(line)
    assert beat["type"] == "beat", beat
    [last] = beat["data"]["after"]
    if not has_failed:
        has_failed = True
        print(json.dumps({"failed": beat["id"], "error": "not yet"}))
        continue
    if last:
        print(json.dumps({"emit": "told", "data": {"handler": beat["handler"], "last": last["data"],
                                                   "skipped": beat["data"]["skipped"]}}))
    print(json.dumps({"done": True}), flush=True)
"""


class Lines(support.MeshTest):
    def program(self, text):
        path = self.folder / "program.py"
        path.write_text(text)
        return ["--", "python3", "-u", path]

    def serve(self, text, *words, name="service"):
        node = self.start("node", "--service", "s", "--on", "in", "--emits", "out", *words,
                          *self.program(text), name=name)
        return node.until("ready")

    def listen(self, count, *patterns):
        # From the oldest, so that it does not matter when it is linked.
        return self.start("sub", *(patterns or ["out"]), "-n", count, "--from", "oldest", "--timeout", "20s",
                          "--format", "json", name="sub")

    def publish(self, *data, exit_code=0):
        for one in data:
            pub = self.start("pub", "in", json.dumps(one), "--timeout", "15s", name="pub")
            self.assert_exit(pub, exit_code, within=20)

    def test_a_program_gets_events_and_says_what_becomes_of_them(self):
        self.serve(ECHO)
        sub = self.listen(3)
        self.publish(1, {"a": [1, None]}, "text")
        self.assert_exit(sub, 0, within=20)
        events = sub.events()
        self.assertEqual([event["data"] for event in events], [1, {"a": [1, None]}, "text"])
        self.assertEqual({event["source"].split("/")[-1] for event in events}, {"s"})

    def test_a_program_that_dies_is_started_again_and_gets_its_events_once_more(self):
        node = self.serve("import os\nos.chdir(%r)\n" % str(self.folder) + ECHO)
        sub = self.listen(3)
        (self.folder / "die").touch()
        self.publish(1, 2, 3)
        self.assert_exit(sub, 0, within=20)
        self.assertEqual(sorted(event["data"] for event in sub.events()), [1, 2, 3])
        self.assertIn("the program exited with 3 and is started again", node.stderr())

    def test_a_program_that_ends_by_itself_ends_the_node(self):
        node = self.start("node", "--service", "s", "--on", "in", "--", "sh", "-c", "exit 0", name="service")
        self.assert_exit(node, 0)
        node = self.start("node", "--service", "s", "--on", "in", "--", "no-such-program", name="nothing")
        self.assert_exit(node, 5)
        self.assertIn('cannot run "no-such-program"', node.stderr())

    def test_a_program_that_dies_again_and_again_takes_nobody_with_it(self):
        node = self.serve("""
import os, sys, time
time.sleep(0.1)
deaths = int(open(%r).read() or 0) if os.path.exists(%r) else 0
open(%r, "w").write(str(deaths + 1))
if deaths < 3:
    os._exit(1)
""" % ((str(self.folder / "deaths"),) * 3) + ECHO)
        sub = self.listen(2)
        self.publish(1, 2)
        self.assert_exit(sub, 0, within=20)
        self.assertEqual([event["data"] for event in sub.events()], [1, 2])
        self.assertTrue(node.running())

    def test_events_go_on_while_what_it_publishes_waits_for_room(self):
        # Whoever gets what it publishes is slow, and what the program has to read goes on.
        (self.folder / "m.mesh.yaml").write_text("""
dagmesh: 1
events: {noise: {entry: true}}
services:
  s:
    publishes: [noise]
    run: [python3, -u, loud.py]
    handlers: {take: {on: in, emits: []}}
  slow:
    run: [sh, -c, 'while read -r event; do sleep 60; done']
    handlers: {take: {on: noise, emits: []}}
""")
        (self.folder / "loud.py").write_text("""
import json, sys
for line in sys.stdin:
    for i in range(20):
        print(json.dumps({"publish": "noise", "data": "x" * 700000}))
    print(json.dumps({"done": True}), flush=True)
""")
        for name in ("slow", "s"):
            self.start("node", self.folder / "m.mesh.yaml", "--service", name, name=name).until("ready")
        self.publish(1, 2, 3)

    def test_what_fails_is_a_dead_letter_with_its_reason(self):
        node = self.serve("""
import json, sys
for line in sys.stdin:
    print(json.dumps({"failed": json.loads(line)["id"], "error": "no tea"}), flush=True)
""")
        self.publish(1)
        node.until("no tea")
        self.assertIn("dead letter", node.stderr())

    def test_junk_and_endless_lines_are_told_and_do_no_harm(self):
        node = self.serve("""
import json, sys
for line in sys.stdin:
    event = json.loads(line)
    print("hello")
    print("x" * (5 << 20))
    print(json.dumps({"done": "nobody"}))
    print(json.dumps({"emit": "other", "data": 1}))
    print(json.dumps({"done": event["id"]}), flush=True)
""")
        self.publish(1)
        node.until("what cannot be understood")
        self.assertIn("expected an object of JSON, in the line hello", node.stderr())
        node.until('emits "other"')  # it is not declared: a dead letter
        self.assert_memory(node.private_kib(), 40 * 1024)

    def test_a_program_may_never_acknowledge(self):
        (self.folder / "m.mesh.yaml").write_text("""
dagmesh: 1
services:
  s:
    publishes: [seen]
    run: [python3, -u, seen.py]
    acknowledges: false
    handlers: {take: {on: in, emits: []}}
""")
        (self.folder / "seen.py").write_text("""
import json, sys
for line in sys.stdin:
    print(json.dumps({"publish": "seen", "data": json.loads(line)["data"]}), flush=True)
""")
        self.start("node", self.folder / "m.mesh.yaml", "--service", "s", name="s").until("ready")
        sub = self.listen(2, "seen")
        self.publish(1, 2)
        self.assert_exit(sub, 0, within=20)
        self.assertEqual([event["data"] for event in sub.events()], [1, 2])

    def test_a_timed_handler_gets_a_line_at_each_beat(self):
        program = self.folder / "program.py"
        program.write_text(REMINDER)
        manifest = self.folder / "s.mesh.yaml"
        manifest.write_text(f"""
dagmesh: 1
events: {{in: {{entry: true}}, told: {{terminal: true}}}}
services:
  s:
    run: [python3, -u, {program}]
    handlers:
      remind: {{every: 50ms, after: [in], emits: [told]}}
""")
        self.start("node", manifest, "--service", "s").until("ready")
        sub = self.listen(3, "told")
        self.publish({"n": 7})
        self.assert_exit(sub, 0, within=20)
        for event in sub.events():
            self.assertEqual(event["data"], {"handler": "remind", "last": {"n": 7}, "skipped": 0})

    def test_a_signal_drains_and_the_program_ends_with_its_input(self):
        node = self.serve(ECHO + "\nprint('over', file=sys.stderr)\n")
        node.send(signal.SIGTERM)
        self.assert_exit(node, 0)
        self.assertIn("over", node.stderr())

    @unittest.skipUnless(shutil.which("node"), "node is not installed")
    def test_the_example_has_services_in_three_languages(self):
        up = self.start("up", EXAMPLE, name="up").until("all services are ready", within=30)
        sub = self.listen(3, "order.created", "mail.sent", "audit.noted")
        pub = self.start("pub", "user.registered", '{"user_id": 7, "name": "Ada"}')
        self.assert_exit(pub, 0)
        self.assert_exit(sub, 0, within=20)
        data = {event["type"]: event["data"] for event in sub.events()}
        self.assertEqual(data["order.created"]["order_id"], "order-7")
        self.assertEqual(data["mail.sent"], {"to": "Ada", "about": "order-7"})
        self.assertEqual(data["audit.noted"], {"count": 1})
        self.assertEqual({event["type"]: event.get("partitionkey") for event in sub.events()}["order.created"],
                         "order-7")
        up.send(signal.SIGTERM)
        self.assert_exit(up, 0, within=20)


if __name__ == "__main__":
    support.main()
