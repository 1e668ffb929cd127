"""Plants violations in a small tree and wants each of them found, and nothing else."""

import tempfile
import unittest
from pathlib import Path

from check_includes import check

# The smallest tree in which each room has a header to include.
HEADERS = [
    "mesh/base/result.hpp", "mesh/event/topic.hpp", "mesh/wire/payload.hpp", "mesh/wire/batch.hpp",
    "mesh/graph/cycle.hpp", "mesh/flow/credit.hpp", "mesh/peer/link.hpp", "mesh/manifest/manifest.hpp",
    "mesh/store/journal.hpp", "mesh/net/reactor.hpp", "mesh/node/lane.hpp", "mesh/node.hpp",
    "discovery/beacon.hpp", "discovery/membership.hpp", "nodes/pub.hpp", "nodes/cli/options.hpp",
    "examples/shop/order.hpp", "tests/support/catch.hpp",
]


class CheckIncludes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for header in HEADERS:
            self.write(header, "#pragma once\n")

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def messages_with(self, path, text):
        """What is found while the file holds this text; the tree is as before afterwards."""
        file = self.root / path
        before = file.read_text(encoding="utf-8") if file.exists() else None
        self.write(path, text)
        messages = self.messages()
        file.unlink() if before is None else self.write(path, before)
        return messages

    def messages(self):
        return [f"{f.path}:{f.line}: {f.message}" for f in check(self.root)]

    def assert_allowed(self, path, *targets):
        for target in targets:
            with self.subTest(path=path, target=target):
                self.assertEqual(self.messages_with(path, f"#include {target}\n"), [])

    def assert_refused(self, path, *targets, because):
        for target in targets:
            with self.subTest(path=path, target=target):
                messages = self.messages_with(path, f"#pragma once\n\n  #  include {target}\n")
                self.assertEqual(len(messages), 1, messages)
                self.assertTrue(messages[0].startswith(f"{path}:3: "), messages)
                self.assertIn(because, messages[0])

    def test_a_clean_tree_has_no_finding(self):
        self.assertEqual(self.messages(), [])

    def test_includes_point_down(self):
        self.assert_allowed("nodes/a.hpp", '"discovery/beacon.hpp"', '"mesh/node.hpp"', '"mesh/graph/cycle.hpp"')
        self.assert_allowed("discovery/a.hpp", '"mesh/node.hpp"', '"mesh/node/lane.hpp"', '"mesh/base/result.hpp"')
        self.assert_allowed("mesh/node/a.hpp", '"mesh/net/reactor.hpp"', '"mesh/flow/credit.hpp"', '"mesh/node.hpp"')
        self.assert_allowed("mesh/node.cpp", '"mesh/node.hpp"')
        self.assert_allowed("mesh/peer/a.hpp", '"mesh/wire/batch.hpp"', '"mesh/event/topic.hpp"')
        self.assert_allowed("mesh/manifest/a.hpp", '"mesh/event/topic.hpp"')
        self.assert_allowed("tests/a.cpp", '"nodes/pub.hpp"', '"mesh/net/reactor.hpp"')

    def test_an_include_that_points_up_is_found(self):
        because = "may not include"
        self.assert_refused("mesh/base/a.hpp", '"mesh/event/topic.hpp"', '"mesh/node.hpp"', because=because)
        self.assert_refused("mesh/net/a.hpp", '"mesh/node.hpp"', '"mesh/node/lane.hpp"', because=because)
        self.assert_refused("mesh/node/a.hpp", '"discovery/beacon.hpp"', because=because)
        self.assert_refused("mesh/node.hpp", '"discovery/beacon.hpp"', because=because)
        self.assert_refused("discovery/a.hpp", '"nodes/pub.hpp"', because=because)
        self.assert_refused("nodes/a.hpp", '"tests/support/catch.hpp"', '"examples/shop/order.hpp"', because=because)

    def test_an_include_across_rooms_is_found(self):
        because = "may not include"
        self.assert_refused("mesh/event/a.hpp", '"mesh/wire/batch.hpp"', because=because)
        self.assert_refused("mesh/wire/a.hpp", '"mesh/graph/cycle.hpp"', '"mesh/flow/credit.hpp"', because=because)
        self.assert_refused("mesh/graph/a.hpp", '"mesh/wire/batch.hpp"', '"mesh/manifest/manifest.hpp"', because=because)
        self.assert_refused("mesh/flow/a.hpp", '"mesh/peer/link.hpp"', '"mesh/graph/cycle.hpp"', because=because)
        self.assert_refused("mesh/net/a.hpp", '"mesh/event/topic.hpp"', '"mesh/store/journal.hpp"', because=because)
        self.assert_refused("mesh/store/a.hpp", '"mesh/wire/batch.hpp"', because=because)
        self.assert_refused("mesh/manifest/a.hpp", '"mesh/graph/cycle.hpp"', because=because)

    def test_examples_see_the_face_and_the_payload_only(self):
        self.assert_allowed("examples/a.cpp", '"mesh/node.hpp"', '"discovery/beacon.hpp"', '"mesh/wire/payload.hpp"')
        self.assert_refused("examples/a.hpp", '"mesh/wire/batch.hpp"', '"mesh/net/reactor.hpp"', because="may not")

    def test_a_room_without_a_place_is_found(self):
        self.write("mesh/attic/box.hpp", '#include "mesh/base/result.hpp"\n')
        self.assertEqual(len(self.messages()), 1)
        self.assertIn("mesh/attic is no known room", self.messages()[0])

    def test_an_include_is_named_from_the_root_and_exists(self):
        self.assert_refused("mesh/event/a.hpp", '"topic.hpp"', '"../base/result.hpp"', because="from the root")
        self.assert_refused("mesh/event/a.hpp", '"mesh/event/gone.hpp"', because="does not exist")

    def test_each_library_has_one_door(self):
        doors = {
            "<zmq.hpp>": "mesh/net/a.hpp", "<zmq.h>": "mesh/net/a.hpp", "<zmq_addon.hpp>": "mesh/net/a.hpp",
            "<msgpack.hpp>": "mesh/wire/a.hpp", "<msgpack/adaptor/map.hpp>": "mesh/wire/a.hpp",
            "<boost/program_options.hpp>": "nodes/cli/a.hpp", "<yaml-cpp/yaml.h>": "mesh/manifest/a.hpp",
            "<spdlog/spdlog.h>": "mesh/base/a.hpp", "<nlohmann/json.hpp>": "nodes/a.hpp",
            "<catch2/catch.hpp>": "tests/support/catch.hpp", "<tl/expected.hpp>": "mesh/base/a.hpp",
        }
        for header, door in doors.items():
            self.assert_allowed(door, header)
            for room in ("mesh/graph", "mesh/node", "discovery", "examples"):
                if not (room == "examples" and "nlohmann" in header):  # examples read their input with it
                    self.assert_refused(f"{room}/b.hpp", header, because="has its door in")
        self.assert_refused("tests/a.hpp", "<catch2/catch.hpp>", "<msgpack.hpp>", "<boost/asio.hpp>", because="door")
        self.assert_refused("nodes/a.hpp", "<boost/program_options.hpp>", because="nodes/cli/")

    def test_a_library_without_a_door_is_found(self):
        self.assert_refused("nodes/a.hpp", "<curl/curl.h>", "<lz4.h>", because="has no door")
        self.assert_allowed("nodes/a.hpp", "<vector>", "<sys/socket.h>", "<unistd.h>", "<ifaddrs.h>")

    def test_pure_rooms_touch_no_thread_file_or_socket(self):
        self.assert_refused("mesh/flow/a.hpp", "<thread>", "<mutex>", "<sys/socket.h>", because="pure room")
        self.assert_refused("discovery/membership.hpp", "<unistd.h>", because="pure room")
        self.assert_allowed("mesh/flow/a.hpp", "<chrono>")
        self.assert_allowed("discovery/udp_socket.cpp", "<sys/socket.h>")

    def test_a_source_includes_its_own_header_first(self):
        first = '#include "mesh/event/topic.hpp"\n#include <string>\n'
        second = '#include <string>\n#include "mesh/event/topic.hpp"\n'
        self.assertEqual(self.messages_with("mesh/event/topic.cpp", first), [])
        self.assertIn("own header first", "".join(self.messages_with("mesh/event/topic.cpp", second)))

    def test_a_long_file_is_found(self):
        self.write("mesh/event/long.cpp", "\n" * 300)
        self.assertEqual(self.messages(), [])
        self.write("mesh/event/long.cpp", "\n" * 301)
        self.assertIn(f"mesh/event/long.cpp:301: ", "".join(self.messages()))

    def test_a_vague_file_name_is_found(self):
        for name in ("util.hpp", "string_utils.cpp", "test-helper.py", "link_manager.hpp", "common.yaml"):
            with self.subTest(name=name):
                self.assertEqual(len(self.messages_with(f"tests/{name}", "")), 1)
        self.assertEqual(self.messages_with("tests/community.hpp", ""), [])


if __name__ == "__main__":
    unittest.main()
