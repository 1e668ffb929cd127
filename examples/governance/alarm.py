"""Looks at the dead letters of the realm at each beat, and raises an alert when they have grown."""
import json
import subprocess
import sys

LIMIT = 3  # letters, from which on each further one is told

told = LIMIT - 1
for line in sys.stdin:
    beat = json.loads(line)
    letters = subprocess.run(["dagmesh", "dead", "ls", "--format", "json"], check=True,
                             stdout=subprocess.PIPE, text=True).stdout.splitlines()
    if len(letters) > told:
        last = json.loads(letters[-1])
        told = len(letters)
        print(json.dumps({"emit": "alert.raised", "for": beat["id"],
                          "data": {"letters": told, "handler": last["handler"], "error": last["error"]}}))
    print(json.dumps({"done": beat["id"]}))
