#!/usr/bin/env python3
"""What the documentation says of itself: examples of docs/checking.md print just what stands below
them, and the tests that docs/delivery.md names are there.

In a ```console block a line that begins with `$ ` is a command, and what follows
is its output. They run in a folder of the test's own in which `examples` is the one of the root.
"""
import re
import subprocess

import support

PAGES = ["docs/checking.md"]
# A link to a test's file, and behind it the names of tests, of which there may be none.
NAMED_TESTS = re.compile(r"""\(\.\./(tests/[\w/]+\.(?:cpp|py))\)((?:,?\s"[^"]+")*)""")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Docs(support.MeshTest):
    def setUp(self):
        super().setUp()
        (self.folder / "examples").symlink_to(support.ROOT / "examples")

    def test_every_example_prints_what_the_page_says(self):
        for page in PAGES:
            blocks = BLOCK.findall((support.ROOT / page).read_text())
            self.assertTrue(blocks, page)
            for block in blocks:
                for part in block.split("$ ")[1:]:
                    command, _, expected = part.partition("\n")
                    with self.subTest(page=page, command=command):
                        self.assertEqual(self.output(command), expected)

    def test_the_tests_that_show_what_is_promised_are_there(self):
        named = NAMED_TESTS.findall((support.ROOT / "docs/delivery.md").read_text())
        names = [(file, " ".join(name.split())) for file, quoted in named
                 for name in re.findall(r'"([^"]+)"', quoted)]
        self.assertGreater(len(names), 20)
        for file, name in names:
            with self.subTest(file=file, name=name):
                source = (support.ROOT / file).read_text()
                wanted = (f"def test_{name.replace(' ', '_')}(" if file.endswith(".py")
                          else f'TEST_CASE("{name}")')
                # A long name stands on a line of its own.
                self.assertIn(wanted, source.replace("TEST_CASE(\n    ", "TEST_CASE("))

    def output(self, command):
        done = subprocess.run(["bash", "-c", command], env=self.env, cwd=self.folder, timeout=60,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        return done.stdout


if __name__ == "__main__":
    support.main()
