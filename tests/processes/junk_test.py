#!/usr/bin/env python3
"""Whatever strangers send: the node goes on, stays small, and does not fill its log."""
import os
import socket
import struct
import unittest

import support
from support import eventually, rounds

try:
    import zmq
except ImportError:
    zmq = None

LOG_LINES_MAX = 60
GROWTH_KIB_MAX = 64 * 1024
BEACON_SIZE = 50

# ZMTP 3.0, https://rfc.zeromq.org/spec/23
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + b"\0" + bytes(31)


def ready(socket_type):
    body = b"\x05READY\x0bSocket-Type" + struct.pack(">I", len(socket_type)) + socket_type
    return b"\x04" + bytes([len(body)]) + body


class Junk(support.MeshTest):
    def setUp(self):
        super().setUp()
        self.port = support.free_port(count=2)
        self.victim = self.node("victim", "--on", "probe.>", "--emits", "victim.said", "--listen",
                                f"127.0.0.1:{self.port}").until("ready")
        self.before_kib = self.victim.private_kib()
        self.before_descriptors = self.victim.descriptors()

    def assert_unharmed(self, growth_kib_max=GROWTH_KIB_MAX):
        self.assertTrue(self.victim.running(), self.victim.told())
        self.assert_works("probe.>")
        grown_kib = self.victim.private_kib() - self.before_kib
        lines = self.victim.stderr().count("\n")
        print(f"grown by {grown_kib} KiB, {lines} lines of log")
        self.assert_memory(grown_kib, growth_kib_max)
        self.assertLess(lines, LOG_LINES_MAX, self.victim.told())
        self.assertEqual(self.victim.stop(), 0, self.victim.told())

    def noise(self, size):
        return self.random.randbytes(size)

    def udp(self):
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sender.connect(("127.255.255.255", self.beacon_port))
        self.addCleanup(sender.close)
        return sender

    def a_beacon(self):
        """A real one, overheard."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            ear.bind(("127.255.255.255", self.beacon_port))
            ear.settimeout(5)
            beacon = ear.recv(2048)
        self.assertEqual(len(beacon), BEACON_SIZE)
        return beacon

    def test_noise_on_the_beacon_port(self):
        sender, beacon = self.udp(), self.a_beacon()
        for _ in range(5000):
            sender.send(self.noise(self.random.randrange(1, 1400)))
        for size in range(len(beacon)):
            sender.send(beacon[:size])
        sender.send(beacon + b"\0")
        for _ in range(2000):
            damaged = bytearray(beacon)
            damaged[self.random.randrange(BEACON_SIZE)] ^= 1 << self.random.randrange(8)
            sender.send(damaged)
        self.assert_unharmed()

    def test_beacons_of_thousands_of_nodes_that_do_not_exist(self):
        sender, beacon = self.udp(), self.a_beacon()
        for _ in range(5000):
            # magic, version and flags; id; incarnation, number, realm, contract; control port
            sender.send(beacon[:4] + self.noise(16) + struct.pack("<IQ", 1, 1) + beacon[32:40] +
                        self.noise(8) + struct.pack("<H", self.random.randrange(1, 1024)))
        eventually(lambda: self.victim.descriptors() < self.before_descriptors + 100, 30,
                   lambda: f"{self.victim.descriptors()} descriptors")
        self.assert_unharmed()

    def test_noise_http_and_half_greetings_on_both_tcp_ports(self):
        introduced = GREETING + ready(b"DEALER")
        huge = b"\x02" + struct.pack(">Q", 1 << 62)
        texts = [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", GREETING[:1], GREETING[:12],
                 GREETING, introduced, introduced[:70], introduced + huge,
                 introduced + huge + self.noise(100_000), GREETING + self.noise(1000),
                 b"\xff" * 10_000, self.noise(100_000)]
        held = []
        for port in (self.port, self.port + 1):
            for text in texts * 5:
                connection = socket.create_connection(("127.0.0.1", port), timeout=5)
                self.addCleanup(connection.close)
                try:
                    connection.sendall(text)
                except OSError:
                    pass  # it may hang up as soon as it has seen enough
                if self.random.random() < 0.5:
                    connection.close()
                else:
                    held.append(connection)
        self.assert_unharmed()

    def zmq_socket(self, kind, port):
        made = self.context.socket(kind)
        self.zmq_sockets.append(made)
        made.setsockopt(zmq.LINGER, 0)
        made.connect(f"tcp://127.0.0.1:{port}")
        return made

    def with_zmq(self):
        if zmq is None:
            print("SKIPPED: pyzmq is missing (Debian: python3-zmq)")
            self.skipTest("pyzmq is missing (Debian: python3-zmq)")
        self.context = zmq.Context()
        self.zmq_sockets = []
        self.addCleanup(self.context.destroy, 0)

    @staticmethod
    def send_all(made, messages):
        sent = 0
        for message in messages:
            if made.poll(2000, zmq.POLLOUT):
                made.send_multipart(message, zmq.NOBLOCK)
                sent += 1
        return sent

    def overhear(self):
        """Real control messages: a stranger that beacons like a node is greeted by the victim."""
        listener = self.context.socket(zmq.ROUTER)
        self.zmq_sockets.append(listener)
        listener.setsockopt(zmq.LINGER, 0)
        port = listener.bind_to_random_port("tcp://127.0.0.1")
        beacon = self.a_beacon()
        self.udp().send(beacon[:4] + self.noise(16) + struct.pack("<IQ", 1, 1) + beacon[32:40] +
                        self.noise(8) + struct.pack("<H", port))
        if not listener.poll(3000):
            return []
        return [listener.recv_multipart()[-1]]

    def test_noise_in_well_formed_messages_on_the_control_port(self):
        self.with_zmq()
        dealer = self.zmq_socket(zmq.DEALER, self.port)
        known = self.overhear() or [b"\x96\x01\x01" + self.noise(200)]
        messages = [[self.noise(self.random.randrange(2000))] for _ in range(3000)]
        for message in known:
            messages += [[message[:size]] for size in range(len(message))]
            for _ in range(2000):
                damaged = bytearray(message)
                for _ in range(self.random.randrange(1, 4)):
                    damaged[self.random.randrange(len(damaged))] = self.random.randrange(256)
                messages.append([bytes(damaged)])
        messages += [[], [b""], [b"", b"", b""], [b"x"] * 5000,  # frames without number
                     [b"\x91" * 500_000], [b"\xdd\xff\xff\xff\xff"], [b"\xdf\xff\xff\xff\xff"],
                     [b"\x96\x63" + self.noise(100)]]  # deep, promising much, of another version
        self.send_all(dealer, [message for message in messages if message])
        self.assert_unharmed()

    def test_noise_in_well_formed_messages_on_the_inbox(self):
        self.with_zmq()
        publisher = self.zmq_socket(zmq.XPUB, self.port + 1)
        self.assertTrue(publisher.poll(5000), "the inbox subscribes")

        def batch(version=1, flags=0, positions=0, topics=0, rest=b""):
            return (b"DB" + bytes([version, flags]) + self.noise(16) + struct.pack("<I", 1) +
                    self.noise(8) + struct.pack("<QQHH", 1, 1, positions, topics) + rest)
        position = struct.pack("<IQQQII", 0, 0, 5, 0, 5, 40)
        whole = batch(positions=1, topics=1, rest=position + b"\0\0\x09probe.now" + bytes(60))
        messages = [[self.noise(self.random.randrange(3000))] for _ in range(3000)]
        messages += [[whole[:size]] for size in range(len(whole))]
        messages += [[whole] for _ in range(3000)]  # each of a session that there is not
        messages += [[batch(version=2)], [batch(version=255)], [batch(flags=255)],
                     [batch(positions=65535, topics=65535)],
                     [batch(positions=65535, rest=self.noise(65535 * 34))],
                     [whole, whole], [b""] * 3000, [b""], [self.noise(1 << 20)]]
        sent = self.send_all(publisher, messages)
        self.assertGreater(sent, 3000)
        self.assert_unharmed()

    def test_a_message_larger_than_any_is_not_taken_in(self):
        self.with_zmq()
        for kind, port in ((zmq.DEALER, self.port), (zmq.XPUB, self.port + 1)):
            stranger = self.zmq_socket(kind, port)
            for _ in range(20):
                if stranger.poll(300, zmq.POLLOUT):
                    stranger.send(bytes(16 << 20))
        self.assert_unharmed()

    # Libzmq bounds the size of a frame and not their number, and holds them until the last has come.
    def test_frames_without_end_do_not_take_all_memory(self):
        large = b"\x03" + struct.pack(">Q", 500_000) + bytes(500_000)  # more to follow
        empty = b"\x01\0" * 250_000
        for kind, port in rounds(1, 3) * [(b"DEALER", self.port), (b"PUB", self.port + 1)]:
            for name, frames in (("large", large), ("empty", empty)):
                highest_kib = self.send_without_end(kind, port, frames)
                print(f"{highest_kib >> 10} MiB at most, {kind.decode()}, {name} frames")
                self.assert_memory(highest_kib - self.before_kib, 2 * GROWTH_KIB_MAX)
        self.assert_unharmed(2 * GROWTH_KIB_MAX)  # freed, and kept by malloc for the next

    def send_without_end(self, kind, port, frames):
        """Up to 200 MB that never become a message; what the victim has at most."""
        highest_kib = 0
        with socket.create_connection(("127.0.0.1", port), timeout=5) as stranger:
            stranger.sendall(GREETING + ready(kind))
            eventually(lambda: stranger.recv(4096), 5, "an answer to the greeting")
            with self.assertRaises(OSError, msg="it hangs up"):
                for _ in range(400):
                    stranger.sendall(frames)
                    highest_kib = max(highest_kib, self.victim.private_kib())
        return highest_kib

    def test_hundreds_of_connections_that_say_nothing(self):
        for _ in range(400):
            connection = socket.create_connection(("127.0.0.1", self.port), timeout=5)
            self.addCleanup(connection.close)
        self.assert_works("probe.>")
        # A handshake has 5 s.
        eventually(lambda: self.victim.descriptors() < self.before_descriptors + 50, 15,
                   lambda: f"{self.victim.descriptors()} descriptors")
        self.assert_unharmed()


if __name__ == "__main__":
    support.main()
