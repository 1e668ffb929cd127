#!/usr/bin/env python3
"""`dagmesh gateway`: events in and out of the mesh over HTTP."""
import json

import gateway_support
import support

CLOUD_EVENT = {"specversion": "1.0", "id": "7", "source": "/till", "type": "till.sold", "partitionkey": "k"}
BINARY = {f"ce-{name}": value for name, value in CLOUD_EVENT.items()}


class Gateway(gateway_support.GatewayTest):
    def heard(self, pattern, count):
        """The events that the gateway has published, as a subscriber gets them."""
        sub = self.start("sub", pattern, "-n", count, "--from", "oldest", "--timeout", "20s", "--format", "json",
                         name="sub")
        self.assert_exit(sub, 0, within=25)
        return sub.events()

    def test_what_curl_posts_is_an_event(self):
        self.gateway()
        status, answer = self.ask("POST", "/events/user.registered", '{"user_id":7}',
                                  {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(status, 202)
        event, = self.heard("user.>", 1)
        self.assertEqual(event["data"], {"user_id": 7})
        self.assertEqual(event["id"], answer["id"])
        self.assertEqual(event["source"], f"/{self.realm}/gateway")

    def test_cloud_events_in_all_modes_are_events_with_their_keys(self):
        self.gateway()
        one = json.dumps({**CLOUD_EVENT, "data": 1})
        two = json.dumps([{**CLOUD_EVENT, "data": 2}, {**CLOUD_EVENT, "data": 3}])
        for target in ("/events/till.sold", "/events"):
            self.assertEqual(self.ask("POST", target, one, {"Content-Type": "application/cloudevents+json"})[0], 202)
            status, answer = self.ask("POST", target, two, {"Content-Type": "application/cloudevents-batch+json"})
            self.assertEqual((status, len(answer["ids"])), (202, 2))
            self.assertEqual(self.ask("POST", target, "4", {**BINARY, "Content-Type": "application/json"})[0], 202)
        self.assertEqual(self.ask("POST", "/events/till.sold", b"\x89PNG", {**BINARY, "Content-Type": "image/png"})[0],
                         202)
        events = self.heard("till.sold", 9)
        self.assertEqual([event.get("data") for event in events], [1, 2, 3, 4, 1, 2, 3, 4, None])
        self.assertEqual({event["partitionkey"] for event in events}, {"k"})
        self.assertEqual((events[8]["datacontenttype"], events[8]["data_base64"]), ("image/png", "iVBORw=="))

    def test_a_body_in_chunks_and_one_that_waits_to_be_asked_for_arrive(self):
        self.gateway()
        head = "POST /events/a.b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        chunked = self.raw(f"{head}Transfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n".encode())
        self.assertIn(b" 202 ", chunked)
        asked = self.connection()
        asked.putrequest("POST", "/events/a.b")
        asked.putheader("Content-Length", "3")
        asked.putheader("Expect", "100-continue")
        asked.endheaders()
        self.assertTrue(asked.sock.recv(65536).startswith(b"HTTP/1.1 100 "))
        asked.send(b"[3]")
        self.assertEqual(asked.getresponse().status, 202)
        self.assertEqual([event["data"] for event in self.heard("a.b", 2)], [[1, 2], [3]])

    def test_requests_sent_ahead_are_answered_in_their_order(self):
        self.gateway()
        one = "POST /events/a.{} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n7"
        answers = self.raw((one.format("b") + one.format("b..c") + one.format("d")).encode())
        self.assertEqual([answer[:3] for answer in answers.split(b"HTTP/1.1 ")[1:]], [b"202", b"400", b"202"])

    def test_the_last_event_of_a_topic_and_key(self):
        # Published before the gateway was there, and after.
        pub = self.start("pub", "price.eur", "-", "--key", "a/b", "--wait-subs", "0", feed=True)
        pub.feed('{"n":1}\n{"n":2}\n')
        self.gateway()
        support.eventually(lambda: self.ask("GET", "/last/price.eur")[0] == 200, 10, "the gateway has it")
        support.eventually(lambda: self.ask("GET", "/last/price.eur/a%2Fb")[1]["data"] == {"n": 2}, 10, "the second")
        self.post("price.eur", 3)
        support.eventually(lambda: self.ask("GET", "/last/price.eur")[1]["data"] == 3, 10, "the newest")
        self.assertEqual(self.ask("GET", "/last/price.eur/a%2Fb")[1]["data"], {"n": 2})
        status, answer = self.ask("GET", "/last/price.usd")
        self.assertEqual(status, 404)
        self.assertIn("price.usd", answer["error"])

    def test_a_manifest_gives_topics_levels_and_keys_and_routes_give_paths(self):
        manifest = self.folder / "till.mesh.yaml"
        manifest.write_text("dagmesh: 1\nevents:\n  till.sold: {level: durable, key: item.id}\n"
                            "services:\n  all: {handlers: {log: {on: '>', emits: []}}}\n")
        gateway = self.gateway("--manifest", manifest, "--route", "POST /sell=till.sold")
        self.assertEqual(self.ask("POST", "/sell", '{"item":{"id":7}}')[0], 202)
        self.assertEqual(self.post("till.opened", {})[0], 404)
        self.assertEqual(self.ask("GET", "/events?pattern=other")[0], 404)
        self.assertEqual(self.heard("till.sold", 1)[0]["partitionkey"], "7")
        self.assertEqual(gateway.stop(), 0)
        # It was stored: the next gateway still has it.
        self.gateway("--manifest", manifest)
        support.eventually(lambda: self.ask("GET", "/last/till.sold/7")[0] == 200, 10, "it comes from the journal")

    def test_pages_of_others_are_kept_out(self):
        self.gateway()
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}):
            self.assertEqual(self.ask("POST", "/events/a.b", "1", headers)[0], 403, headers)
            self.assertEqual(self.ask("GET", "/events", None, headers)[0], 403, headers)
        self.assertEqual(self.post("a.b", 1, Origin=f"http://localhost:{self.port}")[0], 202)

    def test_a_subscriber_without_room_is_told_with_429_and_others_go_on(self):
        self.gateway()
        self.node("slow", "--on", "a.full", "--", "sleep", "600").until("ready\n")
        large = "x" * 1_000_000
        statuses = [self.post("a.full", large)[0] for _ in range(20)]
        self.assertEqual(statuses[0], 202)
        self.assertEqual(statuses[-1], 429)
        connection = self.connection()
        connection.request("POST", "/events/a.full", json.dumps(large))
        response = connection.getresponse()
        self.assertEqual(response.getheader("Retry-After"), "1")
        self.assertIn("slow", json.loads(response.read())["error"])
        self.assertEqual(self.post("a.free", 1)[0], 202)

    def test_it_drains_when_it_is_asked_to_stop(self):
        gateway = self.gateway()
        stream = self.stream()
        self.post("a.b", 1)
        self.assertEqual(stream.take(1)[0], [1])
        idle = self.connection()
        idle.connect()
        gateway.send(15)
        self.assertIsNone(stream.next())  # ended as HTTP says, else reading fails
        self.assert_exit(gateway, 0, within=8)  # not after the 10 s that it waits at most

    def test_what_keeps_it_from_starting_is_said(self):
        self.gateway()
        taken = self.start("gateway", "--listen", f"127.0.0.1:{self.port}", name="taken")
        self.assert_exit(taken, 5)
        self.assertIn(f"cannot listen at 127.0.0.1:{self.port}: Address already in use", taken.stderr())
        for words, text in ((["--listen", "192.0.2.1:80"], "--insecure"), (["--allow", "a..b"], "--allow"),
                            (["--route", "/a=b"], "--route"), (["--manifest", "nowhere"], "nowhere"),
                            (["--allow", "a", "--route", "POST /b=b"], "not known")):
            wrong = self.start("gateway", *words, name="wrong")
            self.assert_exit(wrong, 2)
            self.assertIn(text, wrong.stderr())

    def test_the_shop_makes_an_order_of_what_is_posted(self):
        shop = support.ROOT / "examples/shop/shop.mesh.yaml"
        self.start("up", shop, "--only", "order,audit", name="shop")
        self.gateway("--manifest", shop)
        sub = self.start("sub", "order.created", "-n", "1", "--from", "oldest", "--timeout", "20s", "--format", "json")
        self.assertEqual(self.post("user.registered", {"user_id": 7, "name": "a", "email": "a@b.example"})[0], 202)
        self.assert_exit(sub, 0, within=25)
        self.assertEqual(sub.events()[0]["data"]["user_id"], 7)


if __name__ == "__main__":
    support.main()
