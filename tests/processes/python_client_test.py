#!/usr/bin/env python3
"""Nodes in Python, of examples/python, with nodes in C++ and with each other."""
import json
import re
import socket
import sys
import textwrap
import time
import types

import support
from support import eventually

FOLDER = support.ROOT / "examples" / "python"
sys.path.insert(0, str(FOLDER))
try:
    import dagmesh
    import dagmesh_wire as wire
    import msgpack
    import zmq
    WHY_NOT = None
except ImportError as error:
    WHY_NOT = f"{error.name} is missing (Debian: python3-zmq, python3-msgpack)"

# SERVICE ON [EMITS...]: prints each event, PAUSE seconds after it came, and emits what it was.
HANDLER = """
import json, os, sys, time
import dagmesh, dagmesh_links
dagmesh_links.WINDOW = int(os.environ.get("WINDOW", 1024)), 1 << 20
service, on, *emits = sys.argv[1:]
node = dagmesh.Node(service)
@node.on(on, emits=emits)
def main(event, emit):
    time.sleep(float(os.environ.get("PAUSE", 0)))
    cause = event.cause and {"rank": event.cause[4], "id": "%s.%d.%d" % (
        event.cause[0].hex(), *event.cause[1:3])}
    print(json.dumps({"data": event.data, "id": event.id, "key": event.key,
                      "trace": event.trace.hex(), "cause": cause}), flush=True)
    for topic in emits:
        emit(topic, event.data, key=event.key)
node.run()
"""
# SERVICE TOPIC: publishes the lines of its stdin, and says each time how far it is.
PUBLISHER = """
import sys
import dagmesh
node = dagmesh.Node(sys.argv[1], publishes=[sys.argv[2]])
node.start()
for number, line in enumerate(sys.stdin, 1):
    node.publish(sys.argv[2], int(line))
    print(number, flush=True)
sys.exit(0 if node.stop() else 6)
"""


def numbers(process):
    return [event["data"] for event in process.events()]


class PythonNode(support.MeshTest):
    def setUp(self):
        if WHY_NOT:
            print(f"SKIPPED: {WHY_NOT}")
            self.skipTest(WHY_NOT)
        super().setUp()
        self.env["PYTHONPATH"] = str(FOLDER)

    def python(self, code, *words, **more):
        return self.start("-c", code, *words, program=sys.executable, name=words[0], **more)

    def handler(self, *words, **more):
        return self.python(HANDLER, *words, **more).until("ready")

    def publisher(self, topic):
        return self.python(PUBLISHER, "publisher", topic, feed=True).until("ready")

    def relay(self, service, on, emits, *more):
        return self.node(service, "--on", on, "--emits", emits, *more)

    def counting_node(self, service):
        """A node in C++ on count.up that emits count.more, and what it has handled."""
        file = self.folder / f"handled-{self.started_count}"
        file.touch()
        code = "import sys\n" + textwrap.dedent("""
            for line in sys.stdin:
                with open(sys.argv[1], "a") as file:
                    file.write(line)
                print('{"emit": "count.more", "data": 1}\\n{"done": true}', flush=True)""")
        node = self.relay(service, "count.up", "count.more", "--", sys.executable, "-c", code, file)
        return node.until("ready"), lambda: [
            json.loads(line)["data"] for line in file.read_text().splitlines()]

    def assert_gets(self, process, expected):
        eventually(lambda: len(process.lines()) >= len(expected), 20, process.told)
        self.assertEqual(numbers(process), expected, process.told())


