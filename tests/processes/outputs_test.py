#!/usr/bin/env python3
"""What `check --output` writes, read as those read it for whom it is."""
import html.parser
import json
import os
import re
import subprocess
import unittest
import urllib.parse
import xml.etree.ElementTree as ET

import support

FORMS = ("text", "json", "sarif", "junit", "github", "dot", "mermaid", "svg", "html")
LAID_OUT = ("svg", "html")

NASTY = """dagmesh: 1
realm: "a&b'c"
services:
  one: {handlers: {"h'&": {on: "x</script", emits: ["y\\"]]--"]}}}
  two: {handlers: {back: {on: "y\\"]]--", emits: ["x</script"]}}}
"""


class Page(html.parser.HTMLParser):
    """Reads a page and notes what a test asks for."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.text, self.script = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        (self.script if self.open and self.open[-1] == "script" else self.text).append(data)

    def ids(self):
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    def with_class(self, name):
        return [attributes for _, attributes in self.tags
                if name in (attributes.get("class") or "").split()]


class Outputs(support.MeshTest):
    def check(self, *words, code=1):
        process = self.start("check", *map(str, words))
        self.assert_exit(process, code, within=60)
        return process

    def written(self, form, *paths, code=1):
        """The text of one output; skips the test for a picture that this build cannot make."""
        file = self.folder / f"out.{form}"
        process = self.start("check", *map(str, paths), "--output", f"{form}={file}")
        if process.wait(60) == 5 and "built without pictures" in process.stderr():
            self.skipTest("this build has no pictures")
        self.assert_exit(process, code)
        return file.read_text(encoding="utf-8")

    def manifest(self, text, name="nasty.mesh.yaml"):
        file = self.folder / name
        file.write_text(text)
        return file

    def test_several_outputs_at_once_leave_stdout_as_it_was(self):
        forms = [form for form in FORMS if form not in LAID_OUT]
        words = [word for form in forms for word in ("--output", f"{form}={self.folder}/o.{form}")]
        plain = self.check("examples/shop-broken")
        process = self.check("examples/shop-broken", *words)
        self.assertEqual(process.stdout(), plain.stdout())
        self.assertEqual((self.folder / "o.text").read_text(), plain.stdout())
        for form in forms:
            self.assertGreater((self.folder / f"o.{form}").stat().st_size, 100, form)

    def test_an_output_to_stdout_stands_alone_there(self):
        process = self.check("examples/shop-broken", "--output", "json=-")
        self.assertEqual(json.loads(process.stdout())["version"], 1)

    def test_wrong_outputs_exit_with_2_and_unwritable_ones_with_5(self):
        for words, said in ((["--output", "htm=x"], "html"), (["--output", "html"], "FORMAT=FILE"),
                            (["--view", "event", "--output", "dot=-"], "events"),
                            (["--output", "json=-", "--output", "sarif=-"], "stdout")):
            process = self.check("examples/shop", *words, code=2)
            self.assertIn(said, process.stderr())
            self.assertEqual(process.stdout(), "")
        process = self.check("examples/shop-broken", "--output", "junit=/nonexistent/a.xml", code=5)
        self.assertIn("/nonexistent/a.xml", process.stderr())
        self.assertIn("error[E001]", process.stdout())

    def test_the_order_of_files_changes_no_byte(self):
        parts = []
        for i in range(12):
            parts.append(self.manifest(
                f"dagmesh: 1\nservices:\n  s{i}:\n    handlers:\n"
                f"      h: {{on: e{i}, emits: [e{(i * 7 + 3) % 12}, e{(i + 1) % 12}]}}\n",
                f"p{i}.mesh.yaml"))
        for form in FORMS:
            with self.subTest(form=form):
                first = self.written(form, *parts)
                for _ in range(3):
                    self.random.shuffle(parts)
                    self.assertEqual(self.written(form, *parts), first)

    def test_sarif_has_the_shape_that_readers_need(self):
        log = json.loads(self.written("sarif", "examples/shop-broken"))
        self.assertEqual(log["version"], "2.1.0")
        self.assertIn("sarif", log["$schema"])
        (run,) = log["runs"]
        driver = run["tool"]["driver"]
        self.assertEqual(driver["name"], "dagmesh")
        for rule in driver["rules"]:
            self.assertRegex(rule["id"], r"^[EW]\d{3}$")
            for part in ("shortDescription", "fullDescription", "help"):
                self.assertGreater(len(rule[part]["text"]), 10)
            self.assertIn(rule["defaultConfiguration"]["level"], ("error", "warning"))
        (result,) = run["results"]
        self.assertEqual(driver["rules"][result["ruleIndex"]]["id"], result["ruleId"])
        self.assertIn(result["level"], ("error", "warning", "note", "none"))
        self.assertTrue(result["message"]["text"])
        self.assertTrue(all(isinstance(value, str) for value in result["partialFingerprints"].values()))
        flows = result["codeFlows"][0]["threadFlows"][0]["locations"]
        self.assertEqual(len(flows), 3)
        places = result["locations"] + result["relatedLocations"] + [flow["location"] for flow in flows]
        for place in places:
            physical = place["physicalLocation"]
            uri = physical["artifactLocation"]["uri"]
            self.assertEqual(uri, "examples/shop-broken/shop.mesh.yaml")
            self.assertGreater(physical["region"]["startLine"], 0)
            self.assertGreater(physical["region"]["startColumn"], 0)

    def test_uris_are_relative_wherever_the_file_lies(self):
        file = self.manifest(NASTY, "a b#%.mesh.yaml")
        log = json.loads(self.written("sarif", file))
        uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        self.assertFalse(urllib.parse.urlsplit(uri).scheme)
        self.assertFalse(uri.startswith("/"))
        self.assertEqual((support.ROOT / urllib.parse.unquote(uri)).resolve(), file.resolve())

    def test_junit_is_xml_whatever_a_path_holds(self):
        file = self.folder / "a\x01<&\"'\x7f\n]]>.mesh.yaml"
        file.write_text(NASTY)
        root = ET.fromstring(self.written("junit", file).encode())
        self.assertEqual(root.tag, "testsuites")
        cases = root.findall("./testsuite/testcase")
        self.assertEqual(len(cases), int(root.get("tests")))
        failures = root.findall("./testsuite/testcase/failure")
        self.assertEqual(len(failures), int(root.get("failures")))
        self.assertEqual([failure.get("type") for failure in failures], ["E001"])
        self.assertIn("x</script causes y\"]]--, by one.h'&", failures[0].text)

    def test_annotations_are_read_back_as_a_runner_reads_them(self):
        file = self.folder / "a,b:c%.mesh.yaml"
        file.write_text(NASTY)
        (line,) = self.written("github", file).splitlines()
        command, message = re.fullmatch(r"::(error file=.*?)::(.*)", line).groups()

        def undo(text, more=()):
            for sign in ("\r", "\n", *more):
                text = text.replace(f"%{ord(sign):02X}", sign)
            return text.replace("%25", "%")
        values = dict(part.split("=", 1) for part in command.split(" ", 1)[1].split(","))
        self.assertEqual(undo(values["file"], (":", ",")), str(file))
        self.assertEqual(values["line"], "4")
        self.assertEqual(values["title"], "E001 event-cycle")
        self.assertIn("\n  x</script causes y\"]]--, by one.h'&", undo(message))

    def test_svg_is_xml_with_a_tooltip_a_box_and_no_font_or_picture_from_elsewhere(self):
        for path in ("examples/shop-broken", self.manifest(NASTY)):
            text = self.written("svg", path)
            root = ET.fromstring(text.encode())
            name = "{http://www.w3.org/2000/svg}"
            boxes = [group for group in root.iter(f"{name}g")
                     if (group.get("class") or "").startswith("node") and group.get("id")]
            self.assertGreater(len(boxes), 1)
            for box in boxes:
                self.assertIn(box.get("data-name"), box.find(f"{name}title").text)
            self.assertIn(".mesh.yaml:", boxes[0].find(f"{name}title").text)
            self.assertNotRegex(text, r"@import|@font-face|<image|href=|url\((?!#)")
            self.assertNotIn("raphviz", text)

    def test_a_page_is_whole_offline_and_every_name_stays_text(self):
        for path in ("examples/shop-broken", self.manifest(NASTY)):
            text = self.written("html", path)
            page = Page(text)
            self.assertEqual(page.open, [])
            ids = page.ids()
            self.assertEqual(len(ids), len(set(ids)))
            metas = [attributes for tag, attributes in page.tags if tag == "meta"]
            self.assertIn({"http-equiv": "Content-Security-Policy",
                           "content": "default-src 'none'; style-src 'unsafe-inline'; "
                                      "script-src 'unsafe-inline'"}, metas)
            self.assertNotRegex(text, r"<link|<img|<iframe| src=| href=|@import|url\((?!#)")
            self.assertEqual(sum(tag == "script" for tag, _ in page.tags), 1)
            for step in page.with_class("step"):
                for end in ("data-from", "data-to", "data-edge"):
                    self.assertIn(step[end], ids)
            self.assertGreater(len(page.with_class("step")), 1)
        said = "".join(page.text)
        for name in ("x</script", "y\"]]--", "one.h'&", "a&b'c"):
            self.assertIn(name, said)

    def test_the_picture_in_the_documentation_is_the_one_that_is_drawn(self):
        # Where things stand may differ between versions of Graphviz; what stands there may not.
        drawn = self.written("svg", "examples/shop-broken")
        kept = (support.ROOT / "docs" / "shop_broken.svg").read_text()
        for part in (r"<title>([^<]*)", r'class="([^"]*)"', r">([^<>]*)</text>", r"(\.dm [^{]*)"):
            self.assertEqual(re.findall(part, drawn), re.findall(part, kept))

    def test_the_mermaid_in_the_documentation_is_the_one_that_is_written(self):
        drawn = self.written("mermaid", "examples/shop-broken")
        self.assertIn(f"```mermaid\n{drawn}```\n", (support.ROOT / "docs" / "outputs.md").read_text())

    def test_graphs_of_any_size_are_drawn_in_bounded_time(self):
        names = [f"e{i:02}" for i in range(60)]
        complete = "dagmesh: 1\nservices:\n" + "".join(
            f"  s{name}: {{handlers: {{h: {{on: {name}, emits: {json.dumps([n for n in names if n != name])}}}}}}}\n"
            for name in names)
        wide = "dagmesh: 1\nservices:\n" + "".join(
            f"  s{i}: {{handlers: {{h: {{on: a{i % 50}.b{i % 500}.e{i}, emits: [z{i % 40}.e{i + 1}]}}}}}}\n"
            for i in range(2500))
        for text, code, words in ((complete, 1, []), (wide, 0, ["folded by prefix"])):
            for form in LAID_OUT:
                drawn = self.written(form, self.manifest(text), code=code)
                for word in words:
                    self.assertIn(word, drawn)
                self.assertLessEqual(len(re.findall(r'class="node[^"]*" data-name', drawn)), 200)


if __name__ == "__main__":
    support.main()
