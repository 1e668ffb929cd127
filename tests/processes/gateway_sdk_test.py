#!/usr/bin/env python3
"""A published SDK of CloudEvents, npm's `cloudevents`, posts events to the gateway and reads them.

It is installed below the build folder. Where node is missing, or npm cannot reach its registry, the
test says so and is skipped."""
import json
import shutil
import subprocess

import gateway_support
import support

VERSION = "10.0.0"
FOLDER = support.BIN / "npm"
SCRIPT = r"""
const { CloudEvent, HTTP } = require("cloudevents");
const base = process.argv[2];
const types = { sold: "till.sold", opened: "till.opened" };

async function post(message, target) {
  const answer = await fetch(base + target, { method: "POST", headers: message.headers, body: message.body });
  if (answer.status !== 202) throw new Error(answer.status + " " + await answer.text());
}

async function read(stream, count) {
  const events = [];
  let text = "";
  for await (const part of stream.body) {
    text += Buffer.from(part).toString();
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks)
      for (const line of block.split("\n"))
        if (line.startsWith("data: ")) events.push(new CloudEvent(JSON.parse(line.slice(6))));
    if (events.length >= count) return events;
  }
}

(async () => {
  const stream = await fetch(base + "/events?pattern=till.*");
  const event = { source: "/till", type: types.sold, partitionkey: "k", data: { cents: 250 } };
  await post(HTTP.binary(new CloudEvent(event)), "/events/till.sold");
  await post(HTTP.structured(new CloudEvent({ ...event, type: types.opened, data: "hi" })), "/events");
  const batch = [1, 2].map(data => new CloudEvent({ ...event, data }));
  await post({ headers: { "content-type": "application/cloudevents-batch+json" }, body: JSON.stringify(batch) },
             "/events/till.sold");
  const events = await read(stream, 4);
  const last = await fetch(base + "/last/till.opened/k");
  const headers = Object.fromEntries(last.headers);
  const opened = HTTP.toEvent({ headers, body: await last.text() });
  for (const one of [...events, opened]) one.validate();
  console.log(JSON.stringify([...events, opened].map(one => [one.type, one.partitionkey, one.data])));
  process.exit(0);
})().catch(error => { console.error(error); process.exit(1); });
"""


def missing():
    """Why there is no SDK, after trying to install it; empty when there is one."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            return f"{program} is missing"
    if (FOLDER / "node_modules/cloudevents").is_dir():
        return ""
    FOLDER.mkdir(exist_ok=True)
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", FOLDER,
                           f"cloudevents@{VERSION}"],
                          capture_output=True, text=True, timeout=120, check=False)
    return "" if done.returncode == 0 else f"npm cannot install cloudevents@{VERSION}: {done.stderr.strip()[:200]}"


class GatewaySdk(gateway_support.GatewayTest):
    def test_the_sdk_posts_in_all_modes_and_reads_what_comes(self):
        if why := missing():
            self.skipTest(why)
        self.gateway()
        script = FOLDER / "events.js"
        script.write_text(SCRIPT)
        done = subprocess.run(["node", script, f"http://127.0.0.1:{self.port}"], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout), [
            ["till.sold", "k", {"cents": 250}], ["till.opened", "k", "hi"], ["till.sold", "k", 1],
            ["till.sold", "k", 2], ["till.opened", "k", "hi"]])


if __name__ == "__main__":
    support.main()
