#!/usr/bin/env python3
"""The gateway under load, before clients that are slow, and before bytes that are no HTTP."""
import re
import shutil
import socket
import subprocess
import time

import gateway_support
import support


class GatewayLoad(gateway_support.GatewayTest):
    def test_ten_thousand_requests_over_64_connections_without_an_error(self):
        if not shutil.which("ab"):
            self.skipTest("ab is missing: apt install apache2-utils")
        sub = self.start("sub", "load", "-n", "10000", "--from", "oldest", "--timeout", "120s", "--format", "json")
        self.gateway()
        body = self.folder / "body.json"
        body.write_text('{"user_id":7}')
        done = subprocess.run(["ab", "-q", "-k", "-c", "64", "-n", "10000", "-p", body, "-T", "application/json",
                               f"http://127.0.0.1:{self.port}/events/load"],
                              timeout=120, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"Complete requests: +10000")
        # ab counts answers of another length than the first as failed: ids have one or two digits more.
        failed = re.search(r"\(Connect: (\d+), Receive: (\d+), Length: \d+, Exceptions: (\d+)\)", done.stdout)
        self.assertIn(failed and failed.groups(), (None, ("0", "0", "0")), done.stdout)
        self.assertNotIn("Non-2xx", done.stdout)
        print(re.search(r"Requests per second: .*", done.stdout)[0])
        self.assert_exit(sub, 0, within=60)
        self.assertEqual(len({event["id"] for event in sub.events()}), 10000)

    def test_slow_and_half_open_clients_hold_nobody_up(self):
        self.gateway()
        head = b"POST /events/a.b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
        clients = []
        for beginning in (b"", head, head + b"\r\n0123456789"):
            for _ in range(150):
                client = socket.create_connection(("127.0.0.1", self.port), timeout=30)
                self.addCleanup(client.close)
                client.sendall(beginning)
                clients.append(client)
        for number in range(100):
            started = time.monotonic()
            self.assertEqual(self.post("a.b", number)[0], 202)
            self.assertLess(time.monotonic() - started, 2)
        # Those that began a request are told, in the end, why it is not answered.
        self.assertIn(b"HTTP/1.1 408 ", clients[150].recv(65536))
        self.assertIn(b"HTTP/1.1 408 ", clients[300].recv(65536))

    def test_of_more_connections_than_there_may_be_the_silent_ones_go(self):
        self.gateway()
        clients = []
        for _ in range(1100):
            clients.append(socket.create_connection(("127.0.0.1", self.port), timeout=30))
            self.addCleanup(clients[-1].close)
        self.assertEqual(self.post("a.b", 1)[0], 202)
        self.assertEqual(clients[0].recv(1), b"")

    def test_any_bytes_are_refused_with_a_reason_and_harm_nobody(self):
        gateway = self.gateway()
        good = (b"POST /events/a.b?x=%41 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/cloudevents+json\r\n"
                b"Content-Length: 90\r\nConnection: close\r\n\r\n"
                b'{"specversion":"1.0","id":"7","source":"/s","type":"a.b","data":{"a":[1,2,{"b":null}]}}   ')
        self.assertIn(b" 202 ", self.raw(good))
        statuses = {}
        for _ in range(support.rounds(300, 3000)):
            bad = bytearray(good)
            for _ in range(self.random.randrange(1, 6)):
                bad[self.random.randrange(len(bad))] = self.random.randrange(256)
            cut = self.random.randrange(len(bad)) if self.random.random() < 0.2 else len(bad)
            answer = self.raw(bytes(bad[:cut]))
            for status in re.findall(rb"^HTTP/1.1 (\d+) ", answer, re.MULTILINE):
                statuses[int(status)] = statuses.get(int(status), 0) + 1
                if status.startswith(b"4"):
                    self.assertIn(b'{"error":"', answer)
        self.assertTrue(set(statuses) <= {100, 200, 202, 400, 403, 404, 405, 413, 414, 415, 416, 417, 431, 501, 505},
                        statuses)
        self.assertGreater(statuses.get(400, 0), 0)
        for size in (1, 100, 20_000):
            self.raw(self.random.randbytes(size))
        self.assertTrue(gateway.running())
        self.assertEqual(self.post("a.b", 1)[0], 202)

    def test_what_is_too_large_is_refused_while_it_is_sent(self):
        self.gateway()
        head = b"POST /events/a.b HTTP/1.1\r\nHost: localhost\r\n"
        for data, status in ((head + b"X: " + b"a" * 9000 + b"\r\n\r\n", b" 431 "),
                             (head + b"X: a\r\n" * 200 + b"\r\n", b" 431 "),
                             (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n", b" 414 "),
                             (head + b"Content-Length: 10000000\r\n\r\n" + b"1" * 5_000_000, b" 413 "),
                             (head + b"Transfer-Encoding: chunked\r\n\r\n" + b"100000\r\n" + b"1" * 0x100000 +
                              b"\r\nf00000\r\n" + b"1" * 3_000_000, b" 413 ")):
            self.assertIn(status, self.raw(data)[:20])
        # Within the bounds of a body, but more than an event holds.
        self.assertEqual(self.post("a.b", "x" * 1_500_000)[0], 413)


if __name__ == "__main__":
    support.main()
