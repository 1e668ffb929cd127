#!/usr/bin/env python3
"""Every command line of the README works: each ```sh block is run by bash from the root.

Blocks that install, build or test everything are left out: the checks run those themselves. The
others run in the order of the page, in one mesh, each with a time limit.
"""
import os
import re
import signal
import subprocess

import support

LEFT_OUT = re.compile(r"\./dev (test|demo|build|install|lint|sanitize|bench|prove|fuzz)\b|git clone|apt")
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LIMIT_S = 60


class Readme(support.MeshTest):
    def test_its_commands_work(self):
        blocks = [block for block in BLOCK.findall((support.ROOT / "README.md").read_text())
                  if not LEFT_OUT.search(block)]
        self.assertTrue(blocks, "the README shows no command")
        for block in blocks:
            # `./dev run` builds first; here the program is there.
            script = block.replace("./dev run", "dagmesh")
            with self.subTest(block=block):
                self.run_script(script)

    def run_script(self, script):
        # In a session of its own, so that what it leaves in the background is ended with it.
        bash = subprocess.Popen(["bash", "-e", "-c", script], env=self.env, cwd=support.ROOT,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, start_new_session=True,
                                preexec_fn=support.ends_with_parent)
        try:
            out, _ = bash.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            self.fail(f"not done within {LIMIT_S} s:\n{script}")
        finally:
            try:
                os.killpg(bash.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            bash.wait()
        self.assertEqual(bash.returncode, 0, f"{script}\n{out}")


if __name__ == "__main__":
    support.main()
