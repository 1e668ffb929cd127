#!/usr/bin/env python3
"""Publishers and subscribers that die and return, and a stranger on the port of one: the link is
back within 3 s of the cause's end, and brings nothing twice that was acknowledged."""
import json
import os
import socket
import threading
import time

import support
from support import eventually

BACK_WITHIN = 3


class Impostor:
    """Accepts every connection to a node's two ports and says what no node says."""

    def __init__(self, port, say=b""):
        self.sockets = []
        self.accepted = 0
        for one in (port, port + 1):
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", one))
            listener.listen()
            self.sockets.append(listener)
            threading.Thread(target=self.serve, args=(listener, say), daemon=True).start()

    def serve(self, listener, say):
        while True:
            try:
                connection, _ = listener.accept()
                self.sockets.append(connection)
                self.accepted += 1
                connection.sendall(say)
            except OSError:
                return

    def leave(self):
        for one in self.sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()


class Restarts(support.MeshTest):
    def user(self):
        """The shop's user service, fed by a named pipe: a publisher with a lasting instance."""
        path = self.folder / f"lines-{self.started_count}"
        os.mkfifo(path)
        process = self.start(path, program=str(support.EXAMPLES / "shop-user"), name="user")
        process.lines_in = open(path, "w", buffering=1)
        self.addCleanup(process.lines_in.close)
        return process

    def publish(self, user, first, last):
        for number in range(first, last + 1):
            change = {"event": "user.registered", "data": {"user_id": number}}
            user.lines_in.write(json.dumps(change) + "\n")

    def ids(self, sub):
        return [event["data"]["user_id"] for event in sub.events()]

    def store(self, port):
        """A lasting subscriber at a known port, and where it reports at its end."""
        reporting, report = support.report_file(self)
        node = self.node("store", "--on", "user.>", "--listen", f"127.0.0.1:{port}", **reporting)
        return node, report

    def test_a_killed_publisher_is_linked_again_when_it_returns(self):
        sub = self.start("sub", "user.>", "--format", "json", name="sub")
        node, report = self.store(support.free_port(count=2))
        node.until("ready")
        slowest, sent = 0, 0
        for _ in range(support.rounds(3, 10)):
            user = self.user()
            self.publish(user, sent + 1, sent + 20)
            sent += 20
            eventually(lambda: self.ids(sub)[-1:] == [sent], 10, lambda: sub.told() + user.told())
            slowest = max(slowest, time.monotonic() - user.started_at)
            user.kill()
        print(f"the first 20 events were there {slowest:.2f} s after a start at most")
        self.assertLess(slowest, BACK_WITHIN)
        self.assertEqual(self.ids(sub), list(range(1, sent + 1)), "lost, stale or repeated")
        incarnations = [event["id"].split(".")[1] for event in sub.events()]
        self.assertEqual(len(set(incarnations)), sent / 20)
        self.assertEqual(len({event["id"].split(".")[0] for event in sub.events()}), 1)
        self.assertEqual(node.stop(), 0)
        counts = support.handled(report)["user.registered"]
        self.assertEqual((counts["handled"], counts["lost"]), (sent, 0))

    def return_of_the_subscriber(self, while_away):
        port = support.free_port(count=2)
        witness = self.start("sub", "user.>", "--format", "json", name="witness")
        node, _ = self.store(port)
        node.until("ready")
        user = self.user()
        self.publish(user, 1, 10)
        eventually(lambda: len(self.ids(witness)) == 10, 10, lambda: witness.told() + user.told())
        # Acknowledged at the latest 20 ms after the first one; a second more is plenty.
        time.sleep(1)
        node.kill()
        self.publish(user, 11, 20)
        eventually(lambda: len(self.ids(witness)) == 20, 10, lambda: witness.told() + user.told())
        while_away(port)
        began_at = time.monotonic()
        node, report = self.store(port)
        node.until("ready", BACK_WITHIN)
        self.publish(user, 21, 30)
        user.lines_in.close()
        self.assert_exit(user, 0)  # everybody has acknowledged everything
        took = time.monotonic() - began_at
        self.assertEqual(node.stop(), 0)
        counts = support.handled(report)["user.registered"]
        print(f"all was acknowledged {took:.2f} s after the start")
        self.assertLess(took, BACK_WITHIN)
        self.assertEqual((counts["handled"], counts["lost"]), (20, 0))
        self.assertEqual(self.ids(witness), list(range(1, 31)))

    def test_a_killed_subscriber_gets_what_it_missed_and_nothing_else(self):
        self.return_of_the_subscriber(lambda port: None)

    def test_a_silent_stranger_on_its_port_meanwhile_does_no_harm(self):
        self.return_of_the_subscriber(lambda port: self.impersonate(port, b""))

    def test_a_stranger_that_speaks_http_on_its_port_meanwhile_does_no_harm(self):
        self.return_of_the_subscriber(
            lambda port: self.impersonate(port, b"HTTP/1.1 400 Bad Request\r\n\r\n"))

    def impersonate(self, port, say):
        impostor = Impostor(port, say)
        self.addCleanup(impostor.leave)
        time.sleep(4)  # longer than anybody waits for an answer: that the port stays taken counts
        impostor.leave()

    def test_a_node_says_when_its_port_is_taken(self):
        port = support.free_port(count=2)
        impostor = Impostor(port)
        self.addCleanup(impostor.leave)
        node = self.node("store", "--on", "user.>", "--listen", f"127.0.0.1:{port}")
        self.assert_exit(node, 5)
        self.assertIn(f"127.0.0.1:{port}", node.stderr())

    def test_a_pipe_fed_publisher_outlives_its_subscribers(self):
        first = self.start("sub", "load.>", "--format", "json", name="first")
        pub = self.start("pub", "load.line", "-", feed=True)
        pub.feed('{"n": 1}\n')
        eventually(lambda: len(first.events()) == 1, 10, first.told)
        first.kill()
        second = self.start("sub", "load.>", "--format", "json", name="second")
        linked = eventually(lambda: self.feed_until_seen(pub, second), 10, second.told)
        self.assertTrue(linked)
        numbers = [event["data"]["n"] for event in second.events()]
        self.assertEqual(numbers, list(range(numbers[0], numbers[-1] + 1)))
        pub.stdin.close()
        # What it published before it noticed that the first one had died, that one did not have.
        self.assertIn(pub.wait(), (0, 6), pub.told())

    def feed_until_seen(self, pub, sub):
        self.sent = getattr(self, "sent", 1) + 1
        pub.feed(json.dumps({"n": self.sent}) + "\n")
        time.sleep(0.02)
        return len(sub.events()) > 0


if __name__ == "__main__":
    support.main()
