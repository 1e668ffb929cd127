#!/usr/bin/env python3
"""Prints the events of a node that runs with `--tap ENDPOINT`, one a line.

usage: tap.py ENDPOINT [TOPIC-PREFIX]      for example: tap.py tcp://127.0.0.1:7100 user.
"""
import sys

import zmq

tap = zmq.Context().socket(zmq.SUB)
tap.connect(sys.argv[1])
tap.subscribe(sys.argv[2] if len(sys.argv) > 2 else "")
while True:
    topic, event = tap.recv_multipart()
    print(topic.decode(), event.decode(), flush=True)
