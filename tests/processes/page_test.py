#!/usr/bin/env python3
"""The page of `check --output html`, used as a person uses it: in a browser where one is installed,
else in jsdom where node can get it, else not at all."""
import html
import json
import os
import re
import shutil
import subprocess
import unittest

import support

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# Uses the page with events as they come from keys and clicks, and leaves what it saw in an
# attribute of the body.
STORY = """
(function () {
  var seen = {};
  function one(id) { return document.getElementById(id); }
  function marked(name) {
    return Array.prototype.map.call(document.querySelectorAll('svg .' + name), function (each) {
      return each.getAttribute('data-name') || each.getAttribute('data-vias').trim();
    }).sort();
  }
  function press(key, target) {
    var event = new KeyboardEvent('keydown', { key: key, bubbles: true, cancelable: true });
    (target || document.body).dispatchEvent(event);
    return { said: one('said').textContent, current: marked('current') };
  }
  function search(text) {
    one('search').value = text;
    one('search').dispatchEvent(new Event('input', { bubbles: true }));
    var rows = Array.prototype.slice.call(document.querySelectorAll('.entry-row'));
    return {
      hits: marked('hit'),
      rows: rows.filter(function (row) { return !row.hidden; }).map(function (row) {
        return row.getAttribute('data-name');
      }),
      found: one('found').textContent
    };
  }
  try {
    seen.scripted = document.body.classList.contains('scripted');
    seen.walk = ['n', 'n', 'n', 'n', 'p', 'ArrowRight', 'ArrowLeft'].map(function (key) {
      return press(key);
    });
    seen.stepped = one('next').click() || one('said').textContent;
    seen.clicked = document.querySelectorAll('.step')[1].click() || one('said').textContent;
    seen.typed = press('n', one('search')).said;
    seen.ended = press('Escape');
    seen.slash = press('/') && document.activeElement === one('search');
    seen.event = search('settled');
    seen.handler = search('order.renew');
    seen.nothing = search('no such name');
    seen.all = search('').rows.length;
    document.querySelector('.entry-row[data-name="payment.charge"] button').click();
    seen.picked = { hits: marked('hit'), said: one('said').textContent };
    var before = document.querySelector('svg').getAttribute('width');
    press('+');
    seen.larger = Number(document.querySelector('svg').getAttribute('width')) > Number(before);
  } catch (error) {
    seen.error = String(error);
  }
  document.body.setAttribute('data-seen', JSON.stringify(seen));
})();
"""

JSDOM = """
const { JSDOM } = require('jsdom');
const text = require('fs').readFileSync(process.argv[2], 'utf8');
const dom = new JSDOM(text, { runScripts: 'dangerously' });
console.log(dom.serialize());
"""


class ThePage(support.MeshTest):
    def setUp(self):
        super().setUp()
        self.page = self.folder / "page.html"
        made = self.start("check", "examples/shop-broken", "--output", f"html={self.page}")
        if made.wait(60) == 5 and "built without pictures" in made.stderr():
            self.skipTest("this build has no pictures")
        self.assert_exit(made, 1)
        text = self.page.read_text(encoding="utf-8")
        self.page.write_text(text.replace("</body>", f"<script>{STORY}</script></body>"))

    def run_quietly(self, argv, within, **more):
        """stdout of a tool that may fail, or nothing."""
        env = {**os.environ, "HOME": str(self.folder)}
        try:
            done = subprocess.run(argv, capture_output=True, text=True, timeout=within, env=env,
                                  check=False, **more)
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout if done.returncode == 0 else ""

    def in_browser(self):
        for name in BROWSERS:
            program = shutil.which(name)
            if program:
                return self.run_quietly(
                    [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     f"--user-data-dir={self.folder}/browser", "--window-size=1300,800",
                     "--dump-dom", f"file://{self.page}"], 90)
        return ""

    def in_jsdom(self):
        if not shutil.which("node"):
            return ""
        (self.folder / "run.js").write_text(JSDOM)
        run = ["node", str(self.folder / "run.js"), str(self.page)]
        dom = self.run_quietly(run, 60, cwd=self.folder)
        if not dom and shutil.which("npm"):
            self.run_quietly(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(self.folder),
                              "jsdom@22"], 120)
            dom = self.run_quietly(run, 60, cwd=self.folder)
        return dom

    def test_a_person_walks_the_cycle_and_searches_without_a_mouse(self):
        dom = self.in_browser() or self.in_jsdom()
        if not dom:
            self.skipTest(f"none of {', '.join(BROWSERS)} works here, and node finds no jsdom")
        seen = json.loads(html.unescape(re.search(r'data-seen="([^"]*)"', dom).group(1)))
        self.assertNotIn("error", seen)
        self.assertTrue(seen["scripted"])

        steps = [re.match(r"Cycle 1, step (\d) of 3", each["said"]).group(1) for each in seen["walk"]]
        self.assertEqual(steps, ["1", "2", "3", "1", "3", "1", "3"])
        self.assertEqual(seen["walk"][0]["current"],
                         ["order.created", "payment.charge", "payment.settled"])
        self.assertIn("order.created is handled by payment.charge, which emits payment.settled",
                      seen["walk"][0]["said"])
        self.assertIn("step 1 of 3", seen["stepped"])
        self.assertIn("step 2 of 3", seen["clicked"])
        self.assertEqual(seen["typed"], seen["clicked"], "a letter typed into the search walks nowhere")
        self.assertEqual(seen["ended"], {"said": "", "current": []})
        self.assertTrue(seen["slash"])

        self.assertEqual(seen["event"]["hits"], ["payment.settled"])
        self.assertEqual(seen["event"]["rows"], ["payment.settled"])
        self.assertEqual(seen["event"]["found"], "1 of 13")
        self.assertEqual(seen["handler"]["hits"], ["order.renew"])
        self.assertEqual(seen["nothing"]["rows"], [])
        self.assertEqual(seen["all"], 13)
        self.assertEqual(seen["picked"]["hits"], ["payment.charge"])
        self.assertIn("shop.mesh.yaml:34:7", seen["picked"]["said"])
        self.assertTrue(seen["larger"])


if __name__ == "__main__":
    support.main()
