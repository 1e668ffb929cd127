#!/usr/bin/env python3
"""The first event is not lost, however close together its publisher and subscribers start."""
import support


class FirstEvents(support.MeshTest):
    def publish_at_once_with(self, subscriber_count):
        for round_number in range(support.rounds(20, 200)):
            starts = ["sub"] * subscriber_count + ["pub"]
            self.random.shuffle(starts)
            subs, pubs = [], []
            for verb in starts:
                if verb == "sub":
                    subs.append(self.start("-v", "sub", "user.>", "-n", "1", "--timeout", "10s",
                                           "--format", "json", name="sub"))
                else:
                    pubs.append(self.start("-v", "pub", "user.registered",
                                           f'{{"user_id": {round_number}}}', name="pub"))
            codes = [one.wait() for one in pubs + subs]
            told = "\n".join([f"round {round_number}, started as {starts}"] +
                             [one.told() for one in pubs + subs])
            self.assertEqual(codes, [0] * len(starts), told)
            for sub in subs:
                self.assertEqual([event["data"] for event in sub.events()],
                                 [{"user_id": round_number}], told)
            for one in pubs + subs:
                self.forget(one)

    def test_one_subscriber_started_in_the_same_instant_gets_it(self):
        self.publish_at_once_with(1)

    def test_two_subscribers_started_in_the_same_instant_both_get_it(self):
        self.publish_at_once_with(2)


if __name__ == "__main__":
    support.main()
