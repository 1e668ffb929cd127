"""A gateway on loopback, and clients of it that need nothing but Python."""
import http.client
import json
import re
import socket
import subprocess
import unittest

import support


class Stream:
    """A client of server-sent events. `events` is what has come, each a dictionary of its fields."""

    def __init__(self, port, pattern=">", last_id=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Last-Event-ID": last_id} if last_id else {}
        self.connection.request("GET", f"/events?pattern={pattern}", headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        if self.status == 200:
            self.fields()  # the comment with which it begins

    def fields(self):
        """The next block of fields; None when the stream has ended."""
        block = {}
        while True:
            line = self.response.readline().decode()
            if not line:
                return None
            if line == "\n":
                return block
            name, _, value = line.rstrip("\n").partition(": ")
            block[name] = value

    def next(self):
        """The next event or gap, without comments."""
        while True:
            block = self.fields()
            if block is None or "data" in block:
                return block

    def take(self, count):
        """The data of so many events, and the id of the last one."""
        blocks = [self.next() for _ in range(count)]
        assert None not in blocks, blocks
        return [json.loads(block["data"])["data"] for block in blocks], blocks[-1]["id"]

    def close(self):
        self.response.close()
        self.connection.close()


def is_built():
    """Whether the program has a gateway: else it says so before it looks at anything of the machine."""
    done = subprocess.run([support.PROGRAM, "gateway", "--listen", "127.0.0.1:0", "--timeout", "1ms", "--no-beacon",
                           "--instance", "probe", "--state", "/dev/null"], capture_output=True, text=True, timeout=30,
                          check=False)
    return "built without the gateway" not in done.stderr


class GatewayTest(support.MeshTest):
    @classmethod
    def setUpClass(cls):
        if not is_built():
            raise unittest.SkipTest("this dagmesh was built without the gateway")

    def gateway(self, *words, port=0, **more):
        """Starts a gateway and waits until it is ready; `self.port` is its port."""
        gateway = self.start("gateway", "--listen", f"127.0.0.1:{port}", *words, name="gateway", **more)
        gateway.until("ready\n", within=20)
        self.port = int(re.search(r"listening at http://127.0.0.1:(\d+)", gateway.stderr())[1])
        return gateway

    def connection(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        self.addCleanup(connection.close)
        return connection

    def ask(self, method, target, body=None, headers=None):
        """The status and the body, read as JSON if it is."""
        connection = self.connection()
        connection.request(method, target, body, headers or {})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, json.loads(text) if text.startswith(("{", "[")) else text

    def post(self, topic, data, **headers):
        return self.ask("POST", f"/events/{topic}", json.dumps(data), headers)

    def raw(self, data, within=20):
        """What comes back for these bytes, until the gateway closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=within) as client:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            answer = b""
            try:
                while part := client.recv(65536):
                    answer += part
            except ConnectionResetError:
                pass
            return answer

    def stream(self, *arguments, **more):
        stream = Stream(self.port, *arguments, **more)
        self.addCleanup(stream.close)
        return stream
