#!/usr/bin/env python3
"""Every command line of the README, of docs/ and of the examples' pages works: each ```sh block is
run by bash, from a folder that looks like the root.

The blocks of a page run in its order, in one mesh, each with a time limit. Those that install, build,
test or measure are left out: the checks run those themselves.
"""
import os
import re
import signal
import socket
import subprocess

import gateway_support
import support

# `./dev demo` builds first, which is done already in the folder that it builds in.
LEFT_OUT = re.compile(r"\./dev (test|build|install|lint|sanitize|bench|prove|fuzz%s)\b"
                      % ("" if support.BIN == support.ROOT / "build" else "|demo"))
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LIMIT_S = 120


def pages():
    return sorted(path for pattern in ("*.md", "docs/*.md", "examples/*.md", "examples/*/*.md")
                  for path in support.ROOT.glob(pattern))


class CommandBlocks(support.MeshTest):
    def test_there_are_commands_to_run(self):
        with_blocks = [path.name for path in pages() if self.blocks(path)]
        self.assertIn("README.md", with_blocks)
        self.assertGreater(len(with_blocks), 4)

    def blocks(self, page):
        return [block for block in BLOCK.findall(page.read_text()) if not LEFT_OUT.search(block)]

    def skip_what_cannot_be(self, block):
        needs_gateway = "dagmesh gateway" in block or "examples/registration" in block
        if needs_gateway and not gateway_support.is_built():
            self.skipTest("this dagmesh was built without the gateway")
        for port in set(re.findall(r"127\.0\.0\.1:(\d+)", block)):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                    self.skipTest(f"something listens at port {port}, which the page uses")

    def run_page(self, page):
        self.env["REGISTRATION_PORT"] = str(support.free_port())
        # What they write stays here.
        for entry in support.ROOT.iterdir():
            (self.folder / entry.name).symlink_to(entry)
        for block in self.blocks(page):
            with self.subTest(block=block):
                self.skip_what_cannot_be(block)
                # `./dev run` builds first; here the program is there.
                self.run_script(block.replace("./dev run", "dagmesh"))

    def run_script(self, script):
        # In a session of its own, so that what it leaves in the background is ended with it, and
        # saying what it says to a file, which nobody who is left over keeps open.
        output = self.folder / "output"
        with open(output, "wb") as file:
            bash = subprocess.Popen(["bash", "-e", "-c", script], env=self.env, cwd=self.folder,
                                    stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                    start_new_session=True, preexec_fn=support.ends_with_parent)
        try:
            bash.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            pass
        finally:
            try:
                os.killpg(bash.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            bash.wait()
        self.assertEqual(bash.returncode, 0, f"{script}\n{output.read_text(errors='replace')}")


def add_page(page):
    name = re.sub(r"\W", "_", str(page.relative_to(support.ROOT).with_suffix("")))
    setattr(CommandBlocks, f"test_the_commands_of_{name}", lambda self: self.run_page(page))


for one in pages():
    if BLOCK.search(one.read_text()):
        add_page(one)


if __name__ == "__main__":
    support.main()
