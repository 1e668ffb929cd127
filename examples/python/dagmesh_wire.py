"""The bytes of docs/wire_format.md, both ways, and what contracts mean."""
import json
import struct
from collections import namedtuple
from struct import Struct

import msgpack

U8, U16, SKIP, CAUSE = Struct("<B"), Struct("<H"), Struct("<BII"), Struct("<16sIQ16sHBB")
BEACON, BATCH = Struct("<2sBB16sIQQQH"), Struct("<2sBB16sIQQQHH")
POSITION = Struct("<IQQQII")  # index, before, after, lost, events, bytes
RECORDS = [Struct(f"<BH{time}{size}") for time in "HI" for size in "BI"]  # by the two lowest flags
WIDE_SIZE, WIDE_TIME, KEY, CONTENT_TYPE, HEADERS, CAUSED, ONCE, SKIPPED = (1 << i for i in range(8))
(HELLO, OPEN, OPENED, ACKNOWLEDGE, HEAD, REWIND, REOPEN, UNREACHABLE, LEAVE, JOIN, JOIN_ANSWER,
 QUESTION, ANSWER) = range(1, 14)
ROW_SIZES = {OPENED: 12, ACKNOWLEDGE: 6, HEAD: 2, REWIND: 4}
Handler = namedtuple("Handler", "name on emits")
MSGPACK = "application/msgpack"
# What reading may raise when a stranger wrote it.
MALFORMED = (ValueError, TypeError, LookupError, AttributeError, struct.error,
             msgpack.UnpackException)


def hash64(data):
    """FNV-1a, 64 bit."""
    value = 0xcbf29ce484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001b3 % 2**64
    return value


class Event(namedtuple("Event", "topic source incarnation sequence payload content_type key cause"
                       " size")):
    """What a handler gets. `cause`: the numbers of CAUSE, and with rounds the path; or None."""
    id = property(lambda self: f"{self.source.hex()}.{self.incarnation}.{self.sequence}")

    @property
    def trace(self):
        mixed = (self.sequence + (self.incarnation << 40)) * 0x9e3779b97f4a7c15 % 2**64
        root = mixed ^ int.from_bytes(self.source[:8], "little")
        return self.cause[3] if self.cause else root.to_bytes(8, "little") + self.source[8:]

    @property
    def data(self):
        if self.content_type == MSGPACK:
            return msgpack.unpackb(self.payload, strict_map_key=False)
        return json.loads(self.payload) if "json" in self.content_type else self.payload


class Batch:
    """A batch that came, read from the front. Raises for what is none."""

    def __init__(self, data):
        self.data, self.at = data, 0
        magic, version, _, *self.head, positions, topics = self.numbers(BATCH)
        if (magic, version) != (b"DB", 1):
            raise ValueError(f"expected a batch of version 1, got {data[:3]!r}")
        self.positions = [self.numbers(POSITION) for _ in range(positions)]
        self.topics = {self.numbers(U16)[0]: self.sized(U8).decode() for _ in range(topics)}

    def bytes(self, count):
        self.at += count
        if self.at > len(self.data):
            raise ValueError(f"expected {self.at} bytes, got {len(self.data)}")
        return self.data[self.at - count:self.at]

    def numbers(self, layout):
        return layout.unpack(self.bytes(layout.size))

    def sized(self, layout, mask=0xffff):
        return self.bytes(self.numbers(layout)[0] & mask)

    def events(self, topics, run):
        source, _, _, sequence, _ = self.head
        while self.at < len(self.data):
            begin, flags = self.at, self.data[self.at]
            if flags == SKIPPED:
                sequence += self.numbers(SKIP)[1]
                continue
            _, number, _, size = self.numbers(RECORDS[flags & 3])
            sequence += 1
            key = self.sized(U16, 0x3ff).decode() if flags & KEY else ""
            content_type = self.sized(U8).decode() if flags & CONTENT_TYPE else MSGPACK
            self.bytes(self.numbers(U16)[0] if flags & HEADERS else 0)
            cause = self.numbers(CAUSE) if flags & CAUSED else None
            if cause and cause[-1]:
                cause += (self.sized(U16),)
            yield Event(topics[number], source, run, sequence, self.bytes(size),
                        "application/zstd" if flags & SKIPPED else content_type, key, cause,
                        self.at - begin)


def encode_record(number, delta_us, payload, key, cause):
    size_flags = WIDE_SIZE * (len(payload) > 255) | WIDE_TIME * (delta_us > 0xffff)
    flags = size_flags | KEY * bool(key) | CAUSED * bool(cause)
    return b"".join([RECORDS[size_flags].pack(flags, number, delta_us, len(payload)),
                     U16.pack(len(key)) + key if key else b"",
                     CAUSE.pack(*cause[:7]) if cause else b"",
                     U16.pack(len(cause[7])) + cause[7] if cause and cause[6] else b"", payload])


def encode_batch(head, positions, topics, records):
    return b"".join([BATCH.pack(b"DB", 1, 0, *head, len(positions), len(topics)),
                     *(POSITION.pack(*one) for one in positions),
                     *(U16.pack(number) + U8.pack(len(topic.encode())) + topic.encode()
                       for number, topic in topics.items()), *records])


def read_contract(packed):
    """What it publishes, and its handlers. Allowed loops are no emissions. Raises for others."""
    said, texts = msgpack.unpackb(packed), lambda some: [str.__str__(one) for one in some]
    publishes, loops = said["publishes"], [(one["handler"], one["emits"]) for one in said["loops"]]
    if publishes is None:
        publishes = [topic for one in said["handlers"] for topic in one["emits"] or ()]
    return texts(publishes), [
        Handler(f"{said['service']}.{one['name']}", texts(one["on"] or one["after"]), [
            topic for topic in texts(publishes if one["emits"] is None else one["emits"])
            if one["on"] and (one["name"], topic) not in loops]) for one in said["handlers"]]


def intersects(pattern, other):
    """Whether some topic matches both."""
    tokens, others = pattern.split("."), other.split(".")
    for one, another in zip(tokens, others):
        if ">" in (one, another):
            return True
        if one != another and "*" not in (one, another):
            return False
    return len(tokens) == len(others)


def meet(patterns, others):
    return any(intersects(one, other) for one in patterns for other in others)


def find_cycle(start, others):
    """The shortest way from a handler back to it, or nothing. All are (handler, node, epoch)."""
    ways, seen = [[start]], []
    for way in ways:  # which grows
        following = [one for one in [start, *others] if meet(one[0].on, way[-1][0].emits)]
        if start in following:
            return way
        ways += [[*way, one] for one in following if one not in seen]
        seen += following
    return []
