"""The links of a node: sessions in which it hears others, and links on which others hear it."""
import random
import time
from collections import namedtuple
from itertools import islice
from types import SimpleNamespace

import zmq

import dagmesh_wire as wire
from dagmesh_wire import meet

WINDOW, BATCH_BYTES = (1024, 2 << 20), 128 << 10  # events and bytes that a publisher is granted
Record = namedtuple("Record", "sequence time_us delta_us number topic bytes")


class Links:
    def opened(self, peer, attempt, journal):
        """A publisher opens a link, or asks again for the same session."""
        key, age_us = (peer.id, journal), int(1e6 * (time.monotonic() - self.began_at))
        granted = [1, 0, 0, 0, 0, *WINDOW, age_us, 0, 0, 0]  # lasting, not shared, blocking
        session = next((name for name, one in self.sessions.items()
                        if one.key == key and one.attempt == attempt), random.getrandbits(64))
        if session not in self.sessions:
            self.sessions = {name: one for name, one in self.sessions.items() if one.key != key}
            self.sessions[session] = SimpleNamespace(
                key=key, peer=peer, attempt=attempt, run=0 if journal else peer.incarnation,
                places={}, missed={}, topics={}, is_linked=False, told_at=0)
        self.send(peer, wire.OPENED, attempt=attempt, session=session,
                  subscriptions=[[index, *granted] for index in range(len(self.handlers))])

    def receive(self, frame):
        batch = wire.Batch(frame)
        session = self.sessions.get(batch.head[2])
        if session is None:
            return
        session.is_linked, session.peer.heard_at = True, time.monotonic()
        session.topics.update(batch.topics)
        events = list(batch.events(session.topics, session.run))
        for index, before, after, lost, count, size in batch.positions:
            begin, number = (before, 0, 0), index & 0xfff
            on = self.handlers[number].on
            place = session.places.setdefault(index, SimpleNamespace(received=begin, done=begin,
                                                                     told=None))
            position, had, had_bytes = place.received
            if before != position:
                if after > position:
                    self.send(session.peer, wire.REWIND, session=batch.head[2],
                              subscriptions=[[index, *place.received]])
                continue
            if lost:
                self.say(f"{lost} events for {self.handlers[number].name} are lost")
            progress = before, had + lost, had_bytes
            for event in events:
                if before < event.sequence <= after and meet(on, [event.topic]):
                    progress = event.sequence, progress[1] + 1, progress[2] + event.size
                    self.functions[number].queue.put((place, progress, event))
            place.received = after, had + lost + count, had_bytes + size
            self.functions[number].queue.put((place, place.received, None))

    def acknowledge(self, now):
        window = (0, 0) if self.is_stopping or self.cycle else WINDOW
        for session, one in self.sessions.items():
            if now - one.told_at > 1 or any(
                    place.done != place.told for place in one.places.values()):
                rows = {index: (0, 0, 0) for index in range(len(self.handlers))}
                for index, place in one.places.items():
                    rows[index] = place.told = place.done
                self.send(one.peer, wire.ACKNOWLEDGE, session=session, subscriptions=[
                    [index, *progress, *window] for index, progress in rows.items()])
                one.told_at = now

    def tend(self, peer, now):
        """Greets a peer, opens a link if it wants something, serves it, and ends it when broken."""
        link = peer.link
        if now > peer.greet_at and (not peer.contract or now - peer.heard_at > 1.15):
            peer.greet_at = now + 0.4
            self.greet(peer, wants_answer=True)
        is_wanted = peer.contract and meet(self.publishes, peer.wanted)
        if link is None and is_wanted and now > peer.dial_at:
            made = self.open(zmq.XPUB, lambda frame: self.notice(peer.link, frame))
            # Without a reconnect of its own: stale batches would reach the next one there.
            for option, value in (zmq.XPUB_NODROP, 1), (zmq.SNDHWM, 16), (zmq.RECONNECT_IVL, -1):
                made.setsockopt(option, value)
            made.connect(peer.inbox)
            peer.link = SimpleNamespace(
                peer=peer, socket=made, attempt=random.getrandbits(63), rows=None, session=None,
                is_subscribed=False, is_serving=False, is_broken=False, heard_at=now, asked_at=0)
        elif link and (link.is_broken or now - link.heard_at > 3):
            self.end_link(peer, now)
        elif link and link.is_serving:
            for one in self.served(link):
                self.serve(link, one, now)
        elif link and link.rows is not None and link.is_subscribed:
            link.is_serving, link.heard_at = True, now
            self.send_batch(link, [], [])  # says that the link works
            for row in link.rows:
                self.attach(link, *row)
        elif link and link.rows is None and now - link.asked_at > 0.3:
            link.asked_at = now
            self.send(peer, wire.OPEN, attempt=link.attempt)

    @staticmethod
    def notice(link, frame):
        """The inbox subscribes when it is reached, and unsubscribes when it is gone."""
        link.is_subscribed = frame[:1] == b"\x01"
        link.is_broken = not link.is_subscribed

    def end_link(self, peer, now):
        if peer.link:
            self.close(peer.link.socket)
            for one in self.served(peer.link):
                one.link = None
            self.owed = {key: one for key, one in self.owed.items() if one.link or one.is_lasting}
        peer.link, peer.dial_at = None, now + 0.1

    def served(self, link):
        return [one for one in self.owed.values() if one.link is link]

    def attach(self, link, index, flags, policy, _, start, __, events, size, age_us, *progress):
        """A subscription begins, or goes on behind what it acknowledged, or where it says."""
        on, since_us = link.peer.contract[1][index & 0xfff].on, time.time_ns() // 1000 - age_us
        key = link.peer.id, link.peer.contract[1][index & 0xfff].name
        if key not in self.owed:
            is_early = start == 0 and flags & 1 and time.monotonic() - self.began_at < 5
            first = 1 if is_early else next((record.sequence for record in self.log if start == 2 or
                                             record.time_us >= since_us), self.last + 1)
            count = sum(count for topic, count in self.counts.items() if meet(on, [topic]))
            if not is_early:
                count = sum(meet(on, [one.topic]) for one in self.log if one.sequence >= first)
            self.owed[key] = SimpleNamespace(patterns=on, done=(first - 1, 0, 0), events=count)
        one = self.owed[key]
        if not flags & 4:  # a new run counts from 0
            progress, one.events = (one.done[0], 0, 0), one.events - one.done[1]
        one.head = one.done = progress
        one.link, one.index, one.is_lasting, one.blocks = link, index, flags & 1, policy == 0
        one.window, one.head_at = (events, size), 0

    def serve(self, link, one, now):
        """Sends what fits into a batch and the credit, or a gap: what is not held any more."""
        first, (position, events, size), records = self.last + 1 - len(self.log), one.head, []
        if position + 1 < first:
            held = sum(meet(one.patterns, [record.topic]) for record in self.log)
            position, lost, events = first - 1, one.events - held - events, one.events - held
            row = one.index, one.head[0], position, lost, 0, 0
        else:
            for record in islice(self.log, position + 1 - first, None):
                count = meet(one.patterns, [record.topic])
                after = events + count, size + count * len(record.bytes)
                if count and (after[0] > one.done[1] + one.window[0] or (after[1] > one.done[2] +
                              one.window[1] and events > one.done[1])):
                    break
                (events, size), position = after, record.sequence
                records.append(record)
                if size - one.head[2] > BATCH_BYTES or len(records) == 1024:
                    break
            row = one.index, one.head[0], position, 0, events - one.head[1], size - one.head[2]
        if position != one.head[0] and self.send_batch(link, [row], records):
            one.head = position, events, size
        if one.head[0] > one.done[0] and now - one.head_at > 1:
            one.head_at = now
            self.send(link.peer, wire.HEAD, session=link.session,
                      subscriptions=[[one.index, one.head[0]]])

    def send_batch(self, link, positions, records):
        first = records[0] if records else Record(self.last + 1, self.last_us, 0, 0, "", b"")
        batch = wire.encode_batch(
            (self.id, self.incarnation, link.session, first.sequence - 1,
             first.time_us - first.delta_us), positions,
            {record.number: record.topic for record in records},
            [record.bytes for record in records])
        try:
            link.socket.send(batch, zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def is_linked(self, peer):
        return peer.contract and (
            not meet(self.publishes, peer.wanted) or peer.link and peer.link.is_serving) and (
            not any(meet(peer.contract[0], one.on) for one in self.handlers) or any(
                one.peer is peer and one.is_linked for one in self.sessions.values()))
