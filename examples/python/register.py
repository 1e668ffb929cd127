#!/usr/bin/python3
"""usage: register.py COUNT     registers so many users; exit code 6: not all were acknowledged"""
import sys

import dagmesh

node = dagmesh.Node("user", publishes=["user.registered"])
node.start()
for user in range(1, int(sys.argv[1]) + 1):
    node.publish("user.registered", {"user_id": user, "name": f"user {user}"})
sys.exit(0 if node.stop() else 6)
