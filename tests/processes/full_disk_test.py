#!/usr/bin/env python3
"""`pub --level durable` on a disk that takes no more: a clear error, and nothing that is half there."""
import sqlite3
import struct

import support
from support import eventually

EVENTS = 3000
LIMIT_BLOCKS = 1200  # of 512 bytes: what a file may take


def line(number):
    return f"event-{number:06d}-" + "x" * 900


class FullDisk(support.MeshTest):
    def stored(self):
        """The text of the journal, row by row, and how many events its rows say they hold."""
        path, = self.folder.rglob("node.db")
        with sqlite3.connect(path) as database:
            rows = database.execute("SELECT head, events FROM dagmesh_journal ORDER BY first").fetchall()
        return (b"".join(events for _, events in rows),
                sum(struct.unpack_from("<I", head, 8)[0] for head, _ in rows))

    def test_what_pub_could_not_store_is_an_error_and_not_there(self):
        lines = self.folder / "lines"
        lines.write_text("".join(line(i) + "\n" for i in range(EVENTS)))
        script = f"trap '' XFSZ; ulimit -f {LIMIT_BLOCKS}; exec \"$@\" < {lines}"
        process = self.start("pub", "load", "-", "--level", "durable", "--wait-subs", "0",
                             before=["sh", "-c", script, "sh"])
        self.assert_exit(process, 5)
        self.assertIn("node.db: ", process.stderr())
        self.assertIn("File too large", process.stderr())
        events, count = self.stored()
        self.assertGreater(count, 0)
        self.assertLess(count, EVENTS)
        # The first ones, in order, each once.
        for i in range(count):
            self.assertEqual(events.count(f"event-{i:06d}-".encode()), 1, i)
        self.assertNotIn(f"event-{count:06d}-".encode(), events)

    def test_doctor_says_whose_disk_takes_no_more(self):
        manifest = self.folder / "till.mesh.yaml"
        manifest.write_text("dagmesh: 1\n"
                            "events: {paid: {level: once, entry: true}}\n"
                            "services: {till: {handlers: {count: {on: paid, emits: []}}}}\n")
        script = f"trap '' XFSZ; ulimit -f {LIMIT_BLOCKS // 2}; exec \"$@\""
        self.start("node", manifest, "--service", "till", before=["sh", "-c", script, "sh"],
                   name="till").until("ready")
        self.assert_exit(self.start("doctor"), 0)
        self.start("pub", "paid", "1", "--level", "once", "-n", "5000", "--rate", "200")
        eventually(lambda: self.start("doctor").wait() == 1, 20, "doctor notices")
        doctor = self.start("doctor")
        self.assert_exit(doctor, 1)
        self.assertIn("till/1: its disk cannot be used", doctor.stderr())


if __name__ == "__main__":
    support.main()
