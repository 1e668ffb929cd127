#!/usr/bin/env python3
"""Two machines, played by two network namespaces with a cable between them. Needs root."""
import contextlib
import os
import socket
import subprocess
import sys
import time
import unittest

import support
from support import eventually

CLONE_NEWNET = 0x40000000
ETH_P_IP = 0x0800
ETH_P_ALL = 0x0003


class Machine:
    """A network namespace. It exists as long as the process that holds it, and so does its end of
    the cable: nothing is left behind, whatever becomes of the test."""

    def __init__(self, test, address):
        self.address = address
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"],
                                       preexec_fn=support.ends_with_parent)
        test.addCleanup(self.holder.wait)
        test.addCleanup(self.holder.kill)
        self.net = f"/proc/{self.holder.pid}/ns/net"
        own = os.stat("/proc/self/ns/net").st_ino
        eventually(lambda: os.stat(self.net).st_ino != own, 5, "the holder leaves this namespace")
        self.inside = ["nsenter", f"--net={self.net}"]

    @contextlib.contextmanager
    def entered(self):
        """Runs a block of this very thread in the namespace: sockets made there stay there."""
        with open("/proc/thread-self/ns/net") as home, open(self.net) as there:
            if support.LIBC.setns(there.fileno(), CLONE_NEWNET) != 0:
                raise OSError("setns")
            try:
                yield
            finally:
                support.LIBC.setns(home.fileno(), CLONE_NEWNET)


