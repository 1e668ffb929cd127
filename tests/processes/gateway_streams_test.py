#!/usr/bin/env python3
"""Streams of the gateway: nothing is missing and nothing comes twice, whoever starts again."""
import socket

import gateway_support
import support


class GatewayStreams(gateway_support.GatewayTest):
    def publisher(self, topic):
        """A publisher that lives as long as the test, and the function that makes it publish."""
        pub = self.start("pub", topic, "-", "--wait-subs", "0", feed=True, name="pub")
        return lambda *numbers: pub.feed("".join(f"{number}\n" for number in numbers))

    def test_a_stream_gets_what_matches_and_nothing_from_before(self):
        publish = self.publisher("a.old")
        publish(0)
        self.gateway()
        support.eventually(lambda: self.ask("GET", "/last/a.old")[0] == 200, 10, "the gateway has the old one")
        stream = self.stream("a.*")
        self.post("a.b", 1)
        self.post("b", 2)
        self.post("a.c", 3)
        self.assertEqual(stream.take(2)[0], [1, 3])

    def test_a_client_that_comes_back_goes_on_where_it_was(self):
        self.gateway()
        stream = self.stream("a.b")
        for number in range(5):
            self.post("a.b", number)
        data, last_id = stream.take(2)
        self.assertEqual(data, [0, 1])
        stream.close()
        for number in range(5, 8):
            self.post("a.b", number)
        self.assertEqual(self.stream("a.b", last_id=last_id).take(6)[0], [2, 3, 4, 5, 6, 7])

    def test_a_gateway_that_starts_again_goes_on_with_every_publisher(self):
        left, right = self.publisher("a.left"), self.publisher("a.right")
        gateway = self.gateway()
        left(0)
        support.eventually(lambda: self.ask("GET", "/last/a.left")[0] == 200, 10, "the left one is met")
        stream = self.stream("a.*")
        left(1, 2)
        self.assertEqual(stream.take(2)[0], [1, 2])
        right(101)
        data, last_id = stream.take(1)
        self.assertEqual(data, [101])
        gateway.kill()
        left(3, 4)
        right(102)
        self.gateway(port=self.port)
        left(5)
        stream = self.stream("a.*", last_id=last_id)
        data = stream.take(4)[0]
        self.assertEqual([number for number in data if number < 100], [3, 4, 5])
        self.assertEqual([number for number in data if number > 100], [102])
        left(6)
        self.assertEqual(stream.take(1)[0], [6])

    def test_durable_events_that_the_gateway_itself_published_come_after_its_restart(self):
        manifest = self.folder / "till.mesh.yaml"
        manifest.write_text("dagmesh: 1\nevents: {till.sold: {level: durable}}\n")
        gateway = self.gateway("--manifest", manifest)
        stream = self.stream("till.*")
        for number in range(4):
            self.assertEqual(self.post("till.sold", number)[0], 202)
        data, last_id = stream.take(2)
        self.assertEqual(data, [0, 1])
        gateway.kill()
        self.gateway("--manifest", manifest, port=self.port)
        self.post("till.sold", 4)
        self.assertEqual(self.stream("till.*", last_id=last_id).take(3)[0], [2, 3, 4])

    def test_streams_beyond_64_are_refused_and_those_that_go_make_room(self):
        self.gateway()
        streams = [self.stream() for _ in range(64)]
        self.assertEqual({stream.status for stream in streams}, {200})
        status, answer = self.ask("GET", "/events")
        self.assertEqual(status, 503)
        self.assertIn("64 streams", answer["error"])
        self.assertEqual(self.post("a.b", 1)[0], 202)
        self.assertEqual(streams[63].take(1)[0], [1])
        for stream in streams:
            stream.close()
        support.eventually(lambda: self.stream().status == 200, 10, "there is room again")

    def test_a_client_that_does_not_read_is_dropped_and_holds_nobody_up(self):
        gateway = self.gateway()
        with socket.socket() as stalled:
            stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stalled.connect(("127.0.0.1", self.port))
            stalled.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertTrue(stalled.recv(16))
            reading = self.stream()
            for _ in range(8):  # more than the kernel takes for it
                self.assertEqual(self.post("a.b", "x" * 1_000_000)[0], 202)
                self.assertEqual(len(reading.take(1)[0][0]), 1_000_000)
            gateway.until("client dropped", within=25)
            self.post("a.b", 2)
            self.assertEqual(reading.take(1)[0], [2])


if __name__ == "__main__":
    support.main()
