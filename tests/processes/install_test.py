#!/usr/bin/env python3
"""A program is built with the installed library, as docs say, and runs. DAGMESH_PREFIX says where."""
import os
import pathlib
import shlex
import subprocess
import sys

import support

SOURCE = pathlib.Path(__file__).with_name("hello.cpp")


class Install(support.MeshTest):
    def setUp(self):
        super().setUp()
        if not os.environ.get("DAGMESH_PREFIX"):
            print("SKIPPED: DAGMESH_PREFIX is not set, nothing is installed", file=sys.stderr)
            self.skipTest("DAGMESH_PREFIX is not set, nothing is installed")
        self.prefix = pathlib.Path(os.environ["DAGMESH_PREFIX"]).resolve()
        folders = ":".join(str(file.parent) for file in self.prefix.glob("**/dagmesh.pc"))
        self.assertTrue(folders, f"no dagmesh.pc below {self.prefix}")
        self.env["PKG_CONFIG_PATH"] = folders

    def test_ten_lines_publish_and_handle_an_event(self):
        program = self.folder / "hello"
        command = (f"${{CXX:-c++}} -std=c++20 {shlex.quote(str(SOURCE))} -o {program} "
                   "$(pkg-config --cflags --libs dagmesh)")
        built = subprocess.run(["sh", "-c", command], env=self.env, cwd=self.folder,
                               capture_output=True, text=True)
        self.assertEqual(built.returncode, 0, built.stderr)
        libraries = {str(file.parent) for file in self.prefix.glob("**/libdagmesh*.so")}
        hello = self.start(program=str(program), env={"LD_LIBRARY_PATH": ":".join(libraries)})
        self.assert_exit(hello, 0)
        self.assertEqual(hello.lines(), ["hello.said"])

    def test_the_installed_program_runs(self):
        version = self.start("--version", program=str(self.prefix / "bin" / "dagmesh"))
        self.assert_exit(version, 0)


if __name__ == "__main__":
    support.main()
