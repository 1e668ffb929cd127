"""Stores readings, in memory. One without a value is refused: the line `failed` says why."""
import json
import sys

readings = {}
for line in sys.stdin:
    event = json.loads(line)
    reading = event["data"]
    if "value" not in reading:
        print(json.dumps({"failed": event["id"], "error": "a reading without a value"}))
        continue
    readings[reading["sensor"]] = reading["value"]
    print(json.dumps({"emit": "reading.stored", "data": reading, "for": event["id"]}))
    print(json.dumps({"done": event["id"]}))
