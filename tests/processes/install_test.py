#!/usr/bin/env python3
"""A program is built with the installed library and runs. DAGMESH_BUILD names the build to install."""
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
        build = os.environ.get("DAGMESH_BUILD")
        if not build:
            print("SKIPPED: DAGMESH_BUILD is not set, nothing to install", file=sys.stderr)
            self.skipTest("DAGMESH_BUILD is not set, nothing to install")
        # Into a folder of its own: pkg-config puts it before every path that it prints.
        stage = self.folder / "stage"
        installed = subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", stage],
                                   capture_output=True, text=True)
        self.assertEqual(installed.returncode, 0, installed.stdout + installed.stderr)
        found = list(stage.glob("**/dagmesh.pc"))
        self.assertEqual(len(found), 1, f"one dagmesh.pc below {stage}")
        self.prefix = found[0].parent
        while not (self.prefix / "bin").is_dir():
            self.prefix = self.prefix.parent
        self.env["PKG_CONFIG_PATH"] = str(found[0].parent)
        self.env["PKG_CONFIG_SYSROOT_DIR"] = str(stage)

    def test_ten_lines_publish_and_handle_an_event(self):
        program = self.folder / "hello"
        sanitize = "" if support.SANITIZER == "none" else f"-fsanitize={support.SANITIZER}"
        command = (f"${{CXX:-c++}} -std=c++20 {sanitize} {shlex.quote(str(SOURCE))} -o {program} "
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
