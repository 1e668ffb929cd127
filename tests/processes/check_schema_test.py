#!/usr/bin/env python3
"""What `check --format json` prints follows docs/check.schema.json, in every shape that it has."""
import json
import unittest

import support

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCHEMA = support.ROOT / "docs" / "check.schema.json"
SHOP = support.ROOT / "examples" / "shop"
BROKEN = support.ROOT / "examples" / "shop-broken"

EVERYTHING = """dagmesh: 1
realm: other
events:
  x: {entry: true, fields: {id: int}}
services:
  s:
    publishes: [x.y, y, z, w, z]
    handlers:
      a: {on: x, emits: [y]}
      b: {on: [y, y], emits: [z]}
      c: {on: z}
      d: {on: ">", emits: [w]}
    loops:
      - {edge: {handler: a, emits: y}, max_rounds: 3, reason: a test, until: 2001-01-01}
rules:
  - {from: x, must_not_reach: z}
  - {event: x, max_fan_out: 1}
"""


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class Schema(support.MeshTest):
    def setUp(self):
        super().setUp()
        schema = json.loads(SCHEMA.read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)
        self.everything = self.folder / "everything.mesh.yaml"
        self.everything.write_text(EVERYTHING)

    def found(self, *words):
        process = self.start("check", *words, "--format", "json")
        self.assertIn(process.wait(), (0, 1), process.told())
        found = json.loads(process.stdout())
        self.assertEqual([error.message for error in self.validator.iter_errors(found)], [], words)
        return found

    def test_every_shape_is_valid(self):
        known = self.folder / "known.yaml"
        self.assertIn("cycle", self.found(BROKEN)["findings"][0])
        self.assertGreater(len(self.found(self.everything)["findings"]), 5)
        self.assertEqual(len(self.found(SHOP, self.everything)["realms"]), 2)
        self.assertTrue(self.found(BROKEN, "--write-baseline", known)["baseline"]["written"])
        self.assertEqual(self.found(BROKEN, "--baseline", known)["baseline"]["known"], 1)
        self.assertEqual(self.found(SHOP, "--baseline", known)["baseline"]["gone"], 1)
        against = self.found(BROKEN, "--against", SHOP)["against"]
        self.assertGreater(len(against["realms"][0]["added"]["edges"]), 0)
        self.assertGreater(len(against["realms"][0]["added"]["cycles"]), 0)
        back = self.found(SHOP, "--against", self.everything)["against"]
        self.assertEqual([realm["realm"] for realm in back["realms"]], ["", "other"])
        self.assertGreater(len(back["realms"][1]["removed"]["loops"]), 0)

    def test_the_schema_refuses_what_is_not_documented(self):
        found = self.found(BROKEN)
        for spoil in (lambda one: one.pop("acyclic"), lambda one: one.update(version=2),
                      lambda one: one["findings"][0].update(extra=1),
                      lambda one: one["findings"][0].update(code="X1"),
                      lambda one: one["findings"][0]["cycle"]["steps"][0].pop("on"),
                      lambda one: one["counts"].update(errors=-1)):
            spoiled = json.loads(json.dumps(found))
            spoil(spoiled)
            self.assertFalse(self.validator.is_valid(spoiled))


if __name__ == "__main__":
    support.main()
