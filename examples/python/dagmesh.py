"""A node of a dagmesh in Python, see docs/python.md. dagmesh_wire.py has the bytes."""
import hashlib
import os
import queue
import signal
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from types import SimpleNamespace

import msgpack
import zmq

import dagmesh_wire as wire
from dagmesh_joining import ACTIVE, PENDING, Joining
from dagmesh_links import Links, Record
from dagmesh_wire import meet

LOG_EVENTS, LOG_BYTES = 65536, 16 << 20
FROM_SUBSCRIBER = wire.ACKNOWLEDGE, wire.REWIND, wire.REOPEN


class Node(Links, Joining):
    """Declare handlers with `on`; then `run`, or `start`, `publish` from any thread, and `stop`."""

    def __init__(self, service, publishes=()):
        realm = os.environ.get("DAGMESH_REALM") or "default"
        self.service, self.realm = service, wire.hash64(realm.encode())
        self.id = hashlib.sha256(f"{realm}/{service}".encode()).digest()[:16]
        self.incarnation = int(time.time() * 10) - 17 * 10**9  # rises with each start
        self.contract = {"service": service, "publishes": list(publishes), "handlers": [],
                         "loops": []}
        self.functions, self.peers, self.gone, self.sessions, self.owed = [], {}, {}, {}, {}
        self.log, self.log_bytes, self.counts, self.numbers = deque(), 0, Counter(), {}
        self.last = self.last_us = self.epoch = self.highest = self.beacons = self.beacon_at = 0
        self.is_ready = self.is_stopping = self.is_over = self.is_drained = False
        self.cycle, self.readers, self.drain_until = [], {}, None
        self.changed = threading.Condition()  # the loop holds it for a turn, a publisher to add

    def on(self, *patterns, emits=()):
        """Declares a function of (event, emit) as a handler."""
        def declare(function):
            self.contract["handlers"].append({"name": function.__name__, "on": list(patterns),
                                              "emits": list(emits), "after": []})
            self.contract["publishes"] += set(emits) - set(self.contract["publishes"])
            self.functions.append(SimpleNamespace(call=function, emits=emits, queue=queue.Queue()))
            return function
        return declare

    def handle(self, handler):
        """The thread of a handler: what it emits leaves when it has returned."""
        while True:
            place, progress, event = handler.queue.get()
            try:
                emitted = []
                if event:
                    handler.call(event, lambda *words, **more: emitted.append((words, more)))
                    rank, chain, rounds, *path = event.cause[4:] if event.cause else (0, 0, 0)
                    path = b" ".join([*path, event.topic.encode()][-64:])
                for words, more in emitted:
                    self.publish(*words, **more, declared=handler.emits, cause=(
                        *event[1:4], event.trace, rank + 1, chain, rounds, path))
            except Exception as error:  # the event is passed over
                self.say(f"{handler.call.__name__} failed on {event.topic} {event.id}: {error!r}")
            place.done = progress
            handler.queue.task_done()

    def publish(self, topic, data, key="", declared=None, cause=None):
        """Returns when everybody who is to be waited for has room for the event."""
        payload, key = msgpack.packb(data), key.encode()
        declared = self.contract["publishes"] if declared is None else declared
        if not meet(declared, [topic]) or len(payload) > 1 << 20 or len(key) > 256:
            raise ValueError(f"{topic}: expected one of {declared}, at most 1 MiB, and 256 of key")
        with self.changed:
            self.changed.wait_for(lambda: self.is_over or all(
                not one.link or not one.blocks or one.events - one.done[1] < max(1, one.window[0])
                for one in self.owed.values() if meet(one.patterns, [topic])))
            time_us = max(self.last_us, time.time_ns() // 1000)
            delta_us = min(time_us - self.last_us, 2**32 - 1)
            number = self.numbers.setdefault(topic, len(self.numbers))
            data = wire.encode_record(number, delta_us, payload, key, cause)
            self.last, self.last_us = self.last + 1, time_us
            record = Record(self.last, time_us, delta_us, number, topic, data)
            self.log.append(record)
            self.counts[topic] += 1
            for one in self.owed.values():
                one.events += meet(one.patterns, [topic])
            self.log_bytes += len(record.bytes)
            while len(self.log) > LOG_EVENTS or self.log_bytes > LOG_BYTES:
                self.log_bytes -= len(self.log.popleft().bytes)

    def run(self):
        """Until SIGINT or SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: setattr(self, "is_stopping", True))
        self.start()
        self.loop.join()

    def start(self):
        """Returns when everybody in view is linked. Who would close a cycle exits with 4."""
        self.context, self.poller, self.began_at = zmq.Context(), zmq.Poller(), time.monotonic()
        packed, ports = msgpack.packb(self.contract), []
        self.publishes, self.handlers = wire.read_contract(packed)
        self.idle = [number for number, one in enumerate(self.handlers) if one.emits]
        self.state = PENDING if self.idle else ACTIVE
        for kind, what, read in ((zmq.ROUTER, "control", self.hear),
                                 (zmq.SUB, "inbox", self.receive)):
            made, name = self.open(kind, read), f"dagmesh-{what}-{self.id.hex()}-{self.incarnation}"
            made.bind(f"ipc://@{name}")
            ports.append(made.bind_to_random_port("tcp://127.0.0.1", 20000, 32768))
        made.subscribe("")
        self.beacon_in, self.beacon_out = (socket.socket(type=socket.SOCK_DGRAM) for _ in range(2))
        self.beacon_in.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.beacon_in.bind(("127.255.255.255", int(os.environ.get("DAGMESH_BEACON_PORT") or 5670)))
        self.beacon_out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.beacon_out.bind(("127.0.0.1", 0))
        self.poller.register(self.beacon_in, zmq.POLLIN)
        self.readers[self.beacon_in.fileno()] = self.hear_beacon
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as boot:
            machine = f"{boot.read().strip()}/{os.stat('/proc/self/ns/net').st_ino}"
        self.hello = {
            "service": self.service, "instance": "0", "observer": False, "host": "", "peers": [],
            "control": ports[0], "inbox": ports[1], "inbox_name": name, "wants_peers": False,
            "machine": wire.hash64(machine.encode()), "contract_hash": wire.hash64(packed),
            "contract": packed}
        for one in self.functions:
            one.thread = threading.Thread(target=self.handle, args=[one], daemon=True)
        self.loop = threading.Thread(target=self.turn, daemon=True)
        self.loop.start()
        with self.changed:
            self.changed.wait_for(lambda: self.is_ready or self.is_over)
        if self.cycle:
            sys.exit(4)
        self.say("ready")

    def stop(self):
        """Waits 10 s at most for what is not handled or acknowledged yet. Whether all is."""
        self.is_stopping = True
        self.loop.join()
        return self.is_drained

    @staticmethod
    def say(text):
        print(text, file=sys.stderr, flush=True)

    def open(self, kind, read):
        made = self.context.socket(kind)
        made.linger, made.maxmsgsize = 300, 2 << 20
        self.poller.register(made, zmq.POLLIN)
        self.readers[made] = lambda: read(made.recv_multipart()[-1])
        return made

    def close(self, made):
        self.poller.unregister(made)
        del self.readers[made]
        made.close()

    def turn(self):
        while not self.is_over:
            ready = self.poller.poll(5)
            with self.changed:
                for made, _ in ready:
                    try:
                        self.readers.get(made, bool)()
                    except wire.MALFORMED as error:  # strangers may say anything
                        self.say(f"dropped what cannot be read: {error!r:.200}")
                self.tick(time.monotonic())
                self.changed.notify_all()
        self.context.destroy(linger=300)

    def tell_beacon(self, flags=0):
        self.beacons += 1
        self.beacon_out.sendto(wire.BEACON.pack(
            b"DM", 1, flags, self.id, self.incarnation, self.beacons, self.realm,
            self.hello["contract_hash"], self.hello["control"]), self.beacon_in.getsockname())

    def hear_beacon(self):
        magic, version, flags, sender, incarnation, _, realm, *_ = wire.BEACON.unpack(
            self.beacon_in.recv(1 << 16))
        if (magic, version, realm) == (b"DM", 1, self.realm):
            peer = self.sight(sender, incarnation, flags & 2)
            if peer and flags & 1:
                self.forget(peer, has_left=True)

    def sight(self, sender, incarnation, is_observer):
        """The peer, new or known; nothing for a run that is over, and for this node."""
        peer, now = self.peers.get(sender), time.monotonic()
        oldest = peer.incarnation if peer else self.gone.get(sender, 0)
        if sender == self.id or incarnation < oldest:
            return None
        if peer and incarnation > peer.incarnation:
            self.forget(peer)
        if sender not in self.peers:
            line = self.open(zmq.DEALER, self.hear)
            line.connect(f"ipc://@dagmesh-control-{sender.hex()}-{incarnation}")
            self.peers[sender] = SimpleNamespace(
                id=sender, incarnation=incarnation, is_observer=is_observer, line=line, link=None,
                contract=None, met_at=now, greet_at=now + 0.1 * (sender < self.id), dial_at=0,
                ask_at=0, asked=None, told=None, standing={"epoch": 0, "state": ACTIVE, "idle": []})
        self.peers[sender].heard_at = now
        return self.peers[sender]

    def forget(self, peer, has_left=False):
        self.gone[peer.id] = peer.incarnation + has_left
        self.end_link(peer, 0)
        self.sessions = {name: one for name, one in self.sessions.items() if one.peer is not peer}
        self.close(peer.line)
        del self.peers[peer.id]

    def send(self, peer, kind, **fields):
        try:
            peer.line.send(msgpack.packb([1, kind, self.realm, self.id, self.incarnation, fields]),
                           zmq.NOBLOCK)
        except zmq.Again:
            pass  # whatever matters is said again

    def hear(self, frame):
        version, kind, realm, sender, incarnation, fields = msgpack.unpackb(frame)
        if (version, realm) != (1, self.realm):
            return
        peer = self.peers.get(sender)
        if kind == wire.HELLO:
            peer = self.sight(sender, incarnation, fields["observer"])
        if peer is None or peer.incarnation != incarnation:
            return
        if peer.contract is None and kind not in (wire.HELLO, wire.LEAVE):
            return
        peer.heard_at, link = time.monotonic(), peer.link
        rows, session = fields.get("subscriptions", ()), fields.get("session", 0)
        for row in [[session, 0], *rows] if kind in wire.ROW_SIZES else ():
            struct.pack(f"<{wire.ROW_SIZES[kind] if row in rows else 2}Q", *row)  # or it raises
        if kind == wire.HELLO:
            if wire.hash64(fields.get("contract", b"")) == fields["contract_hash"]:
                peer.contract, name = wire.read_contract(fields["contract"]), fields["inbox_name"]
                peer.inbox = f"ipc://@{name}" if name else f"tcp://127.0.0.1:{fields['inbox']}"
                peer.wanted = [pattern for one in peer.contract[1] for pattern in one.on]
            if fields["wants_answer"]:
                self.greet(peer, wants_answer=not peer.contract)
        elif kind == wire.LEAVE:
            self.forget(peer, has_left=True)
        elif kind == wire.OPEN:
            self.opened(peer, fields["attempt"], fields.get("journal"))
        elif kind == wire.OPENED and link and link.attempt == fields["attempt"]:
            link.rows, link.session = rows, session
        elif kind in FROM_SUBSCRIBER and link and link.session == session:
            link.heard_at, link.is_broken = peer.heard_at, kind == wire.REOPEN
            for index, *row in rows:
                for one in self.served(link):
                    if one.index == index and kind == wire.REWIND:
                        one.head = row
                    elif one.index == index:
                        one.done, one.window = row[:3], row[3:]
        elif kind == wire.HEAD and session in self.sessions:
            places, missed = self.sessions[session].places, self.sessions[session].missed
            for index, head in rows:
                here = places[index].received[0] if index in places else -1
                if here < head and missed.get(index) == here:  # as it was a second ago
                    self.send(peer, wire.REOPEN, session=session)
                missed[index] = here
        elif kind in (wire.JOIN, wire.JOIN_ANSWER):
            self.hear_standing(peer, kind, fields)
        elif kind == wire.QUESTION:  # no letters, and no ledger
            self.send(peer, wire.ANSWER, number=fields["number"], unknown=True, error="",
                      figures={"letters": 0, "incomplete": 1})

    def greet(self, peer, wants_answer):
        self.send(peer, wire.HELLO, **self.hello, wants_answer=wants_answer,
                  wants_contract=not peer.contract)

    def tick(self, now):
        if now > self.beacon_at:
            self.beacon_at = now + (1 if self.beacons > 1 else 0.04)
            self.tell_beacon()
        for peer in list(self.peers.values()):
            if now - peer.heard_at > 2.5:
                self.forget(peer)
            else:
                self.tend(peer, now)
        if now - self.began_at > 0.15:
            self.join(now)
        self.acknowledge(now)
        if self.is_stopping or self.cycle:
            self.drain(now)

    def drain(self, now):
        self.drain_until = self.drain_until or now + (1 if self.cycle else 10)
        self.is_drained = not any(
            one.link and one.events > one.done[1] for one in self.owed.values()) and not any(
            one.queue.unfinished_tasks for one in self.functions)
        is_told = all(peer.told == self.version() for peer in self.others())
        if now > self.drain_until or (is_told if self.cycle else self.is_drained):
            self.acknowledge(now + 2)
            for peer in self.peers.values():
                self.send(peer, wire.LEAVE)
            time.sleep(0.05)  # beacons overtake what is said over control
            self.tell_beacon(flags=1)
            self.is_over = True