class Events(PythonNode):
    def test_a_chain_through_both_keeps_trace_cause_and_rank(self):
        first = self.handler("first", "start", "count.up")
        self.counting_node("second")
        watch, last = self.handler("watch", "count.up"), self.handler("last", "count.more")
        sub = self.start("sub", ">", "-n", "3", "--timeout", "20s", "--format", "json")
        self.assert_exit(self.start("pub", "start", "7", "--key", "k", "--wait-subs", "2"), 0)
        self.assert_exit(sub, 0)
        self.assert_gets(watch, [7])
        self.assert_gets(last, [1])
        root, middle, end = first.events()[0], watch.events()[0], last.events()[0]
        self.assertEqual((root["cause"], root["key"], middle["key"]), (None, "k", "k"))
        self.assertEqual(middle["cause"], {"rank": 1, "id": root["id"]})
        self.assertEqual(end["cause"], {"rank": 2, "id": middle["id"]})
        traces = {event["traceparent"].split("-")[1] for event in sub.events()}
        self.assertEqual(traces, {root["trace"]}, sub.told())
        self.assertEqual({middle["trace"], end["trace"]}, traces)

    def test_20000_events_each_way_come_in_order_whoever_starts_first(self):
        count = 20000
        sub = self.start("sub", "user.>", "-n", str(count), "--timeout", "30s", "--format", "json")
        began_at = time.monotonic()
        register = self.start(FOLDER / "register.py", str(count), program=sys.executable)
        self.assert_exit(sub, 0, 30)
        self.assert_exit(register, 0)
        out = time.monotonic() - began_at
        self.assertEqual([event["user_id"] for event in numbers(sub)], list(range(1, count + 1)))
        handler, began_at = self.python(HANDLER, "order", "count.up"), time.monotonic()
        pub = self.start("pub", "count.up", "-", "--timeout", "30s", feed=True)
        pub.popen.communicate("".join(f"{i}\n" for i in range(count)).encode(), timeout=30)
        self.assert_exit(pub, 0)
        self.assertEqual(numbers(handler), list(range(count)))
        print(f"{count} events out in {out:.2f} s, in within {time.monotonic() - began_at:.2f} s")

    def test_a_handler_that_comes_soon_gets_all_that_was_published(self):
        publisher = self.publisher("count.up")
        publisher.feed("1\n2\n")
        publisher.until("2", where=publisher.stdout)
        soon, handled = self.counting_node("soon")
        publisher.feed("3\n")
        eventually(lambda: handled() == [1, 2, 3], 10, soon.told)

    def test_two_python_nodes_hear_each_other(self):
        last = self.handler("last", "b.*")
        self.handler("relay", "a.x", "b.y")
        publisher = self.publisher("a.x")
        publisher.feed("1\n2\n3\n")
        self.assert_gets(last, [1, 2, 3])
        publisher.stdin.close()
        self.assert_exit(publisher, 0)


class Trouble(PythonNode):
    def test_a_handler_that_is_killed_goes_on_where_it_stood(self):
        pub = self.start("pub", "count.up", "-", "--timeout", "30s", feed=True)
        handler = self.handler("order", "count.up")
        pub.feed("1\n2\n")
        self.assert_gets(handler, [1, 2])
        handler.kill()
        pub.feed("3\n4\n")
        again = self.python(HANDLER, "order", "count.up")
        eventually(lambda: numbers(again)[-2:] == [3, 4], 10, again.told)
        pub.feed("5\n")
        pub.stdin.close()
        self.assert_exit(pub, 0)
        # What was not acknowledged yet comes twice.
        self.assertIn(numbers(again), [[3, 4, 5], [2, 3, 4, 5], [1, 2, 3, 4, 5]])

    def test_a_subscriber_that_is_killed_goes_on_where_it_stood(self):
        first, handled_first = self.counting_node("order")
        publisher = self.publisher("count.up")
        publisher.feed("1\n2\n")
        eventually(lambda: handled_first() == [1, 2], 10, first.told)
        first.kill()
        publisher.feed("3\n4\n")
        second, handled_second = self.counting_node("order")
        publisher.feed("5\n")
        eventually(lambda: handled_second()[-3:] == [3, 4, 5], 10, second.told)

    def test_a_slow_handler_holds_back_who_publishes_for_it(self):
        slow = self.handler("slow", "slow.x", env={"PAUSE": "0.1", "WINDOW": "4"})
        held = self.publisher("slow.x")
        held.feed("".join(f"{i}\n" for i in range(30)))
        eventually(lambda: len(slow.lines()) >= 5, 10, slow.told)
        self.assertLessEqual(len(held.lines()), len(slow.lines()) + 4 + 1)
        held.stdin.close()
        self.assert_exit(held, 0)
        self.assertEqual(numbers(slow), list(range(30)))

    def test_a_subscriber_that_is_behind_what_is_held_is_told_how_much_it_missed(self):
        code = PUBLISHER.replace("node =", "dagmesh.LOG_EVENTS = 100\nnode =")
        publisher = self.python(code, "publisher", "count.up", feed=True).until("ready")
        publisher.feed("".join(f"{i}\n" for i in range(150)))
        publisher.until("150", where=publisher.stdout)
        late = self.python(HANDLER, "late", "count.up").until("50 events for late.main are lost")
        self.assert_gets(late, list(range(50, 150)))

    def test_a_handler_that_raises_is_said_and_passed_over(self):
        code = HANDLER.replace("    cause =", "    1 / event.data\n    cause =")
        handler = self.python(code, "order", "user.x", "y").until("ready")
        for number in "01":
            self.assert_exit(self.start("pub", "user.x", number), 0)
        self.assert_gets(handler, [1])

    def test_strangers_that_say_anything_do_it_no_harm(self):
        handler = self.handler("order", "user.>", "order.created")
        look = self.start("nodes", "--expect", "1", "--timeout", "10s", "--format", "json")
        self.assert_exit(look, 0)
        port = look.events()[0]["address"].rsplit(":", 1)[1]
        stranger, realm = self.random.randbytes(16), wire.hash64(self.realm.encode())
        contract = {"service": "s", "publishes": ["x"], "handlers": [], "loops": []}

        def hello(packed):
            return [1, wire.HELLO, realm, stranger, 1, {
                "observer": True, "inbox": 1, "inbox_name": "", "wants_answer": False,
                "contract": packed, "contract_hash": wire.hash64(packed)}]
        said = [7, [], {}, hello(b""), hello(msgpack.packb({**contract, "publishes": [7]})),
                hello(msgpack.packb(contract))]
        said += [[1, kind, realm, stranger, 1, fields] for kind in range(2, 16)
                 for fields in ({}, 3, {"session": "x", "subscriptions": [[]], "attempt": {}},
                                {"session": 1, "attempt": 1, "subscriptions": [[1, "x"]]},
                                {"epoch": 1, "state": 0, "idle": [], "cycles": [[1, [1, 2]]]})
                 if kind != wire.LEAVE]
        line = zmq.Context.instance().socket(zmq.DEALER)
        line.connect(f"tcp://127.0.0.1:{port}")
        for message in [msgpack.packb(one) for one in said] + [
                self.random.randbytes(self.random.randrange(60)) for _ in range(500)]:
            line.send(message)
        line.close()
        with socket.socket(type=socket.SOCK_DGRAM) as beacons:
            beacons.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            for size in (0, 49, 50, 51, 5000):
                beacons.sendto(self.random.randbytes(size), ("127.255.255.255", self.beacon_port))
        handler.until("dropped what cannot be read")
        self.assert_exit(self.start("pub", "user.x", "1"), 0)
        self.assert_gets(handler, [1])
        self.assertEqual(handler.stop(), 0, handler.told())


