"""Registers users by HTTP, and says how fast that was.

    throughput = requests / total time        latency = sum of the response times / requests

usage: load.py URL REQUESTS CONNECTIONS
"""
import http.client
import json
import sys
import threading
import time
import urllib.parse


def register(url, users, times):
    """One connection; notes the response time of each request."""
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    for user in users:
        body = json.dumps({"user_id": user, "name": f"user {user}"})
        while True:
            start = time.monotonic()
            connection.request("POST", url.path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            times.append(time.monotonic() - start)
            if answer.status not in (429, 503):
                break
            time.sleep(int(answer.headers.get("Retry-After", "1")))
        if answer.status >= 300:
            sys.exit(f"user {user}: HTTP {answer.status}")


def main():
    url = urllib.parse.urlparse(sys.argv[1])
    requests, connections = int(sys.argv[2]), int(sys.argv[3])
    times = [[] for _ in range(connections)]
    threads = [threading.Thread(target=register, args=(url, range(i, requests, connections), times[i]))
               for i in range(connections)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = time.monotonic() - start
    all_times = [one for some in times for one in some]
    if len(all_times) < requests:
        sys.exit(f"only {len(all_times)} of {requests} requests were answered")
    print(f"throughput = {requests} / {total:.3f} s = {requests / total:.0f} registrations a second")
    print(f"latency = {sum(all_times):.3f} s / {len(all_times)} = {sum(all_times) / len(all_times) * 1e3:.2f} ms")


main()
