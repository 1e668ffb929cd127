"""Welcomes everybody who registers. Without a name nobody can be."""
import json
import sys

for line in sys.stdin:
    event = json.loads(line)
    user = event["data"]
    print(json.dumps({"emit": "user.welcomed", "for": event["id"],
                      "data": {"user_id": user["user_id"], "text": f"Welcome, {user['name']}!"}}))
    print(json.dumps({"done": event["id"]}))