class Member(PythonNode):
    def test_tools_see_it_and_are_answered(self):
        self.handler("order", "user.>", "order.created")
        self.node("audit", "--on", "order.>").until("ready")
        look = self.start("nodes", "--expect", "2", "--timeout", "10s", "--format", "json")
        self.assert_exit(look, 0)
        self.assertEqual([line["state"] for line in look.events()], ["active", "active"])
        doctor = self.start("doctor", "--format", "json")
        self.assert_exit(doctor, 0)
        self.assertEqual([line["complaints"] for line in doctor.events()], [[], []])
        live = self.start("check", "--live", "--format", "json")
        self.assert_exit(live, 0)
        self.assertIn('"complete":true', live.stdout().replace(" ", ""))

    def test_a_python_node_that_would_close_a_cycle_is_refused(self):
        first = self.relay("A", "x", "y").until("ready")
        second = self.handler("B", "y", "z")
        third = self.python(HANDLER, "C", "z", "x")
        self.assert_exit(third, 4)
        for process in (first, second, third):
            process.until("z -> C.main -> x")

    def test_a_node_that_would_close_a_cycle_through_python_is_refused(self):
        self.relay("A", "x", "y").until("ready")
        second, third = self.handler("B", "y", "z"), self.relay("C", "z", "x")
        self.assert_exit(third, 4)
        for process in (second, third):
            process.until("z -> C.main -> x")

    def test_who_asks_later_is_answered_for_good_after_this_node_has_decided(self):
        node, held = dagmesh.Node("s"), []
        node.id, node.epoch, node.state, node.idle = b"b", 1, 0, [0]
        node.send = lambda *_, **fields: held.append(fields["held"])
        for name, epoch, state in ((b"c", 1, 0), (b"a", 2, 0), (b"a", 1, 0), (b"c", 1, 1)):
            node.answer(types.SimpleNamespace(id=name, incarnation=1, asked={
                "epoch": epoch, "state": state, "idle": [0]}))
        self.assertEqual(held, [True, True, False, False])


class Page(PythonNode):
    def test_the_blocks_of_the_page_end_by_themselves(self):
        page = (support.ROOT / "docs/python.md").read_text()
        block, = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        self.assert_exit(self.start("-e", "-c", block, program="bash"), 0)


class Bytes(PythonNode):
    def test_golden_bytes(self):
        def golden(name):
            return bytes.fromhex((support.ROOT / f"tests/golden/{name}.hex").read_text())
        head = wire.Batch(golden("batch_header"))
        self.assertEqual(wire.encode_batch(head.head, head.positions, head.topics, []), head.data)
        whole = golden("batch_header") + golden("event_record_full") + golden("skip_record")
        topics = {number: f"topic {number}" for number in range(1 << 16)}
        event, = wire.Batch(whole).events(topics, 3)
        self.assertEqual(event[4:7], (b"payload", "text/plain", "key"))
        for size in range(len(head.data)):
            self.assertRaises(wire.MALFORMED, wire.Batch, whole[:size])
        self.assertEqual(wire.hash64(b"foobar"), 0x85944171f73967e8)  # draft-eastlake-fnv


if __name__ == "__main__":
    support.main()
