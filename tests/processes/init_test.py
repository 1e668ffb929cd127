#!/usr/bin/env python3
"""`dagmesh init`: what it writes passes the check and plays as written, in each language."""
import os
import pathlib
import subprocess
import sys

import support

FLOW = "user.registered -> order.created -> payment.settled"
WIDE = ("user.registered, order.asked -> order.created; order.created -> payment.settled, mail.sent; "
        "payment.settled, mail.sent -> order.paid -> done")


class Init(support.MeshTest):
    def init(self, flow, *words, folder="flow"):
        return self.start("init", "--flow", flow, *words, self.folder / folder)

    def assert_plays(self, folder="flow", env=None):
        """The manifest has no finding, and the demo passes as written."""
        place = self.folder / folder
        check = self.start("check", "--strict", place / "flow.mesh.yaml")
        self.assert_exit(check, 0)
        self.assertIn("0 errors, 0 warnings", check.stdout())
        up = self.start("up", place / "flow.mesh.yaml", "--script", place / "flow.demo", env=env)
        self.assert_exit(up, 0, 90)
        self.assertIn("all as expected", up.stderr())
        return up

    def test_in_python(self):
        init = self.init(FLOW)
        self.assert_exit(init, 0)
        names = [pathlib.Path(line).name for line in init.lines()]
        self.assertEqual(names, ["flow.mesh.yaml", "order.py", "payment.py", "flow.demo", "README.md"])
        self.assert_plays()

    def test_in_shell(self):
        self.assert_exit(self.init(FLOW, "--lang", "shell"), 0)
        self.assert_plays()

    def test_a_wide_flow_with_fans_and_a_service_that_comes_twice(self):
        for language in ("python", "shell"):
            with self.subTest(language=language):
                self.assert_exit(self.init(WIDE, "--lang", language, folder=language), 0)
                self.assert_plays(language)

    def test_in_cpp(self):
        build = os.environ.get("DAGMESH_BUILD")
        if not build:
            print("SKIPPED: DAGMESH_BUILD is not set, nothing to build with", file=sys.stderr)
            self.skipTest("DAGMESH_BUILD is not set, nothing to build with")
        if support.SANITIZER != "none":
            self.skipTest("the program would not be of that sanitizer")
        stage = self.folder / "stage"
        self.run_in(self.folder, ["meson", "install", "-C", build, "--no-rebuild", "--quiet",
                                  "--destdir", stage])
        package = next(stage.glob("**/dagmesh.pc"))
        self.env.update(PKG_CONFIG_PATH=str(package.parent), PKG_CONFIG_SYSROOT_DIR=str(stage))
        self.assert_exit(self.init("a.made -> b.done, b.noted; b.done, b.noted -> c.told",
                                   "--lang", "cpp"), 0)
        place = self.folder / "flow"
        self.run_in(place, ["meson", "setup", "build"])
        self.run_in(place, ["ninja", "-C", "build", "-j1"])
        libraries = {str(file.parent) for file in stage.glob("**/libdagmesh*.so")}
        self.assert_plays(env={"LD_LIBRARY_PATH": ":".join(libraries)})

    def run_in(self, folder, command):
        done = subprocess.run(command, cwd=folder, env=self.env, capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_demo_that_was_changed_fails(self):
        self.assert_exit(self.init(FLOW), 0)
        demo = self.folder / "flow" / "flow.demo"
        demo.write_text(demo.read_text().replace("expect payment.settled where id==1 within 10s",
                                                 "expect payment.settled where id==2 within 1s"))
        up = self.start("up", self.folder / "flow", "--script", demo)
        self.assert_exit(up, 1, 60)

    def test_names_that_yaml_reads_as_something_else(self):
        self.assert_exit(self.init("yes -> null -> 1.5 -> on.off -> true.no"), 0)
        self.assert_exit(self.start("check", "--strict", self.folder / "flow"), 0)

    def test_a_flow_with_a_cycle_is_shown_as_check_shows_it(self):
        init = self.init("a.b -> c.d -> e.f -> c.d")
        self.assert_exit(init, 1)
        self.assertIn("event cycle of 2 handlers", init.stderr())
        self.assertRegex(init.stderr(), r"flow\.mesh\.yaml:\d+:\d+")
        self.assertIn("nothing was written", init.stderr())
        self.assertFalse((self.folder / "flow").exists())
        self.assert_exit(self.init("a.b -> a.b"), 1)

    def test_nothing_is_overwritten(self):
        (self.folder / "flow").mkdir()
        (self.folder / "flow" / "order.py").write_text("mine")
        init = self.init(FLOW)
        self.assert_exit(init, 2)
        self.assertIn("flow/order.py", init.stderr())
        self.assertEqual((self.folder / "flow" / "order.py").read_text(), "mine")
        self.assertEqual(len(list((self.folder / "flow").iterdir())), 1)

    def test_what_is_no_flow_or_language_is_wrong_use(self):
        for words in (["--flow", "a.b", "x"], ["--flow", "a.* -> b.c", "x"], ["x"],
                      ["--flow", "a.b -> c.d"], ["--flow", "a.b -> c.d", "--lang", "cobol", "x"]):
            with self.subTest(words=words):
                init = self.start("init", *words)
                self.assert_exit(init, 2)


if __name__ == "__main__":
    support.main()
