#!/usr/bin/env python3
"""The examples of docs/checking.md: each command prints just what stands below it.

In a ```console block a line that begins with `$ ` is a command, and what follows
is its output. They run in a folder of the test's own in which `examples` is the one of the root.
"""
import re
import subprocess

import support

PAGES = ["docs/checking.md"]
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

    def output(self, command):
        done = subprocess.run(["bash", "-c", command], env=self.env, cwd=self.folder, timeout=60,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        return done.stdout


if __name__ == "__main__":
    support.main()
