#!/usr/bin/env python3
"""Every command of examples/asyncapi/README.md prints the block that stands below it."""
import re
import subprocess

import support

PAIR = re.compile(r"^```sh\n(.*?)^```\n\n^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGE = support.ROOT / "examples" / "asyncapi" / "README.md"


class AsyncApi(support.MeshTest):
    def test_the_page_says_what_its_commands_print(self):
        pairs = PAIR.findall(PAGE.read_text(encoding="utf-8"))
        self.assertEqual(len(pairs), 2)
        for command, printed in pairs:
            with self.subTest(command=command):
                done = subprocess.run(["bash", "-e", "-c", command], env=self.env, cwd=support.ROOT,
                                      stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                      timeout=30, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual(done.stdout, printed)

    def test_a_pipe_without_a_writer_a_device_and_a_missing_reference_are_invalid_input(self):
        pipe = self.folder / "pipe.mesh.yaml"
        subprocess.run(["mkfifo", pipe], check=True)
        document = self.folder / "a.json"
        document.write_text('{"asyncapi": "3.0.0", "info": {"title": "a"}, "operations": '
                            '{"o": {"action": "send", "channel": {"$ref": "b.json#/c"}}}}')
        for path, said in ((pipe, f"{pipe}: error: expected a file, got a named pipe"),
                           ("/dev/zero", "/dev/zero: error: expected a file, got a device"),
                           (document, f"{document}:1:106: error: \"$ref\"")):
            with self.subTest(path=path):
                check = self.start("check", str(path))
                self.assert_exit(check, 2, within=5)
                self.assertIn(said, check.stderr())
                self.assertEqual(check.stdout(), "")


if __name__ == "__main__":
    support.main()
