#!/usr/bin/env python3
"""`record` writes what comes, and `replay` publishes it again."""
import json
import time

import support


class Record(support.MeshTest):
    def record(self, *data):
        """Publishes each as `order.N`, and records them."""
        recording = self.folder / "events.jsonl"
        record = self.start("record", recording, "order.>", "-n", len(data), "--timeout", "20s")
        for number, one in enumerate(data):
            pub = self.start("pub", f"order.{number}", json.dumps(one), "--key", f"k{number}", "--timeout", "15s",
                             name="pub")
            self.assert_exit(pub, 0, within=20)
        self.assert_exit(record, 0, within=20)
        self.assertIn(f"{len(data)} events recorded", record.stderr())
        return recording

    def replay(self, recording, count, *words):
        sub = self.start("sub", ">", "-n", count, "--timeout", "20s", "--format", "json", name="sub")
        replay = self.start("replay", recording, *words, name="replay")
        self.assert_exit(sub, 0, within=25)
        return sub.events(), replay

    def test_what_was_recorded_is_published_again_under_new_ids(self):
        recording = self.record(1, {"a": [None]}, "text")
        old = [json.loads(line) for line in recording.read_text().splitlines()]
        events, replay = self.replay(recording, 3, "--speed", "max", "--map", "order=test.order")
        self.assert_exit(replay, 0)
        self.assertEqual([event["type"] for event in events], ["test.order.0", "test.order.1", "test.order.2"])
        self.assertEqual([event["data"] for event in events], [1, {"a": [None]}, "text"])
        self.assertEqual([event["partitionkey"] for event in events], ["k0", "k1", "k2"])
        self.assertFalse({event["id"] for event in events} & {event["id"] for event in old})
        self.assertIn("3 of 3 events replayed", replay.stderr())

    def test_part_of_it_at_another_speed_and_again_and_again(self):
        recording = self.folder / "made.jsonl"
        recording.write_text("".join(json.dumps({
            "specversion": "1.0", "id": str(second), "type": "tick", "time": f"2026-07-01T12:00:{second:02}Z",
            "data": second}) + "\n" for second in range(10)))
        started = time.monotonic()
        events, replay = self.replay(recording, 4, "--from", "2s", "--to", "2026-07-01T12:00:05Z", "--speed", "10")
        self.assert_exit(replay, 0)
        self.assertEqual([event["data"] for event in events], [2, 3, 4, 5])
        self.assertGreater(time.monotonic() - started, 0.3)
        events, replay = self.replay(recording, 25, "--loop", "--speed", "max")
        self.assertEqual([event["data"] for event in events], [n % 10 for n in range(25)])
        self.assertEqual(replay.stop(), 0)

    def test_what_is_no_recording_is_refused_with_its_place(self):
        broken = self.folder / "broken.jsonl"
        broken.write_text('{"type":"a","time":"2026-07-01T12:00:00Z"}\n{"type":"a"}\n')
        replay = self.start("replay", broken)
        self.assert_exit(replay, 2)
        self.assertIn(f"{broken}:2: expected a time", replay.stderr())
        self.assert_exit(self.start("replay", self.folder / "nothing", name="no-file"), 5)
        self.assert_exit(self.start("record", self.folder / "no" / "file", name="no-folder"), 5)
        self.assert_exit(self.start("replay", broken, "--speed", "0", name="no-speed"), 2)


if __name__ == "__main__":
    support.main()