def why_not():
    """Why namespaces cannot be made here, or nothing."""
    if os.geteuid() != 0:
        return "not root"
    try:
        subprocess.run(["unshare", "--net", "ip", "link", "set", "lo", "up"], check=True,
                       capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return str(error)
    return ""


class Cable(support.MeshTest):
    @classmethod
    def setUpClass(cls):
        if reason := why_not():
            print(f"SKIPPED: network namespaces cannot be made here: {reason}", file=sys.stderr)
            raise unittest.SkipTest(f"network namespaces cannot be made here: {reason}")

    def setUp(self):
        super().setUp()
        self.left, self.right = Machine(self, "10.231.0.1"), Machine(self, "10.231.0.2")
        # The cable is made inside a namespace and never touches the network of this machine.
        self.run_inside(self.left, "ip", "link", "add", "cable", "type", "veth", "peer", "name",
                        "cable", "netns", self.right.holder.pid)
        for machine in (self.left, self.right):
            self.run_inside(machine, "ip", "address", "add", f"{machine.address}/24", "broadcast",
                            "+", "dev", "cable")
            self.run_inside(machine, "ip", "link", "set", "lo", "up")
            self.run_inside(machine, "ip", "link", "set", "cable", "up")

    def run_inside(self, machine, *words):
        subprocess.run([*machine.inside, *map(str, words)], check=True, capture_output=True)

    def on(self, machine, *words, **more):
        return self.start(*words, before=machine.inside, **more)

    def assert_reaches(self, sub_options, pub_options):
        """One event from the right machine to the left one."""
        sub = self.on(self.left, "sub", "user.>", "-n", "1", "--timeout", "20s", "--format", "json",
                      *sub_options, name="sub")
        pub = self.on(self.right, "pub", "user.registered", '{"user_id": 1}', "--timeout", "15s",
                      *pub_options, name="pub")
        self.assert_exit(pub, 0, 30)
        self.assert_exit(sub, 0, 30)
        self.assertEqual(sub.events()[0]["data"], {"user_id": 1})
        return sub, pub

    def test_nodes_with_iface_find_each_other_by_beacon(self):
        options = ["--iface", "cable", "--insecure"]
        sub, pub = self.assert_reaches(options, options)
        for one in (sub, pub):
            self.assertIn("insecure", one.stderr(), "each start says what is open")

    def test_nodes_with_peer_need_no_beacon(self):
        self.assert_reaches(
            ["--listen", f"{self.left.address}:23000", "--no-beacon", "--insecure"],
            ["--listen", f"{self.right.address}:23000", "--no-beacon", "--insecure",
             "--peer", f"{self.left.address}:23000"])

    def test_a_peer_tells_of_the_peers_it_knows(self):
        hub = self.on(self.left, "node", "--service", "hub", "--on", "hub.>", "--no-beacon",
                      "--insecure", "--listen", f"{self.left.address}:23000", name="hub")
        hub.until("ready")
        self.assert_reaches(
            ["--listen", f"{self.left.address}:23010", "--no-beacon", "--insecure",
             "--peer", f"{self.left.address}:23000"],
            ["--listen", f"{self.right.address}:23000", "--no-beacon", "--insecure",
             "--peer", f"{self.left.address}:23000"])

    def test_without_insecure_it_refuses_to_listen_off_loopback(self):
        for options in (["--iface", "cable"], ["--listen", f"{self.left.address}:23000"],
                        ["--listen", "0.0.0.0:23000"]):
            node = self.on(self.left, "node", "--service", "user", "--on", "user.>", *options)
            self.assertEqual(node.wait(), 2, node.told())
            self.assertIn("--insecure", node.stderr())

    def test_an_interface_that_is_not_there_is_named(self):
        node = self.on(self.left, "node", "--service", "user", "--on", "user.>", "--insecure",
                       "--iface", "wire0")
        self.assertIn(node.wait(), (2, 5), node.told())
        self.assertIn("wire0", node.stderr())

    def test_nothing_leaves_the_machine_by_default(self):
        seen = self.packets_of()
        sub = self.on(self.left, "sub", "user.>", "-n", "1", "--timeout", "10s", name="sub")
        pub = self.on(self.left, "pub", "user.registered", "1", name="pub")
        self.assert_exit(pub, 0)
        self.assert_exit(sub, 0)
        self.assertEqual(seen(), [])
        # The same ears do hear what leaves when it is asked for.
        self.on(self.left, "sub", "user.>", "--iface", "cable", "--insecure", name="loud")
        eventually(seen, 10, "a beacon on the cable")

    def packets_of(self):
        """Listens at the right end; gives a function that takes what was heard so far."""
        with self.right.entered():
            ear = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        ear.setblocking(False)
        self.addCleanup(ear.close)

        def take():
            heard = []
            while True:
                try:
                    packet, (interface, protocol, *_) = ear.recvfrom(65536)
                except BlockingIOError:
                    return heard
                # Whatever is UDP or TCP; the kernel's own IPv6 talk is neither.
                is_v4 = protocol == ETH_P_IP and packet[9] in (6, 17)
                is_v6 = protocol == 0x86DD and packet[6] in (6, 17)
                if is_v4 or is_v6:
                    heard.append((interface, packet.hex()))
        return take

    def test_a_subscriber_that_cannot_be_dialled_says_so_and_how_to_mend_it(self):
        options = ["--iface", "cable", "--insecure"]
        pub = self.on(self.right, "pub", "user.registered", "-", "--timeout", "20s", *options,
                      name="pub", feed=True)
        sub = self.on(self.left, "sub", "user.>", "--timeout", "20s", *options, "--advertise",
                      "10.231.0.77", name="sub")
        self.assert_exit(sub, 5, 20)
        print(f"said after {time.monotonic() - sub.started_at:.2f} s")
        for option in ("--listen", "--advertise", "10.231.0.77"):
            self.assertIn(option, sub.stderr())
        pub.kill()

    def test_a_cable_pulled_and_plugged_in_again_is_noticed_both_times(self):
        options = ["--iface", "cable", "--insecure"]
        watch = self.on(self.left, "nodes", "--watch", "--format", "json", *options, name="watch")
        self.on(self.right, "node", "--service", "far", "--on", "far.>", *options, name="far")

        def states():
            return [line["state"] for line in watch.events()]
        eventually(lambda: "active" in states(), 10, watch.told)
        self.run_inside(self.right, "ip", "link", "set", "cable", "down")
        pulled_at = time.monotonic()
        eventually(lambda: "gone" in states(), 10, watch.told)
        noticed_after = time.monotonic() - pulled_at
        self.run_inside(self.right, "ip", "link", "set", "cable", "up")
        plugged_at = time.monotonic()
        eventually(lambda: states()[-1] == "active", 10, watch.told)
        print(f"gone after {noticed_after:.2f} s, back after {time.monotonic() - plugged_at:.2f} s")
        self.assertEqual(len({(line["id"], line["incarnation"]) for line in watch.events()}), 1)


if __name__ == "__main__":
    support.main()
