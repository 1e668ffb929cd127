#!/usr/bin/env python3
"""The checker on a random graph of 200 handlers that all block: fine as it is, refused with one edge
that leads back."""
import random

import support

SEEDS = (1, 2, 3)
HANDLERS = 200
SERVICES = 12


def handlers_of(seed):
    """(service, topics it listens to, topic it emits); handler i emits t.i and hears what is before."""
    draw = random.Random(seed)
    made = []
    for number in range(HANDLERS):
        on = ["root"] if number < 5 else draw.sample([f"t.{i}" for i in range(number)],
                                                     draw.choice((1, 1, 2)))
        made.append((draw.randrange(SERVICES), on, f"t.{number}"))
    return made


def manifest_of(handlers):
    lines = ["dagmesh: 1", "events: {root: {entry: true}}", "services:"]
    for service in range(SERVICES):
        lines += [f"  s{service}:", "    handlers:"]
        lines += ["      none: {on: root, emits: []}"]
        for number, (home, on, emits) in enumerate(handlers):
            if home == service:
                lines.append(f"      h{number}: {{on: [{', '.join(on)}], emits: [{emits}], "
                             "policy: block}")
    return "\n".join(lines) + "\n"


class Dag(support.MeshTest):
    def check(self, name, text):
        path = self.folder / (name + ".mesh.yaml")
        path.write_text(text)
        process = self.start("check", str(path))
        process.wait(60)
        return process

    def test_a_graph_that_blocks_is_fine_and_one_edge_back_is_not(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                handlers = handlers_of(seed)
                self.assert_exit(self.check(f"plain{seed}", manifest_of(handlers)), 0)
                # Back from the last handler to one of its own causes.
                hears = {emits: on for _, on, emits in handlers}
                cause = handlers[-1][1][0]
                while hears.get(cause, ["root"])[0] != "root":
                    cause = hears[cause][0]
                first = int(cause.removeprefix("t."))
                home, on, emits = handlers[first]
                handlers[first] = (home, on + [handlers[-1][2]], emits)
                process = self.check(f"back{seed}", manifest_of(handlers))
                self.assert_exit(process, 1)
                self.assertIn("[E001]", process.stdout())
                self.assertIn(handlers[-1][2], process.stdout())


if __name__ == "__main__":
    support.main()
